"""A device that was added without an id and is found with one is a known device."""

import socket

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_IMPORT, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import CONF_DEVICE_CONFIG, DOMAIN
from custom_components.ha_device_backups.discovery.found_devices import async_offers, possible_offers
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.identity import is_assigned, new_assigned_identity
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC, make_wled_entry
from ..flow_steps import choose, start, submit
from ..household import KEY, settle
from .cards import announce, announced, cards, known_wled


@pytest.fixture(autouse=True)
def _name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name lead to this machine."""

    async def resolve(resolver: AsyncResolver, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    monkeypatch.setattr(AsyncResolver, "resolve", resolve)


async def without_id(hass: HomeAssistant, wled: SimulatedWled, **config: object) -> ConfigEntry:
    """Set up the entry of a controller that told no id when it was added, and does not answer at present."""
    assigned = new_assigned_identity()
    made = make_wled_entry(wled, **config)
    entry = MockConfigEntry(
        domain=DOMAIN, title="Shelf", unique_id=f"wled:{assigned}", data={**made.data, "unique_id": assigned}
    )
    await wled.stop()
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    await wled.start()
    assert is_assigned(entry.data["unique_id"])
    return entry


@pytest.mark.parametrize("host", ["127.0.0.1", "shelf.lan"])
async def test_it_is_announced(hass: HomeAssistant, wled: SimulatedWled, host: str) -> None:
    """By its address, or by what it tells at the name that somebody entered."""
    entry = await without_id(hass, wled, host=host)
    result = await announce(hass, announced(wled.port))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    await settle(hass)
    assert (cards(hass), entry.unique_id, entry.data["unique_id"]) == ([], str(KEY), MAC)
    manager = await async_get_manager(hass)
    assert [(backup.key, backup.trigger) for backup in await manager.stored.list_backups()] == [(KEY, "manual")]


async def test_it_is_announced_before_it_can_be_asked(hass: HomeAssistant, wled: SimulatedWled) -> None:
    entry = await without_id(hass, wled)
    wled.faults.drop = 1000
    result = await announce(hass, announced(wled.port))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert (cards(hass), is_assigned(entry.data["unique_id"])) == ([], True)


async def test_one_at_another_address_is_a_new_one(hass: HomeAssistant, wled: SimulatedWled) -> None:
    await without_id(hass, wled)
    async with SimulatedWled(name="Other", mac="c0b1c2d3e4f5") as other:
        result = await announce(hass, announced(other.port, "c0b1c2d3e4f5"))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "fields")


async def test_it_is_added_by_hand(hass: HomeAssistant, wled: SimulatedWled) -> None:
    entry = await without_id(hass, wled, host="shelf.lan")
    result = await submit(hass, await choose(hass, "wled"), host=wled.host, port=float(wled.port))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    await settle(hass)
    assert (entry.unique_id, entry.data[CONF_DEVICE_CONFIG]["host"]) == (str(KEY), wled.host)


async def test_another_integration_has_it(hass: HomeAssistant, wled: SimulatedWled) -> None:
    entry = await without_id(hass, wled, host="192.0.2.7", port=80)
    known_wled(hass)
    manager = await async_get_manager(hass)
    registered = manager.registry.get("wled")
    assert await async_offers(hass, manager, registered) == []
    assert possible_offers(hass, registered) == 0
    data = {"kind": "wled", "unique_id": MAC, "config": {"host": "192.0.2.7"}, "title": "Shelf"}
    result = await start(hass, SOURCE_IMPORT, data)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DEVICE_CONFIG: {"host": "192.0.2.8"}})
    assert [str(offer.key) for offer in await async_offers(hass, manager, registered)] == [str(KEY)]
    assert possible_offers(hass, registered) == 1


async def test_that_a_person_ignored_it_is_no_longer_wanted(hass: HomeAssistant, wled: SimulatedWled) -> None:
    """Until now it was offered as new, and whoever did not want it twice ignored it."""
    entry = await without_id(hass, wled)
    await start(hass, SOURCE_IGNORE, {"unique_id": str(KEY), "title": "Shelf"})
    manager = await async_get_manager(hass)
    (known,) = manager.keys()
    await manager.back_up(known)
    await settle(hass)
    assert entry.unique_id == str(KEY)
    assert [other.source for other in hass.config_entries.async_entries(DOMAIN) if other.unique_id == str(KEY)] == [
        "user"
    ]
