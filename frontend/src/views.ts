/** Which element shows what an address names. */

import { html, type TemplateResult } from "lit";
import type { Devices } from "./devices";
import type { HomeAssistant } from "./home-assistant";
import type { View } from "./route";
import type { Texts } from "./texts";

export interface Shown {
  hass: HomeAssistant;
  texts: Texts;
  root: string;
  devices: Devices;
  isOnlyHere: boolean;
  secondCopyProblem: string | null;
}

export function elementOf(view: View, shown: Shown): TemplateResult {
  const { hass, texts, root, devices, isOnlyHere, secondCopyProblem } = shown;
  const device = "key" in view ? (devices.get(view.key) ?? null) : null;
  switch (view.name) {
    case "overview":
      return html`<device-backups-overview
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .devices=${devices}
        .isOnlyHere=${isOnlyHere}
        .secondCopyProblem=${secondCopyProblem}
      ></device-backups-overview>`;
    case "snapshots":
      return html`<device-backups-snapshots .hass=${hass} .texts=${texts} .root=${root}></device-backups-snapshots>`;
    case "power-cut":
      return html`<device-backups-power-cut
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .devices=${devices}
      ></device-backups-power-cut>`;
    case "import":
      return html`<device-backups-import
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .devices=${devices}
      ></device-backups-import>`;
    case "packages":
      return html`<device-backups-packages .hass=${hass} .texts=${texts} .root=${root}></device-backups-packages>`;
    case "restore":
      return html`<device-backups-restore
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .devices=${devices}
        .device=${device}
        .view=${view}
      ></device-backups-restore>`;
    case "compare":
      return html`<device-backups-compare
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .device=${device}
        .view=${view}
      ></device-backups-compare>`;
    case "device":
      return html`<device-backups-device
        .hass=${hass}
        .texts=${texts}
        .root=${root}
        .devices=${devices}
        .device=${device}
      ></device-backups-device>`;
  }
}
