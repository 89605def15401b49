"""The `.export` file as a box writes it: a header, sections, and an end line with a checksum; pure.

Read as Latin-1, so that every byte stays what it is.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ha_device_backup_core import InvalidArtifactError, Text

from . import validation_texts as texts

ENCODING = "latin-1"
TEXT_KIND = "CFGFILE"
END_OF_FILE = "**** END OF FILE ****"
HEX_KINDS = frozenset({"BINFILE", "CRYPTEDBINFILE"})
BASE64_KINDS = frozenset({"B64FILE", "CRYPTEDB64FILE"})
ENCRYPTED_KINDS = frozenset({"CRYPTEDBINFILE", "CRYPTEDB64FILE"})

_TITLE = re.compile(r"\*{4} (.+) CONFIGURATION EXPORT")
_HEADER = re.compile(r"([^=*\s][^=]*)=(.*)")
_SECTION = re.compile(r"\*{4} ([A-Z0-9]+):(.*)")
_END_OF_EXPORT = re.compile(r"\*{4} END OF EXPORT ([0-9A-Fa-f]{8}) \*{4}")
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A line `Key=Value` outside the sections."""

    line: str

    @property
    def key(self) -> str:
        """What stands before the first =."""
        return self.line.partition("=")[0]

    @property
    def value(self) -> str:
        """What stands behind the first =."""
        return self.line.partition("=")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One file of the box; `lines` is its body without line ends."""

    kind: str
    name: str
    lines: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        """Whether people can read it."""
        return self.kind == TEXT_KIND

    @property
    def is_encrypted(self) -> bool:
        """Whether the whole body is encrypted with a key that differs at every export."""
        return self.kind in ENCRYPTED_KINDS

    def data(self) -> bytes | None:
        """Return what the body encodes, None where it cannot be decoded."""
        try:
            if self.kind in HEX_KINDS:
                return b"".join(bytes.fromhex(line) for line in self.lines)
            if self.kind in BASE64_KINDS:
                return b"".join(base64.b64decode(line, validate=True) for line in self.lines)
        except (ValueError, binascii.Error):
            return None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A whole export, in the order of the file."""

    model: str
    parts: tuple[Header | Section, ...]
    checksum: str
    """As written in the end line: 8 upper-case hex digits."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The files in it."""
        return tuple(part for part in self.parts if isinstance(part, Section))

    def header(self, key: str) -> str | None:
        """Return the value of a header line."""
        return next((part.value for part in self.parts if isinstance(part, Header) and part.key == key), None)

    def to_bytes(self) -> bytes:
        """Write it again."""
        return "\n".join([*self._lines(), ""]).encode(ENCODING)

    def _lines(self) -> Iterator[str]:
        yield f"**** {self.model} CONFIGURATION EXPORT"
        for part in self.parts:
            if isinstance(part, Header):
                yield part.line
            else:
                yield from (f"**** {part.kind}:{part.name}", *part.lines, END_OF_FILE)
        yield f"**** END OF EXPORT {self.checksum} ****"


def is_web_page(content: bytes) -> bool:
    """Return whether this begins as a web page does."""
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)


def parse_export(content: bytes) -> Export:
    """Return the export; raise InvalidArtifactError, with the reason, for what is none or is not whole."""
    if not content.strip():
        raise InvalidArtifactError(texts.EMPTY)
    lines = [line.removesuffix("\r") for line in content.decode(ENCODING).split("\n")]
    title = _TITLE.fullmatch(lines[0])
    if title is None:
        raise InvalidArtifactError(texts.WEB_PAGE if is_web_page(content) else texts.NO_EXPORT)
    numbered = enumerate(lines[1:], start=2)
    parts: list[Header | Section] = []
    for number, line in numbered:
        if end := _END_OF_EXPORT.fullmatch(line):
            return _whole(title[1], parts, end[1], [rest for _, rest in numbered])
        if marker := _SECTION.fullmatch(line):
            parts.append(Section(kind=marker[1], name=marker[2], lines=tuple(_body(numbered))))
        elif _HEADER.fullmatch(line):
            parts.append(Header(line=line))
        elif line.strip():
            raise InvalidArtifactError(texts.damaged_line(number))
    raise InvalidArtifactError(texts.CUT_OFF)


def _body(numbered: Iterator[tuple[int, str]]) -> Iterator[str]:
    for number, line in numbered:
        if line == END_OF_FILE:
            return
        if _SECTION.fullmatch(line) or _END_OF_EXPORT.fullmatch(line):
            raise InvalidArtifactError(texts.damaged_line(number))
        yield line
    raise InvalidArtifactError(texts.CUT_OFF)


def _whole(model: str, parts: list[Header | Section], checksum: str, rest: list[str]) -> Export:
    reason: Text | None = None
    if not any(isinstance(part, Section) and part.is_text for part in parts):
        reason = texts.NO_SECTIONS
    elif any(line.strip() for line in rest):
        reason = texts.MORE_BEHIND_END
    if reason is not None:
        raise InvalidArtifactError(reason)
    return Export(model=model, parts=tuple(parts), checksum=checksum.upper())
