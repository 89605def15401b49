/** Answers and events that arrive after the person moved on change nothing of what is shown. */

import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { HomeAssistant, Route } from "../src/home-assistant";
import { settled, ViewHome } from "./home";

type Panel = HTMLElement & { route: Route; hass: HomeAssistant };

const OLD = "wled:old";
const NEW = "wled:new";
const REFUSED = { code: "cannot_connect", message: "It does not answer." };

afterEach(() => document.body.replaceChildren());

/** Holds back each answer of a command until it is let go, in whatever order. */
class HoldingHome extends ViewHome {
  readonly held: { asked: Record<string, unknown>; give: (answer: object) => void; refuse: () => void }[] = [];

  constructor(private readonly slow: string) {
    super();
    const call = this.hass.callWS.bind(this.hass);
    this.hass.callWS = <Answer>(command: { type: string }) =>
      command.type === `ha_device_backups/${this.slow}`
        ? new Promise<Answer>((resolve, reject) =>
            this.held.push({
              asked: { ...command },
              give: (answer) => resolve(answer as Answer),
              // As a connection of Home Assistant refuses a command.
              // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
              refuse: () => reject(REFUSED),
            }),
          )
        : call<Answer>(command);
  }
}

function device(key: string): object {
  const of_device = { kind_name: "WLED", state: "ok", restore: "device", unfinished_restore: null };
  return { ...of_device, key, title: key, count: 2, size: 1 };
}

function backup(backup_id: string, offered = false): object {
  const taken_at = `2026-01-0${backup_id}T00:00:00Z`;
  return { backup_id, taken_at, offered, whole: true, missing: [], doubts: [] };
}

async function open(home: ViewHome, path: string): Promise<Panel> {
  home.answers["backups/list"] = { backups: [backup("2", true), backup("1")] };
  home.answers["restore/plan"] = plan("2");
  home.answers["backups/compare"] = comparison("cfg.json");
  const panel = Object.assign(document.createElement("device-backups-panel"), {
    hass: home.hass,
    route: { prefix: "/device-backups", path },
  });
  document.body.append(panel);
  await settled();
  await home.send("devices/subscribe", { devices: [device(OLD), device(NEW)] });
  return panel;
}

async function goTo(panel: Panel, path: string): Promise<void> {
  panel.route = { prefix: "/device-backups", path };
  await settled();
}

function shown(panel: Panel): ShadowRoot {
  return panel.shadowRoot?.querySelector("main > *")?.shadowRoot as ShadowRoot;
}

function plan(backup_id: string): object {
  const files = [{ name: `of-${backup_id}.json`, change: "changed", details: [] }];
  return { backup_id, files, refused: [], needs: [], risks: [], restarts: false };
}

function comparison(name: string): object {
  const file = { path: name, change: "added", counts: true, size_before: null, size_after: 1 };
  return { files: [{ ...file, settings: [], lines: [], members: [], more: 0 }], unchanged: 0, more: 0, counts: true };
}

it("drops the plan of a backup that is no longer chosen", async () => {
  const home = new HoldingHome("restore/plan");
  const panel = await open(home, `/device/${OLD}/restore/2`);
  await goTo(panel, `/device/${OLD}/restore/1`);
  const [first, second] = home.held;
  expect([first?.asked["backup_id"], second?.asked["backup_id"]]).toEqual(["2", "1"]);
  second?.give(plan("1"));
  await settled();
  first?.give(plan("2"));
  await settled();
  expect(shown(panel).textContent).toContain("of-1.json");
  expect(shown(panel).textContent).not.toContain("of-2.json");
});

it("drops why another backup could not be put back", async () => {
  const home = new HoldingHome("restore/plan");
  const panel = await open(home, `/device/${OLD}/restore/2`);
  await goTo(panel, `/device/${OLD}/restore/1`);
  const [first, second] = home.held;
  first?.refuse();
  await settled();
  expect(shown(panel).textContent).toContain("restore.planning");
  second?.give(plan("1"));
  await settled();
  expect(shown(panel).querySelector("ha-alert")).toBeNull();
  expect(shown(panel).textContent).toContain("of-1.json");
});

