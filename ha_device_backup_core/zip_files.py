"""Zip files: made the same way every time, and read without trusting them; pure."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PureWindowsPath
from typing import Never

from .errors import InvalidArtifactError
from .text import _

MAX_UNPACKED_BYTES = 128 * 1024 * 1024
"""Twice the largest artifact: all of it is in memory at once."""
MAX_FILES = 10_000
LONGEST_NAME = 1024
"""Characters of a path; a zip file could hold names of 65,535 bytes, each with as many folders."""

_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What every zip program knows; the others can ask for more memory than there is."""
_ODD = (NotImplementedError, OverflowError, RuntimeError, ValueError)
"""What the library raises for sizes and places that no file has, for encryption and forms that it does not know."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, *_ODD, EOFError, OSError)
_ENTRY = b"PK\x01\x02"
_NO_NAMES = frozenset({"", ".", ".."})
"""Between the slashes of a path that begins at a folder, ends at a file and stays below."""
_LEVEL = 6
"""9 takes up to three times as long for one part in a hundred."""
_SAMPLES, _SAMPLE = 4, 4096
_NOT_WORTH = 0.97
"""Of its size: a file whose samples stay larger is packed already, or encrypted, as pictures and archives are."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file; the same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            if not _is_safe(name):
                raise ValueError(f"a file of a bundle has a plain relative path, got {name!r}")
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o600 << 16
            archive.writestr(member, files[name], _compression(files[name]), compresslevel=_LEVEL)
    return buffer.getvalue()


def _compression(content: bytes) -> int:
    """Return how a file is kept: as it is where samples of it show that deflating it would be time for nothing."""
    if len(content) < _SAMPLES * _SAMPLE:
        return zipfile.ZIP_DEFLATED
    places = (number * (len(content) - _SAMPLE) // (_SAMPLES - 1) for number in range(_SAMPLES))
    sample = b"".join(content[place : place + _SAMPLE] for place in places)
    is_packed = len(zlib.compress(sample, 1)) > len(sample) * _NOT_WORTH
    return zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED


def unpack(filename: str, content: bytes, limit: int = MAX_UNPACKED_BYTES) -> dict[str, bytes]:
    """Return the files in a zip file, without its folders.

    Raises InvalidArtifactError for what is no zip, is damaged, unpacks to too much or names paths outside.
    """
    # Counted before it is opened: each entry takes ten times its size in memory.
    if content.count(_ENTRY) > MAX_FILES:
        _refuse_size()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return dict(_members(archive, len(content), limit))
    except _UNREADABLE as error:
        raise InvalidArtifactError(_("{filename} is not a readable zip file.", filename=filename)) from error


def _members(archive: zipfile.ZipFile, size: int, limit: int) -> Iterator[tuple[str, bytes]]:
    members = archive.infolist()
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > limit:
        _refuse_size()
    if sum(member.compress_size for member in members) > size:
        # Members that lie upon each other: each would be read anew, and all of that may unpack to nothing.
        raise zipfile.BadZipFile
    seen: set[str] = set()
    for member in members:
        # Some programs for Windows write its own mark between folders.
        path = member.filename.replace("\\", "/")
        name = path.removesuffix("/")
        is_of_drive = path != member.filename and PureWindowsPath(name).drive
        if is_of_drive or not _is_safe(name) or name in seen:
            raise InvalidArtifactError(
                _("The zip file names files outside itself, one file twice, or one by far too long a name.")
            )
        seen.add(name)
        if member.compress_type not in _COMPRESSIONS:
            raise NotImplementedError
        with archive.open(member) as source:
            content = source.read(member.file_size + 1)
        if len(content) != member.file_size:
            raise InvalidArtifactError(_("The zip file holds more or less than it declares."))
        if not path.endswith("/"):
            yield name, content


def _is_safe(name: str) -> bool:
    if not 0 < len(name) <= LONGEST_NAME:
        return False
    return "\\" not in name and _NO_NAMES.isdisjoint(name.split("/"))


def _refuse_size() -> Never:
    raise InvalidArtifactError(_("The zip file would unpack to too much."))
