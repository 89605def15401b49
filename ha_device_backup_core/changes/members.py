"""The files in archives, also in archives within them, by size and digest; unpacked within limits; pure."""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping

from ha_device_backup_core.errors import InvalidArtifactError
from ha_device_backup_core.file_forms import FileForm, form_of
from ha_device_backup_core.tar_stream import EntryKind, TarError, TarStream
from ha_device_backup_core.zip_files import unpack

from .records import LONGEST_TEXT, Change, FileVersion, MemberChange

ARCHIVES = frozenset({FileForm.ZIP, FileForm.GZIP, FileForm.TAR})
_LARGEST_UNPACKED = 64 * 1024 * 1024
"""Bytes of an archive with all that is in it; what holds more is compared as it is."""
_MOST_MEMBERS = 20_000
_DEEPEST = 4
_PIECE = 256 * 1024
_GZIP_START = b"\x1f\x8b\x08"


def member_changes(before: bytes, after: bytes) -> Iterator[MemberChange]:
    """Return each file in two archives that is another, by path; none where one of the two cannot be read."""
    olds, news = _members_of(before), _members_of(after)
    if olds is None or news is None:
        return
    for path in sorted(olds.keys() | news.keys()):
        old, new = olds.get(path), news.get(path)
        if old != new:
            yield MemberChange(path=path[:LONGEST_TEXT], change=_change(old, new), before=old, after=new)


def _change(old: FileVersion | None, new: FileVersion | None) -> Change:
    if old is None:
        return Change.ADDED
    return Change.REMOVED if new is None else Change.CHANGED


def _members_of(content: bytes) -> Mapping[str, FileVersion] | None:
    return _Unpacking().members(content)


class _TooMuchError(ValueError):
    """Going on would cost more than a backup is worth."""


class _Unpacking:
    """Spends from one budget, however the archives lie in each other."""

    def __init__(self) -> None:
        self._bytes = _LARGEST_UNPACKED
        self._members = _MOST_MEMBERS

    def members(self, content: bytes) -> dict[str, FileVersion] | None:
        """Return the files by path; None where it holds too much or is damaged."""
        try:
            found = self._unpacked(content)
            if found is None:
                return None
            return {path: file for name, inner in found.items() for path, file in self._files(name, inner, 1)}
        except _TooMuchError:
            return None

    def _files(self, path: str, content: bytes, depth: int) -> Iterator[tuple[str, FileVersion]]:
        inner = None if depth == _DEEPEST else self._unpacked(content)
        if inner is None:
            yield path, FileVersion.of(content)
            return
        for name, file in inner.items():
            yield from self._files(f"{path}/{name}" if path and name else path or name, file, depth + 1)

    def _unpacked(self, content: bytes) -> Mapping[str, bytes] | None:
        form = form_of(content)
        try:
            if form is FileForm.ZIP:
                files = unpack("", content, self._bytes)
                self._spend(sum(map(len, files.values())), len(files))
                return files
            if form is FileForm.GZIP:
                return {"": self._gunzipped(content)}
            return self._tar(content) if form is FileForm.TAR else None
        except (EOFError, InvalidArtifactError, OSError, TarError, zlib.error):
            return None

    def _gunzipped(self, content: bytes) -> bytes:
        # Members that hold nothing are read one after the other before anything can be counted.
        self._spend(0, content.count(_GZIP_START))
        found = io.BytesIO()
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as source:
            while piece := source.read(_PIECE):
                self._spend(len(piece), 0)
                found.write(piece)
        return found.getvalue()

    def _tar(self, content: bytes) -> dict[str, bytes]:
        stream = TarStream(io.BytesIO(content))
        found = {}
        for entry in stream.entries():
            self._spend(0, 1)
            if entry.kind is EntryKind.FILE:
                self._spend(entry.size, 0)
                found[entry.name.removeprefix("./")] = stream.read()
        return found

    def _spend(self, size: int, members: int) -> None:
        self._bytes -= size
        self._members -= members
        if self._bytes < 0 or self._members < 0:
            raise _TooMuchError
