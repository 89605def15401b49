"""One value out of a web page, by a selector such as `input[name=token]@value` or `#token`; pure."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from ..translation import _
from .problems import Mistake, shown

_SELECTOR = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?"
    r"(?:#(?P<id>[\w-]+))?"
    r"(?:\.(?P<klass>[\w-]+))?"
    r"(?:\[(?P<name>[\w-]+)=[\"']?(?P<value>[^\]\"']*)[\"']?\])?"
    r"(?:@(?P<attribute>[\w-]+))?"
)
_LONGEST_REST = 16 * 1024
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta"})


@dataclass(frozen=True, slots=True)
class Selector:
    """Which element, and which attribute of it; without one, its text."""

    tag: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    attribute: str = ""


def parse_selector(text: str) -> Selector | Mistake:
    """Return the selector, or what is wrong with it."""
    found = _SELECTOR.fullmatch(text)
    if found is None or not any((found["tag"], found["id"], found["klass"], found["name"])):
        return Mistake(
            _("“{text}” is no selector", text=shown(text)),
            _("write {example}", example="#id, tag.class, input[name=x]@value"),
        )
    wanted = (("id", found["id"]), ("class", found["klass"]), (found["name"], found["value"]))
    attributes = tuple((str(name), str(value)) for name, value in wanted if name and value is not None)
    return Selector(found["tag"] or "", attributes, found["attribute"] or "")


def select(page: str, selector: Selector) -> str | None:
    """Return the attribute, or the text, of the first such element; None without any."""
    reader = _PageReader(selector)
    reader.feed(page)
    if len(reader.rawdata) <= _LONGEST_REST:
        reader.close()
    return reader.found


class _PageReader(HTMLParser):
    def __init__(self, selector: Selector) -> None:
        super().__init__(convert_charrefs=True)
        self.found: str | None = None
        self._selector = selector
        self._depth = 0
        """How deep in the element whose text is read; 0 outside of it."""
        self._is_done = False

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 # as in the standard library
        """Read it as browsers do, as a comment."""
        return self.parse_bogus_comment(i, report)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth and tag not in _VOID:
            self._depth += 1
        if self._is_done or not self._is_meant(tag, attributes := {name: value or "" for name, value in attrs}):
            return
        if self._selector.attribute:
            self.found = attributes.get(self._selector.attribute)
            self._is_done = self.found is not None
        elif tag not in _VOID:
            self.found, self._depth, self._is_done = "", 1, True

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth and self.found is not None:
            self.found += data.strip()

    def _is_meant(self, tag: str, attributes: dict[str, str]) -> bool:
        if self._selector.tag not in {"", tag}:
            return False
        return all(
            value in attributes.get(name, "").split() if name == "class" else attributes.get(name) == value
            for name, value in self._selector.attributes
        )
