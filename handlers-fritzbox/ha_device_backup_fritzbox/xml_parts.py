"""XML from a box, which may be hostile or odd, read piece by piece; pure.

A name without a declared prefix, a control character or a byte in another encoding is no reason to refuse the rest.
Document types are refused, so there are no entities; depth and number of elements are limited, and no tree is built.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ha_device_backup_core.toolkit import readable

MAX_DEPTH = 64
MAX_PARSED = 2 * 1024 * 1024
"""Bytes; what is longer is kept and compared as it came."""
_CHUNK = 64 * 1024
_LONGEST_REFERENCE = 12
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_CHARACTER = re.compile(r"&#(x[0-9A-Fa-f]{1,6}|\d{1,7});")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_QUOTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


class XmlError(Exception):
    """It is no XML, or more than a box would send."""


@dataclass(frozen=True, slots=True)
class Start:
    """An element begins; its name is without a prefix, those of its attributes are as they came."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """The element that began last ends; `text` is what stands right in it."""

    name: str
    text: str


def read_xml(content: bytes | str, *, most: int | None = None) -> Iterator[Start | End]:
    """Return beginnings and ends of elements, in order; raise XmlError where it cannot be read on.

    `most` limits the elements of what is short by nature.
    """
    reader = _XmlReader(most)
    for piece in _pieces((content if isinstance(content, str) else readable(content)).lstrip()):
        yield from reader.read(_mended(piece), is_last=not piece)
        if reader.error is not None:
            raise XmlError from reader.error


def is_flawless(content: bytes) -> bool:
    """Return whether it is XML for strict readers too, with its prefixes declared and its bytes in its encoding."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK])
        parser.Parse(b"", True)  # noqa: FBT003 - it takes no keyword
    except (expat.ExpatError, ValueError, LookupError, XmlError):
        return False
    return True


def canonical_xml(content: bytes, *, without: frozenset[str]) -> bytes:
    """Return one form of it, whatever quotes, spaces in tags and order of attributes it came with; raises XmlError.

    Elements of the names in `without` are left out, with all that is in them.
    """
    written = bytearray()
    for piece in _canonical(content, without):
        written += piece.encode("utf-8", "replace")
    return bytes(written)


def xml_file(text: str) -> bytes:
    """Return XML that came inside of XML as a file."""
    return f'<?xml version="1.0" encoding="utf-8"?>{_DECLARATION.sub("", text).strip()}\n'.encode("utf-8", "replace")


def _canonical(content: bytes, without: frozenset[str]) -> Iterator[str]:
    hidden = 0
    for event in read_xml(content):
        if hidden or event.name in without:
            hidden += 1 if isinstance(event, Start) else -1
        elif isinstance(event, Start):
            attributes = (
                f' {name}="{value.translate(_IN_QUOTES)}"' for name, value in sorted(event.attributes.items())
            )
            yield f"<{event.name}{''.join(attributes)}>"
        else:
            text = event.text if event.text.strip() else ""
            yield f"{text.translate(_IN_TEXT)}</{event.name}>"


def _pieces(text: str) -> Iterator[str]:
    """Return pieces that end before a reference rather than inside of one, and an empty one at the end."""
    start = 0
    while start < len(text):
        end = start + _CHUNK
        reference = text.rfind("&", end - _LONGEST_REFERENCE, end) if end < len(text) else -1
        end = reference if reference > start else end
        yield text[start:end]
        start = end
    yield ""


def _mended(text: str) -> str:
    """Return the text without what no XML may hold, so that the rest can be read."""
    text = _CHARACTER.sub(_allowed, text) if "&#" in text else text
    return _BARE_AMPERSAND.sub("&amp;", _UNALLOWED.sub(_UNKNOWN, text))


def _allowed(found: re.Match[str]) -> str:
    number = int(found[1][1:], 16) if found[1].startswith("x") else int(found[1])
    usable = number in {9, 10, 13} or (number >= ord(" ") and number <= sys.maxunicode)
    return found[0] if usable and not _UNALLOWED.match(chr(number)) else _UNKNOWN


class _XmlReader:
    """Collects what one piece of the text brought."""

    def __init__(self, most: int | None) -> None:
        self.error: Exception | None = None
        self._most = most
        self._count = 0
        self._texts: list[list[str]] = []
        self._found: list[Start | End] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, piece: str, *, is_last: bool) -> list[Start | End]:
        """Return what it brought; after an error, which is kept, what came before it."""
        self._found = []
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, ValueError, XmlError) as error:
            self.error = error
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._texts) >= MAX_DEPTH or (self._most is not None and self._count > self._most):
            raise XmlError
        self._texts.append([])
        self._found.append(Start(_local(name), attributes))

    def _end(self, name: str) -> None:
        self._found.append(End(_local(name), "".join(self._texts.pop())))

    def _characters(self, text: str) -> None:
        self._texts[-1].append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise XmlError
