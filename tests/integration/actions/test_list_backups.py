"""What is listed, and what is verified."""

from importlib.metadata import version
from pathlib import Path

import pytest
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, add, make_snapshot, settle, store
from .calls import act, remove


async def test_list_backups(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    device_id: str,
    manager: DeviceBackupManager,
    backup_id: str,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    backup = manager.status(KEY).newest
    assert backup is not None
    assert backup.confirmed is not None
    assert await act(hass, "list_backups") == {
        "devices": [
            {
                "device_id": device_id,
                "device_key": str(KEY),
                "title": "Shelf",
                "without_device": False,
                "backups": [
                    {
                        "backup_id": backup_id,
                        "taken_at": backup.taken_at.isoformat(),
                        "confirmed": backup.confirmed.isoformat(),
                        "path": backup.path,
                        "size": backup.artifact.size,
                        "sha256": backup.artifact.sha256,
                        "whole": True,
                        "missing": [],
                        "doubts": [],
                        "remarks": [],
                        "suspect": None,
                        "trigger": "first",
                        "protected": False,
                        "last_before": None,
                        "recommended": True,
                        "undoes_restore_of": None,
                        "device_version": "0.15.5",
                        "handler": {
                            "distribution": "ha-device-backup-wled",
                            "version": version("ha-device-backup-wled"),
                        },
                        "home_assistant_backups": [made],
                    }
                ],
            }
        ]
    }


async def test_what_is_missing_is_told_in_the_language_of_the_person(
    hass: HomeAssistant, locked_wled: SimulatedWled
) -> None:
    hass.config.language = "de"
    await add(hass, locked_wled)
    backup = (await act(hass, "list_backups"))["devices"][0]["backups"][0]
    assert backup["whole"] is False
    assert [note["code"] for note in backup["missing"]] == ["file_list_unavailable"]
    assert "PIN" in backup["missing"][0]["text"]


async def test_a_removed_device_is_listed_exported_and_deleted(
    hass: HomeAssistant, device_id: str, set_up: MockConfigEntry, manager: DeviceBackupManager, backup_id: str
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5", name="Desk") as desk:
        await add(hass, desk)
        await remove(hass, set_up)
        listed = (await act(hass, "list_backups"))["devices"]
        assert [
            (item["title"], item["device_key"], item["without_device"], item["device_id"] is None) for item in listed
        ] == [
            ("Desk", "wled:c0b1c2d3e4f5", False, False),
            ("Shelf", str(KEY), True, True),
        ]
        only = (await act(hass, "list_backups", device_key=str(KEY)))["devices"]
        assert only == [listed[1]]

        exported = await act(hass, "export_backup", device_key=str(KEY))
        assert exported["backup_id"] == backup_id
        assert Path(exported["path"]).is_file()

        await act(hass, "delete_backup", device_key=str(KEY), backup_id=backup_id, even_if_needed=True)
        assert [item["title"] for item in (await act(hass, "list_backups"))["devices"] if item["backups"]] == ["Desk"]


async def test_backups_of_removed_devices_are_taken_up_again(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    await remove(hass, set_up)
    await add(hass, wled)
    listed = (await act(hass, "list_backups"))["devices"]
    assert [(item["without_device"], [backup["backup_id"] for backup in item["backups"]]) for item in listed] == [
        (False, [backup_id])
    ]


async def test_an_unknown_key_is_refused(hass: HomeAssistant, device_id: str) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "list_backups", device_key="wled:nobody")
    assert raised.value.translation_key == "unknown_device_key"


async def test_verify_finds_damage_and_takes_it_back(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, issue_registry: ir.IssueRegistry
) -> None:
    assert await act(hass, "verify") == {
        "checked": 1,
        "problems": [],
        "title": "Device backups",
        "message": "All stored backups are undamaged: 1. Every device has a good backup.",
    }

    newest = manager.status(KEY).newest
    assert newest is not None
    path = store(hass) / newest.path
    good = path.read_bytes()
    path.write_bytes(good + b"more")
    found = await act(hass, "verify", device_id=device_id)
    assert [(problem["path"], problem["kind"]) for problem in found["problems"]] == [(newest.path, "artifact_changed")]
    assert found["message"] == f"Files of stored backups that are missing or changed: 1. {newest.path}"
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "verify", response=False)
    assert raised.value.translation_key == "verify_found_damage"

    path.write_bytes(good)
    good_again = await act(hass, "verify", device_id=device_id)
    assert (good_again["problems"], good_again["message"]) == ([], "All stored backups are undamaged: 1.")
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    assert await act(hass, "verify", response=False) == {}
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is None


async def test_a_store_that_cannot_be_opened_is_told(hass: HomeAssistant, wled: SimulatedWled) -> None:
    storage = Path(hass.config.path(".storage"))
    storage.mkdir()
    (storage / DOMAIN).write_text("in the way")
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "list_backups")
    assert raised.value.translation_key == "store"
    (storage / DOMAIN).unlink()
    assert await act(hass, "list_backups") == {"devices": []}
