"""What asyncssh raises, as the errors of the contract."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import asyncssh

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    Text,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.toolkit import shown

from .translation import _

_ENDED: Text = _("The connection ended in the middle.")
_LATE: Text = _("It did not answer in time.")
_NOT_SSH: Text = _("What answers there is no SSH server.")
_OLD_ALGORITHMS: Text = _(
    "It knows only old algorithms. If it cannot be updated, allow them with “Allow old algorithms”."
)
_UNKNOWN_NAME: Text = _("Its name is not known in the network. Try its IP address.")
_CLOSED_PORT: Text = _("The port may be wrong, or SSH is off: nothing answers there.")


def _of_protocol(error: Exception) -> DeviceBackupError:
    if "authentication failures" in _reason(error).lower():
        return AuthenticationError(None, perhaps_busy=True)
    return UnsupportedDeviceError(_NOT_SSH)


def _of_loss(error: Exception) -> DeviceBackupError:
    """Tell a device that ended it from one that the library gave up."""
    is_late = any(word in _reason(error) for word in ("timeout", "not responding"))
    return CannotConnectError(_LATE if is_late else _ENDED)


def _reason(error: Exception) -> str:
    return shown(str(getattr(error, "reason", "")))


_MEANINGS: tuple[tuple[type[Exception], Callable[[Exception], DeviceBackupError]], ...] = (
    (asyncssh.PermissionDenied, lambda _error: AuthenticationError()),
    (asyncssh.KeyExchangeFailed, lambda _error: UnsupportedDeviceError(_OLD_ALGORITHMS)),
    (asyncssh.ChannelOpenError, lambda _error: DeviceBusyError(_("It opens no further sessions."))),
    (asyncssh.ProtocolNotSupported, lambda _error: UnsupportedDeviceError(_NOT_SSH)),
    (asyncssh.ConnectionLost, _of_loss),
    (asyncssh.ProtocolError, _of_protocol),
    (asyncssh.SFTPNoConnection, lambda _error: CannotConnectError(_ENDED)),
    (asyncssh.SFTPConnectionLost, lambda _error: CannotConnectError(_ENDED)),
    (asyncssh.SFTPError, lambda error: UnexpectedResponseError(_reason(error))),
    (
        asyncssh.DisconnectError,
        lambda error: CannotConnectError(_("It ended the connection: {reason}", reason=_reason(error))),
    ),
    (asyncssh.Error, lambda error: UnexpectedResponseError(_reason(error))),
    (TimeoutError, lambda _error: CannotConnectError(_LATE)),
    (socket.gaierror, lambda _error: CannotConnectError(_UNKNOWN_NAME)),
    (UnicodeError, lambda _error: CannotConnectError(_UNKNOWN_NAME)),
    (ConnectionRefusedError, lambda _error: CannotConnectError(_CLOSED_PORT)),
    (ConnectionError, lambda _error: CannotConnectError(_ENDED)),
    (OSError, lambda _error: CannotConnectError(_("Nothing was found at this address."))),
)
"""From the narrow to the wide: the first that fits counts."""


@contextlib.contextmanager
def ssh_errors() -> Iterator[None]:
    """Turn what asyncssh raises into errors of the contract."""
    try:
        yield
    except (DeviceBackupError, asyncio.CancelledError):
        raise
    except (asyncssh.Error, OSError, UnicodeError) as error:
        raise next(meaning(error) for kind, meaning in _MEANINGS if isinstance(error, kind)) from None
