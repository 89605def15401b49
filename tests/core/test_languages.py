"""The languages that the packages speak, and in which of them a home is told things."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core import Message, in_language

from .translated_texts import CATALOGS, ROOT, SOURCES

CODE = ("ha_device_backup_core", "custom_components", "agent/ha_device_backup_agent", "handlers-*/ha_device_backup_*")
TWO_WORDS = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
"""What names, addresses and examples in a gap do not have."""


def test_every_package_speaks_every_language() -> None:
    files = CATALOGS + SOURCES
    packages = {file.parent.parent.name for file in files}
    spoken = {name: {file.stem for file in files if file.parent.parent.name == name} for name in packages}
    assert spoken == dict.fromkeys(packages, spoken["ha_device_backup_core"])


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    """Return everything in the code of all packages, with its file."""
    for path in (path for pattern in CODE for folder in ROOT.glob(pattern) for path in folder.rglob("*.py")):
        file = path.relative_to(ROOT)
        for node in ast.walk(ast.parse(path.read_bytes())):
            yield file, node


def test_no_code_knows_a_language() -> None:
    """A table by language, a pair, or a question for one would leave out who adds another by a file."""
    languages = {file.stem for file in SOURCES}
    texts = [(file, node) for file, node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert len({file for file, _ in texts}) > 400
    assert [f"{file}:{node.lineno}" for file, node in texts if node.value in languages] == []


def test_no_gap_is_filled_with_english() -> None:
    """A sentence in another language would have words in its middle that nobody translates."""
    filled = [
        (file, text)
        for file, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        for keyword in node.keywords
        if keyword.arg != "command"
        for text in ast.walk(keyword.value)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
    assert filled
    assert [f"{file}:{text.lineno}" for file, text in filled if TWO_WORDS.search(str(text.value))] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "It is of Hall, not of Kitchen."),
        ("de", "Sie ist von Hall, nicht von Kitchen."),
        ("nl", "Het is van Hall, niet van Kitchen."),
        ("nl-BE", "Het is van Hall, niet van Kitchen."),
        ("la", "It is of Hall, not of Kitchen."),
    ],
)
def test_a_home_is_told_in_its_language(language: str, words: str) -> None:
    said = Message("It is of {other}, not of {name}.", {"other": "Hall", "name": "Kitchen"}, "ha_device_backup_core")
    assert in_language(said, language) == words
