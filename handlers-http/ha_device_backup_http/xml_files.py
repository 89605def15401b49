"""XML that devices send: parsed where that is cheap, else looked over; pure."""

import re
import xml.parsers.expat
from typing import Never

_LARGEST_PARSED = 8 * 1024 * 1024
_MOST_PARTS = 500_000
"""Elements and attributes; parsers keep a note of each name."""
_DEEPEST = 200
_PIECE = 64 * 1024
_START = 4096
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_PROLOGUE = re.compile(rb"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>\[]*+>)*+", re.IGNORECASE)
_ROOT = re.compile(rb"<([^\s<>/!?]+)")


def is_xml(content: bytes) -> bool:
    """Return whether this is well-formed XML; one that declares entities, which can grow without end, is not."""
    if len(content) > _LARGEST_PARSED or content.count(b"<") + content.count(b"=") > _MOST_PARTS:
        return _is_closed(content)
    # What says nothing of its encoding, or is wrong about it, is often Latin-1.
    return _parses(content, None) or (not _is_utf8(content) and _parses(content, "iso-8859-1"))


def _parses(content: bytes, encoding: str | None) -> bool:
    parser = xml.parsers.expat.ParserCreate(encoding)
    depth = _Depth()
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = depth.enter
    parser.EndElementHandler = depth.leave
    try:
        for at in range(0, len(content), _PIECE):
            parser.Parse(content[at : at + _PIECE], False)  # noqa: FBT003 - it has no name
        parser.Parse(b"", True)  # noqa: FBT003 - it has no name
    except (xml.parsers.expat.ExpatError, LookupError, ValueError):
        return False
    return True


class _Depth:
    def __init__(self) -> None:
        self._levels = 0

    def enter(self, _name: str, _attributes: dict[str, str]) -> None:
        self._levels += 1
        if self._levels > _DEEPEST:
            raise ValueError

    def leave(self, _name: str) -> None:
        self._levels -= 1


def _is_closed(content: bytes) -> bool:
    """Return whether the element that it begins with is closed at its end."""
    start = content[:_START].lstrip(_BLANKS)
    prologue = _PROLOGUE.match(start)
    root = _ROOT.match(start, prologue.end() if prologue else 0)
    end = content[-_START:].rstrip(_BLANKS + b"\0")
    return root is not None and re.search(rb"</" + re.escape(root[1]) + rb"\s*>\Z", end) is not None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse(*_declaration: object) -> Never:
    raise ValueError
