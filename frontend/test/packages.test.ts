import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { HandlerPackage, PackagesState } from "../src/records";
import { button, openView, settled, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

function known(more: Partial<HandlerPackage> = {}): HandlerPackage {
  return {
    name: "lamps",
    title: "Lamps",
    version: "1.0",
    waits: null,
    newer: null,
    kinds: ["Lamp (Acme)"],
    devices: 2,
    origin: "installed here",
    is_own: true,
    link: null,
    problems: [],
    ...more,
  };
}

function state(more: Partial<PackagesState> = {}): PackagesState {
  return { packages: [known()], catalogue: [], absent: false, recipes: [], now: null, last: null, ...more };
}

async function shown(home: ViewHome, what: PackagesState): Promise<ShadowRoot> {
  const view = await openView(home, "/packages");
  await home.send("packages/subscribe", what);
  return view;
}

function part(view: ShadowRoot): ShadowRoot {
  return view.querySelector("device-backups-recipes")?.shadowRoot as ShadowRoot;
}

async function choose(view: ShadowRoot, content: string): Promise<void> {
  const input = part(view).querySelector("input") as HTMLInputElement;
  Object.defineProperty(input, "files", { configurable: true, value: [new File([content], "pump.toml")] });
  input.dispatchEvent(new Event("change"));
  await settled();
}

it("names kinds with their makers, many of them folded away", async () => {
  const few = await shown(new ViewHome(), state());
  expect(few.textContent).toContain("packages.kinds Lamp (Acme)");
  document.body.replaceChildren();
  const kinds = Array.from({ length: 50 }, (_, number) => `Kind ${number}`);
  const many = await shown(new ViewHome(), state({ packages: [known({ kinds })] }));
  expect(many.querySelector("summary")?.textContent).toBe("packages.kinds_many 50");
  expect(many.querySelectorAll("details li").length).toBe(50);
});

it("takes a recipe only after it was shown, byte for byte", async () => {
  const home = new ViewHome();
  const view = await shown(home, state());
  home.answers["recipes/look"] = {
    name: "Pump",
    kind: "pump",
    is_update: false,
    facts: ["It connects."],
    mistakes: [],
  };
  await choose(view, "kind = 'pump'\r\n");
  expect(home.last("recipes/look")).toMatchObject({ name: "pump.toml", content: btoa("kind = 'pump'\r\n") });
  expect(home.last("recipes/keep")).toBeUndefined();
  expect(part(view).querySelector("#look")?.textContent).toContain("It connects.");
  button(part(view), "packages.take")?.click();
  await settled();
  expect(home.last("recipes/keep")).toMatchObject({ name: "pump.toml", content: btoa("kind = 'pump'\r\n") });
  expect(part(view).querySelector("#look")).toBeNull();
});

it("shows each mistake of a recipe, and nothing to take", async () => {
  const home = new ViewHome();
  const view = await shown(home, state());
  const mistakes = ["recipe.toml:2: kind: a text", "recipe.toml:3: name: a text"];
  home.answers["recipes/look"] = { name: "", kind: "", is_update: false, facts: [], mistakes };
  await choose(view, "kind = 3");
  expect([...part(view).querySelectorAll("#look li")].map((line) => line.textContent)).toEqual(mistakes);
  expect(button(part(view), "packages.take")).toBeUndefined();
});

it("sends no recipe that is too large: Home Assistant would end the connection", async () => {
  const home = new ViewHome();
  const view = await shown(home, state());
  await choose(view, "#".repeat(1024 * 1024 + 1));
  expect(home.last("recipes/look")).toBeUndefined();
  expect(part(view).querySelector("ha-alert")?.textContent).toBe("packages.recipe_too_large pump.toml 1");
});

it("removes a recipe only when a person agrees", async () => {
  const home = new ViewHome();
  const recipe = { file: "pump.toml", kind: "pump", name: "Pump", devices: 1, problem: null };
  const view = await shown(home, state({ recipes: [recipe] }));
  button(part(view), "packages.remove")?.click();
  await settled();
  expect(home.last("recipes/remove")).toBeUndefined();
  const confirm = part(view).querySelector("device-backups-confirm")?.shadowRoot;
  confirm?.querySelector<HTMLElement>("button.danger")?.click();
  await settled();
  expect(home.last("recipes/remove")).toMatchObject({ file: "pump.toml" });
});

it("tells how what was done ended", async () => {
  const view = await shown(
    new ViewHome(),
    state({ last: { what: "keep_recipe", package: "Pump", error: null }, absent: true }),
  );
  expect(view.querySelector("ha-alert")?.textContent).toContain("packages.recipe_kept Pump");
  expect(view.querySelector("ha-alert a")?.getAttribute("href")).toContain("dashboard/add");
});

it("shows of two recipes that were chosen the second, whichever was answered first", async () => {
  const home = new ViewHome();
  const answers: ((answer: unknown) => void)[] = [];
  const call = home.hass.callWS.bind(home.hass);
  home.hass.callWS = <Answer>(command: { type: string }) =>
    command.type.endsWith("recipes/look")
      ? new Promise<Answer>((resolve) => answers.push(resolve as (answer: unknown) => void))
      : call<Answer>(command);
  const view = await shown(home, state());
  await choose(view, "first");
  await choose(view, "second");
  const found = { kind: "pump", is_update: false, facts: [], mistakes: [] };
  answers[1]?.({ ...found, name: "Second" });
  answers[0]?.({ ...found, name: "First" });
  await settled();
  expect(part(view).querySelector("#look h3")?.textContent).toContain("Second");
});
