import { afterEach, expect, it } from "vitest";
import "../src/main";
import { button, openView, settled, ViewHome } from "./home";

afterEach(() => document.body.replaceChildren());

const WAITING = { outcome: "without_owner", kind: "wled", made_at: null, device_key: null, title: null, error: null };
const BACKUP = { size: 5, missing: [], doubts: [], remarks: [], in_snapshots: [], whole: true, needed: null };
const ROW = { title: "Lamp", step: "was_asked", can_restore: true, taken_at: null, backup_id: "1" };

function viewOf(name: string): ShadowRoot {
  const panel = document.querySelector("device-backups-panel")?.shadowRoot;
  return panel?.querySelector(`device-backups-${name}`)?.shadowRoot as ShadowRoot;
}

it("leaves to each file that waits the device that was chosen for it", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/import");
  await home.send("devices/subscribe", {
    changed: [
      { key: "wled:a", title: "Attic" },
      { key: "wled:b", title: "Bath" },
    ],
  });
  const state = { running: false, looked_at: 2, total: 2 };
  const [first, second] = [
    { ...WAITING, names: ["a.json"] },
    { ...WAITING, names: ["b.json"] },
  ];
  await home.send("import/subscribe", { ...state, files: [first, second] });
  const [ofFirst, ofSecond] = [...view.querySelectorAll("select")] as [HTMLSelectElement, HTMLSelectElement];
  ofFirst.value = "wled:a";
  ofSecond.value = "wled:b";
  await home.send("import/subscribe", { ...state, files: [{ ...first, outcome: "stored" }, second] });
  const left = view.querySelector("select") as HTMLSelectElement;
  expect(left.closest("li")?.textContent).toContain("b.json");
  expect(left.value).toBe("wled:b");
});

it("keeps the keyboard on the device that it was on when another one comes before it", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const message = { asking: true, restoring: false };
  const rows = [
    { ...ROW, key: "wled:a", step: "is_asked", finding: null },
    { ...ROW, key: "wled:b", finding: "differs" },
  ];
  await home.send("power_cut/subscribe", { ...message, rows });
  const box = view.querySelector<HTMLInputElement>("input[type=checkbox]");
  await home.send("power_cut/subscribe", { ...message, changed: [{ ...ROW, key: "wled:a", finding: "differs" }] });
  const boxes = [...view.querySelectorAll("input[type=checkbox]")];
  expect(boxes.indexOf(box as HTMLInputElement)).toBe(1);
});

it("puts back what the question names, whatever is found meanwhile", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/power-cut");
  const message = { asking: true, restoring: false };
  const found = { ...ROW, key: "wled:a", title: "Attic", finding: "differs", preselected: true };
  await home.send("power_cut/subscribe", { ...message, rows: [found] });
  button(view, "power_cut.restore")?.click();
  await settled();
  await home.send("power_cut/subscribe", { ...message, changed: [{ ...found, key: "wled:b", title: "Bath" }] });
  const dialog = view.querySelector("device-backups-confirm")?.shadowRoot;
  expect(dialog?.querySelector("p")?.textContent).toBe("question.put_back.text Attic");
  dialog?.querySelector<HTMLElement>("button.danger")?.click();
  await settled();
  expect(home.last("power_cut/restore")).toMatchObject({ device_keys: ["wled:a"] });
});

it("keeps the keyboard on the backup that it was on when a new one comes", async () => {
  const home = new ViewHome();
  const backup = (backup_id: string) => ({ ...BACKUP, backup_id, taken_at: backup_id, confirmed: backup_id });
  const [older, newer] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"].map(backup);
  home.answers["backups/list"] = { backups: [older] };
  await openView(home, "/device/wled%3Aa");
  const device = { key: "wled:a", title: "Attic", state: "ok", count: 1, size: 5 };
  await home.send("devices/subscribe", { changed: [device] });
  const remove = button(viewOf("device"), "device.delete");
  home.answers["backups/list"] = { backups: [newer, older] };
  await home.send("devices/subscribe", { changed: [{ ...device, count: 2 }] });
  const buttons = [...viewOf("device").querySelectorAll("ha-button")].filter((one) =>
    one.textContent.includes("device.delete"),
  );
  expect(buttons.indexOf(remove as HTMLElement)).toBe(1);
});

it("lists the backups as they were asked for last", async () => {
  const home = new ViewHome();
  const held: ((answer: unknown) => void)[] = [];
  const call = home.hass.callWS.bind(home.hass);
  home.hass.callWS = <Answer>(command: { type: string }) =>
    command.type.endsWith("backups/list")
      ? new Promise<Answer>((resolve) => held.push(resolve as (answer: unknown) => void))
      : call<Answer>(command);
  await openView(home, "/device/wled%3Aa");
  const device = { key: "wled:a", title: "Attic", state: "ok", count: 1, size: 5 };
  await home.send("devices/subscribe", { changed: [device] });
  await home.send("devices/subscribe", { changed: [{ ...device, count: 0 }] });
  const taken = "2026-01-01T00:00:00Z";
  held[1]?.({ backups: [] });
  held[0]?.({ backups: [{ ...BACKUP, backup_id: "1", taken_at: taken, confirmed: taken }] });
  await settled();
  expect(viewOf("device").querySelectorAll("ol > li")).toHaveLength(0);
});

it("leaves to each package the version that was entered for it", async () => {
  const home = new ViewHome();
  const view = await openView(home, "/packages");
  const one = { title: "", version: "1.0", waits: null, newer: null, kinds: [], devices: 0, origin: "", is_own: true };
  const [pump, boiler] = ["pump", "boiler"].map((name) => ({ ...one, name, title: name, link: null, problems: [] }));
  const state = { catalogue: [], absent: false, recipes: [], now: null, last: null };
  await home.send("packages/subscribe", { ...state, packages: [pump, boiler] });
  const entered = view.querySelectorAll<HTMLInputElement>(".rows input")[1] as HTMLInputElement;
  entered.value = "0.9";
  await home.send("packages/subscribe", { ...state, packages: [boiler] });
  expect(view.querySelector<HTMLInputElement>(".rows input")?.value).toBe("0.9");
});
