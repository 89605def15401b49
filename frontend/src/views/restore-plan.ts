/** What a restore would do, or what a person does, and how far it is. */

import { html, nothing, type TemplateResult } from "lit";
import type { Device, Plan, RestoreState } from "../records";
import type { Texts } from "../texts";

type PlannedFile = Plan["files"][number];

/** Files of which only their names are told. */
const MOST_FILES = 6;
const MOST_DETAILS = 6;

/** Whether the device would be another one afterwards. */
export function changesSomething(plan: Plan): boolean {
  return plan.files.some((file) => file.change !== "unchanged");
}

export function planCard(plan: Plan, isUnfinished: boolean, texts: Texts): TemplateResult {
  const changes = plan.files.filter((file) => file.change !== "unchanged");
  const unchanged = plan.files.length - changes.length;
  const isPossible = changes.length > 0 || isUnfinished;
  return html`<ha-card
      ><div class="content">
        <h2>${texts("plan.heading")}</h2>
        ${changes.length === 0 ? html`<p>${texts(nothingKey(plan, isUnfinished))}</p>` : changeList(changes, texts)}
        ${unchanged > 0 ? html`<p class="quiet">${texts("plan.unchanged", { count: unchanged })}</p>` : nothing}
        ${list(texts, "plan.refused", plan.refused)} ${list(texts, "plan.needs", plan.needs)}
        ${plan.restarts && isPossible ? html`<p>${texts("plan.restarts")}</p>` : nothing}
        ${isPossible ? html`<p class="quiet">${texts("plan.safety")}</p>` : nothing}
      </div></ha-card
    >
    ${plan.risks.map((risk) => html`<ha-alert alert-type="warning">${risk}</ha-alert>`)}`;
}

/** Of a backup that cannot all be put back, nobody says that all of it is there. */
function nothingKey({ refused }: Plan, isUnfinished: boolean): string {
  if (refused.length > 0) {
    return isUnfinished ? "plan.nothing_possible_unfinished" : "plan.nothing_possible";
  }
  return isUnfinished ? "plan.nothing_unfinished" : "plan.nothing";
}

/** The steps of a restore that only a person can do. */
export function guideCard(steps: string[], download: () => void, texts: Texts): TemplateResult {
  return html`<ha-card
    ><div class="content">
      <h2>${texts("restore.by_person")}</h2>
      <ol class="steps">
        ${steps.map((step) => html`<li>${step}</li>`)}
      </ol>
      <ha-button @click=${download}>${texts("device.download")}</ha-button>
    </div></ha-card
  >`;
}

/** The way on where a device will never answer again. */
export function deadCard({ title }: Device, texts: Texts): TemplateResult {
  return html`<ha-card
    ><div class="content">
      <p>${texts("restore.dead", { name: title })}</p>
      <ha-button class="actions" appearance="plain" href="/config/integrations/dashboard/add?domain=ha_device_backups"
        >${texts("overview.add")}</ha-button
      >
    </div></ha-card
  >`;
}

export function progressCard(state: RestoreState, texts: Texts): TemplateResult {
  const percent = state.share === null ? null : Math.round(state.share * 100);
  return html`<ha-card
    ><div class="content">
      <h2>${texts("restore.running")}</h2>
      ${
        percent === null
          ? html`<progress aria-label=${texts("restore.running")}></progress>`
          : html`<progress aria-label=${texts("restore.running")} max="100" .value=${percent}></progress>`
      }
      <p>${state.text ?? texts("restore.begun")}</p>
      ${state.prompt ? html`<ha-alert alert-type="info">${state.prompt}</ha-alert>` : nothing}
      <p class="quiet">${texts("restore.goes_on")}</p>
    </div></ha-card
  >`;
}

/** Items under a heading of their own, nothing where there are none. */
export function list(texts: Texts, key: string, items: string[]): TemplateResult | typeof nothing {
  return items.length === 0
    ? nothing
    : html`<h2 class="part">${texts(key)}</h2>
        <ul>
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`;
}

/** Those of which there is something to say come first; of many others the rest is folded away. */
function changeList(changes: PlannedFile[], texts: Texts): TemplateResult {
  const detailed = changes.filter((file) => file.details.length > 0);
  const others = changes.filter((file) => file.details.length === 0);
  const shown = others.length > MOST_FILES ? others.slice(0, MOST_FILES - 1) : others;
  const folded = others.slice(shown.length);
  return html`<ul>
      ${[...detailed, ...shown].map((file) => changeRow(file, texts))}
    </ul>
    ${
      folded.length > 0
        ? html`<details>
            <summary>${texts("plan.more_files", { count: folded.length })}</summary>
            <ul>
              ${folded.map((file) => changeRow(file, texts))}
            </ul>
          </details>`
        : nothing
    }`;
}

function changeRow(file: PlannedFile, texts: Texts): TemplateResult {
  return html`<li>
    ${file.name}: ${texts(`plan.${file.change}`)} ${file.details.length > 0 ? detailList(file.details, texts) : nothing}
  </li>`;
}

function detailList(details: string[], texts: Texts): TemplateResult {
  const items = html`<ul>
    ${details.map((detail) => html`<li>${detail}</li>`)}
  </ul>`;
  return details.length <= MOST_DETAILS
    ? items
    : html`<details>
        <summary>${texts("plan.details")}</summary>
        ${items}
      </details>`;
}
