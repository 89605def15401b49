/** What would be refused for a reason that is known is not offered, and the reason stands there. */

import { afterEach, expect, it } from "vitest";
import "../src/main";
import { button, openView, settled, ViewHome } from "./home";

const DEVICE = { key: "wled:a", title: "Attic", kind_name: "WLED", state: "ok", entry_id: "1", restore: "device" };
const NOTES = { missing: [], doubts: [], remarks: [], in_snapshots: [], whole: true, of_newer: false };

afterEach(() => document.body.replaceChildren());

function backup(backup_id: string, more: object = {}): object {
  const taken_at = `2026-01-0${backup_id}T00:00:00Z`;
  return { ...NOTES, backup_id, taken_at, confirmed: taken_at, size: 5, trigger: "manual", ...more };
}

async function openAt(home: ViewHome, path: string, device: object): Promise<ShadowRoot> {
  home.answers["restore/plan"] = { files: [], refused: [], needs: [], risks: [], restarts: false };
  home.answers["backups/compare"] = { files: [], unchanged: 1, more: 0, counts: false };
  await openView(home, path);
  await home.send("devices/subscribe", { devices: [{ ...DEVICE, count: 2, size: 5, ...device }] });
  const view = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("main > *");
  return view?.shadowRoot as ShadowRoot;
}

async function opened(device: object, backups: object[], where = ""): Promise<ShadowRoot> {
  const home = new ViewHome();
  home.answers["backups/list"] = { backups };
  return openAt(home, `/device/wled%3Aa${where}`, device);
}

function offered(view: ParentNode): string[] {
  return [...view.querySelectorAll("ha-button")].map((one) => one.textContent.trim());
}

const HISTORY = ["restore.action", "device.download", "device.compare", "device.protect", "device.delete"];

it("offers all that can be done with a backup", async () => {
  const view = await opened({}, [backup("2"), backup("1")]);
  expect(offered(view.querySelector("ol > li") as Element)).toEqual(HISTORY);
});

it("says how a protected backup is deleted, and does not ask whether it should be", async () => {
  const view = await opened({}, [backup("2", { protected: true }), backup("1")]);
  const [kept] = view.querySelectorAll("ol > li");
  expect(offered(kept as Element)).toEqual([...HISTORY.slice(0, 3), "device.unprotect"]);
  expect(kept?.textContent).toContain("device.is_protected");
});

it("offers nothing but deleting what a newer version made, nor a comparison with it", async () => {
  const view = await opened({}, [backup("2"), backup("1", { of_newer: true, whole: false })]);
  const [newest, older] = view.querySelectorAll("ol > li");
  expect(offered(newest as Element)).toEqual(HISTORY.filter((action) => action !== "device.compare"));
  expect(offered(older as Element)).toEqual(["device.delete"]);
  expect(older?.textContent).toContain("device.of_newer");
  expect(older?.textContent).not.toContain("label.not_whole");

  for (const where of ["/compare/2", "/restore"]) {
    document.body.replaceChildren();
    const chosen = await opened({}, [backup("2"), backup("1", { of_newer: true })], where);
    const closed = [...chosen.querySelectorAll("option")].filter(({ disabled }) => disabled);
    expect(closed.map(({ value }) => value).filter(Boolean)).toContain("1");
    expect(closed.map(({ value }) => value)).not.toContain("2");
  }
});

it.each([
  ["ok", true],
  ["failed", true],
  ["removed", false],
  ["not_set_up", false],
  ["handler_missing", false],
])("asks a device that is %s: %s", async (state, isAsked) => {
  const restore = isAsked ? "device" : null;
  const view = await opened({ state, restore }, [backup("1")]);
  expect(button(view, "device.back_up") !== undefined).toBe(isAsked);
  expect(offered(view.querySelector("ol > li") as Element).includes("restore.action")).toBe(isAsked);
  document.body.replaceChildren();

  const comparing = await opened({ state, restore }, [backup("1")], "/compare/1/1");
  const values = [...comparing.querySelectorAll("option")].map(({ value }) => value);
  expect(values.includes("")).toBe(isAsked);
  document.body.replaceChildren();

  const overview = await openAt(new ViewHome(), "/", { state, restore });
  expect(button(overview, "overview.back_up_all") !== undefined).toBe(isAsked);
});

