"""The list of backups."""

from dataclasses import replace
from datetime import timedelta

from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.forms.backup_list import LISTED_BACKUPS, backup_schema
from custom_components.ha_device_backups.translation import loaded_phrases
from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.suspicion import Suspicion

from ..household import KEY


async def test_the_recommended_one_is_listed_however_old(hass: HomeAssistant, manager: BackupManager) -> None:
    good = manager.status(KEY).recommended
    assert good is not None
    bad = [
        replace(good, id=str(age), taken_at=good.taken_at + timedelta(days=age), suspicion=Suspicion.FEWER_FILES)
        for age in range(LISTED_BACKUPS + 5, 0, -1)
    ]
    ((field, selector),) = backup_schema([*bad, good], loaded_phrases(hass)).schema.items()
    listed = [option["value"] for option in selector.config["options"]]
    assert (field.default(), len(listed), listed[-1]) == (good.id, LISTED_BACKUPS + 1, good.id)
    ((field, selector),) = backup_schema(bad, loaded_phrases(hass)).schema.items()
    assert (field.default(), len(selector.config["options"])) == (bad[0].id, LISTED_BACKUPS)
