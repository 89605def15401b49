"""Every sentence of the agent has its words in every language that it ships."""

from pathlib import Path

import ha_device_backup_agent
import ha_device_backup_core
from ha_device_backup_core.testing.translations import faults_of_translations

FOLDER = Path(ha_device_backup_agent.__file__).parent


def languages_of(package: Path) -> set[str]:
    return {file.stem for file in (package / "translations").glob("*.json")}


def test_texts_are_translated() -> None:
    core = Path(ha_device_backup_core.__file__).parent
    assert languages_of(FOLDER) == languages_of(core)
    assert faults_of_translations(FOLDER) == ()
