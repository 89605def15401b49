/** What differs between two backups, or between one and the device as it is now. */

import { type CSSResultGroup, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Backup, Comparison, Device, FileComparison } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { canBeAsked } from "../devices";
import { bytes, distinctTimes, dotted } from "../format";
import type { View } from "../route";

type CompareAddress = Extract<View, { name: "compare" }>;

/** In the list of backups it stands for the device as it is now. */
const NOW = "";

export class CompareView extends BaseElement {
  @property({ attribute: false }) device: Device | null = null;
  @property({ attribute: false }) view!: CompareAddress;
  @state() private backups: Backup[] = [];
  @state() private found: Comparison | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("view")) {
      const before = changed.get("view");
      if (before?.key !== this.view.key) {
        this.backups = [];
        void this.loadBackups();
      }
      void this.load();
    }
  }

  private async loadBackups(): Promise<void> {
    const { key } = this.view;
    try {
      const { backups } = await this.api.backups(key);
      if (this.view.key === key) this.backups = backups;
    } catch (error) {
      if (this.view.key === key) this.fail(error);
    }
  }

  protected override again(): void {
    void this.loadBackups();
    void this.load();
  }

  private async load(): Promise<void> {
    const { view } = this;
    this.found = this.error = null;
    try {
      const found = await this.api.compare(view.key, view.older, view.newer);
      if (this.view === view) this.found = found;
    } catch (error) {
      if (this.view === view) this.fail(error);
    }
  }

  protected override render(): TemplateResult {
    const { device, texts, view } = this;
    if (!device) {
      return html`<h1 tabindex="-1">${texts("device.unknown")}</h1>
        <p>${texts("device.unknown_text")}</p>`;
    }
    return html`
      <h1 tabindex="-1">${texts("compare.heading", { name: device.title })}</h1>
      <ha-card
        ><div class="content sides">
          ${this.side("compare.older", view.older, false, (older) => ({ ...view, older }))}
          ${this.side("compare.newer", view.newer ?? NOW, true, (newer) => ({
            ...view,
            newer: newer === NOW ? null : newer,
          }))}
        </div></ha-card
      >
      ${
        this.error
          ? html`<ha-alert alert-type="error">${this.error}</ha-alert>`
          : this.found
            ? this.differences(this.found)
            : html`<p role="status" class="row"><ha-spinner size="small"></ha-spinner>${texts("compare.running")}</p>`
      }
    `;
  }

  private side(label: string, chosen: string, hasNow: boolean, to: (id: string) => CompareAddress): TemplateResult {
    const times = distinctTimes(
      this.backups.map(({ taken_at }) => taken_at),
      this.formats,
    );
    return html`<label
      >${this.texts(label)}
      <select @change=${(event: Event) => this.show(to((event.target as HTMLSelectElement).value), true)}>
        ${
          hasNow && this.device && canBeAsked(this.device)
            ? html`<option value=${NOW} .selected=${live(chosen === NOW)}>${this.texts("compare.now")}</option>`
            : nothing
        }
        ${this.backups.map(
          ({ backup_id, taken_at, of_newer }) =>
            html`<option value=${backup_id} .selected=${live(backup_id === chosen)} .disabled=${of_newer}>
              ${times.get(taken_at)}
            </option>`,
        )}
      </select></label
    >`;
  }

  private differences(found: Comparison): TemplateResult {
    const { texts } = this;
    const files = [...found.files].sort((one, other) => Number(other.counts) - Number(one.counts));
    const count = found.files.filter((file) => file.counts).length + found.more;
    return html`
      <p role="status">
        ${
          found.files.length === 0
            ? texts("compare.equal")
            : found.counts
              ? texts("compare.differs", { count })
              : texts("compare.only_by_itself")
        }
      </p>
      ${files.map((file) => this.file(file))}
      ${found.more > 0 ? html`<p>${texts("compare.more_files", { count: found.more })}</p>` : nothing}
      ${found.unchanged > 0 ? html`<p class="quiet">${texts("plan.unchanged", { count: found.unchanged })}</p>` : nothing}
    `;
  }

  private file(file: FileComparison): TemplateResult {
    const { texts } = this;
    const isShown = file.settings.length + file.lines.length + file.members.length > 0;
    return html`<ha-card class=${file.counts ? "" : "quiet"}
      ><div class="content">
        <h2>${file.path}</h2>
        <p class="quiet">
          ${dotted([texts(`compare.${file.change}`), this.sizes(file), file.counts ? "" : texts("compare.by_itself")])}
        </p>
        ${file.settings.length > 0 ? this.settings(file) : nothing}
        ${
          file.lines.length > 0
            ? html`<pre role="region" aria-label=${file.path} tabindex="0">
${file.lines.map(
                  (line) =>
                    html`<span class=${line.change}
                      >${line.change === "removed" ? "−" : "+"} ${line.text}${"\n"}</span
                    >`,
                )}</pre>`
            : nothing
        }
        ${
          file.members.length > 0
            ? html`<ul>
                ${file.members.map(
                  (member) =>
                    html`<li>${member.path}: ${texts(`compare.${member.change}`)} (${this.sizes(member)})</li>`,
                )}
              </ul>`
            : nothing
        }
        ${!isShown && file.counts && file.change === "changed" ? html`<p>${texts("compare.not_shown")}</p>` : nothing}
        ${file.more > 0 ? html`<p>${texts("compare.more", { count: file.more })}</p>` : nothing}
      </div></ha-card
    >`;
  }

  private settings(file: FileComparison): TemplateResult {
    const { texts } = this;
    return html`<div class="scroll" role="region" aria-label=${file.path} tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${texts("compare.setting")}</th>
            <th scope="col">${texts("compare.before")}</th>
            <th scope="col">${texts("compare.after")}</th>
          </tr>
        </thead>
        <tbody>
          ${file.settings.map(
            (setting) =>
              html`<tr class=${setting.counts ? "" : "quiet"}>
                <th scope="row">${setting.path.join(" > ")}</th>
                ${
                  setting.change === "changed" && setting.before === setting.after
                    ? html`<td colspan="2">${texts(setting.masked ? "compare.secret" : "compare.not_shown")}</td>`
                    : html`<td>${setting.change === "added" ? "" : this.value(setting, setting.before)}</td>
                        <td>${setting.change === "removed" ? "" : this.value(setting, setting.after)}</td>`
                }
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private value({ masked }: { masked: boolean }, value: string | null): string {
    return masked ? this.texts("compare.secret_value") : (value ?? "–");
  }

  private sizes({ size_before, size_after }: { size_before: number | null; size_after: number | null }): string {
    const sizes = [size_before, size_after].filter((size) => size !== null);
    return [...new Set(sizes)].map((size) => bytes(size, this.formats.language)).join(" → ");
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      .sides {
        display: flex;
        flex-wrap: wrap;
        gap: 16px;
      }
      label {
        flex: 1 1 240px;
      }
      h2 {
        overflow-wrap: anywhere;
      }
      .scroll,
      pre {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        table-layout: fixed;
        width: 100%;
      }
      th,
      td {
        text-align: start;
        font-weight: 400;
        vertical-align: top;
        padding: 4px 8px 4px 0;
        overflow-wrap: anywhere;
        border-bottom: 1px solid var(--divider-color);
      }
      th:first-child {
        width: 40%;
      }
      thead th {
        color: var(--secondary-text-color);
      }
      pre span {
        white-space: pre;
      }
      .removed {
        text-decoration: line-through;
        color: var(--secondary-text-color);
      }
    `,
  ];
}
