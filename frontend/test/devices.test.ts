import { expect, it } from "vitest";
import type { Device } from "../src/records";
import { applyMessage, canRestore, restoreOf, shownDevices, toneOf } from "../src/devices";

function device(key: string, values: Partial<Device> = {}): Device {
  return {
    key,
    title: key,
    kind_name: "WLED",
    entry_id: null,
    device_id: null,
    state: "ok",
    is_problem: false,
    reason: null,
    newest: null,
    recommended: null,
    taken_at: null,
    confirmed: null,
    version: null,
    next_run: null,
    count: 0,
    size: 0,
    busy: null,
    prompt: null,
    progress: null,
    restore: null,
    in_snapshot: null,
    unfinished_restore: null,
    ...values,
  };
}

const keys = (devices: Iterable<Device>): string[] => [...devices].map((one) => one.key);

it("keeps what did not change", () => {
  const before = applyMessage(new Map(), { devices: [device("a"), device("b"), device("c")] });
  const after = applyMessage(before, { changed: [device("b", { count: 2 }), device("d")], removed: ["c"] });

  expect([keys(before.values()), keys(after.values())]).toEqual([
    ["a", "b", "c"],
    ["a", "b", "d"],
  ]);
  expect(after.get("b")?.count).toBe(2);
});

it("begins anew when all are sent", () => {
  const before = applyMessage(new Map(), { devices: [device("a")] });
  expect(keys(applyMessage(before, { devices: [device("b")] }).values())).toEqual(["b"]);
});

it("shows what needs somebody first, and removed devices last", () => {
  const all = applyMessage(new Map(), {
    devices: [
      device("1", { title: "Attic", state: "removed" }),
      device("2", { title: "Porch" }),
      device("3", { title: "Stairs", state: "failed", is_problem: true }),
      device("4", { title: "bath" }),
    ],
  });

  expect(keys(shownDevices(all, "", false))).toEqual(["3", "4", "2", "1"]);
  expect(keys(shownDevices(all, "", true))).toEqual(["3"]);
  expect(keys(shownDevices(all, " POR", false))).toEqual(["2"]);
  expect(keys(shownDevices(all, "wled", false))).toHaveLength(4);
});

it("offers a restore where a backup of the device or of another one of its kind is there", () => {
  const fresh = device("wled:new", { restore: "device", count: 1 });
  const gone = device("wled:old", { state: "removed", count: 3 });
  const box = device("fritzbox:1", { restore: "person", count: 1 });
  const devices = (...all: Device[]) => applyMessage(new Map(), { devices: all });

  expect([
    canRestore({ ...fresh, recommended: "1" }, devices(fresh)),
    canRestore(fresh, devices(fresh, box)),
    canRestore(fresh, devices(fresh, gone)),
    canRestore(box, devices(box, device("fritzbox:2", { count: 1 }))),
    canRestore({ ...box, recommended: "1" }, devices(box)),
    canRestore({ ...gone, recommended: "1" }, devices(gone)),
  ]).toEqual([true, false, true, false, true, false]);
});

it("begins with the backup of a restore that did not end, whichever device it is of", () => {
  const begun = { source_key: "wled:old", backup_id: "3", safety_backup_id: "7" };

  expect([
    restoreOf(device("wled:new", { recommended: "7" })),
    restoreOf(device("wled:old", { recommended: "7", unfinished_restore: begun })),
    restoreOf(device("wled:new", { recommended: "7", unfinished_restore: begun })),
  ]).toEqual([
    { name: "restore", key: "wled:new", backup: null, source: null },
    { name: "restore", key: "wled:old", backup: "3", source: null },
    { name: "restore", key: "wled:new", backup: "3", source: "wled:old" },
  ]);
});

it("shows only what is well as good", () => {
  const tones = [device("a"), device("b", { state: "late" }), device("c", { state: "failed", is_problem: true })];
  expect(tones.map(toneOf)).toEqual(["good", "", "problem"]);
});
