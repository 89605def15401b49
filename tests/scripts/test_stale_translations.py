"""What a translator still has to write is listed, wherever it stands."""

import json
import shutil
from pathlib import Path

import pytest

from scripts.stale_translations import ROOT, stale
from scripts.translations import read_json

HANDLERS = ("fritzbox", "http", "ssh", "tasmota", "wled")
PLACES = {
    "agent/app": "agent/app/translations/",
    "agent/ha_device_backup_agent": "agent/ha_device_backup_agent/translations/",
    "custom_components/ha_device_backups/packages": "custom_components/ha_device_backups/packages/translations/",
    "ha_device_backup_core": "ha_device_backup_core/translations/",
    **{f"handlers-{kind}/ha_device_backup_{kind}": "handlers-*/ha_device_backup_*/translations/" for kind in HANDLERS},
    "handlers-http/ha_device_backup_http/recipes": "handlers-http/ha_device_backup_http/recipes/",
    "handlers-ssh/ha_device_backup_ssh/platforms": "handlers-ssh/ha_device_backup_ssh/platforms/",
    "scripts/translations": "scripts/translations/",
}
"""Where sentences are, and how the page for translators calls it."""


def test_nothing_is_stale() -> None:
    assert list(stale()) == []


def test_all_of_a_new_language_is_listed_and_described() -> None:
    found = list(stale(languages=["fr"]))
    assert {place for place in PLACES for line in found if line.startswith(place)} == set(PLACES)
    page = (ROOT / "docs/translating.md").read_text()
    assert [folder for folder in PLACES.values() if f"`{folder}`" not in page] == []


def test_a_sentence_that_is_lacking_or_gone_is_listed(tmp_path: Path) -> None:
    kept = ("agent/ha_device_backup_agent", "custom_components/ha_device_backups/packages")
    for folder in (*kept, "agent/app/translations", "scripts/translations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "custom_components/ha_device_backups/catalogue.json", tmp_path / kept[1] / "..")
    for folder in (*kept, "scripts"):
        file = tmp_path / folder / "translations/de.json"
        said = json.loads(file.read_bytes())
        said["Gone."] = said.pop(next(iter(said)))
        file.write_text(json.dumps(said))
    (tmp_path / "agent/app/translations/nl.yaml").unlink()
    found = list(stale(tmp_path))
    assert len(found) == 7
    assert len([line for line in found if "“Gone.”, which nothing says" in line]) == 3
    assert "agent/app lacks translations/nl.yaml." in found


def test_a_comma_too_many_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "fr.json"
    file.write_text('{\n  "Back up": "Sauvegarder",\n}')
    with pytest.raises(SystemExit) as ended:
        read_json(file)
    assert str(ended.value).startswith(f"{file}:2: Illegal trailing comma")
    file.write_text('{\n  "Back up": "Sauvegarder"\n}')
    assert read_json(file) == {"Back up": "Sauvegarder"}
