"""The files of a backup: what they are called, and which of the device belong into it."""

from collections.abc import Mapping
from pathlib import PurePosixPath

CONFIGURATION = "config.dmp"
FILES_FOLDER = "files"
"""Below it lie the files of the device's file system."""
STATUS_RECORD = ".device-backup/status.json"
"""What the device said about itself."""

_MADE_BY_DEVICE = frozenset({"/.settings", "/.settings.lkg", "/settmp"})
"""Copies of the settings that are in the dump, and a temporary file."""
_DRIVERS = "/.drvset"


def is_kept(path: str, drivers: Mapping[str, bytes]) -> bool:
    """Return whether a file of the device belongs into a backup that holds these drivers in its dump."""
    return path not in _MADE_BY_DEVICE and path.removeprefix("/") not in drivers


def is_put_back(path: str) -> bool:
    """Return whether a restore sends it: a running driver would overwrite its settings at once."""
    return path not in _MADE_BY_DEVICE and not path.startswith(_DRIVERS)


def stored(path: str) -> str:
    """Return the name in a backup of a path on the device."""
    return f"{FILES_FOLDER}{path}"


def device_paths(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the device's file system, by their paths on it."""
    prefix = f"{FILES_FOLDER}/"
    return {f"/{name.removeprefix(prefix)}": data for name, data in files.items() if name.startswith(prefix)}


def dump_of(files: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """Return the name and the content of the dump: in a bundle by its name, else the only file there is."""
    if CONFIGURATION in files:
        return CONFIGURATION, files[CONFIGURATION]
    return next(iter(files.items())) if len(files) == 1 else None


def is_bare(files: Mapping[str, bytes]) -> bool:
    """Return whether there is nothing but a dump, as the page of the device saves it."""
    return STATUS_RECORD not in files


def mac_in_name(filename: str) -> str | None:
    """Return the MAC address with which TasmoBackup begins the names of its files."""
    mac, separator, rest = PurePosixPath(filename).name.partition("-")
    is_mac = len(mac) == 12 and all(sign in "0123456789abcdefABCDEF" for sign in mac)
    return mac.lower() if is_mac and separator and rest[:4].isdecimal() and rest.endswith(".dmp") else None
