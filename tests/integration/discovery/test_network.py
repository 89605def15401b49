"""Devices of kinds that the manifest does not know, found while Home Assistant runs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.components.zeroconf import async_get_async_instance
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_SSDP, SOURCE_ZEROCONF, ConfigFlowResult
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from zeroconf.asyncio import AsyncServiceBrowser

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.discovery import ssdp as ssdp_watch
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager import scheduler
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import DeviceKey, Trigger
from tests.core.distributions import SitePackages, handler_source
from tests.core.example_device import ExampleDevice, running, server_error

from .. import acme
from ..flow_steps import placeholders_of, start, submit, suggested, until
from ..household import settle
from ..network import HOST, MdnsNetwork, SsdpNetwork, described, mdns_network, ssdp_network, unmistakable

UDN = "uuid:lamp-1"
ACME_TYPES = {"_acme._tcp.local.", "_acmelamp._tcp.local."}
LAMP = DeviceKey("acme_lamp", "lamp-1")


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Bear with an answer that Home Assistant's zeroconf was about to send when it was closed."""
    return True


@pytest.fixture
async def network(hass: HomeAssistant) -> AsyncIterator[MdnsNetwork]:
    async with mdns_network(hass) as network:
        yield network


@pytest.fixture
async def ssdp(hass: HomeAssistant) -> AsyncIterator[SsdpNetwork]:
    async with ssdp_network(hass) as network:
        yield network


@pytest.fixture
async def lamp() -> AsyncIterator[ExampleDevice]:
    async with running(ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})) as device:
        yield device


async def set_up(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)


async def add(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)


def lamp_entry(port: int, identity: str = "lamp-1") -> MockConfigEntry:
    config = {"host": "127.0.0.1", "port": port, "password": None, "plant": None, "secure": False}
    data = {"kind": "acme_lamp", "unique_id": identity, "config": config}
    return MockConfigEntry(domain=DOMAIN, title="Lamp", unique_id=f"acme_lamp:{identity}", data=data)


async def browsed(hass: HomeAssistant) -> set[str]:
    """Return the types that Home Assistant's zeroconf looks for."""
    shared = (await async_get_async_instance(hass)).zeroconf
    browsers = [listener for listener in shared.record_manager.listeners if isinstance(listener, AsyncServiceBrowser)]
    return {service_type for browser in browsers for service_type in browser.types}


def cards(hass: HomeAssistant, *, about: str = "") -> dict[str, ConfigFlowResult]:
    """Return the cards of which the unique id has this, by unique id."""
    return {
        str(flow["context"]["unique_id"]): flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] in (SOURCE_ZEROCONF, SOURCE_SSDP)
        and about in str(flow["context"].get("unique_id") or "")
    }


# mDNS


async def test_a_device_of_another_package_has_a_card(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork
) -> None:
    name = unmistakable("acme")
    await set_up(hass)
    service = await network.says_hello(name, 80, id=name)
    await until(lambda: bool(cards(hass, about=name)))
    await settle(hass)

    ((unique_id, card),) = cards(hass, about=name).items()
    assert (unique_id, card["context"]["source"]) == (f"acme_lamp:{name}", SOURCE_ZEROCONF)
    assert card["context"]["title_placeholders"] == {"name": name}

    await network.says_goodbye(service)
    await until(lambda: not cards(hass, about=name))


async def test_what_announces_itself_before_the_start_is_found_after_it(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork
) -> None:
    name = unmistakable("acme")
    await network.says_hello(name, 80, id=name)
    await set_up(hass)

    await until(lambda: bool(cards(hass, about=name)))


async def test_a_device_that_does_not_announce_its_identity_is_asked_first(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork, lamp: ExampleDevice
) -> None:
    identity = lamp.info["id"] = unmistakable("lamp")
    lamp.faults["/info"] = server_error
    await set_up(hass)
    service = await network.says_hello(unmistakable("acme"), lamp.port)
    await until(lambda: bool(lamp.requests))
    await settle(hass)
    assert cards(hass, about=identity) == {}

    lamp.faults.clear()
    await network.says_goodbye(service)
    await network.says_hello(unmistakable("acme"), lamp.port)
    await until(lambda: bool(cards(hass, about=identity)))

    (card,) = cards(hass, about=identity).values()
    assert card["context"]["title_placeholders"] == {"name": "Lamp"}


