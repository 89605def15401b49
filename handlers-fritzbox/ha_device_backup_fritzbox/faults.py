"""What the numbered faults of a box mean; pure."""

from collections.abc import Callable, Mapping

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    PermissionDeniedError,
    PersonRequiredError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)

from . import texts

UNKNOWN_ACTION = 401
INVALID_INDEX = 713
NO_SUCH_ENTRY = 714
NOT_ALLOWED = 606
SECOND_FACTOR_DEMANDED = 866
SECOND_FACTOR_BLOCKED = 867
SECOND_FACTOR_BUSY = 868
NOTHING_THERE = frozenset({UNKNOWN_ACTION, INVALID_INDEX, NO_SUCH_ENTRY})

BLOCKED_SECONDS = 3600.0
BUSY_SECONDS = 120.0
_MEANINGS: Mapping[int, Callable[[], DeviceBackupError]] = {
    UNKNOWN_ACTION: lambda: UnsupportedDeviceError(texts.ACCESS_OFF),
    503: lambda: AuthenticationError(texts.wrong_login(0, ())),
    NOT_ALLOWED: lambda: PermissionDeniedError(texts.NO_RIGHT),
    SECOND_FACTOR_DEMANDED: lambda: PersonRequiredError(texts.CONFIRMATION_NEEDED),
    SECOND_FACTOR_BLOCKED: lambda: PersonRequiredError(texts.CONFIRMATION_BLOCKED, retry_after=BLOCKED_SECONDS),
    SECOND_FACTOR_BUSY: lambda: DeviceBusyError(texts.CONFIRMATION_BUSY, retry_after=BUSY_SECONDS),
}
_MAY_PASS = frozenset({501, 603, 820})
_ABOUT_THE_PASSWORD = {
    600: texts.PASSWORD_CHARACTERS,
    801: texts.PASSWORD_TOO_SHORT,
    802: texts.PASSWORD_TOO_LONG,
    803: texts.PASSWORD_CHARACTERS,
}
EXPORT_FAULTS = frozenset({SECOND_FACTOR_DEMANDED, *_ABOUT_THE_PASSWORD})
"""What a request for an export may be answered with, beside what any may."""


def error_of(fault: int) -> DeviceBackupError:
    """Return the error that a person can act on."""
    if fault in _MEANINGS:
        return _MEANINGS[fault]()
    if fault in _MAY_PASS:
        return DeviceBusyError(texts.refused_now(fault))
    return UnexpectedResponseError(texts.refused(fault))


def export_error_of(fault: int) -> DeviceBackupError:
    """Return the error of a refused export, whose only argument is the export password."""
    if fault in _ABOUT_THE_PASSWORD:
        return ConfigError("export_password", _ABOUT_THE_PASSWORD[fault])
    return error_of(fault)
