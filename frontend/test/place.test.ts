import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../src/main";
import { focused } from "../src/focus";
import { keepPlace, keptPlace } from "../src/route";
import { openView, settled, ViewHome } from "./home";

beforeEach(() => history.replaceState(null, "", "/device-backups"));
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

function device(number: number): Record<string, unknown> {
  return { key: `wled:${number}`, title: `Lamp ${number}`, kind_name: "WLED", state: "ok", recommended: "1", count: 1 };
}

async function opened(path = ""): Promise<ViewHome> {
  const home = new ViewHome();
  await openView(home, path);
  const devices = Array.from({ length: 50 }, (_, number) => ({ ...device(number), restore: "device" }));
  await home.send("devices/subscribe", { devices });
  return home;
}

function view(): ShadowRoot {
  const panel = document.querySelector("device-backups-panel");
  return panel?.shadowRoot?.querySelector("main > *")?.shadowRoot as ShadowRoot;
}

async function show(path: string): Promise<void> {
  const route = { prefix: "/device-backups", path };
  Object.assign(document.querySelector("device-backups-panel") as HTMLElement, { route });
  await settled();
}

it.each([
  ["the row of a device", "a[href$='wled%3A40']"],
  ["a button in it", "button[aria-label$='Lamp 40']"],
])("leads back to %s that was pressed", async (_, selector) => {
  vi.spyOn(history, "pushState").mockImplementation(() => undefined);
  await opened();
  view().querySelector<HTMLElement>(selector)?.click();
  const left: unknown = history.state;
  expect(keptPlace()).not.toBeNull();

  history.replaceState(null, "");
  await show("/device/wled%3A40");
  expect(focused()?.localName).toBe("h1");
  history.replaceState(left, "");
  await show("");
  expect(focused()?.matches(selector)).toBe(true);
});

it("begins at the heading where nothing was pressed, or that is gone", async () => {
  await opened();
  await show("/device/wled%3A40");
  await show("");
  expect(focused()?.localName).toBe("h1");
});

it("does not take anybody away from what they turn to", async () => {
  await opened();
  await show("/device/wled%3A40");
  keepPlace({ name: "a /device-backups/device/nobody ", top: 0 });
  await show("");
  dispatchEvent(new Event("wheel"));
  await settled();
  const search = view().querySelector<HTMLElement>("input[type=search]");
  search?.focus();
  await settled();
  expect(focused()).toBe(search);
});

it("keeps no place of what is outside of the views", async () => {
  await opened("/device/wled%3A1");
  vi.spyOn(history, "pushState").mockImplementation(() => undefined);
  const arrow = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("ha-icon-button-arrow-prev");
  arrow?.append(document.createElement("button"));
  arrow?.querySelector("button")?.click();
  expect(keptPlace()).toBeNull();
});
