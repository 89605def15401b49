"""Quotation marks are those of each language, in every text for people."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .translated_texts import CATALOGS, RECIPES, ROOT, translated_texts

PAGES = sorted((ROOT / "custom_components" / "ha_device_backups" / "translations").glob("*.json"))
MARKS = re.compile(r"[„“”‟\"«»‚‘‹›]")
DATA = re.compile(r'\{[^}]*\}|="[^"]*"')
"""What a person has to send just so."""
OF_LANGUAGES = {"en": re.compile("(?:“”)*"), "de": re.compile("(?:„“)*"), "nl": re.compile("(?:“”)*")}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def wrongly_quoted(language: str, found: Iterator[str]) -> list[str]:
    """Return the texts whose marks do not open and close as they do in the language, where that is known."""
    marks = OF_LANGUAGES.get(language.partition("-")[0], re.compile(".*"))
    return [text for text in found if not marks.fullmatch("".join(MARKS.findall(text)))]


@pytest.mark.parametrize("file", CATALOGS + PAGES, ids=lambda file: "/".join(file.parts[-3:]))
def test_texts_are_quoted_as_in_their_language(file: Path) -> None:
    content = json.loads(file.read_bytes())
    assert wrongly_quoted(file.stem, texts(content)) == []
    if file in CATALOGS:
        assert wrongly_quoted("en", iter(content)) == []


def test_recipes_are_quoted_as_in_their_language() -> None:
    texts = [text for text in translated_texts() if text.place in {file.name for file in RECIPES}]
    assert wrongly_quoted("en", (DATA.sub("", text.english) for text in texts)) == []
    for language in {text.language for text in texts}:
        said = (DATA.sub("", text.words) for text in texts if text.language == language)
        assert wrongly_quoted(language, said) == []


def test_every_package_is_looked_at() -> None:
    assert {file.parent.parent.name for file in CATALOGS + PAGES} == {
        *("ha_device_backup_agent", "ha_device_backup_core", "ha_device_backups", "packages"),
        *(f"ha_device_backup_{kind}" for kind in ("wled", "fritzbox", "tasmota", "http", "ssh")),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[("de", "“Jetzt sichern“"), ("de", "„Jetzt sichern”"), ("de", '"Jetzt"')],
        *[("en", "„Back up“"), ("en", '"Back up"'), ("nl", "„Back-up maken”")],
    ],
)
def test_what_is_wrong_is_found(language: str, text: str) -> None:
    assert wrongly_quoted(language, iter([text])) == [text]
