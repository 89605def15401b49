"""What a person has to decide about a device; pure."""

from enum import StrEnum

from ha_device_backup_core.errors import WrongDeviceError

from .events import DeviceStatus
from .health import Health


class Decision(StrEnum):
    """What is to be decided."""

    LOOKS_RESET = "looks_reset"
    RESTORE_UNFINISHED = "restore_unfinished"
    REPLACED = "replaced"
    """It took the place of another device, and holds nothing of that one yet."""
    NOT_WHOLE = "not_whole"
    ANOTHER_DEVICE = "another_device"
    """Another one answers at its address."""


def decision_of(status: DeviceStatus) -> Decision | None:
    """Return what a person has to decide about the device, the most urgent where there is more than one."""
    if status.unfinished_restore is not None:
        return Decision.REPLACED if status.unfinished_restore.awaits_replacement else Decision.RESTORE_UNFINISHED
    attempt = status.last_attempt
    if attempt is not None and attempt.error == WrongDeviceError.code:
        return Decision.ANOTHER_DEVICE
    if status.health is Health.SUSPECT:
        return Decision.LOOKS_RESET
    return Decision.NOT_WHOLE if status.health is Health.NOT_WHOLE else None
