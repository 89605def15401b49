/** What all views have in common. */

import { LitElement, html, nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Api } from "./api";
import type { Device } from "./records";
import { localeOf, type Locale } from "./format";
import { restoreOf } from "./devices";
import { isLost, isNotRunning, messageOf } from "./errors";
import { focused, focusHeading, isFocusLost } from "./focus";
import { Following, PAUSE_MILLISECONDS } from "./following";
import { toast, type HomeAssistant } from "./home-assistant";
import { navigate, type View } from "./route";
import { baseStyles } from "./styles";
import type { Texts } from "./texts";
import { work } from "./work";

/** What was going on when it was heard of last, or was ended by a restart; of the page, which may be made anew meanwhile. */
const remembered = new Map<string, "going on" | "interrupted">();

export class BaseElement extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) texts!: Texts;
  @property() root = "";

  /** Where the keyboard goes on when what had it is gone. */
  protected readonly heading: string = "h1";

  /** What moves keeps the keyboard; when what had it is gone, it goes on at the heading. */
  protected override update(changed: PropertyValues<this>): void {
    const element = this.isConnected && this.shadowRoot?.activeElement ? focused() : null;
    super.update(changed);
    if (element && isFocusLost()) {
      if (element.isConnected) (element as HTMLElement).focus();
      if (isFocusLost()) focusHeading(this.renderRoot, this.heading);
    }
  }

  protected get api(): Api {
    return new Api(this.hass);
  }

  protected get formats(): Locale {
    return localeOf(this.hass);
  }

  protected show(view: View, replace = false): void {
    navigate(this.root, view, replace);
  }

  /** What went wrong last, in words. */
  @state() protected error: string | null = null;
  private following: Following | null = null;
  private isNotFollowing = false;
  private isWaiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isActing = false;

  private readonly connected = (): void => {
    this.stopWaiting();
    this.error = null;
    this.again();
  };

  /** Do it, and show why it failed. */
  protected async attempt(action: () => Promise<unknown>): Promise<void> {
    this.error = null;
    try {
      await action();
    } catch (error) {
      this.fail(error);
      await this.reveal("ha-alert");
    }
  }

  /** Do what a person asked for, one thing at a time: on a slow line nobody sees whether the first click arrived. */
  protected async once(action: () => Promise<unknown>): Promise<void> {
    if (this.isActing) {
      return;
    }
    this.isActing = true;
    try {
      await work.during(action);
    } finally {
      this.isActing = false;
    }
  }

  protected loading(): TemplateResult {
    return html`<p role="status" class="row"><ha-spinner size="small"></ha-spinner>${this.texts("loading")}</p>`;
  }

  /** Say what went wrong. Where Home Assistant was out of reach or is starting, it is asked again once it is back. */
  protected fail(error: unknown): void {
    this.explain(error);
    if (this.isWaiting || !this.isConnected) {
      return;
    }
    if (isLost(error)) {
      this.isWaiting = true;
      this.hass.connection.addEventListener("ready", this.connected);
    } else if (isNotRunning(error)) {
      this.isWaiting = true;
      this.timer = setTimeout(this.connected, PAUSE_MILLISECONDS);
    }
  }

  /** That Home Assistant is only starting, the panel says above all views. */
  private explain(error: unknown): void {
    if (!isNotRunning(error)) {
      this.error = messageOf(error, this.texts);
    }
  }

  /** Say it for a moment: what is shown stays right. */
  protected toastError(error: unknown): void {
    toast(this, messageOf(error, this.texts));
  }

  /** Ask anew for what is shown. */
  protected again(): void {
    // What is followed goes on by itself.
  }

  private stopWaiting(): void {
    this.isWaiting = false;
    clearTimeout(this.timer);
    this.hass.connection.removeEventListener("ready", this.connected);
  }

  /** Bring what has just appeared into sight: what led to it may be at the other end of the page. */
  protected async reveal(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector(selector)?.scrollIntoView({ block: "center" });
  }

  /** Whether Home Assistant was restarted before the end of what was going on. */
  @state() protected isInterrupted = false;

  /** Remember whether it goes on; while Home Assistant starts, it takes the page away, or the line is lost. */
  protected note(subject: string, state: { isGoingOn: boolean; isNothing: boolean }, isAnew: boolean): void {
    const before = remembered.get(subject);
    if (state.isGoingOn) {
      remembered.set(subject, "going on");
    } else if (state.isNothing && (isAnew || before === "interrupted") && before) {
      remembered.set(subject, "interrupted");
    } else {
      remembered.delete(subject);
    }
    this.isInterrupted = remembered.get(subject) === "interrupted";
  }

  /** Follow something for as long as the view is shown; `isAnew` is what comes first, also after a lost line. */
  protected keepFollowing<Message>(
    follow: (handle: (message: Message) => void) => Promise<() => Promise<void>>,
    handle: (message: Message, isAnew: boolean) => void,
  ): void {
    this.following?.end();
    this.following = new Following(
      this.hass.connection,
      () => {
        let isAnew = true;
        return follow((message) => {
          handle(message, isAnew);
          isAnew = false;
        });
      },
      (error) => {
        this.isNotFollowing = true;
        this.explain(error);
      },
      () => {
        if (this.isNotFollowing) {
          this.isNotFollowing = false;
          this.error = null;
        }
      },
    );
  }

  protected stopFollowing(): void {
    this.following?.end();
    this.following = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopFollowing();
    this.stopWaiting();
  }

  /** The ways on from a restore that was cut off: to its end, or back. */
  protected unfinished(device: Device): TemplateResult | typeof nothing {
    const { unfinished_restore: restore, key } = device;
    if (!restore || device.busy === "restore") {
      return nothing;
    }
    const safety = restore.safety_backup_id;
    return html`<ha-alert alert-type="warning" .title=${this.texts("device.unfinished_heading")}
      >${this.texts("device.unfinished")}
      <div class="row">
        <ha-button size="small" appearance="plain" @click=${() => this.show(restoreOf(device))}
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
