"""Every text for people with what it is in another language: of all catalogs, of recipes and of platforms."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.stale_translations import RECIPES as PATTERN
from scripts.stale_translations import tables

ROOT = Path(__file__).parents[2]
HOME_ASSISTANT = ROOT / "scripts" / "translations"
CATALOGS = sorted(ROOT.glob("handlers-*/ha_device_backup_*/translations/*.json"))
CATALOGS += sorted((ROOT / "ha_device_backup_core" / "translations").glob("*.json"))
CATALOGS += sorted((ROOT / "agent" / "ha_device_backup_agent" / "translations").glob("*.json"))
CATALOGS += sorted((ROOT / "custom_components" / "ha_device_backups" / "packages" / "translations").glob("*.json"))
SOURCES = sorted(file for file in HOME_ASSISTANT.glob("*.json") if file.stem != "strings")
RECIPES = sorted(ROOT.glob(PATTERN))


class TranslatedText(NamedTuple):
    """A text in English and in another language."""

    place: str
    language: str
    english: str
    words: str


def translated_texts() -> Iterator[TranslatedText]:
    """Return all of them."""
    for file in CATALOGS + SOURCES:
        for english, words in json.loads(file.read_bytes()).items():
            yield TranslatedText(file.parents[1].name, file.stem, english, words)
    for file in RECIPES:
        for texts in tables(tomllib.loads(file.read_text(encoding="utf-8"))):
            for language, words in texts.items():
                if language != "en":
                    yield TranslatedText(file.name, language, texts["en"], words)
