"""How a restore ended, in words."""

from dataclasses import replace

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.ha_device_backups.translation import async_load_language
from custom_components.ha_device_backups.wording.restore_report import restore_message
from ha_device_backup_core.errors import CannotConnectError, RestoreRejectedError
from ha_device_backup_core.manager import DeviceBackupManager, JobResult, RestoreResult
from ha_device_backup_core.records import Outcome, Trigger
from ha_device_backup_core.restore_records import RestoreReport

from ..household import KEY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "The backup of {:%Y-%m-%d %H:%M} is back on the device.\n\n"
                "Read back and equal:\n\n- cfg.json\n\nNot proven:\n\n- wsec.json\n\n"
                "Left for you to do:\n\n- a\n- b\n\n"
                "The state after it could not be backed up: "
                "The device cannot be reached. Is it switched on, and is its address right?"
            ),
        ),
        (
            "de",
            (
                "Das Backup vom {:%d.%m.%Y um %H:%M Uhr} ist zurück auf dem Gerät.\n\n"
                "Zurückgelesen und gleich:\n\n- cfg.json\n\nNicht nachgewiesen:\n\n- wsec.json\n\n"
                "Für dich zu tun bleibt:\n\n- a\n- b\n\n"
                "Der Stand danach konnte nicht gesichert werden: "
                "Das Gerät ist nicht erreichbar. Ist es eingeschaltet, und stimmt die Adresse?"
            ),
        ),
    ],
)
async def test_all_there_is_to_say(hass: HomeAssistant, manager: DeviceBackupManager, language: str, text: str) -> None:
    hass.config.language = language
    await async_load_language(hass, language)
    backup = manager.status(KEY).newest
    assert backup is not None
    after = JobResult(
        key=KEY, title="Shelf", outcome=Outcome.FAILED, trigger=Trigger.AFTER_RESTORE, error=CannotConnectError()
    )
    report = RestoreReport(proven=("cfg.json",), unproven=("wsec.json",), needs=("a", "b"))
    result = RestoreResult(key=KEY, title="Shelf", backup=backup, report=report, after=after)
    assert restore_message(hass, result) == text.format(dt_util.as_local(backup.taken_at))
    failed = replace(result, report=None, after=None, error=RestoreRejectedError("Too new."))
    assert restore_message(hass, failed).endswith(" Too new.")
