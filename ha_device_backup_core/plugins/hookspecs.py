"""The registration hook of handler packages."""

from collections.abc import Callable, Iterable
from typing import Any

import pluggy

from ..contract import DeviceBackupHandler
from ..text import Text

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


@hookspec
def device_backup_handlers_of_file(name: str, content: bytes) -> Iterable[object]:
    """Return the handler class that a file of a person describes, or an exception that says what is wrong with it.

    Return nothing for a file that this package does not read, by the ending of its name. The same content gets the
    same class. Each message among the arguments of the exception is one mistake, or else each line of what it says.
    """
    return ()


@hookspec
def device_backup_facts_of_file(name: str, content: bytes) -> Iterable[Text]:
    """Return, for who decides whether to take the file, where its handler connects, what it sends and puts back."""
    return ()
