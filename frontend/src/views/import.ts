/** Handing in files from elsewhere, and what became of each. */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ImportedFile, ImportState } from "../records";
import { BaseElement } from "../base";
import { baseStyles } from "../styles";
import type { Devices } from "../devices";
import { chosenFiles, droppedFiles, type NamedFile } from "../dropped";
import { MEBIBYTE } from "../files";
import { dateTime } from "../format";
import { pathOf } from "../route";
import { filesSending } from "../sending";

/** As the integration allows. */
const MOST_FILES = 2000;
const MOST_MEBIBYTES = 64;

export class ImportView extends BaseElement {
  @property({ attribute: false }) devices!: Devices;
  @state() private imported: ImportState | null = null;
  @state() private isOver = false;
  @query("#files") private files!: HTMLInputElement;
  @query("#folder") private folder!: HTMLInputElement;

  private readonly sent = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    filesSending.addEventListener("change", this.sent);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    filesSending.removeEventListener("change", this.sent);
  }

  protected override firstUpdated(): void {
    this.keepFollowing<ImportState>(
      (handle) => this.api.followImport(handle),
      (imported, isAnew) => {
        const isGoingOn = imported.running;
        this.note("import", { isGoingOn, isNothing: !isGoingOn && imported.files.length === 0 }, isAnew);
        this.imported = imported;
      },
    );
  }

  protected override render(): TemplateResult {
    const { texts, imported } = this;
    const { progress: sent, isWaiting, notSent } = filesSending;
    const isBusy = sent !== null || imported?.running === true;
    return html`
      <h1 tabindex="-1">${texts("way.import")}</h1>
      <p class="quiet">${texts("import.text")}</p>
      ${this.error ? html`<ha-alert alert-type="error">${this.error}</ha-alert>` : nothing}
      ${
        this.isInterrupted && !isBusy
          ? html`<ha-alert alert-type="warning">${texts("import.interrupted")}</ha-alert>`
          : nothing
      }
      <ha-card
        class=${this.isOver ? "over" : ""}
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.isOver = true;
        }}
        @dragleave=${() => (this.isOver = false)}
        @drop=${(event: DragEvent) => {
          event.preventDefault();
          this.isOver = false;
          if (event.dataTransfer && !isBusy) void this.dropped(event.dataTransfer);
        }}
        ><div class="content">
          <div class="row">
            <ha-button .disabled=${isBusy} @click=${() => this.files.click()}>${texts("import.files")}</ha-button>
            <ha-button appearance="plain" .disabled=${isBusy} @click=${() => this.folder.click()}
              >${texts("import.folder")}</ha-button
            >
            <span class="quiet">${texts("import.drop")}</span>
          </div>
          ${
            sent
              ? html`<progress aria-label=${texts("way.import")} max=${sent.count} .value=${sent.done}></progress>
                  <p role="status">
                    ${
                      isWaiting
                        ? texts("import.waiting")
                        : texts("import.sending", { done: Math.floor(sent.done), count: sent.count })
                    }
                  </p>`
              : imported?.running
                ? html`<progress
                      aria-label=${texts("way.import")}
                      max=${Math.max(imported.total, 1)}
                      .value=${imported.looked_at}
                    ></progress>
                    <p role="status">
                      ${texts("import.looking", { done: imported.looked_at, count: imported.total })}
                      ${texts("restore.goes_on")}
                    </p>`
                : nothing
          }
        </div></ha-card
      >
      <input id="files" type="file" multiple hidden @change=${() => void this.chosen(this.files)} />
      <input id="folder" type="file" webkitdirectory hidden @change=${() => void this.chosen(this.folder)} />
      ${
        notSent.length > 0
          ? html`<ha-alert alert-type="warning" .title=${texts("import.not_sent")}
              ><ul>
                ${notSent.map((line) => html`<li>${line}</li>`)}
              </ul></ha-alert
            >`
          : nothing
      }
      ${imported === null && this.error === null ? this.loading() : nothing}
      ${imported && imported.files.length > 0 && !sent ? this.results(imported) : nothing}
    `;
  }

  private results(imported: ImportState): TemplateResult {
    const count = (outcome: string) => imported.files.filter((file) => file.outcome === outcome).length;
    const files = [...imported.files].sort((one, other) => rank(one) - rank(other));
    return html`
      <p role="status">
        ${this.texts("import.summary", {
          stored: count("stored"),
          present: count("present"),
          waiting: count("without_owner"),
          refused: count("refused"),
        })}
      </p>
      <ha-card
        ><ul class="rows">
          ${repeat(
            files,
            ({ names }) => JSON.stringify(names),
            (file) => this.file(file),
          )}
        </ul></ha-card
      >
    `;
  }

  private file(file: ImportedFile): TemplateResult {
    const { texts } = this;
    const tone = file.outcome === "refused" ? "problem" : file.outcome === "stored" ? "good" : "";
    return html`<li>
      <span class="name"
        >${file.names.join(" + ")}
        ${
          file.device_key
            ? html`<span
                ><a href=${this.root + pathOf({ name: "device", key: file.device_key })}
                  >${texts("import.for", { name: file.title ?? file.device_key })}</a
                ></span
              >`
            : nothing
        }
        ${file.error ? html`<span class="quiet">${file.error}</span>` : nothing}
        ${
          file.device_key && !file.is_set_up
            ? html`<span
                >${texts("import.unknown_device")}
                <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${texts("overview.add")}</a></span
              >`
            : nothing
        }
        ${
          file.outcome === "without_owner"
            ? html`<span class="quiet"
                  >${
                    file.made_at
                      ? texts("import.made_at", { date: dateTime(file.made_at, this.formats) })
                      : texts("import.no_time")
                  }</span
                >${this.owner(file)}`
            : nothing
        }</span
      >
      <span class="label ${tone}">${texts(`import.outcome.${file.outcome}`)}</span>
    </li>`;
  }

  private owner(file: ImportedFile): TemplateResult {
    const { texts } = this;
    const candidates = [...this.devices.values()].filter((device) => device.key.split(":", 1)[0] === file.kind);
    if (candidates.length === 0) {
      return html`<span
        >${texts("import.no_device")}
        <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${texts("overview.add")}</a></span
      >`;
    }
    return html`<span class="row owner"
      ><label
        >${texts("import.owner")}
        <select required>
          <option value="" selected>${texts("import.choose")}</option>
          ${candidates.map((device) => html`<option value=${device.key}>${device.title}</option>`)}
        </select></label
      >
      <ha-button
        size="small"
        appearance="plain"
        @click=${(event: Event) => {
          const row = (event.currentTarget as HTMLElement).closest("li");
          const select = row?.querySelector("select");
          if (select?.reportValidity()) {
            void this.once(() => this.attempt(() => this.api.assignImported(file.names, select.value)));
          }
        }}
        >${texts("import.take")}</ha-button
      ></span
    >`;
  }

  private async chosen(input: HTMLInputElement): Promise<void> {
    const files = chosenFiles(input.files);
    input.value = "";
    await this.send(files);
  }

  private async dropped(transfer: DataTransfer): Promise<void> {
    await this.attempt(async () => this.send(await droppedFiles(transfer)));
  }

  private async send(files: NamedFile[]): Promise<void> {
    if (files.length === 0 || filesSending.progress) {
      return;
    }
    if (files.length > MOST_FILES) {
      this.error = this.texts("import.too_many", { most: MOST_FILES });
      return;
    }
    const notSent: string[] = [];
    const fitting = new Map<string, NamedFile>();
    for (const one of files) {
      if (one.file.size > MOST_MEBIBYTES * MEBIBYTE) {
        notSent.push(`${one.path}: ${this.texts("import.too_large", { limit: MOST_MEBIBYTES })}`);
      } else if (fitting.has(one.path)) {
        notSent.push(`${one.path}: ${this.texts("import.same_name")}`);
      } else {
        fitting.set(one.path, one);
      }
    }
    filesSending.notSent = notSent;
    this.isInterrupted = false;
    this.requestUpdate();
    if (fitting.size > 0) {
      await this.attempt(() => filesSending.send(this.api, [...fitting.values()], this.texts));
    }
  }

  static override styles: CSSResultGroup = [
    baseStyles,
    css`
      .over {
        outline: 2px dashed var(--primary-color);
      }
      .name > span {
        display: block;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      .name > span.owner {
        display: flex;
      }
    `,
  ];
}

/** What waits for the person stands first, then what was not taken. */
function rank(file: ImportedFile): number {
  return ["without_owner", "refused", "stored", "present"].indexOf(file.outcome);
}
