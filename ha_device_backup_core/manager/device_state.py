"""How a device is, in one word for people, and whether somebody has to do something; pure."""

from enum import StrEnum

from ha_device_backup_core.errors import (
    CertificateNotTrustedError,
    ConfigError,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
)

from .events import DeviceStatus
from .health import Health

_PUT_RIGHT_BY_PERSON = frozenset(
    {CertificateNotTrustedError.code, ConfigError.code, HostKeyNotTrustedError.code, KeyPairOfferedError.code}
)
"""Errors that end when a person looks at the settings of the device."""


class DeviceState(StrEnum):
    """The words."""

    OK = "ok"
    LATE = "late"
    """It could not be reached when it was to be backed up; a problem once that lasts longer than its limit."""
    NEEDS_YOU = "needs_you"
    NO_BACKUP_YET = "no_backup_yet"
    FAILED = "failed"
    SUSPECT = "suspect"
    """What was backed up last looks as if it had been reset."""
    INCOMPLETE = "incomplete"
    """What was backed up last is not whole; a problem where no backup is, or none was for too long."""
    HANDLER_MISSING = "handler_missing"


_OF_HEALTH = {
    Health.OK: DeviceState.OK,
    Health.NEVER: DeviceState.NO_BACKUP_YET,
    Health.LATE: DeviceState.LATE,
    Health.OVERDUE: DeviceState.LATE,
    Health.BLOCKED: DeviceState.NEEDS_YOU,
    Health.FAILING: DeviceState.FAILED,
    Health.SUSPECT: DeviceState.SUSPECT,
    Health.LAST_NOT_WHOLE: DeviceState.INCOMPLETE,
    Health.NOT_WHOLE: DeviceState.INCOMPLETE,
    Health.PERSON_NEEDED: DeviceState.NEEDS_YOU,
}


def state_of(status: DeviceStatus, *, has_handler: bool) -> DeviceState:
    """Return how a device is; `has_handler` says whether it can be backed up at all at present."""
    if not has_handler:
        return DeviceState.HANDLER_MISSING
    state = _OF_HEALTH[status.health]
    if status.prompt is not None or status.unfinished_restore is not None or _waits_for_settings(status, state):
        return DeviceState.NEEDS_YOU
    if state in (DeviceState.OK, DeviceState.LATE) and not status.count:
        return DeviceState.NO_BACKUP_YET
    return state


def is_problem(status: DeviceStatus, state: DeviceState) -> bool:
    """Return whether a person has to do something: a lamp that is off is none, one without any backup is."""
    match state:
        case DeviceState.HANDLER_MISSING:
            return True
        case DeviceState.NO_BACKUP_YET:
            return status.last_attempt is not None or status.health.is_problem
        case _:
            return status.health.is_problem or status.unfinished_restore is not None


def _waits_for_settings(status: DeviceStatus, state: DeviceState) -> bool:
    error = None if status.last_attempt is None else status.last_attempt.error
    return state is DeviceState.FAILED and error in _PUT_RIGHT_BY_PERSON
