import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../src/main";
import { keepSearch, keptSearch, navigate } from "../src/route";
import { ViewHome, settled } from "./home";

const COMPARE = "/device/wled%3Aa/compare/1/2";

beforeEach(() => history.replaceState(null, "", "/device-backups/power-cut"));
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

async function opened(path: string): Promise<ShadowRoot> {
  const panel = Object.assign(document.createElement("device-backups-panel"), {
    hass: new ViewHome().hass,
    route: { prefix: "/device-backups", path },
  });
  document.body.append(panel);
  await settled();
  return panel.shadowRoot as ShadowRoot;
}

function arrow(panel: ShadowRoot): HTMLElement {
  return panel.querySelector("ha-icon-button-arrow-prev") as HTMLElement;
}

it("leads back to where the person came from, as the browser does", async () => {
  const back = vi.spyOn(history, "back").mockImplementation(() => undefined);
  navigate("/device-backups", { name: "compare", key: "wled:a", older: "1", newer: "2" });
  navigate("/device-backups", { name: "compare", key: "wled:a", older: "1", newer: null }, true);
  arrow(await opened(COMPARE)).click();
  expect(back).toHaveBeenCalledOnce();
});

it("leads from a link elsewhere to the device", async () => {
  const back = vi.spyOn(history, "back");
  history.pushState(null, "", `/device-backups${COMPARE}`);
  arrow(await opened(COMPARE)).click();
  expect(back).not.toHaveBeenCalled();
  expect(location.pathname).toBe("/device-backups/device/wled%3Aa");
});

it("leads from a device to all, wherever the person came from", async () => {
  navigate("/device-backups", { name: "device", key: "wled:a" });
  arrow(await opened("/device/wled%3Aa")).click();
  expect(location.pathname).toBe("/device-backups/");
});

it("leads from a device back to the list that was searched", async () => {
  history.replaceState(null, "", "/device-backups");
  const back = vi.spyOn(history, "back").mockImplementation(() => undefined);
  keepSearch({ words: "stairs", onlyProblems: true });
  expect(keptSearch()).toEqual({ words: "stairs", onlyProblems: true });
  navigate("/device-backups", { name: "device", key: "wled:a" });
  expect(keptSearch()).toEqual({ words: "", onlyProblems: false });
  arrow(await opened("/device/wled%3Aa")).click();
  expect(back).toHaveBeenCalledOnce();
});

it("shows the search again that was kept", async () => {
  history.replaceState(null, "", "/device-backups");
  keepSearch({ words: "stairs", onlyProblems: true });
  const overview = (await opened("")).querySelector("device-backups-overview")?.shadowRoot;
  expect(overview?.querySelector<HTMLInputElement>("input[type=search]")?.value).toBe("stairs");
  expect(overview?.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked).toBe(true);
});

it.each([
  ["plainly", {}, true],
  ["in another tab", { ctrlKey: true }, false],
])("follows its own links %s", async (_, keys, isHere) => {
  const panel = await opened("");
  const link = document.createElement("a");
  link.setAttribute("href", `/device-backups${COMPARE}`);
  panel.querySelector("main")?.append(link);
  const click = new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, ...keys });
  link.dispatchEvent(click);
  expect(click.defaultPrevented).toBe(isHere);
});
