"""Tells a backup of Home Assistant, or the archive in it, from any other file, by its beginning."""

import io
import re
import zlib
from enum import StrEnum
from pathlib import Path

from .tar_stream import TarError, TarStream
from .text import Text, _

LOOKED_AT = 64 * 1024
"""Bytes from the beginning."""
ENCRYPTED_START = b"SecureTar"
GZIP_START = b"\x1f\x8b\x08"
_MEMBER = re.compile(r"(?:\./)?(?:backup\.json|[a-z0-9_-]+\.tar(?:\.gz)?|[a-z0-9_-]+\.tgz)")
_INSIDE = re.compile(r"(?:\./)?data(?:/.*)?", re.DOTALL)
_WAY_ON: Text = _(
    "It is a backup of Home Assistant itself. The backups of devices that are in it come out by the command"
    " ha-device-backup extract."
)


class SnapshotPart(StrEnum):
    """What a file is of a backup of Home Assistant."""

    WHOLE = "whole"
    ARCHIVE = "archive"
    """What the configuration is packed in, taken out of the backup."""


def part_of_snapshot(content: bytes) -> SnapshotPart | None:
    """Return what a file with this content, or this beginning, is, None for anything else."""
    start = content[:LOOKED_AT]
    if start.startswith(ENCRYPTED_START):
        return SnapshotPart.ARCHIVE
    is_packed = start.startswith(GZIP_START)
    name = _first_name(_unpacked(start) if is_packed else start)
    if name is None:
        return None
    if _INSIDE.fullmatch(name):
        return SnapshotPart.ARCHIVE
    return SnapshotPart.WHOLE if _MEMBER.fullmatch(name) and not is_packed else None


def why_no_backup_of_device(content: bytes) -> Text | None:
    """Return what to tell whoever took a backup of Home Assistant for one of a device."""
    return None if part_of_snapshot(content) is None else _WAY_ON


def why_file_is_no_backup_of_device(path: Path) -> Text | None:
    """Return the same for a file, however large it is; blocking, raises OSError."""
    with path.open("rb") as file:
        return why_no_backup_of_device(file.read(LOOKED_AT))


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(start, LOOKED_AT)
    except zlib.error:
        return b""


def _first_name(start: bytes) -> str | None:
    try:
        return next((entry.name for entry in TarStream(io.BytesIO(start)).entries()), None)
    except TarError:
        return None
