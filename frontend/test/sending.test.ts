import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../src/main";
import { PAUSE_MILLISECONDS } from "../src/following";
import { snapshotSending } from "../src/sending";
import { button, openView, settled, ViewHome } from "./home";

/** What becomes of each upload, in turn: its status, or that the line is lost; what is missing arrives. */
let ends: ("lost" | number)[] = [];
let sent: string[] = [];
let arrived: string[] = [];

class Upload {
  status = 0;
  statusText = "refused";
  responseText = "{}";
  readonly upload = {};
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  private to = "";
  private path = "";

  open(_: string, to: string): void {
    this.to = to;
  }

  setRequestHeader(name: string, value: string): void {
    if (name === "X-File-Path") this.path = value;
  }

  send(): void {
    sent.push(`${this.to.replace("/api/ha_device_backups/", "")} ${this.path}`);
    const end = ends.shift() ?? 200;
    this.status = end === "lost" ? 0 : end;
    if (end === 200) arrived.push(this.path);
    setTimeout(() => (end === "lost" ? this.onerror() : this.onload()));
  }
}

beforeEach(() => {
  ends = [];
  sent = [];
  arrived = [];
  vi.stubGlobal("XMLHttpRequest", Upload);
  const begin = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (handle: () => void, milliseconds?: number) =>
    begin(handle, milliseconds === PAUSE_MILLISECONDS ? 0 : milliseconds),
  );
});

afterEach(() => {
  snapshotSending.forget();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function choose(view: ShadowRoot, selector: string, ...names: string[]): Promise<void> {
  const input = view.querySelector(selector) as HTMLInputElement;
  Object.defineProperty(input, "files", { configurable: true, value: names.map((name) => new File(["x"], name)) });
  input.dispatchEvent(new Event("change"));
  await settled();
}

function importHome(): ViewHome {
  const home = new ViewHome();
  Object.assign(home.hass, { auth: { accessToken: "", expired: false } });
  const call = home.hass.callWS.bind(home.hass);
  home.hass.callWS = (command) => {
    home.answers["import/begin"] = { batch: "b", arrived: [...arrived] };
    return call<never>(command);
  };
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  return home;
}

function alerts(view: ShadowRoot): string[] {
  return [...view.querySelectorAll("ha-alert")].map(({ textContent }) => textContent.replace(/\s+/g, " ").trim());
}

it("goes on with the files that are missing once the line is back", async () => {
  const home = importHome();
  const view = await openView(home, "/import");
  ends = [200, "lost"];
  await choose(view, "#files", "a", "b", "c");
  expect(sent).toEqual(["import/b a", "import/b b", "import/b b", "import/b c"]);
  expect(home.count("import/run")).toBe(1);
  expect(alerts(view)).toEqual([]);
});

it("has files looked at once, also where the answer to that was lost", async () => {
  const home = importHome();
  const view = await openView(home, "/import");
  home.refusals["import/run"] = 3;
  const choosing = choose(view, "#files", "a");
  await vi.waitFor(() => expect(home.count("import/run")).toBeGreaterThan(0));
  expect(view.textContent).toContain("import.waiting");
  home.refusals = {};
  await choosing;
  await vi.waitFor(() => expect(view.querySelector("progress")).toBeNull());
  expect(sent).toEqual(["import/b a"]);
  expect(home.last("import/run")).toMatchObject({ batch: "b" });
});

it("sends again all that a Home Assistant has lost which was restarted", async () => {
  const home = importHome();
  const view = await openView(home, "/import");
  ends = [200, "lost"];
  const call = home.hass.callWS.bind(home.hass);
  home.hass.callWS = <Answer>(command: { type: string }) =>
    command.type.endsWith("import/begin")
      ? Promise.resolve({ batch: sent.length === 0 ? "old" : "new", arrived: [] } as Answer)
      : call<Answer>(command);
  await choose(view, "#files", "a", "b");
  expect(sent).toEqual(["import/old a", "import/old b", "import/new a", "import/new b"]);
  expect(home.last("import/run")).toMatchObject({ batch: "new" });
});

it("gives a file up that breaks the line off each time, and tells of it", async () => {
  const home = importHome();
  const view = await openView(home, "/import");
  ends = ["lost", "lost", "lost", 413];
  await choose(view, "#files", "large", "b", "c");
  await vi.waitFor(() => expect(home.count("import/run")).toBe(1));
  await settled();
  expect(alerts(view)).toEqual(["large: error.connectionb: refused"]);
});

it("sends of two files with one name the first, and says so", async () => {
  const home = importHome();
  const view = await openView(home, "/import");
  await choose(view, "#files", "cfg.json", "cfg.json");
  expect(sent).toEqual(["import/b cfg.json"]);
  expect(alerts(view)).toEqual(["cfg.json: import.same_name"]);
});

it("shows what is being sent to whoever comes back to the view, and begins it once", async () => {
  const home = importHome();
  home.refusals["import/run"] = 3;
  const view = await openView(home, "/import");
  const choosing = choose(view, "#files", "a");
  await vi.waitFor(() => expect(home.count("import/run")).toBeGreaterThan(0));
  document.body.replaceChildren();
  const again = await openView(home, "/import");
  expect(again.querySelector("progress")).not.toBeNull();
  await choose(again, "#files", "b");
  expect(sent.filter((one) => one.endsWith(" b"))).toEqual([]);
  home.refusals = {};
  await choosing;
  await vi.waitFor(() => expect(again.querySelector("progress")).toBeNull());
});

it("says that a backup of Home Assistant did not arrive until it is sent again", async () => {
  const home = importHome();
  const view = await openView(home, "/snapshots");
  ends = ["lost", 200];
  await choose(view, "input[type=file]", "old.tar");
  await home.reconnect();
  expect(alerts(view)).toEqual(["error.connection snapshots.send_again cancel"]);
  button(view, "snapshots.send_again")?.click();
  await settled();
  expect(sent).toEqual(["snapshot old.tar", "snapshot old.tar"]);
  expect(alerts(view)).toEqual([]);
});

it("does not ask for a backup again that arrived, where only the answer was lost", async () => {
  const home = importHome();
  const view = await openView(home, "/snapshots");
  ends = ["lost"];
  await choose(view, "input[type=file]", "old.tar");
  const source = { snapshot_id: null, name: "old.tar", size: 1 };
  const open = { reading: true, share: 0, error: null, snapshot: null, devices: [], problems: [] };
  await home.send("snapshots/subscribe", { ...open, source });
  await home.send("snapshots/subscribe", { ...open, reading: false, source: null });
  expect(alerts(view)).toEqual([]);
});
