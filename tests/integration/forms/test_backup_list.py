"""The list of backups."""

from dataclasses import replace
from datetime import timedelta

from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.forms.backup_list import LISTED_BACKUPS, backup_schema
from custom_components.ha_device_backups.issues.device_issues import placeholders
from custom_components.ha_device_backups.translation import loaded_phrases
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.suspicion import Suspicion

from ..household import KEY


async def test_the_one_that_is_offered_is_listed_however_old(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    good = manager.status(KEY).recommended
    assert good is not None
    bad = [
        replace(good, id=str(age), taken_at=good.taken_at + timedelta(days=age), suspicion=Suspicion.FEWER_FILES)
        for age in range(LISTED_BACKUPS + 5, 0, -1)
    ]
    ((field, selector),) = backup_schema([*bad, good], good, loaded_phrases(hass)).schema.items()
    listed = [option["value"] for option in selector.config["options"]]
    assert (field.default(), len(listed), listed[-1]) == (good.id, LISTED_BACKUPS + 1, good.id)
    ((field, selector),) = backup_schema(bad, None, loaded_phrases(hass)).schema.items()
    assert (field.default(), len(selector.config["options"])) == (bad[0].id, LISTED_BACKUPS)


async def test_two_of_the_same_minute_are_told_apart(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    first = manager.status(KEY).recommended
    assert first is not None
    at = first.taken_at.replace(second=5)
    times = [at + timedelta(hours=1), at + timedelta(seconds=30), at]
    backups = [replace(first, id=str(time), taken_at=time) for time in times]
    ((_, selector),) = backup_schema(backups, backups[0], loaded_phrases(hass)).schema.items()
    shown = [option["label"].partition(" · ")[0] for option in selector.config["options"]]
    assert [label.count(":") for label in shown] == [1, 2, 2]
    assert len(set(shown)) == 3
    status = replace(manager.status(KEY), latest=backups[1], recommended=backups[2])
    told = placeholders(hass, status, loaded_phrases(hass), "en")
    assert (told["date"].endswith(":35"), told["recommended"].endswith(":05")) == (True, True)
