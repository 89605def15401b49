from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ha_device_backup_core import translator
from ha_device_backup_core.text import Message, check_text, in_language, joined, message_of, numbered, plain, shown_name

from .catalog_package import installed_catalogs


def test_words_are_what_they_are_in_every_language() -> None:
    assert (in_language("Address"), in_language("Address", "de")) == ("Address", "Address")


@pytest.mark.parametrize("wrong", [{"en": "Address", "de": "Adresse"}, None, 5])
def test_what_is_no_text(wrong: object) -> None:
    with pytest.raises(ValueError, match="a text is English or a message"):
        check_text(wrong)
    check_text("Address")
    check_text(Message("Address"))


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


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("a, b …", "a, b … is empty.", "a, b … ist leer."),
        ("a….zip", "a….zip is empty.", "a….zip ist leer."),
    ],
)
def test_a_list_that_goes_on_stays(say: Callable[..., Message], name: str, english: str, german: str) -> None:
    empty = say("{name} is empty.", name=name)
    assert (in_language(empty), in_language(empty, "de")) == (english, german)


def test_a_list_that_goes_on_ends_the_sentence(say: Callable[..., Message]) -> None:
    assert in_language(say("Not read: {names}. Try again.", names="a, b …")) == "Not read: a, b … Try again."
    assert in_language(say("Not read: {names}.", names=say("{name}", name="a, b …"))) == "Not read: a, b …"


def test_messages_are_equal_by_what_they_say(say: Callable[..., Message]) -> None:
    assert say("{name} is empty.", name="a") == Message("{name} is empty.", {"name": "a"}, "translated_package")
    assert say("{name} is empty.", name="a") != say("{name} is empty.", name="b")


def test_texts_are_numbered_and_joined_in_every_language(say: Callable[..., Message]) -> None:
    steps = numbered((say("Open it."), "Choose the {file}.", say("MQTT")))
    assert steps is not None
    assert in_language(steps) == "1. Open it.\n2. Choose the {file}.\n3. MQTT"
    assert in_language(steps, "de") == "1. Öffne sie.\n2. Choose the {file}.\n3. MQTT auf Deutsch"
    assert numbered(()) is None
    assert in_language(joined([say("Open it."), "Go."], " "), "de") == "Öffne sie. Go."


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\r", "\x7f", "\x9b", "\u202e", "\u2066", "\udcff"])
def test_characters_that_nobody_should_be_shown(character: str) -> None:
    assert plain(f"a{character}[2J") == "a\ufffd[2J"


def test_what_people_write_stays() -> None:
    text = "Küche\t日本 👩‍👧 مطبخ\nline"
    assert plain(text) == text


def test_words_by_language_are_one_message() -> None:
    message = message_of({"en": "Address", "de": "Adresse", "pt-BR": "Endereço"}, "recipe:acme_pump")
    said = {language: message.in_language(language) for language in ("en", "de", "de-CH", "pt-BR", "pt", "fr")}
    assert said == {
        "en": "Address",
        "de": "Adresse",
        "de-CH": "Adresse",
        "pt-BR": "Endereço",
        "pt": "Address",
        "fr": "Address",
    }
    assert message_of({"en": "Port"}, "recipe:acme_pump").in_language("de") == "Port"
    assert message.in_language("de") == "Adresse"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Stairs", "Stairs"),
        ("Küche ☀ <b>", "Küche ☀ <b>"),
        (" Lamp\n\tof  Ada ", "Lamp of Ada"),
        ("a\u202eb", "a\ufffdb"),
        (" \t\n", "a0b1"),
        ("x" * 100, "x" * 100),
        ("x" * 10_000, "x" * 99 + "…"),
    ],
)
def test_any_name_fits_into_a_sentence(name: str, shown: str) -> None:
    assert shown_name(name, "a0b1") == shown
