from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ha_device_backup_core import translator
from ha_device_backup_core.text import Message, Text, check_text, in_language, joined, numbered, plain

from .catalog_package import installed_catalogs

BOTH = {"en": "Address", "de": "Adresse"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Address", "de", "Address"),
        (BOTH, "de", "Adresse"),
        (BOTH, "de-CH", "Adresse"),
        (BOTH | {"de-CH": "Adrässe"}, "de-CH", "Adrässe"),
        (BOTH, "fr", "Address"),
        (BOTH, "en", "Address"),
    ],
)
def test_language(text: Text, language: str, expected: str) -> None:
    assert in_language(text, language) == expected


def test_english_is_the_default() -> None:
    assert in_language(BOTH) == "Address"


def test_text_without_english() -> None:
    with pytest.raises(ValueError, match="needs English"):
        check_text({"de": "Adresse"})
    check_text(BOTH)
    check_text("Address")


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Message]]:
    """Return what makes the messages of a package with files in three languages."""
    catalogs: dict[str, object] = {
        "de.json": {"{name} is empty.": "{name} ist leer.", "MQTT": "MQTT auf Deutsch", "Open it.": "Öffne sie."},
        "de-CH.json": {"Open it.": "Mach sie auf."},
        "fr.json": {"{name} is empty.": "Il n'y a rien dans {name}, {unknown}."},
    }
    with installed_catalogs("translated_package", catalogs, tmp_path, monkeypatch):
        yield translator("translated_package")


def test_a_message_speaks_every_language_of_its_package(say: Callable[..., Message]) -> None:
    empty = say("{name} is empty.", name="cfg.json")
    assert {language: in_language(empty, language) for language in ("en", "de", "de-AT", "fr", "nl", "")} == {
        "en": "cfg.json is empty.",
        "de": "cfg.json ist leer.",
        "de-AT": "cfg.json ist leer.",
        "fr": "Il n'y a rien dans cfg.json, {unknown}.",
        "nl": "cfg.json is empty.",
        "": "cfg.json is empty.",
    }
    assert in_language(say("Open it."), "de-CH") == "Mach sie auf."
    assert str(empty) == "cfg.json is empty."


def test_what_fills_a_gap_is_shown_as_it_is(say: Callable[..., Message]) -> None:
    assert (
        in_language(say("{name} is empty.", name="{name} {0.__class__} %s"), "de")
        == "{name} {0.__class__} %s ist leer."
    )
    assert in_language(say("{name} is empty.", name=say("MQTT")), "de") == "MQTT auf Deutsch ist leer."
    assert in_language(say("{size} of {limit}.", size=1, limit=2.5), "de") == "1 of 2.5."


def test_messages_are_equal_by_what_they_say(say: Callable[..., Message]) -> None:
    assert say("{name} is empty.", name="a") == Message("{name} is empty.", {"name": "a"}, "translated_package")
    assert say("{name} is empty.", name="a") != say("{name} is empty.", name="b")


def test_texts_are_numbered_and_joined_in_every_language(say: Callable[..., Message]) -> None:
    steps = numbered((say("Open it."), "Choose the {file}.", BOTH))
    assert steps is not None
    assert in_language(steps) == "1. Open it.\n2. Choose the {file}.\n3. Address"
    assert in_language(steps, "de") == "1. Öffne sie.\n2. Choose the {file}.\n3. Address"
    assert numbered(()) is None
    assert in_language(joined([say("Open it."), "Go."], " "), "de") == "Öffne sie. Go."


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\r", "\x7f", "\x9b", "\u202e", "\u2066", "\udcff"])
def test_characters_that_nobody_should_be_shown(character: str) -> None:
    assert plain(f"a{character}[2J") == "a\ufffd[2J"


def test_what_people_write_stays() -> None:
    text = "Küche\t日本 👩‍👧 مطبخ\nline"
    assert plain(text) == text
