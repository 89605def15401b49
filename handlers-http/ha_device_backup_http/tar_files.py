"""Tar files without the times in them; read in one pass, whatever the headers say; pure."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

BLOCK = 512
_MAGIC = b"ustar"
_MAGIC_AT = 257
_SUM_AT = slice(148, 156)
_LARGEST_HEADER = 64 * 1024
_MOST_HEADERS = 50_000
_LONG_NAME, _LONG_LINK, _PAX, _PAX_FOR_ALL, _SPARSE = b"L", b"K", b"x", b"g", b"S"
_FILES = frozenset({b"0", b"\0", b"7"})


@dataclass(frozen=True, slots=True)
class TarMember:
    """One entry: a file with its content, or a folder, link or device."""

    name: bytes
    kind: bytes
    mode: int
    link: bytes
    content: bytes | memoryview = field(repr=False)


@dataclass(frozen=True, slots=True)
class TarFile:
    """What is in a tar file."""

    members: tuple[TarMember, ...]
    has_end: bool
    """Whether it has the blocks of zeros that most end with."""


def is_tar_start(content: bytes) -> bool:
    """Return whether this begins as a tar file does."""
    header = content[:BLOCK]
    return header[_MAGIC_AT:].startswith(_MAGIC) and _is_sum_right(header)


def read_tar(content: bytes) -> TarFile | None:
    """Return what is in a tar file; None for what is none, is cut off, or holds what devices do not write."""
    try:
        reader = _TarReader(content)
        members = tuple(reader.members())
    except ValueError:
        return None
    return TarFile(members, reader.has_end) if members else None


def write_tar(members: Iterable[TarMember], change: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return a tar file without times and owners, in the order of the names; the same members make the same bytes.

    Contents are changed one at a time, so that all of them are never in memory twice.
    """
    written = io.BytesIO()
    for member in sorted(members, key=lambda member: (member.name, member.kind, member.link)):
        content = change(bytes(member.content))
        for kind, text in ((_LONG_NAME, member.name), (_LONG_LINK, member.link)):
            if len(text) > _NAME_BYTES:
                written.write(_header(replace(member, name=b"././@LongLink", link=b"", kind=kind), len(text)))
                written.write(text + bytes(-len(text) % BLOCK))
        written.write(_header(member, len(content)))
        written.write(content)
        written.write(bytes(-len(content) % BLOCK))
    written.write(bytes(2 * BLOCK))
    return written.getvalue()


class _TarReader:
    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self._at = 0
        self.has_end = False

    def members(self) -> Iterator[TarMember]:
        """Return one entry after the other; raise ValueError for what is no tar file."""
        given: dict[bytes, bytes] = {}
        for _ in range(_MOST_HEADERS):
            header = self._header()
            if header is None:
                if given:
                    raise ValueError
                return
            kind, size = header[156:157], _number(header[124:136])
            if kind in {_LONG_NAME, _LONG_LINK, _PAX, _PAX_FOR_ALL}:
                given |= _of_headers(kind, bytes(self._take(size, _LARGEST_HEADER)))
                continue
            yield self._member(header, kind, size, given)
            given = {}
        raise ValueError

    def _member(self, header: bytes, kind: bytes, size: int, given: dict[bytes, bytes]) -> TarMember:
        if kind == _SPARSE or any(key.startswith(b"GNU.sparse") for key in given):
            raise ValueError
        if b"size" in given:
            size = int(given[b"size"])
        prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else b""
        name = given.get(b"path") or (prefix + b"/" if prefix else b"") + _text(header[:100])
        link = given.get(b"linkpath", _text(header[157:257]))
        content = self._take(size, len(self._content)) if kind in _FILES else b""
        return TarMember(name, b"0" if kind in _FILES else kind, _number(header[100:108]), link, content)

    def _header(self) -> bytes | None:
        header = bytes(self._content[self._at : self._at + BLOCK])
        if not header.strip(b"\0"):
            self.has_end = len(header) == BLOCK
            return None
        if len(header) < BLOCK or not _is_sum_right(header):
            raise ValueError
        self._at += BLOCK
        return header

    def _take(self, size: int, most: int) -> memoryview:
        taken = self._content[self._at : self._at + (size if 0 <= size <= most else 0)]
        if len(taken) != size:
            raise ValueError
        self._at += size + -size % BLOCK
        return taken


_NAME_BYTES = 100


def _of_headers(kind: bytes, content: bytes) -> dict[bytes, bytes]:
    """Return what a header says about the next entry; times, owners and comments do not count."""
    if kind == _LONG_NAME:
        return {b"path": content.rstrip(b"\0")}
    if kind == _LONG_LINK:
        return {b"linkpath": content.rstrip(b"\0")}
    found: dict[bytes, bytes] = {}
    at = 0
    while kind == _PAX and at < len(content):
        length, blank, _ = content[at : at + 20].partition(b" ")
        size = int(length) if blank else 0
        record = content[at + len(length) + 1 : at + size]
        if size <= len(length) + 1 or not record.endswith(b"\n"):
            raise ValueError
        key, _, value = record[:-1].partition(b"=")
        if key in {b"path", b"linkpath", b"size"} or key.startswith(b"GNU.sparse"):
            found[key] = value
        at += size
    return found


def _is_sum_right(header: bytes) -> bool:
    if len(header) < BLOCK:
        return False
    try:
        return _number(header[_SUM_AT]) == sum(header) - sum(header[_SUM_AT]) + 8 * ord(" ")
    except ValueError:
        return False


def _number(text: bytes) -> int:
    """Return a number: octal, or of many bytes where that is too short."""
    if text[:1] == b"\x80":
        return int.from_bytes(text[1:])
    return int(text.strip(b" \0") or b"0", 8)


def _text(text: bytes) -> bytes:
    return text.partition(b"\0")[0]


def _header(member: TarMember, size: int) -> bytes:
    header = bytearray(BLOCK)
    header[:100] = member.name[:_NAME_BYTES].ljust(100, b"\0")
    header[100:108] = b"%07o\0" % (member.mode & 0o7777)
    header[108:124] = b"%07o\0" % 0 * 2
    header[124:136] = b"%011o\0" % size
    header[136:148] = b"%011o\0" % 0
    header[148:156] = b" " * 8
    header[156:157] = member.kind
    header[157:257] = member.link[:_NAME_BYTES].ljust(100, b"\0")
    header[257:265] = b"ustar  \0"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)
