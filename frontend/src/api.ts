/** The commands of the integration, and what they answer. */

import { RequestError } from "./errors";
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
  progress: string | null;
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
  /** Whether a restore begins with it; the recommended one, unless another restore did not end or none is whole. */
  offered: boolean;
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

/** A backup that Home Assistant made of itself. */
export interface Snapshot {
  snapshot_id: string;
  name: string;
  date: string;
  version: string | null;
  size: number;
  protected: boolean;
  place: string;
  is_here: boolean;
  devices: number | null;
}

export interface Snapshots {
  snapshots: Snapshot[];
  problems: string[];
  has_own_key: boolean;
}

export interface SnapshotBackup extends Backup {
  newest: boolean;
  stored_id: string | null;
}

export interface SnapshotDevice {
  key: string;
  title: string;
  kind_name: string;
  is_known: boolean;
  is_set_up: boolean;
  backups: SnapshotBackup[];
}

/** The backup of Home Assistant that is open: how far it is read, and what is in it. */
export interface OpenSnapshot {
  source: { snapshot_id: string | null; name: string; size: number } | null;
  reading: boolean;
  share: number | null;
  error: { wants_password: boolean; message: string } | null;
  snapshot: { name: string | null; date: string | null; place: string; others: string[] } | null;
  devices: SnapshotDevice[];
  problems: string[];
}

export interface Taken {
  taken: number;
  present: number;
  backup_id: string | null;
}

export type Finding = "equal" | "differs" | "away" | "failed" | "nothing_stored";

/** A device after a power cut. */
export interface RecoveryRow {
  key: string;
  title: string;
  step:
    | "waits_for_question"
    | "is_asked"
    | "was_asked"
    | "waits_for_restore"
    | "is_restored"
    | "restored"
    | "restore_failed";
  share: number | null;
  text: string | null;
  error: string | null;
  finding: Finding | null;
  backup_id?: string | null;
  taken_at?: string | null;
  files?: string[];
  more?: number;
  suspicion?: string | null;
  cautions?: string[];
  can_restore?: boolean;
  preselected?: boolean;
  reason?: string | null;
}

export interface RecoveryMessage {
  asking: boolean;
  restoring: boolean;
  rows?: RecoveryRow[];
  changed?: RecoveryRow[];
}

export interface ImportedFile {
  names: string[];
  outcome: "stored" | "present" | "without_owner" | "refused";
  kind: string | null;
  device_key: string | null;
  title: string | null;
  is_set_up: boolean;
  backup_id: string | null;
  error: string | null;
}

export interface ImportState {
  running: boolean;
  looked_at: number;
  total: number;
  files: ImportedFile[];
}

export interface HandlerPackage {
  name: string;
  title: string;
  version: string;
  waits: string | null;
  newer: string | null;
  kinds: string[];
  devices: number;
  origin: string;
  is_own: boolean;
  link: string | null;
  problems: string[];
}

/** A recipe that is kept here. */
export interface Recipe {
  file: string;
  kind: string;
  name: string;
  devices: number;
  problem: string | null;
}

/** A recipe as it is sent: its content is Base64. */
export interface RecipeFile {
  name: string;
  content: string;
}

/** What a recipe does, or all that is wrong with it. */
export interface OfferedRecipe {
  name: string;
  kind: string;
  is_update: boolean;
  facts: string[];
  mistakes: string[];
}

export interface PackageDone {
  what: "install" | "remove" | "install_again" | "keep_recipe";
  package: string;
  error: string | null;
}

export interface PackagesState {
  packages: HandlerPackage[];
  catalogue: { package: string; title: string; backs_up: string; link: string }[];
  absent: boolean;
  recipes: Recipe[];
  now: PackageDone | null;
  last: PackageDone | null;
}

const DOMAIN = "ha_device_backups";

export class Api {
  constructor(private readonly hass: HomeAssistant) {}

  followDevices(handle: (message: DevicesMessage) => void): Promise<() => Promise<void>> {
    return this.follow("devices/subscribe", handle);
  }

