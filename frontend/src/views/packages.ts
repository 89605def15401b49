/** Handler packages: what there is, and installing, updating and removing. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { HandlerPackage, PackagesState } from "../records";
import { BaseElement } from "../base";
import { dotted } from "../format";
import { baseStyles } from "../styles";
import type { ConfirmDialog } from "../elements/confirm";

/** Of so many kinds, a package names all at once. */
const FEW_KINDS = 4;
/** As the integration takes them. */
const VERSION = "\\s*[A-Za-z0-9.!+_\\-]+\\s*";
const REQUIREMENT = `\\s*[A-Za-z0-9]([A-Za-z0-9._\\-]*[A-Za-z0-9])?\\s*==${VERSION}`;
const DOING = {
  install: "installing",
  install_again: "installing",
  remove: "removing",
  keep_recipe: "taking",
} as const;
const DONE = {
  install: "installed",
  install_again: "installed",
  remove: "removed",
  keep_recipe: "recipe_kept",
} as const;

export class PackagesView extends BaseElement {
  @state() private state: PackagesState | null = null;
  @state() private question = { heading: "", text: "", action: "" };
  @query("device-backups-confirm") private confirm!: ConfirmDialog;

  protected override firstUpdated(): void {
    this.keepFollowing<PackagesState>(
      (handle) => this.api.followPackages(handle),
      (state, isAnew) => {
        const isGoingOn = state.now !== null;
        this.note("packages", { isGoingOn, isNothing: !isGoingOn && state.last === null }, isAnew);
        this.state = state;
      },
    );
  }

  protected override render(): TemplateResult {
    const { texts, state } = this;
    return html`
      <h1 tabindex="-1">${texts("way.packages")}</h1>
      <p class="quiet">${texts("packages.text")}</p>
      ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${this.isInterrupted ? html`<ha-alert alert-type="warning">${texts("packages.interrupted")}</ha-alert>` : nothing}
      ${state ? this.content(state) : this.error === null ? this.loading() : nothing}
      <device-backups-confirm
        .heading=${this.question.heading}
        .text=${this.question.text}
        .action=${this.question.action}
        .cancel=${texts("cancel")}
      ></device-backups-confirm>
    `;
  }

  private content(state: PackagesState): TemplateResult {
    const { texts } = this;
    const { now, last } = state;
    return html`
      ${
        now
          ? html`<p role="status" class="row">
              <ha-spinner size="small"></ha-spinner
              >${texts(`packages.${DOING[now.what]}`, { package: now.package || texts("way.packages") })}
              ${texts("restore.goes_on")}
            </p>`
          : nothing
      }
      ${
        last
          ? html`<ha-alert alert-type=${last.error ? "error" : "success"}
              >${
                last.error ??
                html`${texts(`packages.${DONE[last.what]}`, { package: last.package || texts("way.packages") })}
                ${
                  last.what === "keep_recipe"
                    ? html`<a href="/config/integrations/dashboard/add?domain=ha_device_backups"
                        >${texts("overview.add")}</a
                      >`
                    : nothing
                }`
              }</ha-alert
            >`
          : nothing
      }
      ${
        state.absent
          ? html`<ha-button
              appearance="plain"
              .disabled=${now !== null}
              @click=${() => void this.once(() => this.attempt(() => this.api.installAgain()))}
              >${texts("packages.install_again")}</ha-button
            >`
          : nothing
      }
      <ha-card
        ><ul class="rows">
          ${repeat(
            state.packages,
            ({ name }) => name,
            (one) => this.package(one, now !== null),
          )}
        </ul></ha-card
      >
      ${
        state.catalogue.length > 0
          ? html`<h2>${texts("packages.catalogue")}</h2>
              <ha-card
                ><ul class="rows">
                  ${state.catalogue.map(
                    (one) =>
                      html`<li>
                        <span class="name"
                          ><a href=${one.link} target="_blank" rel="noreferrer">${one.title}</a
                          ><span class="quiet">${one.backs_up}</span></span
                        >
                        <ha-button
                          size="small"
                          appearance="plain"
                          aria-label=${texts("packages.install_named", { name: one.title })}
                          .disabled=${now !== null}
                          @click=${() => void this.install(one.package)}
                          >${texts("packages.install")}</ha-button
                        >
                      </li>`,
                  )}
                </ul></ha-card
              >`
          : nothing
      }
      <ha-card
        ><form class="content" @submit=${(event: Event) => this.submitted(event)}>
          <h2>${texts("packages.any")}</h2>
          <p class="quiet">${texts("packages.any_text")}</p>
          <div class="row">
            <input
              type="text"
              name="package"
              required
              pattern=${REQUIREMENT}
              title=${texts("packages.any_text")}
              aria-label=${texts("packages.any_text")}
              autocapitalize="off"
              autocomplete="off"
              spellcheck="false"
            />
            <ha-button
              appearance="plain"
              .disabled=${now !== null}
              @click=${() => this.shadowRoot?.querySelector("form")?.requestSubmit()}
              >${texts("packages.install")}</ha-button
            >
          </div>
        </form></ha-card
      >
      <device-backups-recipes
        .hass=${this.hass}
        .texts=${texts}
        .root=${this.root}
        .recipes=${state.recipes}
        .isBusy=${now !== null}
      ></device-backups-recipes>
    `;
  }

