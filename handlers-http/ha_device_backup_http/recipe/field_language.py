"""The language of recipes: what a person enters, and how devices are found; see `language`."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from ha_device_backup_core import FieldKind, Text

from ..translation import _
from .positions import Place
from .problems import RecipeProblem, known_names, shown
from .shapes import Choice, Flag, ListOf, MapOf, Number, Texts, Word, write
from .step_language import PLAIN, WELL_KNOWN, not_together
from .syntax import fault_of_field_key
from .tables import Either, Key, Table, missing_key
from .templates import Value

KINDS = tuple(kind.value for kind in FieldKind if kind not in {FieldKind.CERTIFICATE, FieldKind.HOST_KEY})
CERTIFICATE = "certificate"
_ANY_NUMBER = Number(-(2**53), 2**53)
_MEASURED = frozenset({"integer", "text", "secret", "lines"})
"""Kinds of fields whose values have a size."""
_DECIDING = frozenset({"choice", "boolean"})
_EXAMPLE_OF_SHOWN_WHEN = '{ login = ["basic", "digest"] }'


def _is_port(value: Value) -> bool:
    return type(value) is int and 1 <= value <= 65535


def _is_host(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[^\s/?#@]+", value) is not None


def _is_url(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(r"https?://[^\s/?#@]+(?:/\S*)?", value) is not None


_DEFAULTS: Mapping[str, tuple[Callable[[Value], bool], Text]] = {
    "text": (lambda value: isinstance(value, str), _("a text in quotes")),
    "lines": (lambda value: isinstance(value, str), _("a text in quotes")),
    "url": (_is_url, _("an address such as {example}", example='"http://pump.local"')),
    "host": (_is_host, _("a name or an IP address")),
    "port": (_is_port, _("a whole number from {least} to {most}", least=1, most=65535)),
    "integer": (lambda value: type(value) is int, _("a whole number")),
    "boolean": (lambda value: isinstance(value, bool), _("true or false")),
}
"""What a default has to be, by the kind of its field."""


def _of_field(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    kind = value.get("kind")
    if (kind == "choice") != ("choices" in value):
        wrong = _("choices go with the kind choice")
        yield RecipeProblem(place=(*place, "choices"), wrong=wrong, right=_("write both, or none"))
    key = value.get("key")
    if "label" not in value and key not in WELL_KNOWN and isinstance(key, str) and fault_of_field_key(key) is None:
        right = _("add {example}", example='label = "…"')
        yield RecipeProblem(place=(*place, "label"), wrong=missing_key("label"), right=right)
    if value.get("required") is True and value.get("advanced") is True:
        wrong = _("what is required is not folded away")
        yield RecipeProblem(place=(*place, "advanced"), wrong=wrong, right=_("drop it"))
    yield from _of_limits(value, place)
    if isinstance(kind, str) and "default" in value:
        yield from _of_default(value, kind, place)


def _of_limits(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    least, most = value.get("minimum"), value.get("maximum")
    for key in ("minimum", "maximum"):
        if key in value and value.get("kind") in {*KINDS} - _MEASURED:
            wrong = _("the kind {kind} has no limits", kind=value["kind"])
            yield RecipeProblem(place=(*place, key), wrong=wrong, right=_("drop it"))
    if type(least) is int and type(most) is int and least > most:
        wrong = _("{most} is less than the minimum {least}", most=most, least=least)
        yield RecipeProblem(place=(*place, "maximum"), wrong=wrong, right=_("write {least} or more", least=least))


def _of_default(value: dict[str, Value], kind: str, place: Place) -> Iterator[RecipeProblem]:
    place, default, choices = (*place, "default"), value["default"], value.get("choices")
    if kind == "secret":
        yield RecipeProblem(place=place, wrong=_("a secret has no default"), right=_("drop it"))
    elif kind == "choice" and isinstance(choices, list | dict):
        if default not in choices:
            wrong, right = (
                _("there is no choice “{name}”", name=shown(default)),
                known_names(str(default), _names(choices)),
            )
            yield RecipeProblem(place=place, wrong=wrong, right=right)
    elif kind in _DEFAULTS:
        fits, words = _DEFAULTS[kind]
        if isinstance(default, str | int) and not fits(default):
            wrong = _("“{text}” does not fit the kind {kind}", text=shown(default), kind=kind)
            yield RecipeProblem(place=place, wrong=wrong, right=write(words))


def _names(choices: list[Value] | dict[str, Value]) -> list[str]:
    return [name for name in choices if isinstance(name, str)]


FIELD = Table(
    "field",
    {
        "key": Key(
            Word(fault_of_field_key, _("write lower-case letters, digits and _")), _("its name"), is_required=True
        ),
        "kind": Key(Choice(KINDS), _("what is entered"), is_required=True),
        "label": Key(
            Texts(), "what it is called; url, host, port, username, password, token and address_key need none"
        ),
        "help": Key(Texts(), "where to find it"),
        "required": Key(Flag(), "whether it has to be entered"),
        "default": Key(Either((PLAIN, Flag(), _ANY_NUMBER)), "what is there before anybody types"),
        "choices": Key(Either((MapOf(Texts()), ListOf(PLAIN))), "values and what they are called, for the kind choice"),
        "minimum": Key(_ANY_NUMBER, "the smallest number, or fewest characters"),
        "maximum": Key(_ANY_NUMBER, "the largest number, or most characters"),
        "shown_when": Key(
            MapOf(ListOf(Either((PLAIN, Flag())), or_one=True)),
            f"asked only after another field got one of these values: {_EXAMPLE_OF_SHOWN_WHEN}",
        ),
        "advanced": Key(Flag(), "whether few people need it: it is folded away"),
    },
    "One thing that a person enters.",
    _of_field,
)


def faults_of_fields(document: Mapping[str, Value]) -> Iterator[RecipeProblem]:
    """Return what is wrong with the fields of a recipe together, as far as they are tables at all."""
    found = document.get("field")
    fields = {
        ("field", number): field
        for number, field in enumerate(found if isinstance(found, list) else [])
        if _has_key(field)
    }
    times = Counter[str]()
    for place, field in fields.items():
        key = field["key"]
        times[key] += 1
        if times[key] > 1:
            wrong = _("there is a field “{name}” already", name=shown(key))
            yield RecipeProblem(place=(*place, "key"), wrong=wrong, right=_("choose another name"))
        if key == CERTIFICATE:
            wrong = _("the trusted certificate of https is a field by itself")
            yield RecipeProblem(place=(*place, "key"), wrong=wrong, right=_("drop it"))
        shown_when = field.get("shown_when")
        for name, wanted in shown_when.items() if isinstance(shown_when, dict) else ():
            yield from _of_deciding(name, wanted, list(fields.values()), (*place, "shown_when", name))


def _has_key(field: Value) -> bool:
    return isinstance(field, dict) and isinstance(field.get("key"), str)


def _of_deciding(name: str, wanted: Value, fields: list[dict[str, Value]], place: Place) -> Iterator[RecipeProblem]:
    """Return what is wrong with the field that decides whether another one is asked."""
    deciding = next((field for field in fields if field["key"] == name), None)
    if deciding is None:
        able = [field["key"] for field in fields if field.get("kind") in _DECIDING]
        wrong = _("there is no field “{name}”", name=shown(name))
        yield RecipeProblem(place=place, wrong=wrong, right=known_names(name, able))
        return
    if deciding.get("kind") not in _DECIDING or "shown_when" in deciding or deciding.get("advanced") is True:
        wrong = _("“{name}” cannot decide what is asked", name=shown(name))
        right = _("take a field of the kind choice or boolean that is always asked")
        yield RecipeProblem(place=place, wrong=wrong, right=right)
        return
    choices = deciding.get("choices")
    possible: list[Value] = [True, False] if deciding["kind"] == "boolean" else list(choices or ())
    for value in wanted if isinstance(wanted, list) else [wanted]:
        if value not in possible:
            wrong = _("“{name}” never has the value “{value}”", name=shown(name), value=shown(value))
            right = known_names(
                str(value), [str(one).lower() if isinstance(one, bool) else str(one) for one in possible]
            )
            yield RecipeProblem(place=place, wrong=wrong, right=right)


_patterns = MapOf(PLAIN)
_FOREIGN: Mapping[str, frozenset[str]] = {
    "zeroconf": frozenset({"secrets"}),
    "ssdp": frozenset({"secrets", "name"}),
    "integration": frozenset({"name", "properties"}),
}
"""Keys that do not go with a way of finding devices."""
_PATHS: Mapping[str, tuple[str, ...]] = {
    "zeroconf": ("host", "port", "hostname", "name", "properties.…"),
    "ssdp": ("host", "location", "upnp.…", "udn.mac"),
    "integration": (
        *("entry.data.…", "entry.unique_id", "device.configuration_url.host"),
        *("device.mac", "device.serial_number", "device.name"),
    ),
}
"""Where values come from, by the way of finding devices; … is a name of the maker's."""


