import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../src/main";
import { PAUSE_MILLISECONDS } from "../src/following";
import { openView, settled, ViewHome } from "./home";

const waiting = new Map<object, () => void>();

/** What is put off by a pause waits until a test lets it go on. */
beforeEach(() => {
  waiting.clear();
  const { setTimeout: begin, clearTimeout: end } = globalThis;
  vi.stubGlobal("setTimeout", (handle: () => void, milliseconds?: number) => {
    if (milliseconds !== PAUSE_MILLISECONDS) return begin(handle, milliseconds);
    const timer = {};
    waiting.set(timer, handle);
    return timer;
  });
  vi.stubGlobal("clearTimeout", (timer: never) => waiting.delete(timer) || end(timer));
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function pass(): Promise<void> {
  const handles = [...waiting.values()];
  waiting.clear();
  handles.forEach((handle) => handle());
  await settled();
}

function alerts(root: ParentNode | null | undefined): string[] {
  return [...(root?.querySelectorAll("ha-alert") ?? [])].map(({ textContent }) => textContent.trim());
}

const PACKAGES = { packages: [], catalogue: [], absent: false, recipes: [], last: null };
const NOW = { what: "install", package: "pumps", error: null };
const NO_SNAPSHOT = {
  source: null,
  reading: false,
  share: null,
  error: null,
  snapshot: null,
  devices: [],
  problems: [],
};
const ROW = { key: "wled:a", title: "Attic", step: "is_asked", finding: null };

it.each([
  [
    "import",
    { running: true, looked_at: 1, total: 9, files: [] },
    { running: false, looked_at: 0, total: 0, files: [] },
  ],
  ["packages", { ...PACKAGES, now: NOW }, { ...PACKAGES, now: null }],
  ["snapshots", { ...NO_SNAPSHOT, source: { name: "a", size: 1 }, reading: true, share: 0.5 }, NO_SNAPSHOT],
  ["power_cut", { asking: true, restoring: false, rows: [ROW] }, { asking: false, restoring: false, rows: [] }],
])("%s goes on after a restart, and says what it ended", async (subject, before, after) => {
  const home = new ViewHome();
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, `/${subject.replace("_", "-")}`);
  const panel = document.querySelector("device-backups-panel")?.shadowRoot;
  await home.send(`${subject}/subscribe`, before);
  await home.restart();
  expect(alerts(panel)).toEqual(["error.not_running"]);
  await pass();
  expect(alerts(panel)).toEqual(["error.not_running"]);

  home.isStarting = false;
  await pass();
  expect(alerts(panel)).toEqual([]);
  expect(panel?.querySelector("main > :not(ha-alert)")?.shadowRoot).toBe(view);
  await home.send(`${subject}/subscribe`, after);
  expect(alerts(view)).toEqual([`${subject}.interrupted`]);
  await home.send(`${subject}/subscribe`, before);
  expect(alerts(view)).toEqual([]);
});

it("tells it also where Home Assistant takes the page away while it starts", async () => {
  const home = new ViewHome();
  await openView(home, "/power-cut");
  await home.send("power_cut/subscribe", { asking: true, restoring: false, rows: [ROW] });
  document.body.replaceChildren();
  const view = await openView(home, "/power-cut");
  await home.send("power_cut/subscribe", { asking: false, restoring: false, rows: [] });
  expect(alerts(view)).toEqual(["power_cut.interrupted"]);
  document.body.replaceChildren();
  const again = await openView(home, "/power-cut");
  await home.send("power_cut/subscribe", { asking: false, restoring: false, rows: [] });
  expect(alerts(again)).toEqual(["power_cut.interrupted"]);
  await home.send("power_cut/subscribe", { asking: true, restoring: false, rows: [ROW] });
  expect(alerts(again)).toEqual([]);
});

it("says what is known of a restore where a restart came before its end", async () => {
  const home = new ViewHome();
  await openView(home, "/");
  const device = { key: "wled:b", title: "Attic", restore: "device", unfinished_restore: null };
  const ended = { running: false, backup_id: null, share: null, text: null, prompt: null, end: null };
  await home.send("devices/subscribe", { devices: [device] });
  Object.assign(document.querySelector("device-backups-panel") ?? {}, {
    route: { prefix: "/device-backups", path: "/device/wled%3Ab/restore" },
  });
  await settled();
  const view = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("device-backups-restore");
  await home.send("restore/subscribe", { ...ended, running: true, backup_id: "1" });
  await home.reconnect();
  await home.send("devices/subscribe", { devices: [device] });
  await home.send("restore/subscribe", ended);
  expect(alerts(view?.shadowRoot)).toContain("restore.interrupted");
  const unfinished = { source_key: "wled:b", backup_id: "1", safety_backup_id: null };
  await home.send("devices/subscribe", { changed: [{ ...device, unfinished_restore: unfinished }] });
  expect(alerts(view?.shadowRoot)).not.toContain("restore.interrupted");
});

it("says nothing of a restart where a person ended it", async () => {
  const home = new ViewHome();
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  await home.send("snapshots/subscribe", { ...NO_SNAPSHOT, source: { name: "a", size: 1 }, reading: true, share: 0.5 });
  await home.send("snapshots/subscribe", NO_SNAPSHOT);
  expect(alerts(view)).toEqual([]);
});

it("asks for the plan of a restore again once it can be answered", async () => {
  const home = new ViewHome();
  const backup = { backup_id: "1", taken_at: "2026-01-01T00:00:00Z", offered: true, missing: [], doubts: [] };
  home.answers["backups/list"] = { backups: [{ ...backup, whole: true }] };
  const plan = { backup_id: "1", files: [], refused: [], needs: [], risks: [], restarts: false };
  home.answers["restore/plan"] = plan;
  home.isStarting = true;
  const view = await openView(home, "/device/wled%3Aa/restore");
  expect(view).toBeNull();
  home.isStarting = false;
  await pass();
  await home.send("devices/subscribe", { changed: [{ key: "wled:a", title: "Attic", restore: "device" }] });
  const shown = document.querySelector("device-backups-panel")?.shadowRoot?.querySelector("device-backups-restore");
  expect(shown?.shadowRoot?.textContent).toContain("plan.nothing");
  home.isStarting = true;
  Object.assign(shown ?? {}, { view: { name: "restore", key: "wled:a", backup: "1", source: null } });
  await settled();
  expect(shown?.shadowRoot?.textContent).toContain("restore.planning");
  home.isStarting = false;
  await pass();
  expect(shown?.shadowRoot?.textContent).toContain("plan.nothing");
});

it("leaves what it followed once it is left", async () => {
  const home = new ViewHome();
  await openView(home, "/packages");
  await home.restart();
  document.body.replaceChildren();
  home.isStarting = false;
  await pass();
  await home.reconnect();
  expect(home.isFollowed("packages/subscribe")).toBe(false);
});

it("follows a restore no longer once its view is left", async () => {
  const home = new ViewHome();
  await openView(home, "/");
  const device = { key: "wled:b", title: "Attic", restore: "device", unfinished_restore: null };
  await home.send("devices/subscribe", { devices: [device] });
  const panel = document.querySelector("device-backups-panel") as HTMLElement;
  Object.assign(panel, { route: { prefix: "/device-backups", path: "/device/wled%3Ab/restore" } });
  await settled();
  await home.send("restore/subscribe", {
    running: true,
    backup_id: "1",
    share: null,
    text: null,
    prompt: null,
    end: null,
  });
  expect(home.open).toContain("restore/subscribe");
  Object.assign(panel, { route: { prefix: "/device-backups", path: "/device/wled%3Ab" } });
  await settled();
  expect(home.open).toEqual(["devices/subscribe"]);
});
