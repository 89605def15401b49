import { afterEach, expect, it } from "vitest";
import "../src/main";
import type { Backup, Device, DevicesMessage, RestoreState } from "../src/records";
import type { HomeAssistant, Route } from "../src/home-assistant";

import type { RestoreView } from "../src/views/restore";

const LAMP = "wled:lamp";
const OLD = "wled:old";

function device(key: string): Device {
  return {
    key,
    title: key,
    kind_name: "WLED",
    entry_id: "1",
    device_id: null,
    state: "ok",
    is_problem: false,
    reason: null,
    newest: "2",
    recommended: "2",
    taken_at: null,
    confirmed: null,
    version: null,
    next_run: null,
    count: 2,
    size: 1,
    busy: null,
    prompt: null,
    progress: null,
    restore: "device",
    in_snapshot: null,
    unfinished_restore: null,
  };
}

function backup(backup_id: string, recommended: boolean): Backup {
  return {
    backup_id,
    taken_at: `2026-01-0${backup_id}T00:00:00Z`,
    confirmed: `2026-01-0${backup_id}T00:00:00Z`,
    size: 1,
    sha256: "",
    whole: true,
    suspect: null,
    protected: false,
    of_newer: false,
    recommended,
    offered: recommended,
    needed: null,
    undoes_restore_of: null,
    trigger: "manual",
    last_before: null,
    device_version: null,
    missing: [],
    doubts: [],
    remarks: [],
    in_snapshots: [],
  };
}

/** A Home Assistant that answers, keeps what it was asked, and holds answers back where that is wanted. */
class Home {
  asked: Record<string, unknown>[] = [];
  backups = [backup("2", true), backup("1", false)];
  change = "changed";
  files = ["cfg.json"];
  refusal: unknown = null;
  held: (() => void)[] | null = null;
  reconnect: () => void = () => undefined;
  sendDevices: (message: DevicesMessage) => void = () => undefined;
  sendRestore: (state: RestoreState) => void = () => undefined;

  readonly hass = {
    language: "en",
    locale: { language: "en", time_format: "24" },
    config: { time_zone: "UTC" },
    localize: (key: string) => key,
    loadBackendTranslation: () => Promise.resolve((key: string) => key),
    hassUrl: (path: string) => path,
    callWS: async (command: { type: string }) => {
      this.asked.push(command);
      if (this.held) {
        await new Promise<void>((resolve) => this.held?.push(resolve));
      }
      return this.answer(command);
    },
    connection: {
      subscribeMessage: (handle: (message: never) => void, { type }: { type: string }) => {
        if (type.endsWith("devices/subscribe")) {
          this.sendDevices = handle as (message: DevicesMessage) => void;
          this.sendDevices({ devices: [device(LAMP), device(OLD)] });
        } else {
          this.sendRestore = handle as (state: RestoreState) => void;
        }
        return Promise.resolve(() => Promise.resolve());
      },
      addEventListener: (_: string, handle: () => void) => (this.reconnect = handle),
      removeEventListener: () => undefined,
    },
  } as unknown as HomeAssistant;

  count(command: string): number {
    return this.asked.filter(({ type }) => type === `ha_device_backups/${command}`).length;
  }

  last(command: string): Record<string, unknown> | undefined {
    return this.asked.findLast(({ type }) => type === `ha_device_backups/${command}`);
  }

