/** Every device with its state in a word. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Device } from "../api";
import { BaseElement, baseStyles } from "../base";
import { shownDevices, type Devices } from "../devices";
import { age, dateTime } from "../format";
import { messageOf, toast } from "../home-assistant";
import { pathOf } from "../route";
import { stateText } from "../texts";

/** Rows drawn at once: more come by a button, so that a thousand devices hold nobody up. */
const ROWS = 100;

export class OverviewView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  @state() private search = "";
  @state() private onlyProblems = false;
  @state() private rows = ROWS;
  @state() private isBusy = false;

  protected override render(): TemplateResult {
    const { texts } = this;
    const found = shownDevices(this.devices, this.search, this.onlyProblems);
    const problems = [...this.devices.values()].filter((device) => device.is_problem).length;
    return html`
      <h1>${texts("overview.heading")}</h1>
      <p class="quiet" role="status">
        ${
          problems === 0 && this.devices.size > 0
            ? texts("overview.all_well")
            : texts("overview.problems", { problems, count: this.devices.size })
        }
      </p>
      <div class="row tools">
        <input
          type="search"
          aria-label=${texts("overview.search")}
          placeholder=${texts("overview.search")}
          .value=${this.search}
          @input=${(event: InputEvent) => {
            this.search = (event.target as HTMLInputElement).value;
            this.rows = ROWS;
          }}
        />
        <label
          ><input
            type="checkbox"
            .checked=${this.onlyProblems}
            @change=${(event: Event) => (this.onlyProblems = (event.target as HTMLInputElement).checked)}
          />${texts("overview.only_problems")}</label
        >
        <span class="space"></span>
        <ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUpAll()}
          >${texts("overview.back_up_all")}</ha-button
        >
        <ha-button href="/config/integrations/dashboard/add?domain=ha_device_backups"
          >${texts("overview.add")}</ha-button
        >
      </div>
      ${
        found.length === 0
          ? html`<p>${texts(this.devices.size === 0 ? "overview.empty" : "overview.nothing_found")}</p>`
          : html`<ha-card
              ><ul>
                ${found.slice(0, this.rows).map((device) => this.row(device))}
              </ul></ha-card
            >`
      }
      ${
        found.length > this.rows
          ? html`<ha-button appearance="plain" @click=${() => (this.rows += ROWS)}
              >${texts("overview.more", { count: found.length - this.rows })}</ha-button
            >`
          : nothing
      }
    `;
  }

  private row(device: Device): TemplateResult {
    const { texts } = this;
    const tone = device.is_problem ? "problem" : device.state === "ok" ? "good" : "";
    return html`<li>
      <a class="device" href=${this.root + pathOf({ name: "device", key: device.key })}>
        <span class="name">${device.title}<span class="quiet kind">${device.kind_name}</span></span>
        <span class="state"
          ><span class="label ${tone}">${stateText(this.hass, texts, device.state)}</span>${
            device.busy ? html` <span class="quiet">${texts(`busy.${device.busy}`)}</span>` : nothing
          }${device.reason ? html`<span class="quiet reason">${device.reason}</span>` : nothing}</span
        >
        <span class="times quiet">${this.times(device)}</span>
      </a>
      ${
        device.restore && device.recommended
          ? html`<ha-button
              size="small"
              appearance="plain"
              aria-label=${texts("overview.restore_device", { name: device.title })}
              @click=${() => this.show({ name: "restore", key: device.key, backup: null, source: null })}
              >${texts("restore.action")}</ha-button
            >`
          : nothing
      }
    </li>`;
  }

  private times(device: Device): TemplateResult {
    const now = new Date();
    const { language } = this.formats;
    return html`${
      device.confirmed
        ? html`<span title=${dateTime(device.confirmed, this.formats)}
            >${this.texts("overview.confirmed", { age: age(device.confirmed, now, language) })}</span
          >`
        : this.texts("overview.never")
    }
    ${
      device.next_run && device.state !== "removed"
        ? html`<span title=${dateTime(device.next_run, this.formats)}
            >${this.texts("overview.next", { age: age(device.next_run, now, language) })}</span
          >`
        : nothing
    }
    ${device.in_snapshot === false ? html`<span>${this.texts("overview.not_in_snapshot")}</span>` : nothing}`;
  }

  private async backUpAll(): Promise<void> {
    this.isBusy = true;
    try {
      toast(this, (await this.api.backUpAll()).message);
    } catch (error) {
      toast(this, messageOf(error));
    } finally {
      this.isBusy = false;
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      .tools {
        margin-bottom: 16px;
      }
      input[type="search"] {
        font: inherit;
        flex: 1 1 220px;
        min-height: 40px;
        box-sizing: border-box;
        padding: 0 12px;
        border: 1px solid var(--divider-color);
        border-radius: 20px;
        color: inherit;
        background: var(--card-background-color);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 40px;
      }
      ha-card ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      ha-card li {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-inline-end: 8px;
        border-bottom: 1px solid var(--divider-color);
      }
      ha-card li:last-child {
        border-bottom: 0;
      }
      a.device {
        flex: 1;
        min-width: 0;
        display: grid;
        grid-template-columns: minmax(120px, 2fr) minmax(140px, 3fr) minmax(120px, 2fr);
        gap: 4px 16px;
        padding: 12px 16px;
        color: inherit;
        text-decoration: none;
      }
      .kind,
      .reason,
      .times > span {
        display: block;
        font-size: 13px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      @media (max-width: 600px) {
        a.device {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];
}
