"""Answers that only tell of an error, though their status says that all is well; pure."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence

from . import error_words as words
from .decoding import text_of
from .error_lines import begins_as_a_crash, is_error_line, is_error_prose, is_query, is_sentence, named_values
from .json_files import read_json
from .xml_files import is_xml

_LARGEST = 64 * 1024
"""Bytes of an answer that tells of an error; stack traces are the long ones."""
_GUARD = re.compile(r"\)\]\}',?|(?:while ?\(1\)|for ?\(;;\));|[\w.$]{1,60}\((?=\s*\{.*\}\s*\);?\s*\Z)", re.DOTALL)
"""What stands before JSON so that no other page can use it, or so that one can."""
_LONGEST_NAME = 200
_AFTER_CALL = re.compile(r"\);?\s*\Z")


def is_only_an_error(content: bytes) -> bool:
    """Return whether JSON, XML or a short text says that something went wrong, and nothing else."""
    if len(content) > _LARGEST:
        return False
    value = read_json(content)
    if isinstance(value, dict | list):
        return _is_error(value)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and is_xml(content):
        return _is_error(_as_value(content))
    text = text_of(content)
    return text is not None and _is_text_of_an_error(text.strip())


def is_only_a_status(content: bytes) -> bool:
    """Return whether JSON or XML says how a request ended, well or not, and nothing else."""
    if len(content) > _LARGEST:
        return False
    value = read_json(content)
    if value is None and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and is_xml(content):
        value = _as_value(content)
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(inner, dict) and _is_status(inner) for inner in items)


def single_line(content: bytes) -> str | None:
    """Return the only line of a text, None for what is none or has more of them."""
    if len(content) > _LARGEST:
        return None
    text = text_of(content)
    lines = [] if text is None else text.strip().splitlines()
    return lines[0] if len(lines) == 1 else None


def _is_text_of_an_error(text: str) -> bool:
    if guard := _GUARD.match(text):
        return _is_error(read_json(_AFTER_CALL.sub("", text[guard.end() :]).encode("utf-8", "replace")))
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and not is_query(lines[0]):
        return is_error_line(lines[0]) or begins_as_a_crash(text)
    if begins_as_a_crash(text):
        return True
    values = _values_of_lines(lines)
    return is_error_prose(lines) if values is None else _is_error(values)


def _values_of_lines(lines: Sequence[str]) -> list[object] | None:
    """Return what a few lines say by name, or what each of them says as JSON; None for others."""
    if lines and all(line.lstrip().startswith("{") for line in lines):
        values = [read_json(line.encode("utf-8", "replace")) for line in lines]
        return values if all(isinstance(value, dict) for value in values) else None
    found = named_values(lines)
    return None if found is None else [{key: value} for key, value in found]


def _is_error(value: object) -> bool:
    """Return whether a value tells of an error, and nothing else."""
    if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        return all(" " in line and is_sentence(line) and is_error_line(line) for line in value)
    return isinstance(value, dict | list) and _Judgement().is_error(value)


class _Judgement:
    """Looks whether all there is belongs to the telling of an error."""

    def __init__(self) -> None:
        self._signs = 0

    def is_error(self, value: object) -> bool:
        """Return whether there is a sign of an error, and nothing but what goes with one."""
        return self._belongs("", value) and self._signs > 0

    def _belongs(self, key: str, value: object) -> bool:
        if words.ERROR.fullmatch(key):
            self._signs += _says_something(value)
            return True
        match value:
            case dict():
                return all(self._belongs(_plain(inner), found) for inner, found in value.items())
            case list():
                return all(self._belongs(key, inner) for inner in value if key or isinstance(inner, dict)) and (
                    bool(key) or all(isinstance(inner, dict) for inner in value)
                )
        return self._goes_along(key, value)

    def _goes_along(self, key: str, value: object) -> bool:
        """Return whether a plain value may come along with an error; what could be a configuration may not."""
        is_sign = (
            (key in words.MESSAGES and _says_something(value))
            or (key in words.WARNINGS and isinstance(value, str) and " " in value)
            or (words.DEMANDS.fullmatch(key) is not None and _says_something(value))
            or (key in words.SUCCESSES and str(value).lower() in words.NO)
            or (key in words.STATES and (value is False or words.BAD_STATES.fullmatch(str(value)) is not None))
            or (key in words.REDIRECTS and words.TO_A_LOGIN.fullmatch(str(value)) is not None)
            or (key in words.SESSIONS and words.NO_SESSION.fullmatch(str(value)) is not None)
        )
        self._signs += is_sign
        is_known = key in words.MESSAGES | words.SUCCESSES | words.STATES | words.ENVELOPE
        return is_sign or (is_known and not (key in words.PAYLOAD and _says_something(value)))


def _is_status(value: Mapping[object, object]) -> bool:
    """Return whether there is a status, and only what comes along with one."""
    names = [(_plain(key), inner) for key, inner in value.items()]
    has_status = False
    for name, inner in names:
        if isinstance(inner, dict):
            if name not in words.ENVELOPE | words.STATES or not _is_status(inner):
                return False
            has_status = True
        elif name in words.SUCCESSES | words.STATES or words.ERROR.fullmatch(name):
            if not (inner is None or words.STATUS.fullmatch(str(inner))):
                return False
            has_status = True
        elif not (
            (name in words.BESIDE_A_STATUS and isinstance(inner, str | int | float | None))
            or (name in words.PAYLOAD and not _says_something(inner))
        ):
            return False
    return has_status


def _says_something(value: object) -> bool:
    return value not in (None, 0, "", "0", "0.0", "none", "null", [], {})


def _plain(key: object) -> str:
    """Return a name without capitals, accents and marks, and without what OData puts before its own."""
    text = unicodedata.normalize("NFKD", str(key)[:_LONGEST_NAME]).casefold()
    return re.sub(r"[^a-z]", "", text).removeprefix("odata")


def _as_value(content: bytes) -> object:
    """Return the elements and attributes of well-formed XML as JSON has them."""
    try:
        root = ET.fromstring(content)  # noqa: S314 - is_xml refused what declares entities
    except (ET.ParseError, LookupError, ValueError):
        return None
    return {_local(root.tag): _inside(root, 0)}


def _inside(element: ET.Element, depth: int) -> object:
    parts = list(_parts(element, depth)) if depth < 20 else [("unknown", "deep")]
    text = (element.text or "").strip()
    if not parts:
        return text
    found: dict[str, object] = {}
    for number, (key, value) in enumerate([*parts, *([("message", text)] if text else [])]):
        found[key if key not in found else f"{key}{number}"] = value
    return found


def _parts(element: ET.Element, depth: int) -> Iterator[tuple[str, object]]:
    yield from ((_local(name), value) for name, value in element.attrib.items())
    yield from ((_local(child.tag), _inside(child, depth + 1)) for child in element)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
