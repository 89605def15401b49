/** Which backup is put back, and of which device. */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { distinctTimes, dotted, type Locale } from "../format";
import type { Backup, Device } from "../records";
import type { Texts } from "../texts";

interface Wording {
  texts: Texts;
  formats: Locale;
}

export const choiceStyles = css`
  label {
    display: block;
    margin-bottom: 12px;
  }
  select {
    text-overflow: ellipsis;
  }
  .words {
    display: none;
  }
  @media (max-width: 600px) {
    .words {
      display: block;
      margin: -4px 0 12px;
    }
  }
`;

/** On a narrow screen the words of the chosen one stand below: a closed list cuts them off. */
export function backupChoice(
  backups: Backup[],
  chosenId: string | null,
  { texts, formats }: Wording,
  choose: (backupId: string) => void,
): TemplateResult {
  const times = distinctTimes(
    backups.map(({ taken_at }) => taken_at),
    formats,
  );
  const chosen = backups.find(({ backup_id }) => backup_id === chosenId);
  const words = chosen ? wordsOf(chosen, texts) : [];
  return html`<label
      >${texts("restore.which")}
      <select @change=${(event: Event) => choose(valueOf(event))}>
        ${chosenId === null ? html`<option value="" disabled .selected=${true}></option>` : nothing}
        ${backups.map(
          (backup) =>
            html`<option
              value=${backup.backup_id}
              .selected=${live(backup.backup_id === chosenId)}
              .disabled=${backup.of_newer}
            >
              ${dotted([times.get(backup.taken_at), ...wordsOf(backup, texts)])}
            </option>`,
        )}
      </select></label
    >
    ${words.length > 0 ? html`<p class="words quiet">${dotted(words)}</p>` : nothing}`;
}

/** Another device of the kind may be a replacement; the one itself is what stands there. */
export function sourceChoice(
  device: Device,
  ofKind: Device[],
  source: string,
  texts: Texts,
  choose: (key: string) => void,
): TemplateResult | typeof nothing {
  const others = ofKind.filter((other) => other.count > 0 || other.key === source);
  if (others.length === 0) {
    return nothing;
  }
  return html`<label
      >${texts("restore.from")}
      <select @change=${(event: Event) => choose(valueOf(event))}>
        ${[device, ...others].map(
          (other) =>
            html`<option value=${other.key} .selected=${live(other.key === source)}>
              ${other.key === device.key ? texts("restore.itself", { name: other.title }) : other.title}
            </option>`,
        )}
      </select></label
    >
    <p class="quiet">${texts("restore.replaced")}</p>`;
}

/** What the backup lacks, nothing where it is whole. */
export function gaps(backup: Backup, texts: Texts): TemplateResult | typeof nothing {
  const notes = [...backup.missing, ...backup.doubts];
  return notes.length === 0
    ? nothing
    : html`<p>${texts("device.not_whole")}</p>
        <ul>
          ${notes.map((note) => html`<li>${note.text}</li>`)}
        </ul>`;
}

function wordsOf(backup: Backup, texts: Texts): string[] {
  const labels = [
    backup.recommended && "recommended",
    backup.suspect && "suspect",
    backup.of_newer ? "of_newer" : !backup.whole && "not_whole",
    backup.undoes_restore_of && "before_restore",
  ].filter((label) => typeof label === "string");
  return [...labels.map((label) => texts(`label.${label}`)), ...(backup.device_version ? [backup.device_version] : [])];
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
