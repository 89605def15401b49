/** All devices as they are now, from one subscription; pure. */

import type { Device, DevicesMessage } from "./api";

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
      (one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title) || (one.key < other.key ? -1 : 1),
    );
}

function rank(device: Device): number {
  return device.state === "removed" ? 2 : device.is_problem ? 0 : 1;
}