it("drops the backups of a device from which the person moved on", async () => {
  const home = new HoldingHome("backups/list");
  const panel = await open(home, `/device/${OLD}/restore`);
  await goTo(panel, `/device/${NEW}/restore`);
  const [first, second] = home.held;
  expect([first?.asked["device_key"], second?.asked["device_key"]]).toEqual([OLD, NEW]);
  second?.give({ backups: [backup("4", true)] });
  await settled();
  first?.give({ backups: [backup("3", true)] });
  await settled();
  expect([...shown(panel).querySelectorAll("option")].map(({ value }) => value)).toContain("4");
  expect(home.last("restore/plan")).toMatchObject({ device_key: NEW, backup_id: "4" });
  expect(home.count("restore/plan")).toBe(1);
});

it("shows the comparison that was asked for last, whichever is answered last", async () => {
  const home = new HoldingHome("backups/compare");
  const panel = await open(home, `/device/${OLD}/compare/1/2`);
  await goTo(panel, `/device/${OLD}/compare/1`);
  const [first, second] = home.held;
  expect([first?.asked["newer"], second?.asked["newer"]]).toEqual(["2", undefined]);
  second?.give(comparison("now.json"));
  await settled();
  first?.give(comparison("then.json"));
  await settled();
  expect([...shown(panel).querySelectorAll("h2")].map((one) => one.textContent)).toEqual(["now.json"]);
});

it("drops why an earlier comparison failed", async () => {
  const home = new HoldingHome("backups/compare");
  const panel = await open(home, `/device/${OLD}/compare/1`);
  await goTo(panel, `/device/${OLD}/compare/1/2`);
  const [first, second] = home.held;
  first?.refuse();
  await settled();
  expect(shown(panel).textContent).toContain("compare.running");
  second?.give(comparison("then.json"));
  await settled();
  expect(shown(panel).querySelector("ha-alert")).toBeNull();
});

it("compares no backups of a device from which the person moved on", async () => {
  const home = new HoldingHome("backups/list");
  const panel = await open(home, `/device/${OLD}/compare/1/2`);
  await goTo(panel, `/device/${NEW}/compare/1/2`);
  const [first, second] = home.held;
  second?.give({ backups: [backup("4")] });
  await settled();
  first?.give({ backups: [backup("3")] });
  await settled();
  const values = [...shown(panel).querySelectorAll("option")].map(({ value }) => value);
  expect(values.filter((value) => ["3", "4"].includes(value))).toEqual(["4", "4"]);
});

it("drops why backups of another device could not be listed", async () => {
  const home = new HoldingHome("backups/list");
  const panel = await open(home, `/device/${OLD}/compare/1/2`);
  await goTo(panel, `/device/${NEW}/compare/1/2`);
  home.held[0]?.refuse();
  await settled();
  expect(shown(panel).querySelector("ha-alert")).toBeNull();
  expect(shown(panel).querySelector("h2")?.textContent).toBe("cfg.json");
});

it("lets no restore of another device into what is shown", async () => {
  const home = new ViewHome();
  const events: ((state: object) => void)[] = [];
  const { connection } = home.hass as unknown as {
    connection: { subscribeMessage: (handle: (state: object) => void, command: { type: string }) => unknown };
  };
  const follow = connection.subscribeMessage.bind(connection);
  connection.subscribeMessage = (handle, command) => {
    if (command.type.endsWith("restore/subscribe")) events.push(handle);
    return follow(handle, command);
  };
  const running = { running: true, backup_id: "2", share: 0.5, text: "Sending", prompt: null, end: null };
  const idle = { ...running, running: false };
  const panel = await open(home, `/device/${OLD}/restore`);
  events[0]?.(running);
  await settled();
  expect(shown(panel).querySelector("progress")).not.toBeNull();

  await goTo(panel, `/device/${NEW}/restore`);
  events[1]?.(idle);
  events[0]?.(running);
  await settled();
  expect(home.open.filter((one) => one === "restore/subscribe")).toHaveLength(1);
  expect(shown(panel).querySelector("progress")).toBeNull();
  expect(shown(panel).querySelector("select")).not.toBeNull();

  await goTo(panel, "/");
  events[1]?.(running);
  await settled();
  expect(home.open).not.toContain("restore/subscribe");
  expect(shown(panel).textContent).toContain("overview.heading");
});
