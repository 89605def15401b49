/** All devices as they are now, from one subscription; pure. */

import type { Device, DevicesMessage } from "./records";
import type { View } from "./route";

const titles = new Intl.Collator();

export type Devices = ReadonlyMap<string, Device>;

export function applyMessage(devices: Devices, message: DevicesMessage): Devices {
  const result = new Map(message.devices ? [] : devices);
  for (const device of [...(message.devices ?? []), ...(message.changed ?? [])]) {
    result.set(device.key, device);
  }
  for (const key of message.removed ?? []) {
    result.delete(key);
  }
  return result;
}

/** Devices to show: what needs somebody first, then by name. */
export function shownDevices(devices: Devices, search: string, onlyProblems: boolean): Device[] {
  const wanted = search.trim().toLocaleLowerCase();
  return [...devices.values()]
    .filter((device) => !onlyProblems || device.is_problem)
    .filter((device) => `${device.title} ${device.kind_name}`.toLocaleLowerCase().includes(wanted))
    .sort(
      (one, other) =>
        rank(one) - rank(other) || titles.compare(one.title, other.title) || (one.key < other.key ? -1 : 1),
    );
}

/** Whether a device can be asked for anything: it is set up, and something knows its kind. */
export function canBeAsked({ state }: Device): boolean {
  return !["removed", "not_set_up", "handler_missing"].includes(state);
}

/** How its state is shown. */
export function toneOf(device: Device): "problem" | "good" | "" {
  return device.is_problem ? "problem" : device.state === "ok" ? "good" : "";
}

/** Whether there is something to put on a device: a backup of its own, or one of another device of its kind. */
export function canRestore(device: Device, devices: Devices): boolean {
  if (device.restore === "person" || device.recommended !== null) {
    return device.restore !== null && device.recommended !== null;
  }
  return device.restore === "device" && othersOfKind(device, devices).some((other) => other.count > 0);
}

/** Where a restore of a device begins: one that did not end is begun again. */
export function restoreOf({ key, unfinished_restore: begun }: Device): Extract<View, { name: "restore" }> {
  const source = begun && begun.source_key !== key ? begun.source_key : null;
  return { name: "restore", key, backup: begun?.backup_id ?? null, source };
}

export function othersOfKind(device: Device, devices: Devices): Device[] {
  const kind = kindOf(device.key);
  return [...devices.values()].filter((other) => other.key !== device.key && kindOf(other.key) === kind);
}

function kindOf(key: string): string {
  return key.split(":", 1)[0] ?? "";
}

function rank(device: Device): number {
  return device.state === "removed" ? 2 : device.is_problem ? 0 : 1;
}
