"""What a text names of Home Assistant is called there as the installed frontend calls it."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION

from tests.core.translated_texts import TranslatedText, translated_texts

pytestmark = [
    pytest.mark.skipif((MAJOR_VERSION, MINOR_VERSION) < (2026, 11), reason="it has other names"),
    pytest.mark.xdist_group("names of Home Assistant"),  # the texts are read once
]
NAMES = {
    "Add device": "ui.panel.config.integrations.integration_page.add_device",
    "Backups": "ui.panel.config.backup.caption",
    "Devices & services": "ui.panel.config.dashboard.devices.main",
    "Discovered": "ui.panel.config.integrations.discovered",
    "Reconfigure": "ui.panel.config.integrations.config_entry.reconfigure",
    "Repairs": "ui.panel.config.repairs.caption",
    "Settings": "panel.config",
    "System": "ui.panel.config.dashboard.system.main",
}
FRONTEND = Path(str(files("hass_frontend"))) / "static" / "translations"


@cache
def called(language: str) -> Mapping[str, str]:
    """Return how the general texts of the frontend and those of the settings call each."""
    found: dict[str, str] = {}
    for folder in (FRONTEND, FRONTEND / "config"):
        (file,) = (file for file in folder.glob("*.json") if re.fullmatch(rf"{language}-[0-9a-f]+", file.stem))
        texts = json.loads(file.read_bytes())
        found |= {name: texts[key] for name, key in NAMES.items() if key in texts}
    return found


@cache
def texts_for_people() -> tuple[TranslatedText, ...]:
    return tuple(translated_texts())


def is_named(name: str, english: str) -> bool:
    """Return whether a text has the name, and not the word alone."""
    before, behind = r"(?:[“*(]|→ |under |Settings, |System, )", r"(?=[”*),\].]| →| of the)"
    return re.search(rf"{before}{name}{behind}|(?<!Device ){name} → |\bSettings, {name}", english) is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_that_of_the_frontend(name: str) -> None:
    places = [text for text in texts_for_people() if is_named(name, text.english)]
    assert places
    assert [text for text in places if called(text.language)[name] not in text.words] == []


def test_the_names_are_found_in_english() -> None:
    assert dict(called("en")) == {name: name for name in NAMES}
