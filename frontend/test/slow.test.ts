import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { Device } from "../src/records";
import { button, openView, settled, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

/** A line on which an answer takes until it is let through. */
class SlowHome extends ViewHome {
  private readonly held: (() => void)[] = [];

  constructor(readonly slow: string) {
    super();
    const call = this.hass.callWS.bind(this.hass);
    this.hass.callWS = async <Answer>(command: { type: string }) => {
      const answer = await call<Answer>(command);
      if (command.type === `ha_device_backups/${this.slow}`) {
        await new Promise<void>((resolve) => this.held.push(resolve));
      }
      return answer;
    };
  }

  async answer(): Promise<void> {
    this.held.splice(0).forEach((resolve) => resolve());
    await settled();
  }
}

function told(): string {
  const panel = document.querySelector("device-backups-panel");
  return panel?.shadowRoot?.querySelector(".working")?.textContent ?? "";
}

const WAYS = ["snapshots", "power-cut", "import", "packages"];

it.each(WAYS)("says that %s is being loaded until Home Assistant has told", async (way) => {
  const home = new SlowHome("snapshots/list");
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, `/${way}`);
  expect(view.querySelector("[role=status] ha-spinner")?.parentElement?.textContent).toBe("loading");
  await home.answer();
});

it("asks the devices once, however often it is pressed, and says that it is on its way", async () => {
  const home = new SlowHome("power_cut/ask");
  const view = await openView(home, "/power-cut");
  await home.send("power_cut/subscribe", { rows: [], asking: false, restoring: false });
  expect(told()).toBe("");
  button(view, "power_cut.ask")?.click();
  await settled();
  expect(told()).toBe("working");
  button(view, "power_cut.ask")?.click();
  await settled();
  expect(home.count(home.slow)).toBe(1);

  await home.answer();
  expect(told()).toBe("");
  button(view, "power_cut.ask")?.click();
  await settled();
  expect(home.count(home.slow)).toBe(2);
  await home.answer();
});

it("tells of it in whatever view the person is by now", async () => {
  const home = new SlowHome("snapshots/open");
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  home.answers["snapshots/list"] = { snapshots: [SNAPSHOT], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  button(view, "snapshots.open")?.click();
  await settled();
  const panel = document.querySelector("device-backups-panel");
  Object.assign(panel ?? {}, { route: { prefix: "/device-backups", path: "/import" } });
  await settled();
  expect(told()).toBe("working");
  await home.answer();
  expect(told()).toBe("");
});

const SNAPSHOT = {
  snapshot_id: "1",
  name: "Evening",
  date: "2026-01-01T00:00:00Z",
  version: "2026.11.0",
  size: 1,
  protected: false,
  place: "local",
  is_here: true,
  devices: null,
};

const TAKEN = {
  backup_id: "2026-01-01_00-00-00",
  taken_at: "2026-01-01T00:00:00Z",
  device_version: "0.15.5",
  size: 1,
  whole: true,
  recommended: true,
  offered: true,
  newest: true,
  suspect: null,
  stored_id: null,
};

it("does not fetch back whoever left while a backup was taken out", async () => {
  const home = new SlowHome("snapshots/take");
  home.answers["snapshots/list"] = { snapshots: [SNAPSHOT], problems: [], has_own_key: false };
  home.answers["snapshots/take"] = { taken: 1, present: 0, backup_id: TAKEN.backup_id };
  const view = await openView(home, "/snapshots");
  const of_device = { title: "Lamp", kind_name: "WLED", is_known: true, is_set_up: true, can_restore: true };
  const device = { ...of_device, key: "wled:a", backups: [TAKEN] };
  await home.send("snapshots/subscribe", {
    source: { snapshot_id: "1", name: "Evening", size: 1 },
    reading: false,
    share: 1,
    error: null,
    snapshot: { date: SNAPSHOT.date, others: [] },
    devices: [device] as unknown as Device[],
    problems: [],
  });
  button(view, "restore.action")?.click();
  await settled();
  expect(home.count(home.slow)).toBe(1);
  const panel = document.querySelector("device-backups-panel");
  Object.assign(panel ?? {}, { route: { prefix: "/device-backups", path: "/" } });
  await settled();
  const before = location.pathname;
  await home.answer();
  expect(location.pathname).toBe(before);
});

it("sends another key, even before it is answered that the first was wrong, and none twice", async () => {
  const home = new SlowHome("snapshots/open");
  home.answers["snapshots/list"] = { snapshots: [], problems: [], has_own_key: false };
  const view = await openView(home, "/snapshots");
  const source = { snapshot_id: null, name: "old.tar", size: 1 };
  const error = { wants_password: true, message: "The password is wrong." };
  const closed = { reading: false, share: null, snapshot: null, devices: [], problems: [] };
  await home.send("snapshots/subscribe", { ...closed, source, error });
  const enter = async (value: string) => {
    (view.querySelector("#password") as HTMLInputElement).value = value;
    view.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await settled();
  };
  await enter("wrong");
  await enter("wrong");
  expect(home.count(home.slow)).toBe(1);
  await enter("right");
  expect(home.last("snapshots/open")).toMatchObject({ password: "right" });
  await home.answer();
  await enter("wrong");
  expect(home.count(home.slow)).toBe(3);
});
