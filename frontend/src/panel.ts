/** The panel: loads texts, keeps the devices up to date, and shows the view that the address names. */

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { Api } from "./api";
import { applyMessage, type Devices } from "./devices";
import { focusHeading } from "./focus";
import { isLost, messageOf } from "./errors";
import { Following } from "./following";
import type { HomeAssistant, Route } from "./home-assistant";
import { isPressed, placeOf, returnTo, scrollToTop } from "./place";
import { goBack, keepPlace, keptPlace, navigate, parseView, type View } from "./route";
import { loadTexts, type Texts } from "./texts";
import { elementOf } from "./views";
import { work } from "./work";

export class DeviceBackupsPanel extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) route: Route = { prefix: "/device-backups", path: "" };
  @property({ type: Boolean }) narrow = false;
  @state() private texts: Texts | null = null;
  @state() private devices: Devices | null = null;
  @state() private isOnlyHere = false;
  @state() private secondCopyProblem: string | null = null;
  @state() private error: unknown = null;
  @state() private isWorking = work.isRunning;
  private language = "";
  private path: string | null = null;
  /** The same object for as long as the address is the same: a view asks the device anew when it gets another. */
  private view: View = { name: "overview" };
  private shown: string | null = null;
  private following: Following | null = null;
  private readonly worked = (): void => {
    this.isWorking = work.isRunning;
  };

  private readonly connected = (): void => {
    this.hass.connection.removeEventListener("ready", this.connected);
    this.error = null;
    void this.loadTexts();
  };

  constructor() {
    super();
    this.addEventListener("click", dropSecondClick, true);
    this.addEventListener("click", keepPlaceOf, true);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    work.addEventListener("change", this.worked);
    this.worked();
    if (this.hasUpdated) {
      this.follow();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    work.removeEventListener("change", this.worked);
    this.following?.end();
    this.following = null;
    this.hass.connection.removeEventListener("ready", this.connected);
  }

  protected override firstUpdated(): void {
    this.follow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.route.path !== this.path) {
      this.path = this.route.path;
      this.view = parseView(this.route.path);
    }
    if (changed.has("hass")) {
      this.toggleAttribute("dark", this.hass.themes?.darkMode ?? false);
    }
    if (changed.has("hass") && this.hass.language !== this.language) {
      const isAnother = this.language !== "";
      this.language = this.hass.language;
      if (isAnother) {
        // What is sent is in the language in which it was asked for.
        this.follow();
      }
      void this.loadTexts();
    }
  }

  /** Where Home Assistant was out of reach, it is asked again once it is back. */
  private async loadTexts(): Promise<void> {
    try {
      this.texts = await loadTexts(this.hass);
    } catch (error) {
      this.error = error;
      if (isLost(error)) {
        this.hass.connection.addEventListener("ready", this.connected);
      }
    }
  }

  protected override updated(): void {
    const view = this.renderRoot.querySelector<LitElement>("main > *:not(ha-alert, .waiting)");
    if (view) {
      void this.lead(view);
    }
  }

  /** Begin at the heading of another view, or where the person was in it before. */
  private async lead(element: LitElement): Promise<void> {
    const { view } = this;
    const shown = "key" in view ? `${view.name} ${view.key}` : view.name;
    if (this.shown === shown) {
      return;
    }
    const isFirst = this.shown === null;
    this.shown = shown;
    const place = keptPlace();
    await element.updateComplete;
    if (place && (await returnTo(place, element))) {
      return;
    }
    if (!isFirst && this.shown === shown) {
      scrollToTop(element);
      focusHeading(element.shadowRoot);
    }
  }

  /** A link to another view knows where it was followed, as a button does. */
  private followLink(event: MouseEvent): void {
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement);
    const path = link?.getAttribute("href");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (path?.startsWith(`${this.route.prefix}/`) && isPlain && !link?.target) {
      event.preventDefault();
      navigate(this.route.prefix, parseView(path.slice(this.route.prefix.length)));
    }
  }

  private follow(): void {
    this.following?.end();
    this.following = new Following(
      this.hass.connection,
      () =>
        new Api(this.hass).followDevices((message) => {
          this.devices = applyMessage(this.devices ?? new Map(), message);
          this.isOnlyHere = message.only_here ?? this.isOnlyHere;
          if (message.second_copy_problem !== undefined) this.secondCopyProblem = message.second_copy_problem;
        }),
      (error) => (this.error = error),
      () => (this.error = null),
    );
  }

  protected override render(): TemplateResult {
    const { view } = this;
    return html`<ha-top-app-bar-fixed .narrow=${this.narrow}>
      ${
        view.name === "overview"
          ? html`<ha-menu-button slot="navigationIcon" .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>`
          : html`<ha-icon-button-arrow-prev
              slot="navigationIcon"
              .label=${this.texts?.("back") ?? ""}
              @click=${() => goBack(this.route.prefix, view)}
            ></ha-icon-button-arrow-prev>`
      }
      <div slot="title">${this.texts?.("title") ?? ""}</div>
      <main @click=${(event: MouseEvent) => this.followLink(event)}>
        ${this.problem()}${keyed(this.language, this.content(view))}
      </main>
      <p class="working" role="status">${this.isWorking && this.texts ? this.texts("working") : ""}</p>
    </ha-top-app-bar-fixed>`;
  }

  /** What is shown stays below it: it goes on once Home Assistant is back. */
  private problem(): TemplateResult | typeof nothing {
    return this.texts && this.error !== null
      ? html`<ha-alert alert-type="error">${messageOf(this.error, this.texts)}</ha-alert>`
      : nothing;
  }

  private content(view: View): TemplateResult {
    if (!this.texts || !this.devices) {
      return this.texts && this.error !== null
        ? html``
        : html`<div class="waiting" role="status" aria-label=${this.texts?.("loading") ?? nothing}>
            <ha-spinner></ha-spinner>
          </div>`;
    }
    const { hass, texts, devices, isOnlyHere, secondCopyProblem } = this;
    return elementOf(view, { hass, texts, root: this.route.prefix, devices, isOnlyHere, secondCopyProblem });
  }

  static override styles = css`
    :host {
      /* The primary color itself is too pale for small text on white. */
      --link-color: var(--ha-color-primary-30, var(--primary-text-color));
    }
    :host([dark]) {
      --link-color: var(--ha-color-primary-60, var(--primary-text-color));
    }
    main {
      display: block;
      box-sizing: border-box;
      max-width: 1040px;
      margin: 0 auto;
      padding: 16px;
    }
    /* What is answered at once does not flash. */
    .working {
      position: fixed;
      z-index: 1;
      bottom: 16px;
      inset-inline: 0;
      width: fit-content;
      margin: 0 auto;
      padding: 8px 16px;
      border-radius: 20px;
      color: var(--primary-text-color);
      background: var(--card-background-color);
      box-shadow: 0 2px 8px rgb(0 0 0 / 30%);
      animation: appear 0.2s 0.4s backwards;
    }
    .working:empty {
      display: none;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
    .waiting {
      display: flex;
      justify-content: center;
      padding: 48px;
    }
  `;
}

/** The second click of a double click is no wish: what it would meet may have taken the place of what was clicked. */
function dropSecondClick(event: MouseEvent): void {
  if (event.detail > 1 && event.composedPath().some(isPressed)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Before anything is done with it: what is pressed in a view may lead away from it. */
function keepPlaceOf(event: MouseEvent): void {
  const place = placeOf(event);
  if (place && event.composedPath().some((target) => target instanceof HTMLElement && target.localName === "main")) {
    keepPlace(place);
  }
}
