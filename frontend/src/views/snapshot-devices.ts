/** The devices in one of Home Assistant's backups, and what can be done with the backups of each. */

import { html, nothing, type TemplateResult } from "lit";
import { bytes, distinctTimes, dotted, type Locale } from "../format";
import type { SnapshotBackup, SnapshotDevice } from "../records";
import { pathOf } from "../route";
import type { Texts } from "../texts";

/** Backups of a device that are shown at once. */
const SHOWN = 3;

export interface RowContext {
  texts: Texts;
  formats: Locale;
  root: string;
  isBusy: boolean;
  /** Take one backup into the store, or all (null). */
  take: (device: SnapshotDevice, backupId: string | null) => void;
  restore: (device: SnapshotDevice, backup: SnapshotBackup) => void;
}

export function deviceCard(device: SnapshotDevice, context: RowContext): TemplateResult {
  const { texts, formats } = context;
  const older = device.backups.slice(SHOWN);
  const times = distinctTimes(
    device.backups.map(({ taken_at }) => taken_at),
    formats,
  );
  const row = (backup: SnapshotBackup) => backupRow(device, backup, times.get(backup.taken_at) ?? "", context);
  return html`<ha-card
    ><div class="content">
      ${heading(device, context)} ${device.is_set_up ? nothing : unknown(device, context)}
      <ul class="rows">
        ${device.backups.slice(0, SHOWN).map(row)}
      </ul>
      ${
        older.length > 0
          ? html`<details>
              <summary>${texts("snapshots.older", { count: older.length })}</summary>
              <ul class="rows">
                ${older.map(row)}
              </ul>
            </details>`
          : nothing
      }
    </div></ha-card
  >`;
}

function heading(device: SnapshotDevice, { texts, isBusy, take }: RowContext): TemplateResult {
  return html`<div class="row">
    <h3>${device.title} <span class="quiet">${device.kind_name}</span></h3>
    <span class="space"></span>
    ${
      device.backups.some((backup) => backup.stored_id === null)
        ? html`<ha-button
            size="small"
            appearance="plain"
            .disabled=${isBusy}
            aria-label=${texts("snapshots.take_all_of", { name: device.title })}
            @click=${() => take(device, null)}
            >${texts("snapshots.take_all")}</ha-button
          >`
        : nothing
    }
  </div>`;
}

/** What to do first with a device that is not set up. */
function unknown(device: SnapshotDevice, { texts, root }: RowContext): TemplateResult {
  if (device.replaced_by) {
    const { key, title } = device.replaced_by;
    return html`<p>${texts("snapshots.replaced", { name: title })}</p>
      <p><a href=${root + pathOf({ name: "device", key })}>${title}</a></p>`;
  }
  return html`<p>${texts("snapshots.unknown_device")}</p>
    <p>
      ${
        device.is_known
          ? html`<a href="/config/integrations/dashboard/add?domain=ha_device_backups">${texts("overview.add")}</a>`
          : html`${texts("snapshots.unknown_kind")} <a href="${root}/packages">${texts("way.packages")}</a>`
      }
    </p>`;
}

function backupRow(
  device: SnapshotDevice,
  backup: SnapshotBackup,
  taken: string,
  { texts, formats, isBusy, take, restore }: RowContext,
): TemplateResult {
  const facts = dotted([backup.device_version, bytes(backup.size, formats.language)]);
  return html`<li>
    <span class="name"
      >${taken}<span class="quiet">${facts}</span> <span class="row">${labels(backup, texts)}</span></span
    >
    <span class="row" role="group" aria-label="${device.title}, ${taken}">
      ${
        backup.stored_id === null
          ? html`<ha-button
              size="small"
              appearance="plain"
              .disabled=${isBusy}
              @click=${() => take(device, backup.backup_id)}
              >${texts("snapshots.take")}</ha-button
            >`
          : nothing
      }
      ${
        device.can_restore && !backup.of_newer
          ? html`<ha-button size="small" appearance="plain" .disabled=${isBusy} @click=${() => restore(device, backup)}
              >${texts("restore.action")}</ha-button
            >`
          : nothing
      }
    </span>
  </li>`;
}

function labels(backup: SnapshotBackup, texts: Texts): TemplateResult[] {
  const all: [string, boolean, string][] = [
    ["label.recommended", backup.recommended, "good"],
    ["snapshots.newest", backup.newest, ""],
    ["label.suspect", backup.suspect !== null, "problem"],
    ["label.of_newer", backup.of_newer, ""],
    ["label.not_whole", !backup.whole && !backup.of_newer, "problem"],
    ["snapshots.present", backup.stored_id !== null, ""],
  ];
  return all
    .filter(([, isShown]) => isShown)
    .map(([key, , tone]) => html`<span class="label ${tone}">${texts(key)}</span>`);
}
