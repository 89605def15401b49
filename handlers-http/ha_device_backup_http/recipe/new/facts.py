"""What in an answer tells who the device is; pure."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ha_device_backup_core.toolkit import mac_address

from ...json_files import read_json
from ..templates import Value
from ..xml_places import local_name, parse_xml
from .places import is_step, pointer_text, step_of, words_of
from .secrecy import sounds_secret

_SERIAL = re.compile(r"(?:^|_)(?:serial(?:_?(?:number|no|num))?|sn)$")
_MAC = re.compile(r"(?:^|_)(?:mac(?:_?addr(?:ess)?)?|hw_?addr|eth_?addr)$")
_DEVICE_ID = re.compile(r"(?:^|_)(?:uuid|guid|udn|uid|(?:device|hardware|hw|chip|bridge|instance)_?id)$")
_ID = re.compile(r"(?:^|_)id$")
_UNIQUE = (_SERIAL, _MAC, _DEVICE_ID, _ID)
"""From what is surest on."""
_KEYS = {
    "version": re.compile(r"(?:firmware|software|fw|sw|app)?(?:version|ver)|fw|firmware"),
    "model": re.compile(r"(?:device|product)?model(?:name)?|product(?:name|type)?|devicetype|board"),
    "name": re.compile(r"(?:device|host|friendly|system)?name"),
}
_SHORTEST_ID, _LONGEST = 4, 64
_MOST = 9
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFact:
    """Something that an answer tells, and where."""

    key: str
    source: str
    """As a capture says it."""
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an answer tells of the device."""

    unique_ids: tuple[DeviceFact, ...] = ()
    """The best first."""
    mac: DeviceFact | None = None
    version: DeviceFact | None = None
    model: DeviceFact | None = None
    name: DeviceFact | None = None


def facts_in(first: bytes, second: bytes) -> Facts:
    """Return what two answers tell alike: what differs tells nothing of the device."""
    again = {fact.source: fact.value for fact in _facts(second)}
    facts = [fact for fact in _facts(first) if again.get(fact.source) == fact.value]
    ids = sorted((rank, number) for number, fact in enumerate(facts) if (rank := _rank(fact)) is not None)
    return Facts(
        unique_ids=tuple(facts[number] for _rank_of_it, number in ids[:_MOST]),
        mac=next((fact for fact in facts if _MAC.search(words_of(fact.key)) and mac_address(fact.value)), None),
        **{role: _first(facts, role) for role in _KEYS},
    )


def _rank(fact: DeviceFact) -> int | None:
    """Return how sure it is that this tells the device from all others; None where it does not."""
    if not _SHORTEST_ID <= len(fact.value) <= _LONGEST or not fact.value.strip("0:-. "):
        return None
    key = words_of(fact.key)
    by_name = next((rank for rank, pattern in enumerate(_UNIQUE) if pattern.search(key)), None)
    is_mac = mac_address(fact.value) is not None
    if by_name == _UNIQUE.index(_MAC) and not is_mac:
        return None
    return len(_UNIQUE) if by_name is None and is_mac else by_name


def _first(facts: Sequence[DeviceFact], role: str) -> DeviceFact | None:
    pattern = _KEYS[role]
    of_role = [fact for fact in facts if pattern.fullmatch(_plain(fact.key)) and len(fact.value) <= _LONGEST]
    if role == "version":
        of_role = [fact for fact in of_role if any(sign.isdigit() for sign in fact.value)]
        # The version of an interface or a format stands beside that of the firmware.
        of_role.sort(key=lambda fact: re.search("firmware|software|fw|sw_", fact.source.lower()) is None)
    return next(iter(of_role), None)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _facts(content: bytes) -> Iterator[DeviceFact]:
    value = read_json(content)
    if isinstance(value, dict):
        yield from _in_json(value, ())
    elif (root := parse_xml(content)) is not None:
        yield from _in_xml(root, "", 0)


def _in_json(value: dict[str, Value], place: tuple[str, ...]) -> Iterator[DeviceFact]:
    """Return what stands at places that every device of the kind has, the shallow ones first."""
    for key, inner in value.items():
        is_text = isinstance(inner, str | int) and not isinstance(inner, bool)
        if is_text and step_of(key) != "*" and _is_shown(key, str(inner)):
            yield DeviceFact(key=key, source=f"json:{pointer_text((*place, key))}", value=str(inner).strip())
    for key, inner in value.items():
        if isinstance(inner, dict) and step_of(key) != "*" and len(place) < _DEEPEST:
            yield from _in_json(inner, (*place, key))


def _in_xml(element: ET.Element, path: str, depth: int) -> Iterator[DeviceFact]:
    names = [local_name(child) for child in element]
    counted = Counter(names)
    for child, name in zip(element, names, strict=True):
        below = f"{path}/{name}".lstrip("/")
        if not is_step(name) or counted[name] > 1:
            continue
        if not len(child) and _is_shown(name, child.text or ""):
            yield DeviceFact(key=name, source=f"xml:{below}", value=(child.text or "").strip())
        elif depth < _DEEPEST:
            yield from _in_xml(child, below, depth + 1)


def _is_shown(key: str, value: str) -> bool:
    return bool(key and value.strip()) and "\n" not in value.strip() and not sounds_secret(key)
