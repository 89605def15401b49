/** One backup in the history of a device, and what can be done with it: what would be refused is not offered. */

import { html, nothing, type TemplateResult } from "lit";
import { bytes, dateTime, dotted, type Locale } from "../format";
import type { Backup, Device } from "../records";
import type { Texts } from "../texts";

export interface BackupContext {
  texts: Texts;
  formats: Locale;
  restore: (backup: Backup) => void;
  download: (backup: Backup) => void;
  compare: (older: Backup, newer: Backup) => void;
  accept: (backup: Backup) => void;
  protect: (backup: Backup) => void;
  remove: (backup: Backup, taken: string) => void;
}

/** `taken` is its time in words, `before` the backup before it. */
export function backupCard(
  device: Device,
  backup: Backup,
  taken: string,
  before: Backup | undefined,
  context: BackupContext,
): TemplateResult {
  const { texts } = context;
  const notes = notesOf(backup);
  return html`<li>
    <ha-card
      ><div class="content">
        <h3>${taken}</h3>
        <p class="quiet">${facts(backup, context)}</p>
        <div class="row">${labels(backup, texts)}</div>
        ${backup.suspect ? html`<p>${backup.suspect}</p>` : nothing}
        ${
          notes.length > 0
            ? html`<p>${texts("device.not_whole")}</p>
                <ul>
                  ${notes.map((note) => html`<li>${note.text}</li>`)}
                </ul>`
            : nothing
        }
        ${backup.remarks.map((note) => html`<p class="quiet">${note.text}</p>`)}
        ${backup.of_newer ? html`<p>${texts("device.of_newer")}</p>` : nothing}
        ${backup.protected ? html`<p class="quiet">${texts("device.is_protected")}</p>` : nothing}
        <div class="row actions" role="group" aria-label=${taken}>
          ${backup.of_newer ? nothing : uses(device, backup, before, context)}
          ${
            backup.protected
              ? nothing
              : html`<ha-button
                  size="small"
                  appearance="plain"
                  variant="danger"
                  @click=${() => context.remove(backup, taken)}
                  >${texts("device.delete")}</ha-button
                >`
          }
        </div>
      </div></ha-card
    >
  </li>`;
}

function uses(device: Device, backup: Backup, before: Backup | undefined, context: BackupContext): TemplateResult {
  const { texts } = context;
  const action = (key: string, act: () => void): TemplateResult =>
    html`<ha-button size="small" appearance="plain" @click=${act}>${texts(key)}</ha-button>`;
  return html`
    ${device.restore ? action("restore.action", () => context.restore(backup)) : nothing}
    ${action("device.download", () => context.download(backup))}
    ${before && !before.of_newer ? action("device.compare", () => context.compare(before, backup)) : nothing}
    ${backup.suspect || notesOf(backup).length > 0 ? action("device.accept", () => context.accept(backup)) : nothing}
    ${action(backup.protected ? "device.unprotect" : "device.protect", () => context.protect(backup))}
  `;
}

function facts(backup: Backup, { texts, formats }: BackupContext): string {
  const until = dateTime(backup.confirmed, formats);
  const isUnchanged = backup.confirmed > backup.taken_at && until !== dateTime(backup.taken_at, formats);
  return dotted([
    isUnchanged && texts("device.unchanged_until", { date: until }),
    backup.device_version,
    texts(`trigger.${backup.trigger}`),
    bytes(backup.size, formats.language),
  ]);
}

function labels(backup: Backup, texts: Texts): TemplateResult[] {
  const labels: [string, string][] = [];
  if (backup.recommended) labels.push(["recommended", "good"]);
  if (backup.suspect) labels.push(["suspect", "problem"]);
  if (!backup.whole && !backup.of_newer) labels.push(["not_whole", "problem"]);
  if (backup.protected) labels.push(["protected", ""]);
  if (backup.undoes_restore_of) labels.push(["before_restore", ""]);
  if (backup.last_before) labels.push(["before_update", ""]);
  if (backup.in_snapshots.length > 0) labels.push(["in_snapshot", ""]);
  return labels.map(([name, tone]) => html`<span class="label ${tone}">${texts(`label.${name}`)}</span>`);
}

function notesOf(backup: Backup): Backup["missing"] {
  return [...backup.missing, ...backup.doubts];
}