  private answer(command: { type: string; backup_id?: string }): unknown {
    if (command.type.endsWith("backups/list")) {
      return { backups: this.backups };
    }
    if (this.refusal) {
      // As a connection of Home Assistant refuses a command.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw this.refusal;
    }
    return {
      backup_id: command.backup_id,
      files: this.files.map((name) => ({ name, change: this.change, details: [] })),
      refused: [],
      needs: [],
      risks: [],
      restarts: true,
    };
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function open(home: Home, path: string): Promise<{ panel: HTMLElement & { route: Route }; view: RestoreView }> {
  const panel = Object.assign(document.createElement("device-backups-panel"), {
    hass: home.hass,
    route: { prefix: "/device-backups", path },
  });
  document.body.append(panel);
  await settled();
  return { panel, view: panel.shadowRoot?.querySelector("device-backups-restore") as RestoreView };
}

function startButton(view: RestoreView): HTMLElement | undefined {
  const buttons = view.shadowRoot?.querySelectorAll<HTMLElement>("ha-button") ?? [];
  return [...buttons].find((button) => button.textContent.includes("restore.start"));
}

afterEach(() => document.body.replaceChildren());

it("folds away most of many files of which there is nothing to say", async () => {
  const home = new Home();
  home.files = Array.from({ length: 12 }, (_, number) => `${number}.json`);
  const { view } = await open(home, `/device/${LAMP}/restore`);
  expect(view.shadowRoot?.querySelectorAll("details li").length).toBe(7);
  expect(view.shadowRoot?.querySelectorAll("li").length).toBe(12);
});

it("asks anew in another language", async () => {
  const home = new Home();
  const { panel } = await open(home, `/device/${LAMP}/restore`);
  const plans = home.count("restore/plan");
  Object.assign(panel, { hass: { ...home.hass, language: "de" } });
  await settled();
  expect(home.count("restore/plan")).toBe(plans + 1);
  expect(home.last("restore/plan")).toMatchObject({ language: "de" });
});

it("asks the device once, however often something is new about devices", async () => {
  const home = new Home();
  await open(home, `/device/${LAMP}/restore`);
  for (let count = 3; count < 6; count++) {
    home.sendDevices({ changed: [{ ...device(OLD), count }] });
    await settled();
  }
  expect([home.count("restore/plan"), home.count("backups/list")]).toEqual([1, 1]);
});

it("begins what was read, and nothing while another device's backups are on their way", async () => {
  const home = new Home();
  const { panel, view } = await open(home, `/device/${LAMP}/restore`);
  expect(startButton(view)).toBeDefined();

  home.held = [];
  panel.route = { prefix: "/device-backups", path: `/device/${LAMP}/restore/1/${OLD}` };
  await settled();
  expect(startButton(view)).toBeUndefined();

  while (home.held.length > 0) {
    home.held.shift()?.();
    await settled();
  }
  home.held = null;
  startButton(view)?.click();
  await settled();
  expect(home.last("restore/start")).toMatchObject({ device_key: LAMP, backup_id: "1", source_key: OLD });
});

it("shows the backup whose plan it is, also after another was chosen by hand", async () => {
  const home = new Home();
  const { panel, view } = await open(home, `/device/${LAMP}/restore`);
  const select = view.shadowRoot?.querySelector("select") as HTMLSelectElement;
  expect(select.value).toBe("2");
  select.value = "1";
  panel.route = { prefix: "/device-backups", path: `/device/${LAMP}/restore/2` };
  await settled();
  expect([select.value, home.last("restore/plan")?.["backup_id"]]).toEqual(["2", "2"]);
});

it("tells the words of the chosen backup whole, those that matter most first", async () => {
  const home = new Home();
  const [newest, ...others] = home.backups;
  home.backups = [{ ...(newest as Backup), device_version: "0.15.3" }, ...others];
  const { view } = await open(home, `/device/${LAMP}/restore`);
  const words = "component.ha_device_backups.config_panel.label.recommended\u00a0· 0.15.3";
  expect(view.shadowRoot?.querySelector(".words")?.textContent).toBe(words);
  expect(view.shadowRoot?.querySelector("option")?.textContent.trim()).toMatch(new RegExp(`2026.*\u00a0· ${words}$`));
});

it("brings a restore that did not end to its end, even if nothing seems to be left of it", async () => {
  const home = new Home();
  home.change = "unchanged";
  const { view } = await open(home, `/device/${LAMP}/restore`);
  expect(startButton(view)).toBeUndefined();
  const unfinished_restore = { source_key: LAMP, backup_id: "2", safety_backup_id: "1" };
  home.sendDevices({ changed: [{ ...device(LAMP), unfinished_restore }] });
  await settled();
  startButton(view)?.click();
  await settled();
  expect(home.last("restore/start")).toMatchObject({ device_key: LAMP, backup_id: "2" });
});

it("knows the state before a restore as soon as that has ended", async () => {
  const home = new Home();
  const { view } = await open(home, `/device/${LAMP}/restore`);
  const idle: RestoreState = { running: false, backup_id: null, share: null, text: null, prompt: null, end: null };
  home.sendRestore({ ...idle, running: true, backup_id: "2" });
  await settled();
  expect(startButton(view)).toBeUndefined();
  home.backups = [backup("3", false), ...home.backups];
  const end = {
    backup_id: "2",
    taken_at: "2026-01-02T00:00:00Z",
    error: null,
    safety_backup_id: "3",
    proven: ["cfg.json"],
    unproven: [],
    needs: [],
  };
  home.sendRestore({ ...idle, end });
  await settled();
  expect([home.count("backups/list"), view.shadowRoot?.textContent.includes("cfg.json")]).toEqual([2, true]);
});

it("says what a restore that failed left on the device, and leads back", async () => {
  const home = new Home();
  const { view } = await open(home, `/device/${LAMP}/restore`);
  const idle: RestoreState = { running: false, backup_id: null, share: null, text: null, prompt: null, end: null };
  home.sendRestore({ ...idle, running: true, backup_id: "2" });
  await settled();
  const end = {
    backup_id: "2",
    taken_at: "2026-01-02T00:00:00Z",
    error: "It does not answer.",
    safety_backup_id: null,
    proven: [],
    unproven: [],
    needs: [],
  };
  home.sendRestore({ ...idle, end });
  await settled();
  expect(view.shadowRoot?.textContent).toContain("end.untouched");
  expect(view.shadowRoot?.textContent).not.toContain("end.undo");

  const unfinished_restore = { source_key: LAMP, backup_id: "2", safety_backup_id: "1" };
  home.sendDevices({ changed: [{ ...device(LAMP), unfinished_restore }] });
  await settled();
  expect(view.shadowRoot?.textContent).not.toContain("end.untouched");
  expect(view.shadowRoot?.textContent).toMatch(/device\.unfinished[^]*end\.undo/);
});

it("promises a restart and a safety backup only where something is put back", async () => {
  const home = new Home();
  home.change = "unchanged";
  const { view } = await open(home, `/device/${LAMP}/restore`);
  expect(view.shadowRoot?.textContent).toContain("plan.nothing");
  expect(view.shadowRoot?.textContent).not.toMatch(/plan\.restarts|plan\.safety/);

  home.change = "changed";
  const { view: other } = await open(home, `/device/${LAMP}/restore`);
  expect(other.shadowRoot?.textContent).toMatch(/plan\.restarts[^]*plan\.safety/);
});

it("leads on to the replacement where the device does not answer", async () => {
  const home = new Home();
  home.refusal = { code: "invalid_artifact", message: "It is damaged." };
  const { view } = await open(home, `/device/${LAMP}/restore`);
  expect(view.shadowRoot?.textContent).toContain("It is damaged.");
  expect(view.shadowRoot?.textContent).not.toContain("restore.dead");

  home.refusal = { code: "cannot_connect", message: "It does not answer." };
  const again = [...(view.shadowRoot?.querySelectorAll<HTMLElement>("ha-alert ha-button") ?? [])];
  again.find((button) => button.textContent.includes("try_again"))?.click();
  await settled();
  expect(view.shadowRoot?.textContent).toContain("It does not answer.");
  expect(view.shadowRoot?.textContent).toContain("restore.dead");

  home.refusal = null;
  again.find((button) => button.textContent.includes("try_again"))?.click();
  await settled();
  expect(view.shadowRoot?.textContent).not.toContain("restore.dead");
  expect(startButton(view)).toBeDefined();
});

it("asks the device again once a connection that was lost is back", async () => {
  const home = new Home();
  home.refusal = { type: "result", success: false, error: { code: 3, message: "Connection lost" } };
  const { view } = await open(home, `/device/${LAMP}/restore`);
  expect(view.shadowRoot?.querySelector("ha-alert")?.textContent).toContain("error.connection");
  home.refusal = null;
  home.reconnect();
  await settled();
  expect(view.shadowRoot?.querySelector("ha-alert")).toBeNull();
  expect(view.shadowRoot?.textContent).toContain("plan.heading");
});
