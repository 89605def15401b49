/** What the commands of the integration answer. */

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
  /** Whether a newer version made it: all that can be done with it is to delete it. */
  of_newer: boolean;
  recommended: boolean;
  /** Whether a restore begins with it; the recommended one, unless another restore did not end or none is whole. */
  offered: boolean;
  /** What a restore would lack without it; nothing where it may go. */
  needed: string | null;
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
    /** In writing, nothing where there is no value. */
    before: string | null;
    after: string | null;
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
  /** With all devices: Home Assistant has no backup of itself that would hold theirs, and will make none. */
  only_here?: boolean;
  /** With all devices, and when it is another: why the second copy is not complete, nothing while it is. */
  second_copy_problem?: string | null;
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
  /** Whether a backup of it can be put back. */
  can_restore: boolean;
  /** The device that goes on with its history since. */
  replaced_by: { key: string; title: string } | null;
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
  /** As of when one that waits for the person will be kept; nothing where it tells no time. */
  made_at: string | null;
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
