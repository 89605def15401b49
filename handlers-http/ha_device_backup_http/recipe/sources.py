"""Where in an answer a value is found: `json:/session/sid`, `header:X-Token`, `html:#token`; pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ha_device_backup_core.toolkit import JsonError, Response, decoded, read_json

from ..json_files import LARGEST_PARSED, is_cheap
from ..pointers import Pointer, parse_pointer
from ..translation import _
from .captures import Capture, fault_of_capture
from .html_pages import Selector, parse_selector, select
from .problems import Mistake, shown
from .templates import Value
from .xml_places import XmlPlace, parse_place, parse_xml, texts_at

KINDS = ("json", "header", "cookie", "html", "xml", "regex", "body")
_LARGEST_PAGE = 1024 * 1024
_LARGEST_SEARCHED = 256 * 1024
"""Bytes in which a value is looked for by an expression."""
EACH = "*"
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_JSON_STARTS = frozenset(bytes((sign,)) for sign in b'{["-0123456789tfn')
_MARK = b"\xef\xbb\xbf"
_NO_JSON = object()


class NotOfFormError(ValueError):
    """The answer has not the form that the source looks into."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place in an answer."""

    kind: str
    argument: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it finds a list: a `*` stands for each."""
        return self.kind == "json" and EACH in (parse_pointer(self.argument) or ())

    @property
    def expression(self) -> str:
        """The regular expression that is looked for, an empty text without one."""
        if self.kind == "header":
            return self.argument.partition(" ")[2]
        return self.argument if self.kind == "regex" else ""


class Answer:
    """An answer as the sources see it."""

    def __init__(self, response: Response, cookies: Mapping[str, str], closed: int | None = None) -> None:
        """Take the answer, the cookies that are kept after it, and the code with which a websocket was closed."""
        self.response = response
        self.cookies = cookies
        self.closed = closed

    def json(self) -> Value:
        """Return the JSON in it; raise NotOfFormError where there is none."""
        if self._value is _NO_JSON:
            raise NotOfFormError
        return self._value

    @cached_property
    def _value(self) -> Value:
        body = self.response.body
        if body.lstrip(_BEFORE_JSON)[:1] not in _JSON_STARTS or not is_cheap(body):
            return _NO_JSON
        try:
            # Bytes that are no UTF-8 stay: a page may end within a character.
            return read_json(body.removeprefix(_MARK), largest=LARGEST_PARSED)
        except JsonError:
            return _NO_JSON


def parse_source(text: str) -> Source | Mistake:
    """Return the source, or what is wrong with it."""
    kind, colon, argument = text.partition(":")
    if kind not in KINDS or (not colon and kind != "body"):
        return Mistake(_("“{text}” is no source of a value", text=shown(text)))
    if kind == "body":
        return (
            Mistake(_("“body” takes nothing after it"), _("write {example}", example="body"))
            if argument
            else Source(kind)
        )
    if not argument:
        return Mistake(_("“{text}” does not say which one", text=shown(text)))
    fault = _FAULTS[kind](argument) if kind in _FAULTS else None
    return fault or Source(kind, argument)


def found_in(source: Source, answer: Answer) -> list[Value]:
    """Return what is there as the one entry of a list; raise NotOfFormError for an answer of another form."""
    return _READERS[source.kind](source.argument, answer)


def values_at(value: Value, pointer: Pointer) -> list[Value]:
    """Return what is at a place, a `*` standing for each; raise NotOfFormError where there is nothing to look into."""
    found = [value]
    for key in pointer:
        if key == EACH:
            found = [inner for outer in found for inner in _entries(outer)]
        else:
            found = [inner for outer in found for inner in _entry(outer, key)]
    return found


def _entries(value: Value) -> list[Value]:
    match value:
        case list():
            return value
        case dict():
            return list(value.values())
    raise NotOfFormError


def _entry(value: Value, key: str) -> Iterator[Value]:
    if isinstance(value, dict):
        if key in value:
            yield value[key]
    elif isinstance(value, list) and key.isascii() and key.isdecimal() and len(key) <= 9 and int(key) < len(value):
        yield value[int(key)]


def _from_json(argument: str, answer: Answer) -> list[Value]:
    pointer = parse_pointer(argument) or ()
    found = values_at(answer.json(), pointer)
    if EACH in pointer:
        _demand_list(answer.json(), pointer)
        _demand_entries(answer.json(), pointer)
        return [found]
    return found[:1]


def _demand_list(value: Value, pointer: Pointer) -> None:
    """Raise NotOfFormError unless there is a list before the first `*`: nothing there is not an empty one."""
    before = values_at(value, pointer[: pointer.index(EACH)])
    if not before or not isinstance(before[0], list | dict):
        raise NotOfFormError


def _demand_entries(value: Value, pointer: Pointer) -> None:
    """Raise NotOfFormError where an entry is not of the form that is looked into: the rest would pass for all."""
    found = [value]
    for key in pointer:
        inside = [inner for outer in found for inner in (_entries(outer) if key == EACH else _entry(outer, key))]
        if key != EACH and len(inside) < len(found):
            raise NotOfFormError
        found = inside


def _from_header(argument: str, answer: Answer) -> list[Value]:
    name, _, expression = argument.partition(" ")
    value = answer.response.headers.get(name)
    return _something(value if value is None or not expression else Capture(expression).found_in(value))


def _from_cookie(argument: str, answer: Answer) -> list[Value]:
    return _something(answer.cookies.get(argument))


def _from_html(argument: str, answer: Answer) -> list[Value]:
    selector = parse_selector(argument)
    if not isinstance(selector, Selector):
        raise NotOfFormError
    return _something(select(decoded(answer.response.body[:_LARGEST_PAGE]), selector))


def _from_xml(argument: str, answer: Answer) -> list[Value]:
    root = parse_xml(answer.response.body)
    place = parse_place(argument)
    if root is None or not isinstance(place, XmlPlace):
        raise NotOfFormError
    return _something(next(texts_at(root, place), None))


def _from_expression(argument: str, answer: Answer) -> list[Value]:
    expression = Capture(argument)
    lines = decoded(answer.response.body[:_LARGEST_SEARCHED]).splitlines()
    return _something(next((value for line in lines if (value := expression.found_in(line)) is not None), None))


def _from_body(_argument: str, answer: Answer) -> list[Value]:
    return _something(decoded(answer.response.body).strip())


def _something(text: str | None) -> list[Value]:
    return [text] if text else []


def _fault_of_header(argument: str) -> Mistake | None:
    expression = argument.partition(" ")[2]
    return fault_of_capture(expression) if expression else None


def _fault_of_pointer(argument: str) -> Mistake | None:
    return (
        None
        if parse_pointer(argument) is not None
        else Mistake(_("“{text}” is no place in JSON", text=shown(argument)))
    )


def _fault_of_selector(argument: str) -> Mistake | None:
    selector = parse_selector(argument)
    return selector if isinstance(selector, Mistake) else None


def _fault_of_place(argument: str) -> Mistake | None:
    place = parse_place(argument)
    return place if isinstance(place, Mistake) else None


_FAULTS: Mapping[str, Callable[[str], Mistake | None]] = {
    "json": _fault_of_pointer,
    "header": _fault_of_header,
    "html": _fault_of_selector,
    "xml": _fault_of_place,
    "regex": fault_of_capture,
}
_READERS: Mapping[str, Callable[[str, Answer], list[Value]]] = {
    "json": _from_json,
    "header": _from_header,
    "cookie": _from_cookie,
    "html": _from_html,
    "xml": _from_xml,
    "regex": _from_expression,
    "body": _from_body,
}
