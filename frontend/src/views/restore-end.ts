/** How a restore ended: what is proven and what is left to do, and the ways on. */

import { html, nothing, type TemplateResult } from "lit";
import { dateTime, type Locale } from "../format";
import type { Device, RestoreEnd } from "../records";
import type { Texts } from "../texts";
import { list } from "./restore-plan";

export interface WaysOn {
  texts: Texts;
  formats: Locale;
  toDevice: () => void;
  undo: (backupId: string) => void;
  again: () => void;
}

export function endCard(end: RestoreEnd, device: Device, ways: WaysOn): TemplateResult {
  const { texts, formats } = ways;
  const undo = end.safety_backup_id ?? device.unfinished_restore?.safety_backup_id;
  return html`<ha-alert alert-type=${end.error ? "error" : "success"}
      >${end.error ?? texts("restore.done", { date: dateTime(end.taken_at, formats) })}</ha-alert
    >
    ${end.error ? leftBehind(device, texts) : nothing}
    <ha-card
      ><div class="content">
        ${list(texts, "end.proven", end.proven)} ${list(texts, "end.unproven", end.unproven)}
        ${list(texts, "end.needs", end.needs)}
        <div class="row actions">
          <ha-button appearance="plain" @click=${ways.toDevice}>${texts("end.to_device")}</ha-button>
          ${
            undo
              ? html`<ha-button appearance="plain" @click=${() => ways.undo(undo)}>${texts("end.undo")}</ha-button>`
              : nothing
          }
          ${end.error ? html`<ha-button @click=${ways.again}>${texts("restore.try_again")}</ha-button>` : nothing}
        </div>
      </div></ha-card
    >`;
}

/** What a restore that failed left behind: nothing, or half of it. */
function leftBehind(device: Device, texts: Texts): TemplateResult {
  return device.unfinished_restore
    ? html`<ha-alert alert-type="warning" .title=${texts("device.unfinished_heading")}
        >${texts("device.unfinished")}</ha-alert
      >`
    : html`<p>${texts("end.untouched")}</p>`;
}
