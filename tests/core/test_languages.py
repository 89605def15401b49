"""The languages that the packages speak, and in which of them a home is told things."""

import ast

import pytest

from ha_device_backup_core import Message, in_language

from .translated_texts import CATALOGS, ROOT, SOURCES

CODE = ("ha_device_backup_core", "custom_components", "agent/ha_device_backup_agent", "handlers-*/ha_device_backup_*")


def test_every_package_speaks_every_language() -> None:
    files = CATALOGS + SOURCES
    packages = {file.parent.parent.name for file in files}
    spoken = {name: {file.stem for file in files if file.parent.parent.name == name} for name in packages}
    assert spoken == dict.fromkeys(packages, spoken["ha_device_backup_core"])


def test_no_code_knows_a_language() -> None:
    """A table by language, a pair, or a question for one would leave out who adds another by a file."""
    languages = {file.stem for file in SOURCES}
    files = [file for pattern in CODE for folder in ROOT.glob(pattern) for file in folder.rglob("*.py")]
    known = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Constant) and node.value in languages
    ]
    assert len(files) > 400
    assert known == []


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
