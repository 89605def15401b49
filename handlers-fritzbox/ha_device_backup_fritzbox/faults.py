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

from .translation import _
from .users import wrong_login

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

ACCESS_OFF = _("Switch on “Allow access for applications” in the FRITZ!Box (Home Network, Network, Network Settings).")
CONFIRMATION_NEEDED = _("Start the backup when you are near the FRITZ!Box, and follow the instruction.")
CONFIRMATION_BLOCKED = _(
    "Too many confirmations were not given, so the FRITZ!Box takes none for up to an hour. Try again after that."
)
CONFIRMATION_BUSY = _("Another confirmation is going on at the FRITZ!Box. Finish it, or wait two minutes.")
PASSWORD_CHARACTERS = _(
    "The FRITZ!Box does not take this export password. Use letters without accents, digits and common signs."
)

_MEANINGS: Mapping[int, Callable[[], DeviceBackupError]] = {
    UNKNOWN_ACTION: lambda: UnsupportedDeviceError(ACCESS_OFF),
    503: lambda: AuthenticationError(wrong_login(0, ())),
    NOT_ALLOWED: lambda: PermissionDeniedError(
        _("Give the FRITZ!Box user the right “FRITZ!Box Settings” (System, FRITZ!Box Users).")
    ),
    SECOND_FACTOR_DEMANDED: lambda: PersonRequiredError(CONFIRMATION_NEEDED),
    SECOND_FACTOR_BLOCKED: lambda: PersonRequiredError(CONFIRMATION_BLOCKED, retry_after=BLOCKED_SECONDS),
    SECOND_FACTOR_BUSY: lambda: DeviceBusyError(CONFIRMATION_BUSY, retry_after=BUSY_SECONDS),
}
_MAY_PASS = frozenset({501, 603, 820})
_ABOUT_THE_PASSWORD = {
    600: PASSWORD_CHARACTERS,
    801: _("Choose a longer export password."),
    802: _("Choose a shorter export password."),
    803: PASSWORD_CHARACTERS,
}
EXPORT_FAULTS = frozenset({SECOND_FACTOR_DEMANDED, *_ABOUT_THE_PASSWORD})
"""What a request for an export may be answered with, beside what any may."""


def error_of(fault: int) -> DeviceBackupError:
    """Return the error that a person can act on."""
    if fault in _MEANINGS:
        return _MEANINGS[fault]()
    if fault in _MAY_PASS:
        return DeviceBusyError(_("It refused for now, with error {fault}.", fault=fault))
    return UnexpectedResponseError(_("It refused with error {fault}.", fault=fault))


def export_error_of(fault: int) -> DeviceBackupError:
    """Return the error of a refused export, whose only argument is the export password."""
    if fault in _ABOUT_THE_PASSWORD:
        return ConfigError("export_password", _ABOUT_THE_PASSWORD[fault])
    return error_of(fault)
