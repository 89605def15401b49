/** Home Assistant's own backups, and the devices in the one that is open. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import type { OpenSnapshot, Snapshot, SnapshotBackup, SnapshotDevice, Snapshots } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { bytes, dateTime, dotted } from "../format";
import { toast } from "../home-assistant";
import { snapshotSending } from "../sending";
import { work } from "../work";
import { deviceCard, type RowContext } from "./snapshot-devices";
import { keyForm } from "./snapshot-key";

export class SnapshotsView extends BaseElement {
  @state() private found: Snapshots | null = null;
  @state() private open: OpenSnapshot | null = null;
  /** The one whose key is asked for, before anything is read. */
  @state() private locked: Snapshot | null = null;
  @state() private isBusy = false;
  private wanted: string | null = null;
  @query("#password") private password!: HTMLInputElement | null;
  @query("input[type=file]") private chooser!: HTMLInputElement;

  private readonly sent = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    snapshotSending.addEventListener("change", this.sent);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    snapshotSending.removeEventListener("change", this.sent);
  }

  protected override firstUpdated(): void {
    this.keepFollowing<OpenSnapshot>(
      (handle) => this.api.followSnapshot(handle),
      (open, isAnew) => this.shown(open, isAnew),
    );
    this.load();
  }

  private shown(open: OpenSnapshot, isAnew: boolean): void {
    const isNothing = open.source === null;
    this.note("snapshots", { isGoingOn: !isNothing && open.error === null, isNothing }, isAnew);
    this.open = open;
    if (open.source?.snapshot_id === null && snapshotSending.hasArrived(open.source.name, open.source.size)) {
      snapshotSending.forget();
    }
    if (this.locked && open.source?.snapshot_id === this.locked.snapshot_id && open.error === null) {
      this.locked = null;
    }
  }

  private load(): void {
    void this.attempt(async () => (this.found = await this.api.snapshots()));
  }

  protected override again(): void {
    super.again();
    this.load();
  }

  protected override render(): TemplateResult {
    const { texts, open } = this;
    return html`
      <h1 tabindex="-1">${texts("way.snapshots")}</h1>
      <p class="quiet">${texts("snapshots.text")}</p>
      ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${this.locked || open?.error?.wants_password ? this.key() : nothing}
      ${open?.error && !open.error.wants_password ? html`<ha-alert alert-type="error">${open.error.message}</ha-alert>` : nothing}
      ${open?.reading ? this.reading(open) : open?.snapshot ? this.content(open) : this.list()}
      <input type="file" accept=".tar" hidden @change=${() => void this.send(this.chooser.files?.[0])} />
    `;
  }

  private list(): TemplateResult {
    const { texts, found } = this;
    return html`
      ${this.isInterrupted ? html`<ha-alert alert-type="warning">${texts("snapshots.interrupted")}</ha-alert>` : nothing}
      ${found?.problems.map(
        (problem) => html`<ha-alert alert-type="warning">${texts("snapshots.problem", { problem })}</ha-alert>`,
      )}
      ${
        found === null
          ? this.error === null
            ? this.loading()
            : nothing
          : found.snapshots.length === 0
            ? html`<p>${texts("snapshots.none")}</p>`
            : html`<ha-card
                ><ul class="rows">
                  ${found.snapshots.map((snapshot) => this.row(snapshot))}
                </ul></ha-card
              >`
      }
      <ha-card
        ><div class="content">
          <p>${texts("snapshots.file_text")}</p>
          ${this.upload()}
        </div></ha-card
      >
    `;
  }

  private upload(): TemplateResult {
    const { texts } = this;
    const { share, error, file } = snapshotSending;
    if (share !== null) {
      return html`<progress aria-label=${texts("snapshots.file")} max="1" .value=${share}></progress>
        <p role="status">${texts("snapshots.uploading", { percent: Math.round(share * 100) })}</p>`;
    }
    if (error === null || file === null) {
      return html`<ha-button class="actions" appearance="plain" @click=${() => this.chooser.click()}
        >${texts("snapshots.file")}</ha-button
      >`;
    }
    return html`<ha-alert alert-type="error" .title=${texts("snapshots.not_sent", { name: file.name })}
      >${error}
      <div class="row">
        <ha-button size="small" appearance="plain" @click=${() => void this.send(file)}
          >${texts("snapshots.send_again")}</ha-button
        >
        <ha-button size="small" appearance="plain" @click=${() => snapshotSending.forget()}
          >${texts("cancel")}</ha-button
        >
      </div></ha-alert
    >`;
  }

  private row(snapshot: Snapshot): TemplateResult {
    const { texts, formats } = this;
    const date = dateTime(snapshot.date, formats);
    return html`<li>
      <span class="name"
        >${date}<span class="quiet"
          >${dotted([
            snapshot.name,
            snapshot.version,
            bytes(snapshot.size, formats.language),
            snapshot.devices !== null && texts("snapshots.is_in", { count: snapshot.devices }),
            snapshot.protected && texts("snapshots.encrypted"),
            !snapshot.is_here && texts("snapshots.elsewhere", { place: snapshot.place }),
          ])}</span
        ></span
      >
      <ha-button
        size="small"
        appearance="plain"
        aria-label=${texts("snapshots.open_named", { name: date })}
        @click=${() => void (snapshot.protected ? this.askKey(snapshot) : this.begin(snapshot.snapshot_id, {}))}
        >${texts("snapshots.open")}</ha-button
      >
    </li>`;
  }

  private key(): TemplateResult {
    const { texts, locked, open } = this;
    const id = locked ? locked.snapshot_id : (open?.source?.snapshot_id ?? null);
    return keyForm({
      texts,
      name: locked ? dateTime(locked.date, this.formats) : open?.source?.name,
      wrong: locked ? undefined : open?.error?.message,
      hasOwnKey: this.found?.has_own_key === true,
      open: (key) => void this.begin(id, key),
      cancel: () => void this.close(),
    });
  }

  private reading(open: OpenSnapshot): TemplateResult {
    const { texts } = this;
    return html`<ha-card
      ><div class="content">
        <h2>${texts("snapshots.reading")}</h2>
        <p class="quiet">${open.source?.name}</p>
        <progress aria-label=${texts("snapshots.reading")} max="1" .value=${open.share ?? 0}></progress>
        <p class="quiet" role="status">${texts("restore.goes_on")}</p>
        <ha-button appearance="plain" @click=${() => void this.close()}>${texts("cancel")}</ha-button>
      </div></ha-card
    >`;
  }

  private content(open: OpenSnapshot): TemplateResult {
    const { texts } = this;
    const name = open.snapshot?.date ? dateTime(open.snapshot.date, this.formats) : (open.source?.name ?? "");
    return html`
      <div class="row">
        <h2>${texts("snapshots.heading", { name })}</h2>
        <span class="space"></span>
        <ha-button appearance="plain" @click=${() => void this.close()}>${texts("snapshots.close")}</ha-button>
      </div>
      ${open.devices.length === 0 ? html`<p>${texts("snapshots.empty")}</p>` : nothing}
      ${
        open.problems.length > 0
          ? html`<ha-alert alert-type="warning" .title=${texts("snapshots.problems")}
              ><ul>
                ${open.problems.map((problem) => html`<li>${problem}</li>`)}
              </ul></ha-alert
            >`
          : nothing
      }
      ${open.devices.map((device) => deviceCard(device, this.rowContext()))}
      ${
        open.snapshot && open.snapshot.others.length > 0
          ? html`<p class="quiet">${texts("snapshots.others", { places: open.snapshot.others.join(", ") })}</p>`
          : nothing
      }
    `;
  }

  private rowContext(): RowContext {
    const { texts, formats, root, isBusy } = this;
    return {
      texts,
      formats,
      root,
      isBusy,
      take: (device, id) => void this.take(device, id),
      restore: (device, backup) => void this.restore(device, backup),
    };
  }

  /** The form stands above the list, which may be long. */
  private async askKey(snapshot: Snapshot): Promise<void> {
    this.locked = snapshot;
    await this.reveal("form");
    if (!this.found?.has_own_key) {
      this.password?.focus({ preventScroll: true });
    }
  }

  /** Another key is no second press: that the first was wrong may be told before its request is answered. */
  private async begin(id: string | null, key: { password?: string; use_own_key?: boolean }): Promise<void> {
    const wanted = JSON.stringify([id, key]);
    if (wanted === this.wanted) {
      return;
    }
    this.wanted = wanted;
    await work.during(() => this.attempt(() => this.api.openSnapshot(id, key)));
    if (this.wanted === wanted) {
      this.wanted = null;
      // Of one that was not begun the key is asked for again.
      if (this.error === null) this.locked = null;
    }
  }

  private async close(): Promise<void> {
    this.locked = null;
    await this.once(() => this.attempt(() => this.api.closeSnapshot()));
  }

  private async send(file: File | undefined): Promise<void> {
    if (!file) {
      return;
    }
    this.isInterrupted = false;
    this.chooser.value = "";
    await snapshotSending.send(this.api, file, this.texts);
    await this.reveal("ha-alert");
  }

  private async take(device: SnapshotDevice, id: string | null): Promise<string | null> {
    let stored: string | null = null;
    this.isBusy = true;
    await this.once(async () => {
      try {
        const { taken, present, backup_id } = await this.api.take(device.key, id);
        toast(this, this.texts("snapshots.taken", { taken, present }));
        stored = backup_id;
      } catch (error) {
        this.toastError(error);
      }
    });
    this.isBusy = false;
    return stored;
  }

  private async restore(device: SnapshotDevice, backup: SnapshotBackup): Promise<void> {
    const id = backup.stored_id ?? (await this.take(device, backup.backup_id));
    // Whoever left meanwhile is not fetched back.
    if (id !== null && this.isConnected) {
      this.show({ name: "restore", key: device.key, backup: id, source: null });
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .name > .quiet {
        display: block;
        font-size: 13px;
        overflow-wrap: anywhere;
      }
    `,
  ];
}
