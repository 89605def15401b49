"""What happens around firmware updates."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, ServiceCall, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.coordinator import DeviceChange, async_coordinator
from custom_components.ha_device_backups.listeners.device_registry import identifier_of
from custom_components.ha_device_backups.listeners.firmware_updates import FirmwareWatch
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.manager.events import JobResult, ManagerEvent
from ha_device_backup_core.records import Trigger
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..household import KEY, add, change, days_later, later, settle

UPDATE = "update.shelf_firmware"


@pytest.fixture
def update_entity(hass: HomeAssistant) -> str:
    """Register the update entity of another integration that has the same controller."""
    return register_update(hass, ":".join(MAC[at : at + 2] for at in range(0, 12, 2)))


def register_update(hass: HomeAssistant, mac: str) -> str:
    entry = MockConfigEntry(domain="wled")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, connections={(dr.CONNECTION_NETWORK_MAC, mac)}, name="Shelf"
    )
    er.async_get(hass).async_get_or_create(
        "update", "wled", mac, config_entry=entry, device_id=device.id, suggested_object_id="shelf_firmware"
    )
    return UPDATE


async def show(hass: HomeAssistant, state: str, installed: str | None = "0.15.5", *, in_progress: bool = False) -> None:
    hass.states.async_set(UPDATE, state, {"installed_version": installed, "in_progress": in_progress})
    await settle(hass)


@pytest.fixture
def results(manager: DeviceBackupManager, update_entity: str) -> Iterator[list[JobResult]]:
    """Return what the manager tells from now on."""
    told: list[JobResult] = []

    def take(event: ManagerEvent) -> None:
        if isinstance(event, JobResult):
            told.append(event)

    stop = manager.subscribe(take)
    yield told
    stop()


async def test_a_device_with_an_old_backup_is_backed_up_when_an_update_turns_up(
    hass: HomeAssistant, results: list[JobResult]
) -> None:
    await show(hass, "off")
    with days_later(2):
        await show(hass, "on")
    assert [result.trigger for result in results] == [Trigger.BEFORE_UPDATE]
    with days_later(2):
        await show(hass, "on", "0.15.5", in_progress=False)
    assert len(results) == 1


async def test_a_fresh_backup_is_good_enough(hass: HomeAssistant, results: list[JobResult]) -> None:
    await show(hass, "on")
    assert results == []


async def test_a_version_that_was_known_before_the_device_counts_too(
    hass: HomeAssistant, update_entity: str, wled: SimulatedWled
) -> None:
    await show(hass, "on", "0.15.5")
    await add(hass, wled)
    await show(hass, "off", "16.0.0")
    last = hass.states.get("event.shelf_backup")
    assert last is not None
    assert last.attributes["trigger"] == "after_update"


async def test_a_version_counts_too_that_was_known_before_the_registry_knew_the_device(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, update_entity: str
) -> None:
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(identifier_of(set_up), set_up.entry_id)
    assert device is not None
    registry.async_update_device(device.id, new_connections=set())
    await show(hass, "on", "0.15.5")
    watch = FirmwareWatch(hass, manager)
    watch.handle(DeviceChange(key=KEY, shown=async_coordinator(hass).of(KEY)))
    registry.async_update_device(device.id, new_connections={(dr.CONNECTION_NETWORK_MAC, MAC)})
    state = State(UPDATE, "off", {"installed_version": "16.0.0"})
    watch.follow_update(
        Event(EVENT_STATE_CHANGED, {"entity_id": UPDATE, "old_state": hass.states.get(UPDATE), "new_state": state})
    )
    await settle(hass)
    last = hass.states.get("event.shelf_backup")
    assert last is not None
    assert last.attributes["trigger"] == "after_update"


async def test_nothing_is_asked_while_the_firmware_is_installed_and_a_backup_is_made_after(
    hass: HomeAssistant, results: list[JobResult], manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    before = manager.status(KEY).newest
    assert before is not None
    await show(hass, "on")
    hass.states.async_set(UPDATE, "on", {"installed_version": "0.15.5", "in_progress": True})
    await hass.async_block_till_done()
    wled.requests.clear()
    job = hass.async_create_background_task(manager.back_up(KEY), "person")
    hass.states.async_set(UPDATE, "unavailable", {})
    await hass.async_block_till_done()
    assert wled.requests == []
    assert not job.done()

    wled.device.firmware = type(wled.device.firmware)(version="16.0.0", chip=wled.device.firmware.chip)
    change(wled)
    await show(hass, "off", "16.0.0")
    assert (await job).error is None
    backups = await manager.stored.list_backups(KEY)
    assert [(backup.device.version, backup.last_before) for backup in backups] == [
        ("16.0.0", None),
        ("0.15.5", "16.0.0"),
    ]
    assert before.id == backups[1].id
    assert Trigger.AFTER_UPDATE in [result.trigger for result in results]


async def test_an_installation_whose_end_is_missed_does_not_hold_the_device_for_ever(
    hass: HomeAssistant, results: list[JobResult], manager: DeviceBackupManager
) -> None:
    hass.states.async_set(UPDATE, "on", {"installed_version": "0.15.5", "in_progress": True})
    await hass.async_block_till_done()
    job = hass.async_create_background_task(manager.back_up(KEY), "person")
    await hass.async_block_till_done()
    assert not job.done()
    await later(hass, timedelta(minutes=31))
    assert (await job).error is None


async def test_an_update_entity_that_is_removed_holds_nothing(
    hass: HomeAssistant, results: list[JobResult], manager: DeviceBackupManager
) -> None:
    hass.states.async_set(UPDATE, "on", {"installed_version": "0.15.5", "in_progress": True})
    await hass.async_block_till_done()
    hass.states.async_remove(UPDATE)
    await settle(hass)
    assert (await manager.back_up(KEY)).error is None


async def test_other_firmware_is_noticed_without_an_update_entity(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    wled.device.firmware = type(wled.device.firmware)(version="16.0.0", chip=wled.device.firmware.chip)
    change(wled)
    await manager.back_up(KEY)
    await settle(hass)
    assert [(backup.device.version, backup.last_before) for backup in await manager.stored.list_backups(KEY)] == [
        ("16.0.0", None),
        ("0.15.5", "16.0.0"),
    ]


@pytest.mark.parametrize("known", ["no entity", "no device", "another device", "no longer in care"])
async def test_updates_of_other_devices_are_nothing_to_us(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, known: str
) -> None:
    if known == "no device":
        er.async_get(hass).async_get_or_create("update", "wled", "x", suggested_object_id="shelf_firmware")
    elif known == "another device":
        register_update(hass, "00:11:22:33:44:55")
    elif known == "no longer in care":
        register_update(hass, "a0:b1:c2:d3:e4:f5")
        assert await hass.config_entries.async_unload(set_up.entry_id)
    with days_later(2):
        await show(hass, "on")
        await show(hass, "on", "16.0.0")
    backups = await manager.stored.list_backups(KEY)
    assert [(backup.trigger, backup.last_before) for backup in backups] == [(Trigger.FIRST, None)]
    for return_response in (False, True):
        with pytest.raises(ServiceValidationError) as raised:
            await hass.services.async_call(
                DOMAIN,
                "update_with_backup",
                {"entity_id": UPDATE},
                blocking=True,
                return_response=return_response,
            )
        assert raised.value.translation_key == "no_device_of_update"


async def test_update_with_backup_backs_up_then_installs(
    hass: HomeAssistant, results: list[JobResult], wled: SimulatedWled
) -> None:
    installs: list[ServiceCall] = async_mock_service(hass, "update", "install")
    await hass.services.async_call(
        DOMAIN, "update_with_backup", {"entity_id": UPDATE, "version": "16.0.0"}, blocking=True
    )
    assert [result.trigger for result in results] == [Trigger.BEFORE_UPDATE]
    assert [call.data for call in installs] == [{"entity_id": UPDATE, "version": "16.0.0"}]


async def test_update_with_backup_stops_when_the_backup_fails(
    hass: HomeAssistant, results: list[JobResult], wled: SimulatedWled
) -> None:
    installs: list[ServiceCall] = async_mock_service(hass, "update", "install")
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "update_with_backup", {"entity_id": UPDATE}, blocking=True)
    assert raised.value.translation_key == "backup_before_update_failed"
    answer = await hass.services.async_call(
        DOMAIN, "update_with_backup", {"entity_id": UPDATE}, blocking=True, return_response=True
    )
    assert answer == {
        "installed": False,
        "message": "Nothing was installed, because Shelf could not be backed up first. The device cannot be reached."
        " Is it switched on, and is its address right? The port may be wrong, too: nothing answers there.",
    }
    assert installs == []

    await wled.start()
    answer = await hass.services.async_call(
        DOMAIN, "update_with_backup", {"entity_id": UPDATE}, blocking=True, return_response=True
    )
    assert answer is not None
    assert (answer["installed"], answer["outcome"]) == (True, "unchanged")
    assert [call.data for call in installs] == [{"entity_id": UPDATE}]
