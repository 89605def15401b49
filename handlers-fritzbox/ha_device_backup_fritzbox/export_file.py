"""The `.export` file as a box writes it: a header, sections, and an end line with a checksum; pure.

Read as Latin-1, so that every byte stays what it is; `encoding` says how people read it. A section keeps its body in
one piece: its lines are looked at one after the other.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ha_device_backup_core import InvalidArtifactError
from ha_device_backup_core.toolkit import is_web_page

from .translation import _

ENCODING = "latin-1"
TEXT_KIND = "CFGFILE"
END_OF_FILE = "**** END OF FILE ****"
HEX_KINDS = frozenset({"BINFILE", "CRYPTEDBINFILE"})
BASE64_KINDS = frozenset({"B64FILE", "CRYPTEDB64FILE"})
ENCRYPTED_KINDS = frozenset({"CRYPTEDBINFILE", "CRYPTEDB64FILE"})
MAX_PARSED_EXPORT = 2 * 1024 * 1024
"""Bytes; real exports have a tenth of that. Of a longer one the settings are not read, and it is compared as it is."""
MOST_PARTS = 4096
"""Headers and sections; real exports have fewer than 100."""

_TITLE = re.compile(r"\*{4} (.{1,200}) CONFIGURATION EXPORT")
_LONGEST_TITLE = 300
_HEADER = re.compile(r"([^=*\s][^=]*)=(.*)", re.ASCII)
_SECTION = re.compile(r"\*{4} ([A-Z0-9]+):(.*)")
_END_OF_EXPORT = re.compile(r"\*{4} END OF EXPORT ([0-9A-Fa-f]{8}) \*{4}")
_CUT_OFF = _("The export is cut off: its last line is missing.")


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
    """One file of the box; the lines of its body end with LF, the last one without."""

    kind: str
    name: str
    body: str = field(repr=False)

    @property
    def is_text(self) -> bool:
        """Whether people can read it."""
        return self.kind == TEXT_KIND

    @property
    def is_encrypted(self) -> bool:
        """Whether the whole body is encrypted with a key that differs at every export."""
        return self.kind in ENCRYPTED_KINDS

    @property
    def lines(self) -> Iterator[str]:
        """The lines of the body, one after the other."""
        start = 0
        while start <= len(self.body):
            end = self.body.find("\n", start)
            end = len(self.body) if end < 0 else end
            yield self.body[start:end]
            start = end + 1

    def data(self) -> bytes | None:
        """Return what the body encodes, None where it cannot be decoded."""
        decoded = bytearray()
        try:
            for line in self.lines:
                if self.kind in HEX_KINDS:
                    decoded += bytes.fromhex(line)
                elif self.kind in BASE64_KINDS:
                    decoded += base64.b64decode(line, validate=True)
                else:
                    return None
        except (ValueError, binascii.Error):
            return None
        return bytes(decoded)


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
                yield f"**** {part.kind}:{part.name}"
                yield from (part.body, END_OF_FILE) if part.body else (END_OF_FILE,)
        yield f"**** END OF EXPORT {self.checksum} ****"


class _Line(NamedTuple):
    text: str
    start: int
    end: int
    """The place of its line end."""


def is_export(content: bytes) -> bool:
    """Return whether this begins as an export does, whatever its name is."""
    return _TITLE.fullmatch(_first_line(content)) is not None


def parse_export(content: bytes) -> Export:
    """Return the export; raise InvalidArtifactError, with the reason, for what is none or is not whole."""
    if not content.strip():
        raise InvalidArtifactError(_("The file is empty."))
    title = _TITLE.fullmatch(_first_line(content))
    if title is None:
        raise InvalidArtifactError(
            _("It is a web page, not the export of the settings.")
            if is_web_page(content)
            else _("It does not begin as the export of a FRITZ!Box does (“**** … CONFIGURATION EXPORT”).")
        )
    text = content.decode(ENCODING).replace("\r\n", "\n").removesuffix("\r")
    parts: list[Header | Section] = []
    at = len(_first_line(content))
    while at < len(text) and len(parts) < MOST_PARTS:
        line = _line_at(text, at + 1)
        at = line.end
        if end := _END_OF_EXPORT.fullmatch(line.text):
            return _whole(title[1], parts, end[1], text[at:])
        if marker := _SECTION.fullmatch(line.text):
            begin = at + 1
            body_end, at = _body(text, begin)
            parts.append(Section(kind=marker[1], name=marker[2], body=text[begin:body_end]))
        elif _HEADER.fullmatch(line.text):
            parts.append(Header(line=line.text))
        elif line.text.strip():
            raise _damaged(text, line)
    raise InvalidArtifactError(_CUT_OFF)


def _first_line(content: bytes) -> str:
    return content[:_LONGEST_TITLE].decode(ENCODING).partition("\n")[0].removesuffix("\r")


def _line_at(text: str, start: int) -> _Line:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return _Line(text[start:end], start, end)


def _body(text: str, begin: int) -> tuple[int, int]:
    """Return where the body of a section ends, and the end of the line that says so."""
    # The line end before the mark is looked for; without any body it is that of the line before.
    at = begin - 1
    while (at := text.find("\n**** ", at)) >= 0:
        line = _line_at(text, at + 1)
        if line.text == END_OF_FILE:
            return max(begin, at), line.end
        if _SECTION.fullmatch(line.text) or _END_OF_EXPORT.fullmatch(line.text):
            raise _damaged(text, line)
        at = line.end
    raise InvalidArtifactError(_CUT_OFF)


def _damaged(text: str, line: _Line) -> InvalidArtifactError:
    number = text.count("\n", 0, line.start) + 1
    return InvalidArtifactError(_("The export is damaged in line {number}.", number=number))


def _whole(model: str, parts: list[Header | Section], checksum: str, rest: str) -> Export:
    if not any(isinstance(part, Section) and part.is_text for part in parts):
        raise InvalidArtifactError(_("The export holds no settings."))
    if rest.strip():
        raise InvalidArtifactError(_("Something follows behind the end of the export."))
    return Export(model=model, parts=tuple(parts), checksum=checksum.upper())