  private package(one: HandlerPackage, isBusy: boolean): TemplateResult {
    const { texts } = this;
    return html`<li>
      <span class="name"
        >${one.title} ${one.version}
        <span class="quiet"
          >${dotted([one.origin, one.devices > 0 && texts("packages.devices", { count: one.devices })])}</span
        >
        ${this.kinds(one)}
        ${one.waits ? html`<span>${texts("packages.waits", { version: one.waits })}</span>` : nothing}
        ${one.newer ? html`<span>${texts("packages.newer", { version: one.newer })}</span>` : nothing}
        ${one.problems.map((problem) => html`<ha-alert alert-type="warning">${problem}</ha-alert>`)}
        ${
          one.link
            ? html`<span
                ><a
                  href=${one.link}
                  target="_blank"
                  rel="noreferrer"
                  aria-label=${`${texts("packages.about")}: ${one.title}`}
                  >${texts("packages.about")}</a
                ></span
              >`
            : nothing
        }</span
      >
      ${
        one.is_own
          ? html`<span class="row"
              ><input
                type="text"
                size="8"
                required
                pattern=${VERSION}
                aria-label=${`${texts("packages.version")}: ${one.title}`}
                .value=${one.newer ?? one.waits ?? one.version}
              />
              <ha-button
                size="small"
                appearance="plain"
                aria-label=${texts("packages.update_named", { name: one.title })}
                .disabled=${isBusy}
                @click=${(event: Event) => {
                  const row = (event.currentTarget as HTMLElement).closest("li");
                  const version = row?.querySelector("input");
                  if (version?.reportValidity()) void this.install(`${one.name}==${version.value.trim()}`);
                }}
                >${texts("packages.update")}</ha-button
              >
              <ha-button
                size="small"
                appearance="plain"
                variant="danger"
                aria-label=${texts("packages.remove_named", { name: one.title })}
                .disabled=${isBusy}
                @click=${() => void this.uninstall(one)}
                >${texts("packages.remove")}</ha-button
              ></span
            >`
          : nothing
      }
    </li>`;
  }

  private kinds(one: HandlerPackage): TemplateResult | typeof nothing {
    const { texts } = this;
    if (one.kinds.length === 0 || (one.kinds.length === 1 && one.kinds[0] === one.title)) {
      return nothing;
    }
    return one.kinds.length <= FEW_KINDS
      ? html`<span class="quiet">${texts("packages.kinds", { kinds: one.kinds.join(", ") })}</span>`
      : html`<details>
          <summary>${texts("packages.kinds_many", { count: one.kinds.length })}</summary>
          <ul>
            ${one.kinds.map((kind) => html`<li>${kind}</li>`)}
          </ul>
        </details>`;
  }

  private submitted(event: Event): void {
    event.preventDefault();
    const wanted = (event.target as HTMLFormElement).querySelector("input")?.value.trim();
    if (wanted) void this.install(wanted);
  }

  private async install(wanted: string): Promise<void> {
    if (await this.ask("install", wanted)) {
      await this.once(() => this.attempt(() => this.api.installPackage(wanted)));
    }
  }

  private async uninstall(one: HandlerPackage): Promise<void> {
    if (await this.ask("remove", one.title, this.texts("packages.devices", { count: one.devices }))) {
      await this.once(() => this.attempt(() => this.api.removePackage(one.name)));
    }
  }

  private async ask(question: string, name: string, more = ""): Promise<boolean> {
    this.question = {
      heading: this.texts(`question.${question}.heading`, { package: name }),
      text: [this.texts(`question.${question}.text`), more].filter(Boolean).join(" "),
      action: this.texts(`question.${question}.action`),
    };
    await this.updateComplete;
    return this.confirm.ask();
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      .name > .quiet,
      .name > span,
      details {
        display: block;
        font-size: 14px;
      }
      details ul {
        columns: 14em;
      }
    `,
  ];
}