it.each([
  ["removed", null, "device.removed"],
  ["not_set_up", null, "device.not_set_up"],
  ["handler_missing", "Its package is missing.", "Its package is missing."],
  ["ok", null, "restore.impossible"],
])("says why nothing can be put on a device that is %s, and asks it nothing", async (state, reason, words) => {
  const home = new ViewHome();
  home.answers["backups/list"] = { backups: [backup("1", { offered: true })] };
  const view = await openAt(home, "/device/wled%3Aa/restore", { state, reason, restore: null });
  expect(view.textContent).toContain(words);
  expect(view.querySelector("select")).toBeNull();
  expect(view.querySelector("a")?.getAttribute("href")).toBe("/device-backups/device/wled%3Aa");
  expect(home.count("restore/plan")).toBe(0);
  await home.send("devices/subscribe", { changed: [{ ...DEVICE, count: 2, size: 5 }] });
  expect(home.count("restore/plan")).toBe(1);
});

it("offers a backup in one of Home Assistant's for a restore only where that can be", async () => {
  const home = new ViewHome();
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  const device = { ...DEVICE, is_known: true, is_set_up: true, replaced_by: null };
  const state = { source: { snapshot_id: "1" }, snapshot: { date: "2026-01-01T00:00:00Z", others: [] }, problems: [] };
  for (const [can_restore, of_newer, isOffered] of [
    [true, false, true],
    [false, false, false],
    [true, true, false],
  ]) {
    const backups = [backup("1", { of_newer, stored_id: "1" })];
    await home.send("snapshots/subscribe", { ...state, devices: [{ ...device, can_restore, backups }] });
    expect(button(view, "restore.action") !== undefined).toBe(isOffered);
  }
});

it("leads to the steps for a person after a power cut only where there are some", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const row = { key: "wled:a", title: "Attic", step: "was_asked", finding: "differs", can_restore: false };
  await home.send("power_cut/subscribe", { asking: false, restoring: false, rows: [row] });
  for (const [restore, words, other] of [
    ["person", "power_cut.by_person", "restore.impossible"],
    [null, "restore.impossible", "power_cut.by_person"],
  ]) {
    await home.send("devices/subscribe", { changed: [{ ...DEVICE, restore }] });
    expect(view.textContent).toContain(words);
    expect(view.textContent).not.toContain(other);
  }
});

it("says that nothing is chosen where nothing would be put back", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const row = { key: "wled:a", title: "Attic", step: "was_asked", finding: "differs", can_restore: true };
  await home.send("power_cut/subscribe", { asking: false, restoring: false, rows: [row] });
  expect(view.textContent).toContain("power_cut.none_chosen");
  view.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  await settled();
  expect(view.textContent).not.toContain("power_cut.none_chosen");
});

it.each([
  ["lamps==1.0", true],
  [" lamps == 1.0b1 ", true],
  ["lamps", false],
  ["lamps>=1", false],
  ["", false],
])("asks whether %j is to be installed: %s", async (wanted, isAsked) => {
  const home = new ViewHome();
  const view = await openView(home, "/packages");
  await home.send("packages/subscribe", {
    packages: [],
    catalogue: [],
    recipes: [],
    absent: false,
    now: null,
    last: null,
  });
  const input = view.querySelector<HTMLInputElement>("input[name=package]") as HTMLInputElement;
  input.value = wanted;
  expect(input.checkValidity()).toBe(isAsked);
});

it.each([
  ["1.2", true],
  ["the newest", false],
  ["", false],
])("asks whether a package is updated to %j: %s", async (version, isAsked) => {
  const home = new ViewHome();
  const view = await openView(home, "/packages");
  const lamps = { name: "lamps", title: "Lamps", version: "1.0", kinds: [], problems: [], is_own: true };
  const state = { catalogue: [], recipes: [], absent: false, now: null, last: null };
  await home.send("packages/subscribe", { ...state, packages: [lamps] });
  (view.querySelector("li input") as HTMLInputElement).value = version;
  button(view, "packages.update")?.click();
  await settled();
  const dialog = view.querySelector("device-backups-confirm")?.shadowRoot?.querySelector("dialog");
  expect(Boolean(dialog)).toBe(isAsked);
});

it("opens an encrypted backup only with a key", async () => {
  const home = new ViewHome();
  const snapshot = { snapshot_id: "1", name: "Evening", date: "2026-01-01T00:00:00Z", protected: true, size: 1 };
  home.answers["snapshots/list"] = { snapshots: [snapshot], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  await home.send("snapshots/subscribe", { source: null, reading: false, error: null, snapshot: null, devices: [] });
  button(view, "snapshots.open")?.click();
  await settled();
  expect(view.querySelector<HTMLInputElement>("input[type=password]")?.checkValidity()).toBe(false);
});
