/** A question before something that cannot be taken back; nothing is done by Escape or a second click. */

import { LitElement, css, html } from "lit";
import { property, query, state } from "lit/decorators.js";

export class ConfirmDialog extends LitElement {
  @property() heading = "";
  @property() text = "";
  @property() action = "";
  @property() cancel = "";
  @state() private isOpen = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  private answer: (isAgreed: boolean) => void = () => undefined;

  /** Ask; true only for the button that says what will be done. */
  async ask(): Promise<boolean> {
    this.answer(false);
    this.isOpen = true;
    await this.updateComplete;
    this.dialog.showModal();
    return new Promise((resolve) => (this.answer = resolve));
  }

  protected override render() {
    if (!this.isOpen) {
      return html``;
    }
    return html`<dialog @close=${() => this.closed()} aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <p>${this.text}</p>
      <div class="buttons">
        <button autofocus @click=${() => this.end(false)}>${this.cancel}</button>
        <button class="danger" @click=${() => this.end(true)}>${this.action}</button>
      </div>
    </dialog>`;
  }

  /** The browser tells of Escape a moment later; by then the next question may be there. */
  private closed(): void {
    if (this.isOpen && !this.dialog.open) {
      this.end(false);
    }
  }

  private end(isAgreed: boolean): void {
    if (this.isOpen) {
      this.isOpen = false;
      // Not only taken away: closing gives the keyboard back to what had it before.
      this.dialog.close();
      this.answer(isAgreed);
    }
  }

  static override styles = css`
    dialog {
      box-sizing: border-box;
      max-width: min(528px, calc(100vw - 32px));
      overflow-wrap: anywhere;
      border: 0;
      border-radius: 16px;
      padding: 24px;
      color: var(--primary-text-color);
      background: var(--card-background-color);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 50%);
    }
    h2 {
      margin: 0 0 8px;
      font-weight: 500;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 8px;
    }
    button {
      font: inherit;
      min-height: 40px;
      padding: 0 16px;
      border-radius: 20px;
      border: 1px solid var(--divider-color);
      color: var(--primary-text-color);
      background: none;
      cursor: pointer;
    }
    button.danger {
      border-color: var(--error-color);
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color);
    }
  `;
}
