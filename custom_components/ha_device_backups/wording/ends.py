"""What is told of how a backup or a restore ended, or of how a device is: the same words for all who listen."""

from typing import Final

from ha_device_backup_core.host import DeviceState, Health, JobResult, Outcome, RestoreResult, is_passing

from ..coordinator import ShownDevice

STORED: Final = "stored"
UNCHANGED: Final = "unchanged"
AWAY: Final = "away"
"""It was switched off or busy: an everyday thing, and no failure."""
FAILED: Final = "failed"
RESTORED: Final = "restored"
RESTORE_FAILED: Final = "restore_failed"
PERSON_NEEDED: Final = "person_needed"
OVERDUE: Final = "overdue"
"""It has been late for longer than its limit."""
SUSPECT: Final = "suspect"
INCOMPLETE: Final = "incomplete"


def end_of_backup(result: JobResult) -> str:
    """Return how a backup ended."""
    if result.error is None:
        return UNCHANGED if result.outcome is Outcome.UNCHANGED else STORED
    return AWAY if is_passing(result.error.code) else FAILED


def end_of_restore(result: RestoreResult) -> str:
    """Return how a restore ended."""
    return RESTORED if result.error is None else RESTORE_FAILED


def is_tried_again(result: JobResult) -> bool:
    """Return whether it is too early to tell anybody: it is tried again by itself."""
    return result.error is not None and result.will_retry_at is not None


def lasting(shown: ShownDevice) -> frozenset[str]:
    """Return what lasts, and is told once when it begins."""
    status = shown.status
    if shown.state is DeviceState.HANDLER_MISSING or status.unfinished_restore is not None:
        return frozenset()
    by_health = {Health.SUSPECT: SUSPECT, Health.OVERDUE: OVERDUE, Health.PERSON_NEEDED: PERSON_NEEDED}
    kinds = {by_health[status.health]} if status.health in by_health else set()
    is_suspect = status.latest is not None and status.latest.suspect
    if not is_suspect and any(not note.needs_person for note in status.gaps):
        kinds.add(INCOMPLETE)
    return frozenset(kinds)
