"""Restoring, and planning it."""

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, add, change, store
from .calls import act, remove


async def test_restore_puts_a_backup_back_after_a_safety_backup(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    before = dict(wled.device.user_files)
    change(wled)
    assert dict(wled.device.user_files) != before
    answer = await act(hass, "restore", device_id=device_id, backup_id=f"backup_{backup_id}")
    assert answer["backup_id"] == backup_id
    assert answer["proven"]
    assert {name: wled.device.user_files[name] for name in before if name != "cfg.json"} == {
        name: content for name, content in before.items() if name != "cfg.json"
    }
    after, safety, _ = await manager.stored.list_backups(KEY)
    assert (after.trigger, safety.trigger) == ("after_restore", "before_restore")
    assert (answer["backup_after"], answer["safety_backup_id"]) == (after.id, safety.id)
    changed = await act(hass, "restore", device_id=device_id, backup_id=safety.id)
    assert changed["backup_id"] == safety.id, "undone"


async def test_a_backup_of_a_dead_device_is_put_on_the_one_that_replaces_it(
    hass: HomeAssistant, set_up: MockConfigEntry, wled: SimulatedWled, backup_id: str
) -> None:
    presets = wled.device.user_files["presets.json"]
    await wled.stop()
    await remove(hass, set_up)
    async with SimulatedWled(mac="e0b1c2d3e4f5", name="New") as new:
        new.device.wipe()
        entry = await add(hass, new)
        assert new.device.user_files.get("presets.json") != presets
        device = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[0]
        answer = await act(hass, "restore", device_id=device.id, device_key=str(KEY))
        assert answer["backup_id"] == backup_id
        assert answer["proven"]
        assert new.device.user_files["presets.json"] == presets


@pytest.mark.parametrize("text", ["", " ", "\n"])
@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("restore", "backup_id"),
        ("restore", "device_key"),
        ("plan_restore", "device_key"),
        ("export_backup", "backup_id"),
        ("export_backup", "device_key"),
        ("export_backup", "folder"),
        ("list_backups", "device_key"),
        ("verify", "device_key"),
    ],
)
async def test_what_is_filled_in_with_nothing_is_refused(
    hass: HomeAssistant, device_id: str, wled: SimulatedWled, action: str, field: str, text: str
) -> None:
    change(wled)
    now = dict(wled.device.user_files)
    with pytest.raises(vol.Invalid, match=field):
        await hass.services.async_call(
            DOMAIN, action, {"device_id": device_id, field: text}, blocking=True, return_response=True
        )
    assert dict(wled.device.user_files) == now


async def test_a_plan_changes_nothing(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    change(wled)
    now = dict(wled.device.user_files)
    answer = await act(hass, "plan_restore", device_id=device_id)
    assert answer["backup_id"] == backup_id
    assert {file["name"] for file in answer["files"]} >= {"cfg.json", "presets.json"}
    assert dict(wled.device.user_files) == now
    assert manager.status(KEY).count == 1


async def test_a_restore_stops_when_the_safety_backup_fails(
    hass: HomeAssistant, device_id: str, wled: SimulatedWled, backup_id: str
) -> None:
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "restore", device_id=device_id, backup_id=backup_id)
    assert raised.value.translation_key == "cannot_connect"
    await wled.start()
    assert (await act(hass, "restore", device_id=device_id, backup_id=backup_id))["proven"]


async def test_an_unknown_backup_is_refused(hass: HomeAssistant, device_id: str) -> None:
    for action in ("restore", "export_backup", "delete_backup"):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, device_id=device_id, backup_id="2020-01-01_00-00-00")
        assert raised.value.translation_key == "backup_not_found"


async def test_a_damaged_backup_is_not_restored_and_reported(
    hass: HomeAssistant,
    device_id: str,
    manager: DeviceBackupManager,
    backup_id: str,
    issue_registry: ir.IssueRegistry,
) -> None:
    newest = manager.status(KEY).newest
    assert newest is not None
    path = store(hass) / newest.path
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "restore", device_id=device_id, backup_id=backup_id)
    assert raised.value.translation_key == "store_damaged"
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    path.write_bytes(good)
    assert (await act(hass, "restore", device_id=device_id, backup_id=backup_id))["proven"]


async def test_nothing_is_restored_where_nothing_is_stored(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, backup_id: str, wled: SimulatedWled
) -> None:
    await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id, even_if_needed=True)
    for action in ("restore", "export_backup"):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, device_id=device_id)
        assert raised.value.translation_key == "backup_not_found"
    await act(hass, "back_up", all=True)
    assert (await act(hass, "restore", device_id=device_id))["proven"]
