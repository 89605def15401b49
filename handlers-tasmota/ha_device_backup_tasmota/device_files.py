"""The files of a backup: what they are called, and which of the device belong into it; pure."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from ha_device_backup_core.toolkit import is_junk

CONFIGURATION = "config.dmp"
FILES_FOLDER = "files"
"""Below it lie the files of the device's file system."""
STATUS_RECORD = ".device-backup/status.json"
"""What the device said about itself."""

_MADE_BY_DEVICE = frozenset({"/.settings", "/.settings.lkg", "/settmp"})
"""Copies of the settings that are in the dump, and a temporary file."""
_DRIVERS = "/.drvset"
_NAMED_BY_TASMOBACKUP = re.compile(r"([0-9a-fA-F]{12})-\d{4}.{0,200}")
_DUMP_NAME = re.compile(r"(.{0,200}?)( ?\(\d{1,4}\))?\.dmp( ?\(\d{1,4}\))?", re.IGNORECASE)
"""A browser or a file manager numbers a second file of a name."""


def is_kept(path: str, drivers: Mapping[str, bytes]) -> bool:
    """Return whether a file of the device belongs into a backup that holds these drivers in its dump."""
    return path not in _MADE_BY_DEVICE and path.removeprefix("/") not in drivers


def is_put_back(path: str) -> bool:
    """Return whether a restore sends it: a running driver would overwrite its settings at once."""
    return path not in _MADE_BY_DEVICE and not is_driver(path) and not is_junk(path)


def is_driver(path: str) -> bool:
    """Return whether this holds the settings of a driver."""
    return path.startswith(_DRIVERS)


def stored(path: str) -> str:
    """Return the name in a backup of a path on the device; bytes that are no UTF-8 are written as %FF."""
    return FILES_FOLDER + "".join(map(_stored_sign, path))


def device_path(name: str) -> str:
    """Return the path on the device of a name in a backup."""
    path = name.removeprefix(FILES_FOLDER)
    return unquote_to_bytes(path).decode("utf-8", "surrogateescape") if "%" in path else path


def device_paths(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the device's file system, by their paths on it."""
    return {device_path(name): data for name, data in files.items() if name.startswith(f"{FILES_FOLDER}/")}


def is_dump_name(filename: str) -> bool:
    """Return whether this is the name of a dump, a numbered one included."""
    return _DUMP_NAME.fullmatch(PurePosixPath(filename).name) is not None


def mac_in_name(filename: str) -> str | None:
    """Return the MAC address with which TasmoBackup begins the names of its files."""
    name = _DUMP_NAME.fullmatch(PurePosixPath(filename).name)
    found = _NAMED_BY_TASMOBACKUP.fullmatch(name[1]) if name else None
    return found[1].lower() if found else None


def _stored_sign(sign: str) -> str:
    if sign == "%":
        return "%25"
    return f"%{ord(sign) & 0xFF:02X}" if "\udc80" <= sign <= "\udcff" else sign
