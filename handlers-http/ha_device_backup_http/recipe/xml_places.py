"""Places in XML: `/opnsense/revision` from the root, `//password` anywhere, `@name` for an attribute; pure."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from ..translation import _
from ..xml_files import is_xml
from .problems import Mistake, shown

LARGEST = 8 * 1024 * 1024
_STEP = re.compile(r"[\w.:-]+|\*")


@dataclass(frozen=True, slots=True)
class XmlPlace:
    """The names of elements that lead there."""

    steps: tuple[str, ...]
    is_from_root: bool = False
    """Whether the first name is that of the root itself."""
    is_anywhere: bool = False
    attribute: str = ""


def parse_place(text: str) -> XmlPlace | Mistake:
    """Return the place, or what is wrong with it."""
    path, at, attribute = text.partition("@")
    is_anywhere = path.startswith("//")
    steps = tuple(path.strip("/").split("/")) if path.strip("/") else ()
    if not all(_STEP.fullmatch(step) for step in steps) or (at and not _STEP.fullmatch(attribute)):
        return Mistake(_("“{text}” is no place in XML", text=shown(text)))
    if not steps and not attribute:
        return Mistake(_("“{text}” is no place in XML", text=shown(text)))
    return XmlPlace(steps, path.startswith("/") and not is_anywhere, is_anywhere, attribute)


def parse_xml(content: bytes) -> ET.Element | None:
    """Return the root of XML that is cheap to parse, None for anything else."""
    if len(content) > LARGEST or not is_xml(content):
        return None
    for encoding in (None, "iso-8859-1"):
        try:
            return ET.fromstring(content, ET.XMLParser(encoding=encoding))  # noqa: S314 - is_xml refused what declares entities
        except (ET.ParseError, LookupError, ValueError):
            continue
    return None


def elements_at(root: ET.Element, place: XmlPlace) -> Iterator[tuple[ET.Element | None, ET.Element]]:
    """Return each element at a place with the one that it is in."""
    if place.is_anywhere:
        parents: Iterator[tuple[ET.Element | None, ET.Element]] = (
            (outer, inner) for outer in root.iter() for inner in outer if is_named(inner, place.steps[0])
        )
        for found in list(parents):
            yield from _below(found, place.steps[1:])
    elif place.is_from_root:
        if not place.steps or is_named(root, place.steps[0]):
            yield from _below((None, root), place.steps[1:])
    else:
        yield from _below((None, root), place.steps)


def texts_at(root: ET.Element, place: XmlPlace) -> Iterator[str]:
    """Return the text, or the attribute, of each element there."""
    for _parent, element in elements_at(root, place):
        if place.attribute:
            if (value := element.get(place.attribute)) is not None:
                yield value
        else:
            yield (element.text or "").strip()


def local_name(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_named(element: ET.Element, name: str) -> bool:
    """Return whether an element has that name, whatever its namespace."""
    return name == "*" or local_name(element) == name.rpartition(":")[2]


def _below(
    found: tuple[ET.Element | None, ET.Element], steps: tuple[str, ...]
) -> Iterator[tuple[ET.Element | None, ET.Element]]:
    if not steps:
        yield found
        return
    for inner in list(found[1]):
        if is_named(inner, steps[0]):
            yield from _below((found[1], inner), steps[1:])
