/** Putting a backup back: which and onto what, what would happen, what happens, and how it ended. */

import { type CSSResultGroup, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Backup, Device, Plan, RestoreEnd, RestoreState } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import { othersOfKind, type Devices } from "../devices";
import type { ConfirmDialog } from "../elements/confirm";
import { focusHeading, isFocusLost } from "../focus";
import { dateTime } from "../format";
import type { CommandError } from "../home-assistant";
import { pathOf, type View } from "../route";
import { work } from "../work";
import { backupChoice, choiceStyles, gaps, sourceChoice } from "./restore-choice";
import { endCard, type WaysOn } from "./restore-end";
import { changesSomething, deadCard, guideCard, planCard, progressCard } from "./restore-plan";

/** A plan, with the device whose backup it is of: what is begun is what was read. */
interface Planned extends Plan {
  source: string;
}

type RestoreAddress = Extract<View, { name: "restore" }>;

export class RestoreView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  @property({ attribute: false }) device: Device | null = null;
  @property({ attribute: false }) view!: RestoreAddress;
  @state() private backups: Backup[] | null = null;
  @state() private plan: Planned | null = null;
  @state() private steps: string[] | null = null;
  @state() private restore: RestoreState | null = null;
  @state() private isEndShown = false;
  @state() private isStarting = false;
  @state() private isAway = false;
  @query("device-backups-confirm") private confirm!: ConfirmDialog;
  private followed = "";
  private hadFocus = false;
  /** How often the backups were asked for: only the last answer counts. */
  private turn = 0;
  /** What the plan on the screen is of: an answer to an earlier question is dropped. */
  private asked = "";

  private get source(): string {
    return this.view.source ?? this.view.key;
  }

  private get backupId(): string | null {
    return this.view.backup ?? this.backups?.find((backup) => backup.offered)?.backup_id ?? null;
  }

  private get backup(): Backup | undefined {
    return this.backups?.find((backup) => backup.backup_id === this.backupId);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { device } = this;
    // What is put back on leaving asks for one more update.
    if (device && this.isConnected && this.followed !== device.key) {
      this.unfollow();
      this.followed = device.key;
      this.follow(device.key);
    }
    if (!changed.has("view")) {
      // While Home Assistant starts, a device is not there yet, or cannot be asked yet.
      if (this.backups && device && changed.has("device") && changed.get("device")?.restore !== device.restore) {
        void this.loadPlan();
      }
      return;
    }
    const before = changed.get("view");
    if (before?.key !== this.view.key || before.source !== this.view.source) {
      this.backups = null;
      void this.loadBackups();
    } else {
      void this.loadPlan();
    }
  }

  private follow(key: string): void {
    this.keepFollowing<RestoreState>(
      (handle) => this.api.followRestore(key, handle),
      (state, isAnew) => {
        if (this.followed === key) {
          this.note(`restore ${key}`, { isGoingOn: state.running, isNothing: !state.running && !state.end }, isAnew);
          this.setState(state);
        }
      },
    );
  }

  protected override again(): void {
    void this.loadBackups();
  }

  private unfollow(): void {
    this.stopFollowing();
    this.followed = "";
    this.restore = null;
    this.isEndShown = false;
  }

  private setState(state: RestoreState): void {
    const hasEnded = this.restore?.running === true && !state.running;
    this.isEndShown = !state.running && (this.isEndShown || hasEnded);
    this.restore = state;
    if (hasEnded) {
      // There is one more now: the state before it, by which it is undone.
      void this.loadBackups();
    }
  }

  private async loadBackups(): Promise<void> {
    const turn = ++this.turn;
    this.forgetPlan();
    try {
      const { backups } = await this.api.backups(this.source);
      if (turn === this.turn) {
        this.backups = backups;
        await this.loadPlan();
      }
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  private forgetPlan(): void {
    this.plan = this.steps = this.error = null;
    this.isAway = false;
    this.asked = "";
  }

  private async loadPlan(): Promise<void> {
    const { device, backupId, source } = this;
    this.forgetPlan();
    if (!device?.restore || !backupId || this.restore?.running) {
      return;
    }
    const asked = (this.asked = `${device.key} ${source} ${backupId}`);
    try {
      if (device.restore === "person") {
        const { steps } = await this.api.guide(device.key, backupId);
        if (this.asked === asked) this.steps = steps;
      } else {
        const plan = await this.api.plan(device.key, backupId, source);
        if (this.asked === asked) this.plan = { ...plan, source };
      }
    } catch (error) {
      if (this.asked === asked) {
        this.fail(error);
        this.isAway = (error as Partial<CommandError>).code === "cannot_connect";
      }
    }
  }

  protected override render(): TemplateResult {
    const { device, texts, restore } = this;
    if (!device) {
      return html`<h1 tabindex="-1">${texts("device.unknown")}</h1>
        <p>${texts("device.unknown_text")}</p>`;
    }
    const content = restore?.running
      ? progressCard(restore, texts)
      : this.isEndShown && restore?.end
        ? endCard(restore.end, device, this.waysOn(device, restore.end))
        : device.restore
          ? this.choice(device)
          : html`<p>${this.whyImpossible(device)}</p>
              <p>
                <a href=${this.root + pathOf({ name: "device", key: device.key })}>${texts("end.to_device")}</a>
              </p>`;
    return html`<h1 tabindex="-1">${texts("restore.heading", { name: device.title })}</h1>
      <p class="unseen" role="status">${this.announcement(restore)}</p>
      ${content}`;
  }

  private whyImpossible({ state, reason }: Device): string {
    if (state === "removed" || state === "not_set_up") return this.texts(`device.${state}`);
    return state === "handler_missing" && reason !== null ? reason : this.texts("restore.impossible");
  }

  /** What is read out when it changes, wherever the keyboard is. */
  private announcement(restore: RestoreState | null): string {
    if (restore?.running) {
      return [restore.prompt ?? this.texts("restore.running"), restore.text ?? ""].join(" ");
    }
    if (this.isEndShown && restore?.end) {
      return restore.end.error ?? this.texts("restore.done", { date: dateTime(restore.end.taken_at, this.formats) });
    }
    return this.plan ? this.texts("plan.heading") : this.steps ? this.texts("restore.by_person") : "";
  }

  /** The button that began it, or led on from its end, is gone with what it belonged to. */
  protected override updated(): void {
    if (this.hadFocus && isFocusLost()) {
      focusHeading(this.renderRoot);
    }
    this.hadFocus = this.matches(":focus-within");
  }

  private choice(device: Device): TemplateResult {
    const { texts, restore } = this;
    return html`
      ${
        this.isInterrupted && !device.unfinished_restore
          ? html`<ha-alert alert-type="warning">${texts("restore.interrupted")}</ha-alert>`
          : this.unfinished(device)
      }
      ${
        restore?.end
          ? html`<ha-alert alert-type=${restore.end.error ? "warning" : "info"}
              >${texts(restore.end.error ? "restore.last_failed" : "restore.last_done")}
              <ha-button slot="action" size="small" appearance="plain" @click=${() => (this.isEndShown = true)}
                >${texts("restore.show_last")}</ha-button
              ></ha-alert
            >`
          : nothing
      }
      <ha-card
        ><div class="content">
          ${this.which()} ${device.restore === "device" ? this.from(device) : nothing}
          ${this.backup ? gaps(this.backup, texts) : nothing}
        </div></ha-card
      >
      ${
        this.error
          ? html`<ha-alert alert-type="error"
                >${this.error}
                <div class="row">
                  <ha-button size="small" appearance="plain" @click=${() => void this.loadPlan()}
                    >${texts("restore.try_again")}</ha-button
                  >
                </div></ha-alert
              >${this.isAway && this.source === device.key ? deadCard(device, texts) : nothing}`
          : nothing
      }
      ${this.found(device)}
      <device-backups-confirm
        .heading=${texts("question.restore.heading", { name: device.title })}
        .text=${texts("question.restore.text")}
        .action=${texts("restore.start")}
        .cancel=${texts("cancel")}
      ></device-backups-confirm>
    `;
  }

  private found(device: Device): TemplateResult | typeof nothing {
    if (this.plan) return this.planned(device, this.plan);
    return this.steps ? guideCard(this.steps, () => this.download(device.key), this.texts) : this.waiting();
  }

  private waiting(): TemplateResult | typeof nothing {
    if (this.error) return nothing;
    if (this.backups && !this.backupId) {
      return html`<p>${this.texts(this.backups.length === 0 ? "restore.none" : "restore.choose")}</p>`;
    }
    return html`<p role="status" class="row">
      <ha-spinner size="small"></ha-spinner>${this.texts("restore.planning")}
    </p>`;
  }

  private which(): TemplateResult {
    const { texts, formats } = this;
    return backupChoice(this.backups ?? [], this.backupId, { texts, formats }, (backup) =>
      this.show({ ...this.view, backup }, true),
    );
  }

  private from(device: Device): TemplateResult | typeof nothing {
    return sourceChoice(device, othersOfKind(device, this.devices), this.source, this.texts, (key) =>
      this.show({ ...this.view, backup: null, source: key === device.key ? null : key }, true),
    );
  }

  private planned(device: Device, plan: Planned): TemplateResult {
    // Only another run can tell that a restore which did not end is on the device.
    const isUnfinished = device.unfinished_restore !== null;
    const isPossible = isUnfinished || changesSomething(plan);
    return html`${planCard(plan, isUnfinished, this.texts)}
    ${
      isPossible
        ? html`<div class="row end">
            <ha-button .disabled=${this.isStarting} @click=${() => void this.start(device, plan)}
              >${this.texts("restore.start")}</ha-button
            >
          </div>`
        : nothing
    }`;
  }

  private download(key: string): void {
    const { backupId } = this;
    if (backupId === null) return;
    void this.once(() => this.api.download(key, backupId).catch((error: unknown) => this.toastError(error)));
  }

  private waysOn(device: Device, end: RestoreEnd): WaysOn {
    const { texts, formats } = this;
    const { key } = device;
    const leaveFor = (view: RestoreAddress): void => {
      this.isEndShown = false;
      this.show(view);
    };
    return {
      texts,
      formats,
      toDevice: () => this.show({ name: "device", key }),
      undo: (backup) => leaveFor({ name: "restore", key, backup, source: null }),
      again: () => {
        leaveFor({ ...this.view, backup: end.backup_id });
        void this.loadPlan();
      },
    };
  }

  private async start(device: Device, plan: Planned): Promise<void> {
    if (plan.risks.length > 0 && !(await this.confirm.ask())) {
      return;
    }
    this.isStarting = true;
    try {
      await work.during(() => this.api.restore(device.key, plan.backup_id, plan.source));
    } catch (error) {
      this.fail(error);
      await this.reveal("ha-alert");
    } finally {
      this.isStarting = false;
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    choiceStyles,
    css`
      h2.part {
        font-size: 15px;
        font-weight: 500;
        margin: 12px 0 0;
      }
      .end {
        justify-content: flex-end;
      }
    `,
  ];
}
