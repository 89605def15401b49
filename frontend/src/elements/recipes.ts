/** Recipes: handed in after a look at them, updated and removed. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { OfferedRecipe, Recipe, RecipeFile } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { fileAsBase64, MEBIBYTE } from "../files";
import { work } from "../work";
import type { ConfirmDialog } from "./confirm";

/** As the integration allows; Home Assistant ends the connection under a message of 4 MiB. */
const MOST_MEBIBYTES = 1;

export class RecipesPart extends BaseElement {
  @property({ attribute: false }) recipes: Recipe[] = [];
  @property({ type: Boolean }) isBusy = false;
  /** What was chosen, and what was found in it. */
  @state() private offered: (OfferedRecipe & { file: RecipeFile }) | null = null;
  protected override readonly heading = "h2";
  @state() private removed = "";
  /** What was chosen last: an answer about an earlier one is dropped. */
  private looked: File | null = null;
  @query("input[type=file]") private chooser!: HTMLInputElement;
  @query("device-backups-confirm") private confirm!: ConfirmDialog;

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`
      <h2 tabindex="-1">${texts("packages.recipes")}</h2>
      <p class="quiet">${texts("packages.recipes_text")}</p>
      ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${this.offered ? this.shown(this.offered) : nothing}
      <ha-card>
        ${
          this.recipes.length > 0
            ? html`<ul class="rows">
                ${this.recipes.map((recipe) => this.recipe(recipe))}
              </ul>`
            : html`<p class="content quiet none">${texts("packages.recipes_none")}</p>`
        }
        <div class="content end">
          <ha-button class="actions" appearance="plain" .disabled=${this.isBusy} @click=${() => this.chooser.click()}
            >${texts("packages.add_recipe")}</ha-button
          >
        </div></ha-card
      >
      <input type="file" accept=".toml" hidden @change=${() => void this.look(this.chooser.files?.[0])} />
      <device-backups-confirm
        .heading=${texts("question.remove_recipe.heading", { package: this.removed })}
        .text=${texts("question.remove_recipe.text")}
        .action=${texts("question.remove_recipe.action")}
        .cancel=${texts("cancel")}
      ></device-backups-confirm>
    `;
  }

  private recipe(recipe: Recipe): TemplateResult {
    const { texts } = this;
    return html`<li>
      <span class="name"
        >${recipe.name}
        <span class="quiet">${recipe.file} · ${texts("packages.devices", { count: recipe.devices })}</span>
        ${recipe.problem ? html`<ha-alert alert-type="warning">${recipe.problem}</ha-alert>` : nothing}</span
      >
      <span class="row">
        <ha-button
          size="small"
          appearance="plain"
          aria-label=${texts("packages.update_named", { name: recipe.name })}
          .disabled=${this.isBusy}
          @click=${() => this.chooser.click()}
          >${texts("packages.update")}</ha-button
        >
        <ha-button
          size="small"
          appearance="plain"
          variant="danger"
          aria-label=${texts("packages.remove_named", { name: recipe.name })}
          .disabled=${this.isBusy}
          @click=${() => void this.askToRemove(recipe)}
          >${texts("packages.remove")}</ha-button
        >
      </span>
    </li>`;
  }

  private shown(offered: OfferedRecipe & { file: RecipeFile }): TemplateResult {
    const { texts } = this;
    if (offered.mistakes.length > 0) {
      return html`<ha-alert id="look" alert-type="error"
        >${texts("packages.recipe_mistakes", { file: offered.file.name })}
        <ul>
          ${offered.mistakes.map((mistake) => html`<li>${mistake}</li>`)}
        </ul></ha-alert
      >`;
    }
    return html`<ha-card id="look"
      ><div class="content">
        <h3 tabindex="-1">${texts("packages.question_recipe", { name: offered.name })}</h3>
        <p class="quiet">${texts("packages.recipe_kind", { kind: offered.kind })}</p>
        <ul>
          ${offered.facts.map((fact) => html`<li>${fact}</li>`)}
        </ul>
        <div class="row end">
          <ha-button appearance="plain" @click=${() => (this.offered = null)}>${texts("cancel")}</ha-button>
          <ha-button .disabled=${this.isBusy} @click=${() => void this.take(offered.file)}
            >${texts("packages.take")}</ha-button
          >
        </div>
      </div></ha-card
    >`;
  }

  private async look(chosen: File | undefined): Promise<void> {
    if (!chosen) {
      return;
    }
    this.offered = null;
    this.looked = chosen;
    await work.during(() =>
      this.attempt(async () => {
        if (chosen.size > MOST_MEBIBYTES * MEBIBYTE) {
          throw new Error(this.texts("packages.recipe_too_large", { file: chosen.name, most: MOST_MEBIBYTES }));
        }
        const file = { name: chosen.name, content: await fileAsBase64(chosen) };
        const offered = await this.api.lookAtRecipe(file);
        if (this.looked === chosen) this.offered = { ...offered, file };
      }),
    );
    // The same file may be chosen again, once it is mended.
    this.chooser.value = "";
    await this.reveal("#look");
    this.renderRoot.querySelector<HTMLElement>("#look h3")?.focus({ preventScroll: true });
  }

  private async take(file: RecipeFile): Promise<void> {
    await this.once(async () => {
      await this.attempt(() => this.api.keepRecipe(file));
      if (this.error === null) {
        this.offered = null;
      }
    });
  }

  private async askToRemove(recipe: Recipe): Promise<void> {
    this.removed = recipe.name;
    await this.updateComplete;
    if (await this.confirm.ask()) {
      await this.once(() => this.attempt(() => this.api.removeRecipe(recipe.file)));
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0 0 4px;
      }
      h3:focus {
        outline: none;
      }
      .none {
        margin: 0;
        padding-bottom: 0;
      }
      .end {
        justify-content: flex-end;
      }
      .content.end {
        padding-block: 8px;
      }
      .name > .quiet {
        display: block;
        font-size: 14px;
      }
    `,
  ];
}
