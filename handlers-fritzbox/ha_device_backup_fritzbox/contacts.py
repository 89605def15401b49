"""Phone books, barred numbers and call diversions as the box sends them: kept byte for byte, read leniently; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .xml_parts import MAX_PARSED, End, Start, XmlError, canonical_xml, read_xml

_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,1000}?-->\s*)?<(?:[\w.-]{1,40}:)?(phonebooks|list)\b",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_BEGINNING = 2048
_ENDING = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:phonebooks|list)\s*>|<[^<>]*/>\s*\Z", re.IGNORECASE)
_LONGEST_ENDING = 200
_STATE = frozenset({"timestamp", "mod_time"})
"""When it was sent or stored: by itself no change of what is in it."""
_NOTED = re.compile(rb"<(timestamp|mod_time)>\s*+(?:\d{1,20}+\s*+)?</\1>")


@dataclass(slots=True, kw_only=True)
class Contact:
    """Somebody in a phone book."""

    name: str = ""
    types: list[str] = field(default_factory=list)
    """What kinds of numbers there are."""
    changed: str = ""
    private: list[str] = field(default_factory=list)
    """Numbers, addresses and whatever else there is, which nobody is shown."""

    def begin(self, start: Start) -> None:
        """Take in what is said at the beginning of one of its parts."""
        self.private += map("=".join, sorted(start.attributes.items()))
        if start.name == "number":
            self.types.append(start.attributes.get("type", ""))

    def end(self, end: End) -> None:
        """Take in what a part holds."""
        if end.name == "realName":
            self.name = self.name or end.text
        elif end.name == "mod_time":
            self.changed = end.text
        elif end.text.strip():
            self.private.append(f"{end.name}={end.text.strip()}")


def is_whole_list(content: bytes) -> bool:
    """Return whether it begins and ends as a list does; what is between may be odder than XML allows."""
    begins = _BEGINNING.match(content[:_LONGEST_BEGINNING])
    return begins is not None and bool(_ENDING.search(content[begins.start(1) - 1 :][-_LONGEST_ENDING:]))


def count_contacts(content: bytes) -> int:
    """Return how many contacts it holds."""
    return content.count(b"</contact>")


def normalize_list(content: bytes) -> bytes:
    """Return it without the times that the box notes."""
    if len(content) <= MAX_PARSED:
        try:
            return canonical_xml(content, without=_STATE)
        except XmlError:
            pass
    return without_noted_times(content)


def without_noted_times(content: bytes) -> bytes:
    """Return it without these times, and otherwise as it came."""
    return _NOTED.sub(b"", content)


def books(content: bytes) -> Iterator[str | Contact]:
    """Return names of phone books, each followed by its contacts, as far as it can be read."""
    contact: Contact | None = None
    for event in _events(content):
        if isinstance(event, Start):
            if event.name == "phonebook":
                yield event.attributes.get("name", "")
            elif event.name == "contact":
                contact = Contact()
            elif contact is not None:
                contact.begin(event)
        elif contact is not None and event.name == "contact":
            yield contact
            contact = None
        elif contact is not None:
            contact.end(event)


def deflections(content: bytes) -> Iterator[dict[str, str]]:
    """Return the call diversions, each as its facts, as far as they can be read."""
    facts: dict[str, str] = {}
    for event in _events(content):
        if isinstance(event, Start):
            facts = {} if event.name == "Item" else facts
        elif event.name == "Item":
            yield facts
        else:
            facts[event.name] = event.text


def _events(content: bytes) -> Iterator[Start | End]:
    if len(content) > MAX_PARSED:
        return
    try:
        yield from read_xml(content)
    except XmlError:
        return
