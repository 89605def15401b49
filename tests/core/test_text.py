import pytest

from ha_device_backup_core.text import Text, check_text, in_language, numbered, plain

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


def test_steps_are_numbered_in_every_language_that_one_of_them_has() -> None:
    assert numbered(({"en": "Open the page.", "de": "Öffne die Seite."}, "Choose the file.")) == {
        "de": "1. Öffne die Seite.\n2. Choose the file.",
        "en": "1. Open the page.\n2. Choose the file.",
    }
    assert numbered(()) is None


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\r", "\x7f", "\x9b", "\u202e", "\u2066", "\udcff"])
def test_characters_that_nobody_should_be_shown(character: str) -> None:
    assert plain(f"a{character}[2J") == "a\ufffd[2J"


def test_what_people_write_stays() -> None:
    text = "Küche\t日本 👩‍👧 مطبخ\nline"
    assert plain(text) == text