async def test_a_device_that_only_tells_after_a_login_can_be_ignored_and_is_not_offered_twice(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork, boiler: ExampleDevice
) -> None:
    await set_up(hass)
    await add(hass, lamp_entry(80))
    ignored, name = unmistakable("acme"), unmistakable("acme")
    service = await network.says_hello(ignored, boiler.port, "_acme._tcp.local.", line="home")
    await network.says_hello(name, boiler.port, "_acme._tcp.local.", line="home")
    await until(lambda: bool(cards(hass, about=name)) and bool(cards(hass, about=ignored)))

    ((unique_id, _),) = cards(hass, about=ignored).items()
    await start(hass, SOURCE_IGNORE, {"unique_id": unique_id, "title": ignored})
    await network.says_goodbye(service)
    ((unique_id, card),) = cards(hass, about=name).items()
    assert unique_id == f"acme:announced {name}._acme._tcp.local."
    form = await hass.config_entries.flow.async_configure(card["flow_id"])
    options = await submit(
        hass,
        form,
        host="127.0.0.1",
        port=boiler.port,
        password="canary-password",
        option_1="77",
        option_3=2,
        option_6="one",
    )
    assert "Boiler" in placeholders_of(options)["summary"]
    await submit(hass, options, schedule="default")
    await settle(hass)

    await network.says_hello(ignored, 80, "_acme._tcp.local.", line="home")
    await network.says_hello(again := unmistakable("acme"), boiler.port, "_acme._tcp.local.", line="home")
    await network.says_hello(marker := unmistakable("acme"), boiler.port, id=marker)
    await until(lambda: bool(cards(hass, about=marker)))
    await settle(hass)
    assert cards(hass, about=again) == cards(hass, about=ignored) == {}


async def test_a_late_device_that_announces_itself_again_is_backed_up(
    hass: HomeAssistant,
    acme_handler: None,
    network: MdnsNetwork,
    lamp: ExampleDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scheduler, "SEEN_AGAIN_PAUSE", timedelta())
    identity = lamp.info["id"] = unmistakable("lamp")
    key = DeviceKey("acme_lamp", identity)
    lamp.faults["/info"] = server_error
    await set_up(hass)
    await add(hass, lamp_entry(lamp.port, identity))
    manager = await async_get_manager(hass)
    assert manager.status(key).count == 0

    lamp.faults.clear()
    await network.says_hello(unmistakable("acme"), lamp.port, id=identity)
    await until(lambda: manager.status(key).health is Health.OK)

    (backup,) = await manager.stored.list_backups(key)
    assert backup.trigger is Trigger.SEEN_AGAIN
    assert cards(hass, about=identity) == {}


async def test_a_removed_device_is_offered_again(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork, lamp: ExampleDevice
) -> None:
    identity = lamp.info["id"] = unmistakable("lamp")
    await set_up(hass)
    await network.says_hello(unmistakable("acme"), lamp.port, id=identity)
    await until(lambda: bool(cards(hass, about=identity)))
    (card,) = cards(hass, about=identity).values()
    form = await hass.config_entries.flow.async_configure(card["flow_id"])
    options = await submit(hass, form, host="127.0.0.1", port=lamp.port)
    result = await submit(hass, options, schedule="default")
    await settle(hass)
    assert cards(hass, about=identity) == {}

    cache = (await async_get_async_instance(hass)).zeroconf.cache
    cache.async_remove_records([record for name in cache.names() for record in cache.entries_with_name(name)])
    await hass.config_entries.async_remove(result["result"].entry_id)
    await until(lambda: bool(cards(hass, about=identity)))


async def test_packages_may_come_and_go(
    hass: HomeAssistant, tmp_path: Path, network: MdnsNetwork, ssdp: SsdpNetwork
) -> None:
    first, second, third = (unmistakable("acme") for _ in range(3))
    serial = unmistakable("lamp")
    await set_up(hass)
    manager = await async_get_manager(hass)
    await network.says_hello(first, 80, id=first)
    with acme.installed(tmp_path / "site-packages"):
        await manager.rescan()
        await until(lambda: bool(cards(hass, about=first)))
        await settle(hass)
        assert await browsed(hass) >= ACME_TYPES

    await manager.rescan()
    await settle(hass)
    assert await browsed(hass) & ACME_TYPES == set()
    await network.says_hello(second, 80, id=second)
    async with described(manufacturer="ACME", serialNumber=serial, webPort=80) as location:
        ssdp.announces(UDN, location)
        await settle(hass)
        assert cards(hass, about=second) == cards(hass, about=serial) == {}

        with acme.installed(tmp_path / "site-packages"):
            await manager.rescan()
            await network.says_hello(third, 80, id=third)
            await until(lambda: bool(cards(hass, about=second)) and bool(cards(hass, about=third)))
            await until(lambda: bool(cards(hass, about=serial)))

    assert await browsed(hass) >= ACME_TYPES
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await settle(hass)
    assert await browsed(hass) & ACME_TYPES == set()