  followRestore(device_key: string, handle: (state: RestoreState) => void): Promise<() => Promise<void>> {
    return this.follow("restore/subscribe", handle, { device_key });
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

  snapshots(): Promise<Snapshots> {
    return this.call("snapshots/list", {});
  }

  followSnapshot(handle: (state: OpenSnapshot) => void): Promise<() => Promise<void>> {
    return this.follow("snapshots/subscribe", handle);
  }

  /** Begin to read one of Home Assistant's backups, or again what is open (null). */
  openSnapshot(snapshot_id: string | null, key: { password?: string; use_own_key?: boolean } = {}): Promise<unknown> {
    return this.call("snapshots/open", { snapshot_id, ...key });
  }

  closeSnapshot(): Promise<unknown> {
    return this.call("snapshots/close", {});
  }

  /** Take one backup of a device into the store, or all (null). */
  take(device_key: string, backup_id: string | null): Promise<Taken> {
    return this.call("snapshots/take", { device_key, backup_id });
  }

  uploadSnapshot(file: File, progress: (share: number) => void): Promise<unknown> {
    return this.upload("snapshot", file.name, file, progress);
  }

  followPowerCut(handle: (message: RecoveryMessage) => void): Promise<() => Promise<void>> {
    return this.follow("power_cut/subscribe", handle);
  }

  askAll(): Promise<unknown> {
    return this.call("power_cut/ask", {});
  }

  putBack(device_keys: string[]): Promise<unknown> {
    return this.call("power_cut/restore", { device_keys });
  }

  stopAfterThis(): Promise<unknown> {
    return this.call("power_cut/stop", {});
  }

  followImport(handle: (state: ImportState) => void): Promise<() => Promise<void>> {
    return this.follow("import/subscribe", handle);
  }

  /** Make room for files; or go on with a batch, of which the paths of what has arrived are answered. */
  beginImport(batch: string | null): Promise<{ batch: string; arrived: string[] }> {
    return this.call("import/begin", { batch });
  }

  uploadForImport(batch: string, path: string, file: File, progress: (share: number) => void): Promise<unknown> {
    return this.upload(`import/${encodeURIComponent(batch)}`, path, file, progress);
  }

  runImport(batch: string): Promise<unknown> {
    return this.call("import/run", { batch });
  }

  assignImported(names: string[], device_key: string): Promise<unknown> {
    return this.call("import/assign", { names, device_key });
  }

  followPackages(handle: (state: PackagesState) => void): Promise<() => Promise<void>> {
    return this.follow("packages/subscribe", handle);
  }

  /** Begin to install `name==version`. */
  installPackage(wanted: string): Promise<unknown> {
    return this.call("packages/install", { package: wanted });
  }

  removePackage(name: string): Promise<unknown> {
    return this.call("packages/remove", { package: name });
  }

  installAgain(): Promise<unknown> {
    return this.call("packages/install_again", {});
  }

  /** Ask what a recipe does; nothing is kept. */
  lookAtRecipe(file: RecipeFile): Promise<OfferedRecipe> {
    return this.call("recipes/look", { ...file });
  }

  keepRecipe(file: RecipeFile): Promise<unknown> {
    return this.call("recipes/keep", { ...file });
  }

  removeRecipe(file: string): Promise<unknown> {
    return this.call("recipes/remove", { file });
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

  // Whoever follows a command knows what it sends.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  private follow<Message>(
    command: string,
    handle: (message: Message) => void,
    values: Record<string, unknown> = {},
  ): Promise<() => Promise<void>> {
    // Home Assistant's own try after a lost line is one: a Home Assistant that is starting refuses it for good.
    return this.hass.connection.subscribeMessage(
      handle,
      { type: `${DOMAIN}/${command}`, language: this.hass.language, ...values },
      { resubscribe: false },
    );
  }

  /** Send a file as it is, however large; an error says in words why it was not taken. */
  private async upload(to: string, path: string, file: File, progress: (share: number) => void): Promise<void> {
    if (this.hass.auth.expired) {
      await this.hass.auth.refreshAccessToken();
    }
    const request = new XMLHttpRequest();
    request.open("POST", this.hass.hassUrl(`/api/${DOMAIN}/${to}`));
    request.setRequestHeader("Authorization", `Bearer ${this.hass.auth.accessToken}`);
    request.setRequestHeader("X-File-Path", encodeURIComponent(path));
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(event.total, 1));
    await new Promise<void>((resolve, reject) => {
      request.onload = () => {
        if (request.status < 300) resolve();
        else reject(RequestError.ofStatus(request.status, messageOfAnswer(request.responseText) ?? request.statusText));
      };
      request.onerror = request.onabort = () => reject(RequestError.lost());
      request.send(file);
    });
  }

  private call<Answer>(command: string, values: Record<string, unknown>): Promise<Answer> {
    return this.hass.callWS<Answer>({ type: `${DOMAIN}/${command}`, language: this.hass.language, ...values });
  }
}

function messageOfAnswer(text: string): string | null {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? null;
  } catch {
    return null;
  }
}
