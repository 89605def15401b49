/** What all views have in common. */

import { LitElement, css, type CSSResultGroup } from "lit";
import { property } from "lit/decorators.js";
import { Api } from "./api";
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
  button.plain {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    text-align: start;
    cursor: pointer;
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

  static override styles: CSSResultGroup = baseStyles;
}
