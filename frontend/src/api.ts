/** The commands of the integration, and what they answer. */

import type { HomeAssistant } from "./home-assistant";

/** A restore of which nobody knows that it ended well. */
export interface UnfinishedRestore {
  source_key: string;
  backup_id: string;
  safety_backup_id: string | null;
}

export interface Device {
  key: string;
  title: string;
  kind_name: string;
  entry_id: string | null;
  device_id: string | null;
  state: string;
  is_problem: boolean;
  reason: string | null;
  newest: string | null;
  recommended: string | null;
  taken_at: string | null;
  confirmed: string | null;
  version: string | null;
  next_run: string | null;
  count: number;
  size: number;
  busy: "backup" | "restore" | "queued" | null;
  prompt: string | null;
  restore: "device" | "person" | null;
  in_snapshot: boolean | null;
  unfinished_restore: UnfinishedRestore | null;
}

export interface Note {
  code: string;
  text: string;
}

export interface Backup {
  backup_id: string;
  taken_at: string;
  confirmed: string;
  size: number;
  sha256: string;
  whole: boolean;
  suspect: string | null;
  protected: boolean;
  recommended: boolean;
  undoes_restore_of: string | null;
  trigger: string;
  last_before: string | null;
  device_version: string | null;
  missing: Note[];
  doubts: Note[];
  remarks: Note[];
  in_snapshots: string[];
}

export interface Plan {
  backup_id: string;
  taken_at: string;
  device_version: string | null;
  backup_version: string | null;
  files: { name: string; change: "added" | "changed" | "unchanged" | "unknown"; details: string[] }[];
  refused: string[];
  needs: string[];
  risks: string[];
  restarts: boolean;
}

export interface Guide {
  steps: string[];
}

export interface RestoreEnd {
  backup_id: string;
  taken_at: string;
  error: string | null;
  safety_backup_id: string | null;
  proven: string[];
  unproven: string[];
  needs: string[];
}

/** How a restore is: running, or how the last one since the start of Home Assistant ended. */
export interface RestoreState {
  running: boolean;
  backup_id: string | null;
  share: number | null;
  text: string | null;
  prompt: string | null;
  end: RestoreEnd | null;
}

export type Change = "added" | "removed" | "changed";
export type Scalar = string | number | boolean | null;

/** What differs between two backups: of each file its settings, its lines or its members. */
export interface FileComparison {
  path: string;
  change: Change;
  size_before: number | null;
  size_after: number | null;
  counts: boolean;
  settings: {
    path: (string | number)[];
    change: Change;
    before: Scalar;
    after: Scalar;
    masked: boolean;
    counts: boolean;
  }[];
  lines: { change: Change; number: number; text: string; masked: boolean }[];
  members: { path: string; change: Change; size_before: number | null; size_after: number | null }[];
  more: number;
}

export interface Comparison {
  files: FileComparison[];
  unchanged: number;
  more: number;
  counts: boolean;
}

export interface DevicesMessage {
  devices?: Device[];
  changed?: Device[];
  removed?: string[];
}

const DOMAIN = "ha_device_backups";

export class Api {
  constructor(private readonly hass: HomeAssistant) {}

  followDevices(handle: (message: DevicesMessage) => void): Promise<() => Promise<void>> {
    return this.hass.connection.subscribeMessage(handle, {
      type: `${DOMAIN}/devices/subscribe`,
      language: this.hass.language,
    });
  }

  followRestore(device_key: string, handle: (state: RestoreState) => void): Promise<() => Promise<void>> {
    return this.hass.connection.subscribeMessage(handle, {
      type: `${DOMAIN}/restore/subscribe`,
      language: this.hass.language,
      device_key,
    });
  }

  backUp(device_key: string): Promise<{ message: string }> {
    return this.call("back_up", { device_key });
  }

  backUpAll(): Promise<{ message: string }> {
    return this.call("back_up_all", {});
  }

  backups(device_key: string): Promise<{ backups: Backup[] }> {
    return this.call("backups/list", { device_key });
  }

  protect(device_key: string, backup_id: string, isProtected: boolean): Promise<unknown> {
    return this.call("backups/protect", { device_key, backup_id, protected: isProtected });
  }

  accept(device_key: string, backup_id: string): Promise<unknown> {
    return this.call("backups/accept", { device_key, backup_id });
  }

  delete(device_key: string, backup_id: string, even_if_needed: boolean): Promise<unknown> {
    return this.call("backups/delete", { device_key, backup_id, even_if_needed });
  }

  /** Compare two backups, or one with what the device holds now (`newer` is null). */
  compare(device_key: string, older: string, newer: string | null): Promise<Comparison> {
    return this.call("backups/compare", { device_key, older, ...(newer === null ? {} : { newer }) });
  }

  plan(device_key: string, backup_id: string, source_key: string): Promise<Plan> {
    return this.call("restore/plan", { device_key, backup_id, source_key });
  }

  guide(device_key: string, backup_id: string): Promise<Guide> {
    return this.call("restore/guide", { device_key, backup_id });
  }

  restore(device_key: string, backup_id: string, source_key: string): Promise<unknown> {
    return this.call("restore/start", { device_key, backup_id, source_key });
  }

  /** Have the browser save the file of a backup. */
  async download(device_key: string, backup_id: string): Promise<void> {
    const { path } = await this.call<{ path: string }>("backups/download", { device_key, backup_id });
    const link = document.createElement("a");
    link.href = this.hass.hassUrl(path);
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
  }

  private call<Answer>(command: string, values: Record<string, unknown>): Promise<Answer> {
    return this.hass.callWS<Answer>({ type: `${DOMAIN}/${command}`, language: this.hass.language, ...values });
  }
}
