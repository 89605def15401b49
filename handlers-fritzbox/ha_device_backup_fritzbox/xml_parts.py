"""XML from a box, which may be hostile: no document types, so no entities, no depth without end; pure."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, canonicalize, tostring

MAX_DEPTH = 64
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class XmlError(Exception):
    """It is no XML, or more than a box would send."""


def parse_xml(content: bytes | str) -> Element:
    """Return the root element; raise XmlError for everything else."""
    parser = XMLParser(target=_Builder())  # noqa: S314 - the builder refuses what makes XML dangerous
    try:
        parser.feed(content)
        return parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise XmlError from error


def local_name(element: Element) -> str:
    """Return the name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """Return the children of that name, in whatever namespace."""
    return (child for child in element if local_name(child) == name)


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child of that name, empty where there is none."""
    return next((child.text or "" for child in children(element, name)), "").strip()


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Return the elements of that name at any depth, itself included."""
    return (inner for inner in element.iter() if local_name(inner) == name)


def canonical_xml(root: Element) -> bytes:
    """Return one form of it, whatever quotes, spaces in tags and order of attributes it came with."""
    return canonicalize(tostring(root, encoding="unicode")).encode()


def xml_file(text: str) -> bytes:
    """Return XML that came inside of XML as a file."""
    return f'<?xml version="1.0" encoding="utf-8"?>{_DECLARATION.sub("", text).strip()}\n'.encode("utf-8", "replace")


class _Builder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise XmlError

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XmlError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
