"""Whether every sentence of a package can be translated and stands in each of its files, with the same gaps."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ha_device_backup_core.catalogs import FOLDER
from ha_device_backup_core.text import GAP

from .plain_sentences import plain_sentences

MARK = "_"
"""How what `translator` returns is called."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One use of the translator."""

    place: str
    english: str
    """Empty where the sentence does not stand there itself."""
    fills: frozenset[str] | None
    """The gaps that are filled there; None where only the program knows."""


@cache
def faults_of_translations(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with the sentences of a package, each with its place."""
    sentences = [sentence for file in sorted(folder.rglob("*.py")) for sentence in _sentences(file, folder)]
    english = dict.fromkeys(sentence.english for sentence in sentences if sentence.english)
    faults = [fault for sentence in sentences for fault in _faults_of(sentence)]
    files = sorted((folder / FOLDER).glob("*.json")) if sentences else []
    if files:
        faults += plain_sentences(folder)
    for file in files:
        faults += _faults_of_file(file, english)
    return tuple(faults)


def _sentences(file: Path, folder: Path) -> Iterator[Sentence]:
    source = file.read_text(encoding="utf-8")
    if "translator" not in source and f"import {MARK}" not in source and f", {MARK}" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == MARK:
            first = node.args[0] if len(node.args) == 1 else None
            words = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            names = [keyword.arg for keyword in node.keywords]
            fills = None if None in names else frozenset(name for name in names if name)
            yield Sentence(f"{file.relative_to(folder)}:{node.lineno}", words, fills)


def _faults_of(sentence: Sentence) -> Iterator[str]:
    if not sentence.english:
        yield f"{sentence.place}: {MARK}() needs its sentence right there, as one text."
        return
    gaps = frozenset(GAP.findall(sentence.english))
    if sentence.fills is not None and sentence.fills != gaps:
        yield f"{sentence.place}: the gaps {_listed(gaps)} are filled by {_listed(sentence.fills)}."


def _faults_of_file(file: Path, english: Mapping[str, None]) -> Iterator[str]:
    name = f"{FOLDER}/{file.name}"
    try:
        words = json.loads(file.read_bytes())
    except ValueError:
        words = None
    if not isinstance(words, dict):
        yield f"{name} is no JSON object of English sentences to those of the language."
        return
    for sentence in english:
        translated = words.get(sentence)
        if not isinstance(translated, str) or not translated.strip():
            yield f"{name} lacks “{sentence}”."
        elif set(GAP.findall(translated)) != set(GAP.findall(sentence)):
            yield f"{name}: “{translated}” has other gaps than “{sentence}”."
    for sentence in words.keys() - english.keys():
        yield f"{name} translates “{sentence}”, which nothing says."


def _listed(gaps: frozenset[str]) -> str:
    return ", ".join(sorted(gaps)) or "nothing"
