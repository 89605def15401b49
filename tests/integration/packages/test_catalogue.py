"""What people are offered is there, in this version, and brings what it says."""

import json
import tomllib
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages.catalogue import (
    FILE,
    async_catalogue,
    kinds_for_anything,
    not_installed,
    read_catalogue,
)
from ha_device_backup_core.text import in_language

from ..languages import LANGUAGES

ROOT = Path(__file__).parents[3]


def projects() -> dict[str, dict[str, Any]]:
    """Return the descriptions of the handler packages of this repository, by name."""
    found = [tomllib.loads(path.read_text())["project"] for path in ROOT.glob("handlers-*/pyproject.toml")]
    return {project["name"]: project for project in found}


def test_every_package_is_as_it_says() -> None:
    known = projects()
    for entry in read_catalogue():
        project = known[entry.package.name]
        assert entry.package.version == project["version"]
        assert not entry.kind or entry.kind in entry.kinds
        folder = entry.link.removeprefix("https://github.com/ha-device-backups/ha-device-backups/tree/main/")
        assert (ROOT / folder / "README.md").is_file()


def test_the_catalogue_speaks_every_language() -> None:
    texts = {in_language(text) for entry in read_catalogue() for text in (entry.name, entry.backs_up)}
    files = {path.stem: json.loads(path.read_text()) for path in (FILE.parent / "packages" / "translations").iterdir()}
    assert {language: set(file) for language, file in files.items()} == dict.fromkeys(set(LANGUAGES) - {"en"}, texts)
    assert {in_language(entry.name, "de") for entry in read_catalogue()} == {
        "Alles mit einer URL",
        "Geräte mit SSH",
        "Tasmota",
    }


async def test_what_is_there_is_not_offered(hass: HomeAssistant) -> None:
    catalogue = await async_catalogue(hass)
    first, *others = [entry.package.name for entry in catalogue]

    assert [entry.package.name for entry in not_installed(catalogue, [first, "something-else"])] == others


async def test_a_kind_has_one_name_before_and_after_its_package_is_installed(hass: HomeAssistant) -> None:
    handlers = (await async_get_manager(hass)).registry.handlers
    entries = [entry for entry in read_catalogue() if entry.kind]
    assert {entry.kind for entry in entries} == {"http", "tasmota"}
    for entry in entries:
        for language in LANGUAGES:
            texts = (entry.name, entry.kinds[entry.kind].name, handlers[entry.kind].spec.name)
            assert len({in_language(text, language) for text in texts}) == 1


def test_what_is_for_anything_stands_last() -> None:
    assert [entry.kind for entry in read_catalogue()] == ["", "tasmota", "http"]
    assert kinds_for_anything(read_catalogue()) == {"http"}
