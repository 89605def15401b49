/** What all views have in common. */

import { LitElement, css, html, nothing, type CSSResultGroup, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { Api, type Device } from "./api";
import type { Locale } from "./format";
import type { HomeAssistant } from "./home-assistant";
import { navigate, type View } from "./route";
import type { Texts } from "./texts";

export const baseStyles = css`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  ha-card {
    display: block;
    margin-bottom: 16px;
  }
  .content {
    padding: 16px;
  }
  h1 {
    font-size: 24px;
    font-weight: 400;
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 18px;
    font-weight: 500;
    margin: 0 0 8px;
  }
  .quiet {
    color: var(--secondary-text-color);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .space {
    flex: 1;
  }
  ul {
    margin: 4px 0 12px;
    padding-inline-start: 20px;
  }
  li {
    overflow-wrap: anywhere;
  }
  .label {
    display: inline-block;
    border-radius: 12px;
    padding: 2px 10px;
    font-size: 13px;
    line-height: 20px;
    border: 1px solid var(--divider-color);
    color: var(--primary-text-color);
  }
  .label.problem {
    border-color: var(--error-color);
  }
  .label.good {
    border-color: var(--success-color);
  }
  select {
    display: block;
    font: inherit;
    width: 100%;
    box-sizing: border-box;
    min-height: 40px;
    margin-top: 4px;
    padding: 0 8px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    color: inherit;
    background: var(--card-background-color);
  }
  button:focus-visible,
  a:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  a {
    color: var(--primary-color);
  }
`;

export class BaseElement extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) texts!: Texts;
  @property() root = "";

  protected get api(): Api {
    return new Api(this.hass);
  }

  protected get formats(): Locale {
    return { language: this.hass.locale.language, timeZone: this.hass.config.time_zone };
  }

  protected show(view: View, replace = false): void {
    navigate(this.root, view, replace);
  }

  /** The ways on from a restore that was cut off: to its end, or back. */
  protected unfinished(device: Device): TemplateResult | typeof nothing {
    const { unfinished_restore: restore, key } = device;
    if (!restore || device.busy === "restore") {
      return nothing;
    }
    const source = restore.source_key === key ? null : restore.source_key;
    const safety = restore.safety_backup_id;
    return html`<ha-alert alert-type="warning" .title=${this.texts("device.unfinished_heading")}
      >${this.texts("device.unfinished")}
      <div class="row">
        <ha-button
          size="small"
          appearance="plain"
          @click=${() => this.show({ name: "restore", key, backup: restore.backup_id, source })}
          >${this.texts("device.continue")}</ha-button
        >
        ${
          safety
            ? html`<ha-button
                size="small"
                appearance="plain"
                @click=${() => this.show({ name: "restore", key, backup: safety, source: null })}
                >${this.texts("end.undo")}</ha-button
              >`
            : nothing
        }
      </div></ha-alert
    >`;
  }

  static override styles: CSSResultGroup = baseStyles;
}
