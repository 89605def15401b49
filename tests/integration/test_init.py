"""Entries: set-up, reload, removal, and the service entry that comes by itself."""

import asyncio
from pathlib import Path

import pytest
from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN, OPTION_SCHEDULE_ENABLED
from custom_components.ha_device_backups.entries import device_entries, device_entry, service_entry
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore
from tests.simulators.wled.server import SimulatedWled

from .conftest import MAC
from .flow_steps import start, state_of, waits_for_handler

KEY = DeviceKey("wled", MAC)


async def set_up_all(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_service_entry_comes_by_itself_and_only_once(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    service = service_entry(hass)
    assert service is not None
    assert (service.source, service.title, dict(service.data)) == (SOURCE_SYSTEM, "Device Backups", {})
    assert state_of(service) is ConfigEntryState.LOADED
    assert (await start(hass, SOURCE_SYSTEM))["reason"] == "already_configured"


async def test_the_service_entry_comes_again_while_there_are_devices(
    hass: HomeAssistant, set_up: MockConfigEntry
) -> None:
    service = service_entry(hass)
    assert service is not None
    await hass.config_entries.async_remove(service.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    again = service_entry(hass)
    assert again is not None
    assert again.entry_id != service.entry_id
    assert state_of(set_up) is ConfigEntryState.LOADED

    await hass.config_entries.async_remove(set_up.entry_id)
    await hass.config_entries.async_remove(again.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_a_device_that_is_off_is_set_up(
    hass: HomeAssistant, wled: SimulatedWled, wled_entry: MockConfigEntry
) -> None:
    await wled.stop()
    wled_entry.add_to_hass(hass)
    await set_up_all(hass)
    assert state_of(wled_entry) is ConfigEntryState.LOADED
    manager = await async_get_manager(hass)
    assert manager.status(KEY).count == 0

    await wled.start()
    assert (await manager.back_up(KEY)).error is None
    assert manager.status(KEY).health is Health.OK


async def test_a_missing_handler_is_a_repair_until_a_reload_finds_it(
    hass: HomeAssistant, wled_entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await async_get_manager(hass)

    async def none_found() -> HandlerRegistry:
        manager.handlers.registry = HandlerRegistry()
        return manager.registry

    await none_found()
    with monkeypatch.context() as patch:
        patch.setattr(manager, "rescan", none_found)
        wled_entry.add_to_hass(hass)
        await set_up_all(hass)
    assert waits_for_handler(wled_entry)
    issue = (DOMAIN, f"handler_missing_{wled_entry.entry_id}")
    assert issue in ir.async_get(hass).issues

    assert await hass.config_entries.async_reload(wled_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(wled_entry) is ConfigEntryState.LOADED
    assert issue not in ir.async_get(hass).issues


async def test_a_handler_that_is_missing_during_the_start_is_found_once_it_has_started(
    hass: HomeAssistant, wled_entry: MockConfigEntry
) -> None:
    manager = await async_get_manager(hass)
    manager.handlers.registry = HandlerRegistry()
    wled_entry.add_to_hass(hass)
    hass.set_state(CoreState.not_running)
    await set_up_all(hass)
    assert waits_for_handler(wled_entry)

    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(wled_entry) is ConfigEntryState.LOADED


async def test_the_repair_goes_with_the_entry(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="toaster:1",
        title="Toaster",
        data={"kind": "toaster", "unique_id": "1", "config": {}},
    )
    entry.add_to_hass(hass)
    await set_up_all(hass)
    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN] == [
        (DOMAIN, f"handler_missing_{entry.entry_id}")
    ]

    await hass.config_entries.async_remove(entry.entry_id)

    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN] == []


async def test_a_locked_store_is_tried_again(hass: HomeAssistant, wled_entry: MockConfigEntry) -> None:
    folder = Path(hass.config.path(".storage"))
    await asyncio.to_thread(folder.mkdir)
    other = BackupStore(folder / DOMAIN)
    await other.open(write=True)
    try:
        wled_entry.add_to_hass(hass)
        await set_up_all(hass)
        assert state_of(wled_entry) is ConfigEntryState.SETUP_RETRY
        assert wled_entry.error_reason_translation_key == "store_locked"
    finally:
        await other.close()

    await hass.config_entries.async_reload(wled_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(wled_entry) is ConfigEntryState.LOADED


async def test_a_store_that_cannot_be_read_is_tried_again(
    hass: HomeAssistant, wled_entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("The disk does not answer.")

    manager = await async_get_manager(hass)
    wled_entry.add_to_hass(hass)
    with monkeypatch.context() as patch:
        patch.setattr(manager, "add_device", fail)
        await set_up_all(hass)
    assert state_of(wled_entry) is ConfigEntryState.SETUP_RETRY

    await hass.config_entries.async_reload(wled_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(wled_entry) is ConfigEntryState.LOADED


async def test_nothing_is_shown_of_a_store_that_cannot_be_read(
    hass: HomeAssistant, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown() -> set[bool]:
        entities = er.async_entries_for_config_entry(er.async_get(hass), set_up.entry_id)
        states = [hass.states.get(one.entity_id) for one in entities]
        return {state.state != STATE_UNAVAILABLE for state in states if state is not None}

    async def fail(*_: object) -> None:
        raise StoreError("The disk does not answer.")

    assert shown() == {True}
    manager = await async_get_manager(hass)
    with monkeypatch.context() as patch:
        patch.setattr(manager, "add_device", fail)
        await hass.config_entries.async_reload(set_up.entry_id)
    assert shown() == {False}

    await hass.config_entries.async_reload(set_up.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown() == {True}


async def test_the_backups_stay_when_the_entry_goes(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    manager = await async_get_manager(hass)
    (backup,) = await manager.stored.list_backups(KEY)

    await hass.config_entries.async_remove(set_up.entry_id)

    assert [record.key for record in await manager.stored.without_device()] == [KEY]
    assert await manager.stored.list_backups(KEY) == [backup]


async def test_an_entry_is_unloaded_and_loaded_again_without_a_new_backup(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    asked = len(wled.requests)

    assert await hass.config_entries.async_unload(set_up.entry_id)
    assert await hass.config_entries.async_setup(set_up.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(set_up) is ConfigEntryState.LOADED
    assert len(wled.requests) == asked


async def test_options_and_titles_reach_the_manager_without_a_reload(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    manager = await async_get_manager(hass)
    assert manager.status(KEY).next_run is not None
    asked = len(wled.requests)

    hass.config_entries.async_update_entry(set_up, title="Kitchen", options={OPTION_SCHEDULE_ENABLED: False})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (manager.status(KEY).title, manager.status(KEY).next_run) == ("Kitchen", None)
    assert len(wled.requests) == asked


async def test_the_service_entry_is_not_made_twice(hass: HomeAssistant, wled_entry: MockConfigEntry) -> None:
    service = MockConfigEntry(domain=DOMAIN, unique_id="service", title="Device Backups")
    service.add_to_hass(hass)
    wled_entry.add_to_hass(hass)
    await set_up_all(hass)

    assert service_entry(hass) is service
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def test_an_entry_that_cannot_be_unloaded_goes_on(
    hass: HomeAssistant, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(hass.config_entries, "async_unload_platforms", refuse)
        assert not await hass.config_entries.async_unload(set_up.entry_id)
    assert (await async_get_manager(hass)).status(KEY).health is Health.OK


async def test_the_service_entry_can_go_while_the_store_is_locked(hass: HomeAssistant) -> None:
    folder = Path(hass.config.path(".storage"))
    await asyncio.to_thread(folder.mkdir)
    other = BackupStore(folder / DOMAIN)
    await other.open(write=True)
    service = MockConfigEntry(domain=DOMAIN, unique_id="service", title="Device Backups")
    service.add_to_hass(hass)
    await set_up_all(hass)
    assert state_of(service) is ConfigEntryState.SETUP_RETRY

    await hass.config_entries.async_remove(service.entry_id)
    await other.close()

    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_entries_are_found_by_what_they_are(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    await start(hass, "ignore", {"unique_id": "wled:ffffffffffff", "title": "Ignored"})

    assert device_entries(hass) == [set_up]
    assert device_entry(hass, KEY) is set_up
    assert device_entry(hass, DeviceKey("wled", "ffffffffffff")) is None
    assert device_entry(hass, DeviceKey("wled", "unknown")) is None
