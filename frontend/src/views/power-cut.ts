/** After a power cut: which devices are no longer as in their recommended backups, and putting these back. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { RecoveryMessage, RecoveryRow } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import type { Devices } from "../devices";
import type { ConfirmDialog } from "../elements/confirm";
import { dateTime, dotted } from "../format";
import { pathOf } from "../route";
import { applyRecovery, chosenRows, isOpen, type RecoveryState } from "../recovery";

/** Names that a question lists. */
const NAMED = 10;
/** Files that a row names. */
const FILES = 5;

export class PowerCutView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  @state() private recovery: RecoveryState | null = null;
  /** What the person ticked or unticked; the rest is as it was proposed. */
  @state() private ticks: ReadonlyMap<string, boolean> = new Map();
  /** Those that the question is about: others may be found while it is read. */
  @state() private asked: RecoveryRow[] = [];
  @query("device-backups-confirm") private confirm!: ConfirmDialog;

  protected override firstUpdated(): void {
    this.keepFollowing<RecoveryMessage>(
      (handle) => this.api.followPowerCut(handle),
      (message, isAnew) => {
        this.recovery = applyRecovery(this.recovery, message);
        const isNothing = this.recovery.rows.size === 0;
        this.note("power_cut", { isGoingOn: !isNothing, isNothing }, isAnew);
      },
    );
  }

  protected override render(): TemplateResult {
    const { texts, recovery } = this;
    const rows = [...(recovery?.rows.values() ?? [])];
    const differing = rows.filter((row) => row.finding === "differs");
    const others = rows.filter((row) => row.finding !== "differs");
    const done = rows.filter((row) => row.finding !== null).length;
    const chosen = recovery ? chosenRows(recovery, this.ticks) : [];
    return html`
      <h1 tabindex="-1">${texts("way.power_cut")}</h1>
      <p class="quiet">${texts("power_cut.text")}</p>
      ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${this.isInterrupted ? html`<ha-alert alert-type="warning">${texts("power_cut.interrupted")}</ha-alert>` : nothing}
      <div class="row tools">
        <ha-button
          appearance=${rows.length > 0 ? "plain" : "accent"}
          .disabled=${recovery === null || recovery.asking || recovery.restoring}
          @click=${() => void this.ask()}
          >${texts(rows.length > 0 ? "power_cut.ask_again" : "power_cut.ask")}</ha-button
        >
        ${
          rows.length > 0
            ? html`<span role="status">${texts("power_cut.asking", { done, count: rows.length })}</span>`
            : nothing
        }
      </div>
      ${recovery === null && this.error === null ? this.loading() : nothing}
      ${
        recovery?.asking
          ? html`<progress aria-label=${texts("power_cut.ask")} max=${rows.length} .value=${done}></progress>`
          : nothing
      }
      ${
        rows.length > 0 && !recovery?.asking && differing.length === 0
          ? html`<ha-alert alert-type="success">${texts("power_cut.all_well")}</ha-alert>`
          : nothing
      }
      ${
        differing.length > 0
          ? html`<h2>${texts("power_cut.differs")}</h2>
              <ha-card
                ><ul class="rows">
                  ${repeat(
                    differing,
                    ({ key }) => key,
                    (row) => this.different(row),
                  )}
                </ul></ha-card
              >
              <div class="row end">
                ${
                  recovery?.restoring
                    ? html`<span class="quiet">${texts("restore.goes_on")}</span>
                        <ha-button
                          appearance="plain"
                          @click=${() => void this.once(() => this.attempt(() => this.api.stopAfterThis()))}
                          >${texts("power_cut.stop")}</ha-button
                        >`
                    : nothing
                }
                ${
                  differing.some((row) => row.can_restore && isOpen(row))
                    ? html`${chosen.length === 0 ? html`<span class="quiet">${texts("power_cut.none_chosen")}</span>` : nothing}
                        <ha-button .disabled=${chosen.length === 0} @click=${() => void this.putBack(chosen)}
                          >${texts("power_cut.restore", { count: chosen.length })}</ha-button
                        >`
                    : nothing
                }
              </div>`
          : nothing
      }
      ${
        others.length > 0
          ? html`<h2>${texts("power_cut.others")}</h2>
              <ha-card
                ><ul class="rows">
                  ${repeat(
                    others,
                    ({ key }) => key,
                    (row) => this.other(row),
                  )}
                </ul></ha-card
              >`
          : nothing
      }
      <device-backups-confirm
        .heading=${texts("question.put_back.heading")}
        .text=${texts("question.put_back.text", { names: this.named(this.asked) })}
        .action=${texts("question.put_back.action")}
        .cancel=${texts("cancel")}
      ></device-backups-confirm>
    `;
  }

  private different(row: RecoveryRow): TemplateResult {
    const { texts } = this;
    const cautions = row.cautions ?? [];
    const isTicked = this.ticks.get(row.key) ?? row.preselected ?? false;
    return html`<li>
      ${
        row.can_restore && isOpen(row)
          ? html`<input
              type="checkbox"
              aria-label=${texts("power_cut.choose", { name: row.title })}
              .checked=${isTicked}
              @change=${(event: Event) => this.tick(row.key, (event.target as HTMLInputElement).checked)}
            />`
          : nothing
      }
      <span class="name"
        ><a href=${this.root + pathOf({ name: "device", key: row.key })}>${row.title}</a>
        <span class="quiet"
          >${dotted([
            row.taken_at && texts("power_cut.against", { date: dateTime(row.taken_at, this.formats) }),
            row.step !== "restored" && this.files(row),
          ])}</span
        >
        ${row.suspicion && row.step !== "restored" ? html`<span>${row.suspicion}</span>` : nothing}
        ${
          row.can_restore && isOpen(row) && cautions.length > 0
            ? html`<span class="quiet"
                >${texts("power_cut.caution_heading")}
                ${cautions.map((caution) => html`${texts(`power_cut.caution.${caution}`)} `)}</span
              >`
            : nothing
        }
        ${
          row.can_restore
            ? nothing
            : this.devices.get(row.key)?.restore !== "person"
              ? html`<span>${texts("restore.impossible")}</span>`
              : html`<span
                  >${texts("power_cut.by_person")}
                  <a
                    href=${
                      this.root + pathOf({ name: "restore", key: row.key, backup: row.backup_id ?? null, source: null })
                    }
                    >${texts("restore.action")}</a
                  ></span
                >`
        }
        ${this.step(row)}</span
      >
      ${
        row.backup_id && row.step !== "restored"
          ? html`<a href=${this.root + pathOf({ name: "compare", key: row.key, older: row.backup_id, newer: null })}
              >${texts("power_cut.what_differs")}</a
            >`
          : nothing
      }
    </li>`;
  }

  private files(row: RecoveryRow): string {
    const named = row.files ?? [];
    const files = named.slice(0, FILES).join(", ");
    const count = (row.more ?? 0) + named.slice(FILES).length;
    return count > 0 ? this.texts("power_cut.files_more", { files, count }) : this.texts("power_cut.files", { files });
  }

  private step(row: RecoveryRow): TemplateResult | typeof nothing {
    if (row.step === "was_asked") {
      return nothing;
    }
    const tone = row.step === "restored" ? "good" : row.step === "restore_failed" ? "problem" : "";
    return html`<span role="status" class="step"
      ><span class="label ${tone}">${this.texts(`power_cut.step.${row.step}`)}</span> ${row.text} ${row.error}
      ${
        row.step === "is_restored"
          ? row.share === null
            ? html`<progress aria-label=${row.title}></progress>`
            : html`<progress aria-label=${row.title} max="1" .value=${row.share}></progress>`
          : nothing
      }</span
    >`;
  }

  private other(row: RecoveryRow): TemplateResult {
    const { texts } = this;
    const tone = row.finding === "equal" ? "good" : row.finding === "failed" ? "problem" : "";
    const word = row.finding ? texts(`power_cut.finding.${row.finding}`) : texts(`power_cut.step.${row.step}`);
    return html`<li>
      <span class="name"
        ><a href=${this.root + pathOf({ name: "device", key: row.key })}>${row.title}</a>
        ${row.finding === "failed" ? html`<span class="quiet">${row.reason}</span>` : nothing}
        ${row.finding === "away" ? html`<span class="quiet">${texts("power_cut.away_text")}</span>` : nothing}</span
      >
      <span class="label ${tone}">${word}</span>
    </li>`;
  }

  private tick(key: string, isTicked: boolean): void {
    this.ticks = new Map(this.ticks).set(key, isTicked);
  }

  private named(rows: RecoveryRow[]): string {
    const names = rows
      .slice(0, NAMED)
      .map((row) => row.title)
      .join(", ");
    return rows.length > NAMED ? this.texts("question.put_back.more", { names, count: rows.length - NAMED }) : names;
  }

  private async ask(): Promise<void> {
    this.ticks = new Map();
    await this.once(() => this.attempt(() => this.api.askAll()));
  }

  private async putBack(rows: RecoveryRow[]): Promise<void> {
    this.asked = rows;
    await this.updateComplete;
    if (await this.confirm.ask()) {
      await this.once(() => this.attempt(() => this.api.putBack(rows.map((row) => row.key))));
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      .tools {
        margin-bottom: 16px;
      }
      .end {
        justify-content: flex-end;
        margin-bottom: 24px;
      }
      .name > .quiet,
      .name > span {
        display: block;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      input[type="checkbox"] {
        width: 20px;
        height: 20px;
      }
    `,
  ];
}
