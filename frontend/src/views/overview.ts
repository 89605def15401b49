/** Every device with its state in a word. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Device } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { canBeAsked, canRestore, restoreOf, shownDevices, toneOf, type Devices } from "../devices";
import { dateTime, since, until } from "../format";
import { toast } from "../home-assistant";
import { keepSearch, keptSearch, pathOf, type Search, WAYS } from "../route";
import { stateText } from "../texts";

export class OverviewView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  /** Whether no backup of Home Assistant holds those of the devices, and none will. */
  @property({ attribute: false }) isOnlyHere = false;
  /** Why the second copy is not complete. */
  @property({ attribute: false }) secondCopyProblem: string | null = null;
  @state() private search: Search = keptSearch();
  @state() private isBusy = false;

  protected override render(): TemplateResult {
    const { texts } = this;
    const found = shownDevices(this.devices, this.search.words, this.search.onlyProblems);
    const problems = [...this.devices.values()].filter((device) => device.is_problem).length;
    return html`
      <h1 tabindex="-1">${texts("overview.heading")}</h1>
      <p class="quiet" role="status">
        ${
          problems === 0 && this.devices.size > 0
            ? texts("overview.all_well")
            : texts("overview.problems", { problems, count: this.devices.size })
        }
      </p>
      ${
        this.isOnlyHere && this.devices.size > 0
          ? html`<ha-alert alert-type="warning"
              >${texts("overview.only_here")} <a href="/config/backup">${texts("overview.set_up_backups")}</a></ha-alert
            >`
          : nothing
      }
      ${
        this.secondCopyProblem !== null
          ? html`<ha-alert alert-type="warning" .title=${texts("overview.second_copy_incomplete")}
              >${this.secondCopyProblem}
              <a href="/config/integrations/integration/ha_device_backups"
                >${texts("overview.second_copy_settings")}</a
              ></ha-alert
            >`
          : nothing
      }
      <nav class="row">
        ${WAYS.map(
          (name) =>
            html`<a class="way" href=${this.root + pathOf({ name })}>${texts(`way.${name.replace("-", "_")}`)}</a>`,
        )}
      </nav>
      <div class="row tools">
        <input
          type="search"
          aria-label=${texts("overview.search")}
          placeholder=${texts("overview.search")}
          .value=${this.search.words}
          @input=${(event: InputEvent) => this.find({ words: (event.target as HTMLInputElement).value })}
        />
        <label
          ><input
            type="checkbox"
            .checked=${this.search.onlyProblems}
            @change=${(event: Event) => this.find({ onlyProblems: (event.target as HTMLInputElement).checked })}
          />${texts("overview.only_problems")}</label
        >
        <span class="space"></span>
        ${
          [...this.devices.values()].some(canBeAsked)
            ? html`<ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUpAll()}
                >${texts("overview.back_up_all")}</ha-button
              >`
            : nothing
        }
        <ha-button href="/config/integrations/dashboard/add?domain=ha_device_backups"
          >${texts("overview.add")}</ha-button
        >
      </div>
      ${
        found.length === 0
          ? html`<p>${texts(this.devices.size === 0 ? "overview.empty" : "overview.nothing_found")}</p>`
          : html`<ha-card
              ><ul>
                ${repeat(
                  found,
                  ({ key }) => key,
                  (device) => this.row(device),
                )}
              </ul></ha-card
            >`
      }
    `;
  }

  private row(device: Device): TemplateResult {
    const { texts } = this;
    return html`<li>
      <a class="device" href=${this.root + pathOf({ name: "device", key: device.key })}>
        <span class="name">${device.title} <span class="quiet kind">${device.kind_name}</span></span>
        <span class="state"
          ><span class="label ${toneOf(device)}">${stateText(this.hass, texts, device.state)}</span>${
            device.busy ? html` <span class="quiet">${texts(`busy.${device.busy}`)}</span>` : nothing
          }${device.reason ? html`<span class="quiet reason">${device.reason}</span>` : nothing}</span
        >
        <span class="times quiet">${this.times(device)}</span>
      </a>
      ${
        canRestore(device, this.devices)
          ? html`<button
              class="action"
              aria-label=${texts("overview.restore_device", { name: device.title })}
              @click=${() => this.show(restoreOf(device))}
            >
              ${texts("restore.action")}
            </button>`
          : nothing
      }
    </li>`;
  }

  private times(device: Device): TemplateResult {
    const now = new Date();
    return html`${
      device.confirmed
        ? html`<span title=${dateTime(device.confirmed, this.formats)}
            >${this.texts("overview.confirmed", { age: since(device.confirmed, now, this.formats) })}</span
          >`
        : this.texts("overview.never")
    }
    ${
      device.next_run && device.state !== "removed"
        ? html`<span title=${dateTime(device.next_run, this.formats)}
            >${this.texts("overview.next", { age: until(device.next_run, now, this.formats) })}</span
          >`
        : nothing
    }
    ${device.in_snapshot === false ? html`<span>${this.texts("overview.not_in_snapshot")}</span>` : nothing}`;
  }

  private find(changed: Partial<Search>): void {
    this.search = { ...this.search, ...changed };
    keepSearch(this.search);
  }

  private async backUpAll(): Promise<void> {
    this.isBusy = true;
    await this.once(async () => {
      try {
        toast(this, (await this.api.backUpAll()).message);
      } catch (error) {
        this.toastError(error);
      }
    });
    this.isBusy = false;
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      nav {
        margin-bottom: 16px;
      }
      .way {
        padding: 8px 16px;
        border: 1px solid var(--divider-color);
        border-radius: 20px;
        text-decoration: none;
      }
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
        /* A thousand rows are there to be found and read out; those out of sight cost no layout. */
        content-visibility: auto;
        contain-intrinsic-size: auto 65px;
      }
      li > :focus-visible {
        outline-offset: -3px;
      }
      ha-card li:last-child {
        border-bottom: 0;
      }
      a.device {
        flex: 1;
        min-width: 0;
        display: grid;
        grid-template-columns: minmax(120px, 2fr) minmax(140px, 3fr) minmax(120px, 3.4fr);
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
      @media (min-width: 601px) {
        /* The columns of rows with and without an action are the same. */
        li > .action {
          width: 140px;
          text-align: end;
        }
        li:not(:has(> .action)) {
          padding-inline-end: 156px;
        }
      }
      @media (max-width: 600px) {
        ha-card li {
          flex-wrap: wrap;
          gap: 0;
          padding-bottom: 8px;
        }
        a.device {
          flex-basis: 100%;
          grid-template-columns: 1fr;
          padding-bottom: 4px;
        }
      }
    `,
  ];
}