def _of_discovery(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    ways = [way for way in _FOREIGN if way in value]
    if len(ways) != 1:
        wrong = not_together(ways) if ways else _("it does not say how")
        right = _("write one of {names}", names=", ".join(_FOREIGN))
        yield RecipeProblem(place=place, wrong=wrong, right=right)
        return
    for key in sorted(_FOREIGN[ways[0]] & value.keys()):
        wrong = _("it does not go with {key}", key=ways[0])
        yield RecipeProblem(place=(*place, key), wrong=wrong, right=_("drop it"))
    named = value.get("zeroconf", "")
    if named and isinstance(named, str) and not re.fullmatch(r"_[A-Za-z0-9-]+\._(tcp|udp)\.local\.", named):
        wrong = _("“{text}” is nothing that is announced", text=shown(named))
        yield RecipeProblem(
            place=(*place, "zeroconf"), wrong=wrong, right=_("write {example}", example='"_x._tcp.local."')
        )
    yield from _of_paths(value, ways[0], place)


def _of_paths(value: dict[str, Value], way: str, place: Place) -> Iterator[RecipeProblem]:
    tables = [(key, value[key]) for key in ("fields", "secrets") if isinstance(value.get(key), dict)]
    paths = [((*place, key, name), path) for key, table in tables for name, path in table.items()]
    if "unique_id" in value:
        paths.append(((*place, "unique_id"), value["unique_id"]))
    for where, path in paths:
        if isinstance(path, str) and path.strip() and not any(_is_path(path, known) for known in _PATHS[way]):
            wrong = _("“{text}” leads to nothing that is announced", text=shown(path))
            yield RecipeProblem(place=where, wrong=wrong, right=known_names(path, _PATHS[way]))


def _is_path(path: str, known: str) -> bool:
    return path == known or (known.endswith("…") and path.startswith(known[:-1]) and len(path) >= len(known))


DISCOVERY = Table(
    "discovery",
    {
        "zeroconf": Key(PLAIN, 'what the device announces: "_wled._tcp.local."'),
        "ssdp": Key(PLAIN, "the search target that the device announces"),
        "integration": Key(PLAIN, "an integration of Home Assistant that has such devices"),
        "name": Key(PLAIN, "a lower-case pattern of the announced name, with * and ?"),
        "properties": Key(_patterns, "what else is announced"),
        "fields": Key(_patterns, 'fields and where their values come from; { host = "host" } without it'),
        "secrets": Key(_patterns, "secret fields and where their values come from"),
        "unique_id": Key(PLAIN, "where the unique id comes from"),
    },
    "How such devices are found; see docs/handler-discovery.md.",
    _of_discovery,
)
