/** Files on their way to Home Assistant: of the page, whichever view is shown; a lost line is waited for. */

import type { Api } from "./api";
import type { NamedFile } from "./dropped";
import { isLost, isNotRunning, messageOf } from "./errors";
import { PAUSE_MILLISECONDS } from "./following";
import type { Texts } from "./texts";

/** A file that often breaks the line off is not sent again: something on the way refuses it. */
const MOST_TRIES = 3;

function keepOpen(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** What is being sent, told by `change`; the browser asks before it is lost with the page. */
class Sending extends EventTarget {
  private isSending = false;

  protected change(isSending: boolean): void {
    if (isSending !== this.isSending) {
      this.isSending = isSending;
      if (isSending) addEventListener("beforeunload", keepOpen);
      else removeEventListener("beforeunload", keepOpen);
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** Files that are handed in together. */
export class FilesSending extends Sending {
  progress: { done: number; count: number } | null = null;
  isWaiting = false;
  /** Which files were not sent, and why. */
  notSent: string[] = [];
  private readonly tries = new Map<string, number>();
  private readonly refused = new Set<string>();

  /** Send them, and have them looked at; what arrived before a line was lost is not sent again. */
  async send(api: Api, files: NamedFile[], texts: Texts): Promise<void> {
    let batch: string | null = null;
    this.tries.clear();
    this.refused.clear();
    this.report({ done: 0, count: files.length });
    try {
      for (;;) {
        try {
          const begun: { batch: string; arrived: string[] } = await api.beginImport(batch);
          batch = begun.batch;
          await this.sendMissing(api, batch, files, new Set(begun.arrived), texts);
          if (this.refused.size < files.length) await api.runImport(batch);
          return;
        } catch (error) {
          if (!isLost(error) && !isNotRunning(error)) throw error;
          await this.pause();
        }
      }
    } finally {
      this.isWaiting = false;
      this.report(null);
    }
  }

  private async sendMissing(
    api: Api,
    batch: string,
    files: NamedFile[],
    arrived: ReadonlySet<string>,
    texts: Texts,
  ): Promise<void> {
    const count = files.length;
    for (const [done, { path, file }] of files.entries()) {
      if (arrived.has(path) || this.refused.has(path)) continue;
      this.report({ done, count });
      try {
        await api.uploadForImport(batch, path, file, (share) => this.report({ done: done + share, count }));
      } catch (error) {
        const tries = (this.tries.get(path) ?? 0) + 1;
        this.tries.set(path, tries);
        if (isLost(error) && tries < MOST_TRIES) throw error;
        this.refused.add(path);
        this.notSent.push(`${path}: ${messageOf(error, texts)}`);
      }
    }
  }

  private report(progress: { done: number; count: number } | null): void {
    this.progress = progress;
    this.isWaiting = false;
    this.change(progress !== null);
  }

  private async pause(): Promise<void> {
    this.isWaiting = true;
    this.change(true);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}

/** A backup of Home Assistant: too large to be sent again without being asked. */
export class SnapshotSending extends Sending {
  file: File | null = null;
  share: number | null = null;
  /** Why it did not arrive. */
  error: string | null = null;

  async send(api: Api, file: File, texts: Texts): Promise<void> {
    if (this.share !== null) {
      return;
    }
    this.file = file;
    this.error = null;
    this.report(0);
    try {
      await api.uploadSnapshot(file, (share) => this.report(share));
      this.file = null;
    } catch (error) {
      this.error = messageOf(error, texts);
    } finally {
      this.report(null);
    }
  }

  /** Whether that is what was being sent: it arrived, and only the answer was lost. */
  hasArrived(name: string, size: number): boolean {
    return this.error !== null && this.file?.name === name && this.file.size === size;
  }

  forget(): void {
    this.file = this.error = null;
    this.report(null);
  }

  private report(share: number | null): void {
    this.share = share;
    this.change(share !== null);
  }
}

export const filesSending = new FilesSending();
export const snapshotSending = new SnapshotSending();
