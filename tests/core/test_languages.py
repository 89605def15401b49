"""The languages that the packages speak, and in which of them a home is told things."""

import pytest

from ha_device_backup_core import Message, in_language

from .translated_texts import CATALOGS, SOURCES


def test_every_package_speaks_every_language() -> None:
    files = CATALOGS + SOURCES
    packages = {file.parent.parent.name for file in files}
    spoken = {name: {file.stem for file in files if file.parent.parent.name == name} for name in packages}
    assert spoken == dict.fromkeys(packages, spoken["ha_device_backup_core"])


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
