/** The panel: loads texts, keeps the devices up to date, and shows the view that the address names. */

import { LitElement, css, html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Api } from "./api";
import { applyMessage, type Devices } from "./devices";
import { messageOf, type HomeAssistant, type Route } from "./home-assistant";
import { navigate, parseView, type View } from "./route";
import { loadTexts, type Texts } from "./texts";

export class DeviceBackupsPanel extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) route: Route = { prefix: "/device-backups", path: "" };
  @property({ type: Boolean }) narrow = false;
  @state() private texts: Texts | null = null;
  @state() private devices: Devices | null = null;
  @state() private error: string | null = null;
  private language = "";
  private path: string | null = null;
  /** The same object for as long as the address is the same: a view asks the device anew when it gets another. */
  private view: View = { name: "overview" };
  private leave: (() => Promise<void>) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) {
      void this.follow();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.leave?.();
    this.leave = null;
  }

  protected override firstUpdated(): void {
    void this.follow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.route.path !== this.path) {
      this.path = this.route.path;
      this.view = parseView(this.route.path);
    }
    if (changed.has("hass") && this.hass.language !== this.language) {
      this.language = this.hass.language;
      void loadTexts(this.hass).then((texts) => (this.texts = texts));
    }
  }

  private async follow(): Promise<void> {
    try {
      const leave = await new Api(this.hass).followDevices((message) => {
        this.devices = applyMessage(this.devices ?? new Map(), message);
      });
      if (this.isConnected) {
        this.leave = leave;
      } else {
        await leave();
      }
    } catch (error) {
      this.error = messageOf(error);
    }
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
              @click=${() => navigate(this.route.prefix, above(view))}
            ></ha-icon-button-arrow-prev>`
      }
      <div slot="title">${this.texts?.("title") ?? ""}</div>
      <main>${this.content(view)}</main>
    </ha-top-app-bar-fixed>`;
  }

  private content(view: View): TemplateResult {
    if (this.error !== null) {
      return html`<ha-alert alert-type="error">${this.error}</ha-alert>`;
    }
    if (!this.texts || !this.devices) {
      return html`<div class="waiting"><ha-spinner></ha-spinner></div>`;
    }
    const device = view.name === "overview" ? null : (this.devices.get(view.key) ?? null);
    switch (view.name) {
      case "overview":
        return html`<device-backups-overview
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .devices=${this.devices}
        ></device-backups-overview>`;
      case "restore":
        return html`<device-backups-restore
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .devices=${this.devices}
          .device=${device}
          .view=${view}
        ></device-backups-restore>`;
      case "compare":
        return html`<device-backups-compare
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .device=${device}
          .view=${view}
        ></device-backups-compare>`;
      case "device":
        return html`<device-backups-device
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .device=${device}
        ></device-backups-device>`;
    }
  }

  static override styles = css`
    main {
      display: block;
      box-sizing: border-box;
      max-width: 1040px;
      margin: 0 auto;
      padding: 16px;
    }
    .waiting {
      display: flex;
      justify-content: center;
      padding: 48px;
    }
  `;
}

function above(view: View): View {
  return view.name === "restore" || view.name === "compare" ? { name: "device", key: view.key } : { name: "overview" };
}
