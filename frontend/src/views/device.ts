/** One device: how it is, and the history of its backups. */

import { type CSSResultGroup, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Backup, Device } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { canBeAsked, canRestore, restoreOf, toneOf, type Devices } from "../devices";
import type { ConfirmDialog } from "../elements/confirm";
import { bytes, distinctTimes, dotted, since, until } from "../format";
import { messageOf } from "../errors";
import { type CommandError, toast } from "../home-assistant";
import { stateText } from "../texts";
import { backupCard, type BackupContext } from "./backup-card";

export class DeviceView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  @property({ attribute: false }) device: Device | null = null;
  @state() private backups: Backup[] | null = null;
  @state() private isBusy = false;
  @state() private question = { heading: "", text: "", action: "" };
  @query("device-backups-confirm") private confirm!: ConfirmDialog;
  protected override readonly heading = "h2";
  private shown = "";
  /** How often the backups were asked for: only the last answer counts. */
  private turn = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { device } = this;
    if (!changed.has("device") || !device) {
      return;
    }
    if (changed.get("device")?.key !== device.key) {
      // Their ids are times: those of another device must not stand under this one for a moment.
      this.backups = null;
    }
    // Whatever changes the history changes one of these.
    const wanted = JSON.stringify([device.key, device.newest, device.count, device.confirmed, device.busy]);
    if (wanted !== this.shown) {
      this.shown = wanted;
      void this.load(device.key);
    }
  }

  private async load(key: string): Promise<void> {
    const turn = ++this.turn;
    try {
      const { backups } = await this.api.backups(key);
      if (turn === this.turn) {
        this.backups = backups;
        this.error = null;
      }
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  protected override again(): void {
    if (this.device) void this.load(this.device.key);
  }

  protected override render(): TemplateResult {
    const { device, texts } = this;
    if (!device) {
      return html`<h1 tabindex="-1">${texts("device.unknown")}</h1>
        <p>${texts("device.unknown_text")}</p>`;
    }
    const backups = this.backups ?? [];
    const times = distinctTimes(
      backups.map(({ taken_at }) => taken_at),
      this.formats,
    );
    const context = this.context(device);
    return html`
      <h1 tabindex="-1">${device.title}</h1>
      <ha-card><div class="content">${this.summary(device)}</div></ha-card>
      ${this.unfinished(device)} ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${
        device.state === "removed"
          ? html`<p>${texts("device.removed")}</p>
              <p class="told">
                <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${texts("overview.add")}</a>
              </p>`
          : nothing
      }
      ${device.state === "not_set_up" ? html`<p class="told">${texts("device.not_set_up")}</p>` : nothing}
      <h2 tabindex="-1">${texts("device.history")}</h2>
      ${this.backups === null && this.error === null ? this.loading() : nothing}
      ${this.backups?.length === 0 ? html`<p>${texts("device.no_backups")}</p>` : nothing}
      <ol>
        ${repeat(
          backups,
          ({ backup_id }) => backup_id,
          (backup, place) => backupCard(device, backup, times.get(backup.taken_at) ?? "", backups[place + 1], context),
        )}
      </ol>
      <device-backups-confirm
        .heading=${this.question.heading}
        .text=${this.question.text}
        .action=${this.question.action}
        .cancel=${texts("cancel")}
      ></device-backups-confirm>
    `;
  }

  private summary(device: Device): TemplateResult {
    const { texts } = this;
    const { language } = this.formats;
    return html`<div class="row">
        <span class="label ${toneOf(device)}">${stateText(this.hass, texts, device.state)}</span>
        ${device.busy ? html`<span role="status">${[texts(`busy.${device.busy}`), device.progress].filter(Boolean).join(" ")}</span>` : nothing}
        <span class="space"></span>
        <span class="row"
          >${
            canBeAsked(device)
              ? html`<ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUp(device)}
                  >${texts("device.back_up")}</ha-button
                >`
              : nothing
          }
          ${
            canRestore(device, this.devices)
              ? html`<ha-button @click=${() => this.show(restoreOf(device))}>${texts("restore.action")}</ha-button>`
              : nothing
          }</span
        >
      </div>
      ${device.reason ? html`<p>${device.reason}</p>` : nothing}
      ${device.prompt ? html`<ha-alert alert-type="info">${device.prompt}</ha-alert>` : nothing}
      <p class="quiet">
        ${dotted([
          device.kind_name,
          device.version,
          device.confirmed && texts("overview.confirmed", { age: since(device.confirmed, new Date(), this.formats) }),
          device.next_run && texts("overview.next", { age: until(device.next_run, new Date(), this.formats) }),
          texts("device.stored", { count: device.count, size: bytes(device.size, language) }),
        ])}
      </p>
      <p class="row">
        ${device.device_id ? html`<a href="/config/devices/device/${device.device_id}">${texts("device.page")}</a>` : nothing}
        ${
          device.entry_id
            ? html`<a href="/config/integrations/integration/ha_device_backups#config_entry=${device.entry_id}"
                >${texts("device.reconfigure")}</a
              >`
            : nothing
        }
      </p>`;
  }

  private context(device: Device): BackupContext {
    const { texts, formats } = this;
    const { key } = device;
    return {
      texts,
      formats,
      restore: ({ backup_id: backup }) => this.show({ name: "restore", key, backup, source: null }),
      download: ({ backup_id }) => void this.try(() => this.api.download(key, backup_id)),
      compare: (older, newer) => this.show({ name: "compare", key, older: older.backup_id, newer: newer.backup_id }),
      accept: (backup) => void this.accept(device, backup),
      protect: (backup) => void this.change(device, () => this.api.protect(key, backup.backup_id, !backup.protected)),
      remove: (backup, taken) => void this.delete(device, backup, taken),
    };
  }

  private async backUp(device: Device): Promise<void> {
    this.isBusy = true;
    await this.try(async () => toast(this, (await this.api.backUp(device.key)).message));
    this.isBusy = false;
  }

  private async accept(device: Device, backup: Backup): Promise<void> {
    if (await this.ask("accept", {})) {
      await this.change(device, () => this.api.accept(device.key, backup.backup_id));
    }
  }

  /** Ask once, with the reason where a restore needs it; and once more where it came to be needed meanwhile. */
  private async delete(device: Device, backup: Backup, date: string): Promise<void> {
    if (backup.needed !== null) {
      return this.deleteNeeded(device, backup, date, backup.needed);
    }
    if (!(await this.ask("delete", { date }, backup))) {
      return;
    }
    let reason = null as string | null;
    await this.change(device, async () => {
      try {
        await this.api.delete(device.key, backup.backup_id, false);
      } catch (error) {
        if ((error as Partial<CommandError>).code !== "backup_needed") {
          throw error;
        }
        reason = messageOf(error, this.texts);
      }
    });
    if (reason !== null) {
      await this.deleteNeeded(device, backup, date, reason);
    }
  }

  private async deleteNeeded(device: Device, backup: Backup, date: string, reason: string): Promise<void> {
    if (await this.ask("delete_needed", { date, reason }, backup)) {
      await this.change(device, () => this.api.delete(device.key, backup.backup_id, true));
    }
  }

  private async ask(question: string, values: Record<string, string>, doomed?: Backup): Promise<boolean> {
    const left = doomed && doomed.in_snapshots.length > 0 ? this.texts("question.left_in_snapshot") : "";
    this.question = {
      heading: this.texts(`question.${question}.heading`, values),
      text: [this.texts(`question.${question}.text`, values), left].filter(Boolean).join(" "),
      action: this.texts(`question.${question}.action`),
    };
    await this.updateComplete;
    return this.confirm.ask();
  }

  private async change(device: Device, action: () => Promise<unknown>): Promise<void> {
    await this.once(async () => {
      await this.told(action);
      await this.load(device.key);
    });
  }

  private async try(action: () => Promise<unknown>): Promise<void> {
    await this.once(() => this.told(action));
  }

  private async told(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.toastError(error);
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0;
      }
      p {
        margin: 4px 0 8px;
      }
      p.told {
        margin-bottom: 16px;
      }
    `,
  ];
}
