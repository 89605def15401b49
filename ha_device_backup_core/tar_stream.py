"""Reads a tar file from a stream, entry by entry: nothing is kept, and no header is believed more than it may claim."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .text import Text, _

BLOCK = 512
LARGEST_FILE = 1 << 40
"""Bytes; no file in any backup is larger, so a header that claims more is wrong."""
LARGEST_HEADER = 1024 * 1024
"""Bytes of one that tells about the next entry: its long name, its extended attributes."""
MOST_ENTRIES = 2_000_000
_PIECE = 1024 * 1024
_MAGIC_AT = 257
_SUM_AT = slice(148, 156)
_LONG_NAME, _LONG_LINK, _PAX, _PAX_FOR_ALL, _SPARSE = b"L", b"K", b"x", b"g", b"S"
_FILES = frozenset({b"0", b"\0", b"7"})
_WITHOUT_CONTENT = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})


class TarError(ValueError):
    """It is no tar file, or a damaged one."""

    def __init__(self, text: Text) -> None:
        """Take a sentence for people."""
        super().__init__(text)
        self.text = text


CUT_OFF: Text = _("It is cut off.")
_DAMAGED: Text = _("A header in it is damaged.")


class TarSource(Protocol):
    """What a tar file is read from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, fewer at the end only."""


class EntryKind(StrEnum):
    """What an entry is."""

    FILE = "file"
    FOLDER = "folder"
    HARD_LINK = "hard_link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One entry; its name is as it stands there, and may lead anywhere."""

    name: str
    kind: EntryKind
    size: int
    link: str = ""


def is_tar_start(start: bytes) -> bool:
    """Return whether this begins as a tar file does."""
    header = start[:BLOCK]
    return header[_MAGIC_AT:].startswith(b"ustar") and _is_sum_right(header)


class TarStream:
    """One pass over the entries; what `read` leaves of an entry is skipped."""

    def __init__(self, source: TarSource) -> None:
        """Take what is read, at the first header."""
        self._source = source
        self._left = 0
        self._padding = 0
        self._prefetched = b""
        self.has_end = False
        """Whether the blocks of zeros were found that a whole one ends with."""

    def entries(self) -> Iterator[TarEntry]:
        """Return one entry after the other; raises TarError, and what the source raises."""
        given: dict[str, str] = {}
        for _number_of_entry in range(MOST_ENTRIES):
            self._skip_rest()
            header = self._header()
            if header is None:
                return
            kind, size = header[156:157], _number(header[124:136])
            if kind in {_LONG_NAME, _LONG_LINK, _PAX, _PAX_FOR_ALL}:
                if not 0 <= size <= LARGEST_HEADER:
                    raise TarError(_("A header in it claims {size} bytes.", size=size))
                self._left, self._padding = size, -size % BLOCK
                given |= _given(kind, self.read())
                continue
            yield self._entry(header, kind, size, given)
            given = {}
        raise TarError(_("It holds more than {most} files.", most=MOST_ENTRIES))

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes of the present entry; raises TarError where it ends too early."""
        size = self._left if size < 0 else min(size, self._left)
        pieces = []
        while size:
            piece = self._source.read(min(size, _PIECE))
            if not piece:
                raise TarError(CUT_OFF)
            size -= len(piece)
            self._left -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def skip(self, size: int, /) -> None:
        """Go on behind the next bytes of the present entry; raises TarError where it ends too early."""
        if size > self._left:
            raise TarError(CUT_OFF)
        skip = getattr(self._source, "skip", None)
        if skip is not None and size > _PIECE:
            skip(size)
            self._left -= size
            return
        end = self._left - size
        while self._left > end:
            self.read(min(self._left - end, _PIECE))

    def _skip_rest(self) -> None:
        self._left += self._padding
        self._padding = 0
        self.skip(self._left)

    def _entry(self, header: bytes, kind: bytes, size: int, given: dict[str, str]) -> TarEntry:
        if kind == _SPARSE or any(key.startswith("GNU.sparse") for key in given):
            raise TarError(_("It holds a file with gaps, which cannot be read."))
        if "size" in given:
            size = _decimal(given["size"])
        prefix = _text(header[345:500]) if header[_MAGIC_AT : _MAGIC_AT + 6] == b"ustar\0" else ""
        name = given.get("path") or (f"{prefix}/" if prefix else "") + _text(header[:100])
        if kind in _WITHOUT_CONTENT or (kind == b"\0" and name.endswith("/")):
            size = 0
        if not 0 <= size <= LARGEST_FILE:
            raise TarError(_("A file in it claims {size} bytes: {name}.", size=size, name=_short(name)))
        self._left, self._padding = size, -size % BLOCK
        return TarEntry(name, _kind(kind, name), size, given.get("linkpath", _text(header[157:257])))

    def _header(self) -> bytes | None:
        header = b""
        while len(header) < BLOCK:
            piece = self._source.read(BLOCK - len(header))
            if not piece:
                break
            header += piece
        if not header.strip(b"\0"):
            self.has_end = len(header) == BLOCK
            return None
        if len(header) < BLOCK:
            raise TarError(CUT_OFF)
        if not _is_sum_right(header):
            raise TarError(_DAMAGED)
        return header


def _kind(kind: bytes, name: str) -> EntryKind:
    if kind == b"1":
        return EntryKind.HARD_LINK
    if kind == b"5" or (kind == b"\0" and name.endswith("/")):
        return EntryKind.FOLDER
    return EntryKind.FILE if kind in _FILES else EntryKind.OTHER


def _given(kind: bytes, content: bytes) -> dict[str, str]:
    """Return what a header says about the next entry, as far as it matters."""
    if kind == _LONG_NAME:
        return {"path": _text(content)}
    if kind == _LONG_LINK:
        return {"linkpath": _text(content)}
    found: dict[str, str] = {}
    at = 0
    while kind == _PAX and at < len(content):
        length, blank, _rest = content[at : at + 20].partition(b" ")
        size = _decimal(length.decode("ascii", "replace")) if blank else 0
        record = content[at + len(length) + 1 : at + size]
        if size <= len(length) + 1 or not record.endswith(b"\n"):
            raise TarError(_DAMAGED)
        key, _sign, value = record[:-1].partition(b"=")
        if key in {b"path", b"linkpath", b"size"} or key.startswith(b"GNU.sparse"):
            found[_decoded(key)] = _decoded(value)
        at += size
    return found


def _is_sum_right(header: bytes) -> bool:
    if len(header) < BLOCK:
        return False
    try:
        written = _number(header[_SUM_AT])
    except TarError:
        return False
    rest = header[: _SUM_AT.start] + b" " * 8 + header[_SUM_AT.stop :]
    unsigned = sum(rest)
    return written in {unsigned, unsigned - 256 * sum(1 for byte in rest if byte > 127)}


def _number(text: bytes) -> int:
    """Return a number: octal, or of many bytes where that is too short."""
    if text[:1] == b"\x80":
        return int.from_bytes(text[1:])
    digits = text.partition(b"\0")[0].strip(b" ")
    try:
        return int(digits or b"0", 8)
    except ValueError as error:
        raise TarError(_DAMAGED) from error


def _decimal(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise TarError(_DAMAGED)
    return int(text)


def _text(text: bytes) -> str:
    return _decoded(text.partition(b"\0")[0])


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _short(name: str) -> str:
    return f"{name[:100]}…" if len(name) > 100 else name
