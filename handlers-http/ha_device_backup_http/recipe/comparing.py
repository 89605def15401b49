"""The files of a backup as they are compared: without what the recipe says changes by itself; pure."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from ha_device_backup_core.toolkit import canonical

from ..decoding import text_of
from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..gzip_files import Budget, TooMuchError, gunzip
from ..json_files import read_json
from ..laid_out import LaidOutFiles
from ..pointers import Pointer, without
from ..tar_files import TarMember, write_tar
from .members import members_in
from .recipe import Places, Recipe
from .sources import EACH
from .templates import Value
from .xml_places import XmlPlace, elements_at, parse_xml

_LARGEST_UNPACKED = 48 * 1024 * 1024
_LARGEST_SEARCHED = 8 * 1024 * 1024
_DEEPEST = 4


def compared(recipe: Recipe, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that count, as they count."""
    budget = Budget(unpacked=_LARGEST_UNPACKED)
    patterns = [file.pattern for file in recipe.files if not file.is_compared]
    found = {}
    for name in sorted(files):
        rules = [rule for rule in recipe.compare if fnmatchcase(name, rule.file)]
        is_skipped = any(rule.skip and not rule.members for rule in rules)
        if not is_skipped and not any(fnmatchcase(name, pattern) for pattern in patterns):
            found[name] = _counting(files[name], rules, budget)
    return found


def _counting(content: bytes, rules: Sequence[Places], budget: Budget, depth: int = 0) -> bytes:
    if depth < _DEEPEST:
        try:
            if (inner := gunzip(content, budget)) is not None:
                return _counting(inner, rules, budget, depth + 1)
            if (members := members_in(content, budget)) is not None:
                return _archive(list(members), rules, budget, depth)
        except TooMuchError:
            return content
    return _plain(content, [rule for rule in rules if not rule.members])


def _archive(members: Sequence[tuple[str, bytes]], rules: Sequence[Places], budget: Budget, depth: int) -> bytes:
    kept = []
    for name, content in members:
        inner = inner_rules(rules, name)
        if not any(rule.skip and not rule.members for rule in inner):
            counting = _counting(content, inner, budget, depth + 1)
            kept.append(TarMember(name.encode("utf-8", "surrogateescape"), b"0", 0o600, b"", counting))
    return write_tar(kept)


def inner_rules(rules: Sequence[Places], member: str) -> list[Places]:
    """Return the rules for a member of an archive."""
    return [
        replace(rule, members=rule.members[1:])
        for rule in rules
        if rule.members and fnmatchcase(member, rule.members[0])
    ]


def _plain(content: bytes, rules: Sequence[Places]) -> bytes:
    if laid_out := [Expression(line) for rule in rules for line in rule.laid_out]:
        left_out = [pointer for rule in rules for pointer in rule.json]
        content = LaidOutFiles(left_out, laid_out, len(content)).plain(content)
    value = read_json(content)
    if isinstance(value, dict | list):
        value = without(value, [pointer for rule in rules for pointer in rule.json])
        for pointer in (pointer for rule in rules for pointer in rule.unordered):
            value = _in_order(value, pointer)
        return canonical(value)
    if places := [place for rule in rules for place in rule.xml]:
        content = _without_elements(content, places)
    if expressions := [Expression(line) for rule in rules for line in rule.lines]:
        content = _without_lines(content, expressions)
    return content


def _in_order(value: Value, pointer: Pointer) -> Value:
    """Return the value with the lists at a place sorted."""
    if not pointer:
        return sorted(value, key=canonical) if isinstance(value, list) else value
    key, rest = pointer[0], pointer[1:]
    if isinstance(value, dict):
        return {name: _in_order(inner, rest) if key in {name, EACH} else inner for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_order(inner, rest) if key in {str(at), EACH} else inner for at, inner in enumerate(value)]
    return value


def _without_elements(content: bytes, places: Sequence[XmlPlace]) -> bytes:
    root = parse_xml(content)
    if root is None:
        return content
    for place in places:
        for parent, element in list(elements_at(root, place)):
            if place.attribute:
                element.attrib.pop(place.attribute, None)
            elif parent is not None and element in list(parent):
                parent.remove(element)
    for element in root.iter():
        # Blanks between elements are laid out by whoever wrote it.
        element.text = element.text if (element.text or "").strip() else None
        element.tail = element.tail if (element.tail or "").strip() else None
    return ET.tostring(root)


def _without_lines(content: bytes, expressions: Sequence[Expression]) -> bytes:
    text = text_of(content) if len(content) <= _LARGEST_SEARCHED else None
    if text is None:
        return content
    try:
        kept = [
            line
            for line in text.split("\n")
            if not any(expression.found_in(line.removesuffix("\r")) for expression in expressions)
        ]
    except ExpressionError:
        return content
    return "\n".join(kept).encode("utf-8", "surrogatepass")
