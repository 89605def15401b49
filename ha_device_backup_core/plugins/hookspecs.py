"""The registration hook of handler packages."""

from collections.abc import Callable, Iterable
from typing import Any

import pluggy

from ..contract import DeviceBackupHandler

PROJECT = "ha_device_backup"
"""Name of the pluggy project and of the entry point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
_marker = pluggy.HookimplMarker(PROJECT)


def hookimpl[F: Callable[..., Any]](function: F) -> F:
    """Mark a function as the implementation of a hook of Device Backups."""
    return _marker(function)


@hookspec
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return the handler classes of this package."""
    return ()
