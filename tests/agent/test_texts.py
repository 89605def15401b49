"""Every sentence of the agent has its words in every language that it ships."""

from pathlib import Path

import ha_device_backup_agent
from ha_device_backup_core.testing.translations import faults_of_translations

FOLDER = Path(ha_device_backup_agent.__file__).parent


def test_texts_are_translated() -> None:
    assert {file.stem for file in (FOLDER / "translations").glob("*.json")} == {"de", "nl"}
    assert faults_of_translations(FOLDER) == ()
