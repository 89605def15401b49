/** The form that asks for the key of one of Home Assistant's backups. */

import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../texts";

interface Asking {
  texts: Texts;
  /** How the backup is called. */
  name: string | undefined;
  /** What was wrong with the last key. */
  wrong: string | undefined;
  hasOwnKey: boolean;
  open: (key: { password?: string; use_own_key?: boolean }) => void;
  cancel: () => void;
}

export function keyForm({ texts, name, wrong, hasOwnKey, open, cancel }: Asking): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    // In Home Assistant's frontend the elements of a form cannot be found by their names.
    open({ password: (event.currentTarget as HTMLFormElement).querySelector("input")?.value ?? "" });
  };
  return html`<ha-card
    ><form class="content" @submit=${submit}>
      <h2>${texts("snapshots.key_heading")}</h2>
      <p class="quiet">${name}</p>
      ${wrong ? html`<ha-alert alert-type="error">${wrong}</ha-alert>` : nothing}
      <p>${texts("snapshots.key_text")}</p>
      ${
        hasOwnKey
          ? html`<p>
              <ha-button @click=${() => open({ use_own_key: true })}>${texts("snapshots.own_key")}</ha-button>
            </p>`
          : nothing
      }
      <div class="row">
        <label
          >${texts("snapshots.password")}
          <input id="password" type="password" autocomplete="off" required />
        </label>
        <ha-button
          appearance="plain"
          @click=${(event: Event) => (event.currentTarget as HTMLElement).closest("form")?.requestSubmit()}
          >${texts("snapshots.decrypt")}</ha-button
        >
        <ha-button appearance="plain" @click=${cancel}>${texts("cancel")}</ha-button>
      </div>
    </form></ha-card
  >`;
}
