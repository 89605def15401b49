/** The devices after a power cut, from one subscription; pure. */

import type { RecoveryMessage, RecoveryRow } from "./records";

export interface RecoveryState {
  asking: boolean;
  restoring: boolean;
  rows: ReadonlyMap<string, RecoveryRow>;
}

export function applyRecovery(state: RecoveryState | null, message: RecoveryMessage): RecoveryState {
  const rows = new Map(message.rows ? [] : (state?.rows ?? []));
  for (const row of [...(message.rows ?? []), ...(message.changed ?? [])]) {
    rows.set(row.key, row);
  }
  return { asking: message.asking, restoring: message.restoring, rows };
}

/** Whether it is still open what is done with a device. */
export function isOpen(row: RecoveryRow): boolean {
  return row.step === "was_asked" || row.step === "restore_failed";
}

/** What would be put back: what the person ticked, else what is proposed. */
export function chosenRows(state: RecoveryState, ticks: ReadonlyMap<string, boolean>): RecoveryRow[] {
  return [...state.rows.values()].filter(
    (row) =>
      row.finding === "differs" &&
      row.can_restore === true &&
      isOpen(row) &&
      (ticks.get(row.key) ?? (row.preselected === true && row.step === "was_asked")),
  );
}
