/** How all views look. */

import { css } from "lit";

export const baseStyles = css`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  ha-card,
  ha-alert {
    display: block;
    margin-bottom: 16px;
  }
  ol.steps {
    margin: 4px 0 16px;
    padding-inline-start: 24px;
  }
  .content {
    padding: 16px;
  }
  .content > :first-child {
    margin-top: 0;
  }
  .content > :last-child {
    margin-bottom: 0;
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
  h1:focus,
  h2:focus {
    outline: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
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
  /* The words of plain buttons stand below those above them. */
  .actions {
    margin-inline-start: -16px;
  }
  ul {
    margin: 4px 0 12px;
    padding-inline-start: 20px;
  }
  li {
    overflow-wrap: anywhere;
  }
  ul.rows {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ul.rows > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 12px 16px;
    border-bottom: 1px solid var(--divider-color);
  }
  ul.rows > li:last-child {
    border-bottom: 0;
  }
  .content ul.rows > li {
    padding-inline: 0;
  }
  @media (max-width: 600px) {
    /* As .actions: they stand in a line of their own as soon as there is no room beside. */
    ul.rows > li > :is(ha-button, [role="group"]),
    form .row > input[type="text"] + ha-button {
      margin-inline-start: -12px;
    }
  }
  .name {
    flex: 1 1 200px;
    min-width: 0;
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
  button.action {
    font: inherit;
    font-size: 14px;
    font-weight: 500;
    min-height: 40px;
    padding: 0 12px;
    border: 0;
    border-radius: 20px;
    color: var(--link-color);
    background: none;
    cursor: pointer;
  }
  button.action:hover {
    background: var(--secondary-background-color);
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
  progress {
    width: 100%;
    accent-color: var(--primary-color);
  }
  input[type="password"],
  input[type="text"] {
    font: inherit;
    box-sizing: border-box;
    min-height: 40px;
    padding: 0 12px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    color: inherit;
    background: var(--card-background-color);
  }
  :is(a, button, select, input, summary, [tabindex="0"]):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  a {
    color: var(--link-color);
  }
`;
