"""Quotation marks are those of each language, in every text for people."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGS = sorted(ROOT.glob("handlers-*/ha_device_backup_*/translations/*.json"))
CATALOGS += sorted((ROOT / "ha_device_backup_core" / "translations").glob("*.json"))
CATALOGS += sorted((ROOT / "agent" / "ha_device_backup_agent" / "translations").glob("*.json"))
CATALOGS += sorted((ROOT / "custom_components" / "ha_device_backups" / "packages" / "translations").glob("*.json"))
PAGES = sorted((ROOT / "custom_components" / "ha_device_backups" / "translations").glob("*.json"))
MARKS = re.compile(r"[„“”‟\"«»‚‘‹›]")
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
