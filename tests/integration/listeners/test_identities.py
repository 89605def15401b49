"""Devices that tell no id of their own, and such that tell one late."""

from pathlib import Path

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.identity import is_assigned, new_assigned_identity
from ha_device_backup_core.records import DeviceKey, Outcome
from tests.core.example_device import ExampleDevice, running
from tests.simulators.wled.server import SimulatedWled

from .. import acme
from ..conftest import MAC, make_wled_entry
from ..flow_steps import choose, submit
from ..flows.test_config_flow import PASSWORD, acme_input, finish
from ..household import KEY, settle


def nameless() -> ExampleDevice:
    """Return a device without an id."""
    return ExampleDevice(password=PASSWORD, info={"id": None, "name": "Boiler", "version": "1"})


async def test_a_device_takes_the_id_that_it_tells(hass: HomeAssistant, wled: SimulatedWled) -> None:
    assigned = new_assigned_identity()
    entry = make_wled_entry(wled)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=entry.title,
        unique_id=f"wled:{assigned}",
        data={**entry.data, "unique_id": assigned},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    entities = er.async_get(hass)
    before = {
        entity.entity_id: entity.unique_id.removeprefix(f"wled:{assigned}")
        for entity in er.async_entries_for_config_entry(entities, entry.entry_id)
    }
    await settle(hass)

    assert (entry.unique_id, entry.data["unique_id"], entry.state) == (str(KEY), MAC, ConfigEntryState.LOADED)
    after = {
        entity.entity_id: entity.unique_id.removeprefix(f"wled:{MAC}")
        for entity in er.async_entries_for_config_entry(entities, entry.entry_id)
    }
    assert after == before != {}
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert device.identifiers == {(DOMAIN, f"wled:{MAC}")}
    manager = await async_get_manager(hass)
    assert [status.key for status in manager.statuses()] == [KEY]
    assert [backup.key for backup in await manager.stored.list_backups(KEY)] == [KEY]
    assert await manager.stored.list_backups(DeviceKey("wled", assigned)) == []
    assert all(state.state != "unavailable" for name in before if (state := hass.states.get(name)) is not None)
    assert (await manager.back_up(KEY)).outcome is Outcome.UNCHANGED


async def test_the_same_address_is_not_added_twice(hass: HomeAssistant, tmp_path: Path) -> None:
    with acme.installed(tmp_path):
        async with running(nameless()) as device:
            entry = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(device)))
            await settle(hass)
            assert is_assigned(entry.data["unique_id"])
            again = await submit(hass, await choose(hass, "acme"), **acme_input(device, option_1="78"))
            assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")
            assert entry.data["config"]["plant"] == "78"

            device.info["id"] = "acme-7"
            told = await submit(hass, await choose(hass, "acme"), **acme_input(device))
            assert (told["type"], told["reason"]) == (FlowResultType.ABORT, "already_configured")
            await settle(hass)
            assert entry.unique_id == "acme:acme-7"


async def test_one_that_was_removed_is_taken_up_again(hass: HomeAssistant, tmp_path: Path) -> None:
    with acme.installed(tmp_path):
        async with running(nameless()) as device:
            first = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(device)))
            await settle(hass)
            await hass.config_entries.async_remove(first.entry_id)
            second = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(device)))
            await settle(hass)
            assert second.unique_id == first.unique_id
            manager = await async_get_manager(hass)
            key = DeviceKey("acme", second.data["unique_id"])
            assert len(await manager.stored.list_backups(key)) == 1


async def test_the_address_of_a_device_that_moved_away_is_free(hass: HomeAssistant, tmp_path: Path) -> None:
    with acme.installed(tmp_path):
        async with running(nameless()) as device, running(nameless()) as other:
            moved = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(device)))
            await settle(hass)
            config = {**moved.data["config"], "port": other.port}
            hass.config_entries.async_update_entry(moved, data={**moved.data, "config": config})
            await settle(hass)
            new = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(device)))
            await settle(hass)
            assert new.unique_id != moved.unique_id
            again = await submit(hass, await choose(hass, "acme"), **acme_input(other))
            assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")
            broken = {**moved.data["config"], "port": "none"}
            hass.config_entries.async_update_entry(moved, data={**moved.data, "config": broken})
            free = await submit(hass, await choose(hass, "acme"), **acme_input(other))
            assert free["type"] is FlowResultType.FORM
            hass.config_entries.flow.async_abort(free["flow_id"])
            await settle(hass)