async def test_a_wrong_type_hurts_nobody_and_names_its_package(
    hass: HomeAssistant,
    tmp_path: Path,
    acme_handler: None,
    network: MdnsNetwork,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = "discovery=(__import__('ha_device_backup_core').Zeroconf(type='_no_type'),), fields=()"
    packages = SitePackages(tmp_path / "site-packages")
    packages.install("clock-backup", handler_source("clock").replace("fields=()", wrong))
    name = unmistakable("acme")
    await set_up(hass)
    await network.says_hello(name, 80, id=name)
    await until(lambda: bool(cards(hass, about=name)))
    (warning,) = (record.getMessage() for record in caplog.records if "'_no_type'" in record.getMessage())
    assert warning.endswith("report this to the author of clock-backup")
    packages.forget()


# SSDP


async def test_a_device_is_found_by_ssdp(hass: HomeAssistant, acme_handler: None, ssdp: SsdpNetwork) -> None:
    await set_up(hass)
    async with (
        described(manufacturer="ACME", serialNumber="lamp-1", webPort=8080, friendlyName="Bulb") as location,
        described(manufacturer="Other", serialNumber="lamp-2") as other,
    ):
        ssdp.answers_search("uuid:lamp-2", other)
        ssdp.answers_search(UDN, location)
        ssdp.announces(UDN, location)
        await settle(hass)

        ((unique_id, card),) = cards(hass).items()
        assert (unique_id, card["context"]["source"]) == ("acme_lamp:lamp-1", SOURCE_SSDP)
        assert card["context"]["title_placeholders"] == {"name": "Bulb"}
        ssdp.says_goodbye(UDN, location)
        await settle(hass)
        assert cards(hass) == {}
        ssdp.announces(UDN, location)
        await settle(hass)
        (card,) = cards(hass).values()
        form = await hass.config_entries.flow.async_configure(card["flow_id"])
        assert suggested(form) | {"option_2": None} == {
            "host": HOST,
            "port": 8080,
            "password": None,
            "option_1": None,
            "option_2": None,
        }


async def test_what_ssdp_heard_before_the_start_is_found_after_it_unless_it_is_ignored(
    hass: HomeAssistant, acme_handler: None, ssdp: SsdpNetwork
) -> None:
    await start(hass, SOURCE_IGNORE, {"unique_id": "acme_lamp:lamp-2", "title": "Lamp"})
    async with (
        described(manufacturer="ACME", serialNumber="lamp-1") as location,
        described(manufacturer="ACME", serialNumber="lamp-2") as ignored,
    ):
        ssdp.answers_search(UDN, location)
        ssdp.announces("uuid:lamp-2", ignored)
        await set_up(hass)

        assert list(cards(hass)) == ["acme_lamp:lamp-1"]


async def test_found_both_ways_is_one_card(
    hass: HomeAssistant, acme_handler: None, network: MdnsNetwork, ssdp: SsdpNetwork
) -> None:
    identity = unmistakable("lamp")
    await set_up(hass)
    await network.says_hello(unmistakable("acme"), 80, id=identity)
    await until(lambda: bool(cards(hass, about=identity)))
    async with described(manufacturer="ACME", serialNumber=identity) as location:
        ssdp.announces(UDN, location)
        await settle(hass)

        (card,) = cards(hass, about=identity).values()
    assert card["context"]["source"] == SOURCE_ZEROCONF


async def test_a_device_that_answers_every_search_is_asked_again_only_after_a_while(
    hass: HomeAssistant,
    acme_handler: None,
    ssdp: SsdpNetwork,
    lamp: ExampleDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lamp.faults["/info"] = server_error
    await set_up(hass)
    async with described(manufacturer="ACME", webPort=lamp.port) as location:
        for _ in range(3):
            ssdp.answers_search(UDN, location)
            await settle(hass)
        asked = len(lamp.requests)
        assert (asked, cards(hass)) == (1, {})

        lamp.faults.clear()
        monkeypatch.setattr(ssdp_watch, "PAUSE_SECONDS", 0.0)
        ssdp.answers_search(UDN, location)
        await settle(hass)
        assert list(cards(hass)) == ["acme_lamp:lamp-1"]


async def test_a_late_device_that_ssdp_hears_is_backed_up_and_offered_again_once_removed(
    hass: HomeAssistant,
    acme_handler: None,
    ssdp: SsdpNetwork,
    lamp: ExampleDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scheduler, "SEEN_AGAIN_PAUSE", timedelta())
    await set_up(hass)
    async with described(manufacturer="ACME", webPort=lamp.port) as location:
        ssdp.announces(UDN, location)
        await settle(hass)
        (card,) = cards(hass).values()
        form = await hass.config_entries.flow.async_configure(card["flow_id"])
        options = await submit(hass, form, host=HOST, port=lamp.port)
        result = await submit(hass, options, schedule="default")
        await settle(hass)
        manager = await async_get_manager(hass)
        assert manager.status(LAMP).count == 1
        lamp.config = b'{"name": "kitchen", "uptime": 2, "changed": true}'
        lamp.faults["/config"] = server_error
        await manager.back_up(LAMP)

        lamp.faults.clear()
        ssdp.answers_search(UDN, location)
        await until(lambda: manager.status(LAMP).count == 2)
        await settle(hass)
        assert (await manager.stored.list_backups(LAMP))[0].trigger is Trigger.SEEN_AGAIN

        await hass.config_entries.async_remove(result["result"].entry_id)
        await settle(hass)
        assert list(cards(hass)) == ["acme_lamp:lamp-1"]
