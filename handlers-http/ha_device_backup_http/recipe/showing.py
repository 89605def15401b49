"""The files of a backup as texts for people, with what the recipe calls secret hidden; pure."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase

from ha_device_backup_core import hidden
from ha_device_backup_core.toolkit import canonical, names_a_password, readable

from ..decoding import text_of
from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..gzip_files import Budget, TooMuchError, gunzip
from ..json_files import read_json
from ..pointers import Pointer
from .comparing import inner_rules
from .members import members_in
from .recipe import Places, Recipe
from .sources import EACH
from .templates import Value
from .xml_places import elements_at, local_name, parse_xml

_LARGEST = 4 * 1024 * 1024
_DEEPEST = 4
_LONGEST_KEY = 200


def shown(recipe: Recipe, files: Mapping[str, bytes]) -> dict[str, str]:
    """Return each text that the recipe says what is secret of; members are named with a ! before them."""
    budget = Budget(unpacked=4 * _LARGEST)
    texts: dict[str, str] = {}
    for name, content in files.items():
        rules = [rule for rule in recipe.secrets if fnmatchcase(name, rule.file)]
        with suppress(TooMuchError):
            texts |= _shown(name, content, rules, budget)
    return texts


def _shown(
    name: str, content: bytes, rules: Sequence[Places], budget: Budget, depth: int = 0
) -> Iterator[tuple[str, str]]:
    own = [rule for rule in rules if not rule.members]
    if own and (inner := gunzip(content, budget)) is not None:
        content = inner
    if own and len(content) <= _LARGEST and (text := _text(content, own)) is not None:
        yield name, text
    if len(own) == len(rules) or depth == _DEEPEST:
        return
    for member, inner in members_in(content, budget) or ():
        yield from _shown(f"{name}!{member}", inner, inner_rules(rules, member), budget, depth + 1)


def _text(content: bytes, rules: Sequence[Places]) -> str | None:
    """Return the text with its secrets hidden; None for what is none, or where they cannot be found."""
    value = read_json(content)
    if isinstance(value, dict | list):
        value = _without_passwords(value)
        for rule in rules:
            for pointer in rule.json:
                value = _hide(value, pointer)
        return readable(canonical(value))
    if any(rule.json for rule in rules):
        return None
    if any(rule.xml for rule in rules):
        content_without = _xml(content, rules)
        if content_without is None:
            return None
        content = content_without
    if (text := text_of(content)) is None:
        return None
    is_laid_out = parse_xml(content) is not None
    return _lines(text, [line for rule in rules for line in rule.lines], has_settings=not is_laid_out)


def _without_passwords(value: Value) -> Value:
    """Return the value without what its own names call a password: a place in a recipe may be mistyped."""
    if isinstance(value, dict):
        return {name: _without_password(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_passwords(inner) for inner in value]
    return value


def _without_password(name: str, value: Value) -> Value:
    if value and isinstance(value, str) and names_a_password(name):
        return hidden(value)
    return _without_passwords(value)


def _hide(value: Value, pointer: Pointer) -> Value:
    if not pointer:
        return hidden(value)
    key, rest = pointer[0], pointer[1:]
    if isinstance(value, dict):
        return {name: _hide(inner, rest) if key in {name, EACH} else inner for name, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner, rest) if key in {str(number), EACH} else inner for number, inner in enumerate(value)]
    return value


def _xml(content: bytes, rules: Sequence[Places]) -> bytes | None:
    root = parse_xml(content)
    if root is None:
        return None
    _hide_passwords(root)
    for rule in rules:
        for place in rule.xml:
            for _, element in elements_at(root, place):
                if place.attribute:
                    if place.attribute in element.attrib:
                        element.set(place.attribute, hidden(element.get(place.attribute)))
                else:
                    secret = ET.tostring(element)
                    for inner in list(element):
                        element.remove(inner)
                    element.text = hidden(secret)
    content_shown: bytes = ET.tostring(root, encoding="utf-8")
    return content_shown


def _hide_passwords(root: ET.Element) -> None:
    for element in root.iter():
        if element.text and element.text.strip() and names_a_password(local_name(element)):
            element.text = hidden(element.text)
        for name in filter(names_a_password, element.attrib):
            element.set(name, hidden(element.get(name)))


def _lines(text: str, patterns: Sequence[str], *, has_settings: bool) -> str | None:
    """Hide lines; where they are settings of their own, those that name a password as well."""
    expressions = [Expression(pattern) for pattern in patterns]
    try:
        return "\n".join(
            _hidden_line(line)
            if (has_settings and _assigns_password(line))
            or any(expression.found_in(line.removesuffix("\r")) for expression in expressions)
            else line
            for line in text.split("\n")
        )
    except ExpressionError:
        return None


def _assigns_password(line: str) -> bool:
    start = _start_of(line)
    return len(start) <= _LONGEST_KEY and names_a_password(start) and bool(line[len(start) :].strip())


def _start_of(line: str) -> str:
    """Return a line up to what assigns something, nothing of a line without."""
    ends = [at for sign in "=:" if (at := line.find(sign)) >= 0]
    return line[: min(ends) + 1] if ends else ""


def _hidden_line(line: str) -> str:
    """Return a line with its key alone."""
    kept = _start_of(line)
    return f"{kept} {hidden(line[len(kept) :])}" if kept else hidden(line)
