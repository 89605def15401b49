"""Devices that announce themselves."""

import socket
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_ZEROCONF, ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager import scheduler
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import DeviceKey, Trigger
from tests.core.example_device import ExampleDevice, running, server_error
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC, make_wled_entry
from ..flow_steps import placeholders_of, start, submit, suggested, until
from .cards import announce, announced, cards, ours

KEY = DeviceKey("wled", MAC)
PASSWORD = "canary-password"


async def test_an_announced_controller_has_a_card(hass: HomeAssistant, wled: SimulatedWled) -> None:
    form = await announce(hass, announced(wled.port))
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "fields")
    assert placeholders_of(form)["name"] == "Shelf"
    (card,) = cards(hass)
    assert card["context"]["unique_id"] == f"wled:{MAC}"
    assert card["context"]["title_placeholders"] == {"name": "Shelf"}
    assert suggested(form) == {"host": "127.0.0.1", "port": wled.port, "option_1": None}
    assert (await announce(hass, announced(wled.port)))["reason"] == "already_in_progress"

    options = await submit(hass, form, host=wled.host, port=wled.port)
    await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)

    assert ours(hass) == {f"wled:{MAC}": SOURCE_ZEROCONF}


async def test_a_device_that_no_handler_knows_is_left_alone(hass: HomeAssistant, acme_handler: None) -> None:
    for info in (
        announced(80, service="_toaster._tcp.local."),
        announced(80, service="_acme._tcp.local.", name="other-1", line="home"),
        announced(80, service="_acme._tcp.local.", name="acme-1", line="industry"),
    ):
        assert (await announce(hass, info))["reason"] == "no_handler_for_device"


async def test_a_device_that_only_tells_after_a_login_has_a_card_too(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    info = announced(80, None, service="_acme._tcp.local.", name="ACME-1", line="HomeLine")
    form = await announce(hass, info)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "fields")

    options = await submit(
        hass, form, host="127.0.0.1", port=boiler.port, password=PASSWORD, option_1="77", option_3=2, option_6="one"
    )
    await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)

    assert ours(hass) == {"acme:boiler-7": SOURCE_ZEROCONF}


async def test_a_device_that_does_not_announce_its_identity_is_asked(hass: HomeAssistant, acme_handler: None) -> None:
    lamp = ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})
    async with running(lamp):
        info = announced(lamp.port, None, service="_acmelamp._tcp.local.", name="acme-x")
        lamp.faults["/info"] = server_error
        assert (await announce(hass, info))["reason"] == "unexpected_response"

        lamp.faults.clear()
        await announce(hass, info)

    (card,) = cards(hass)
    assert card["context"]["unique_id"] == "acme_lamp:lamp-1"
    assert card["context"]["title_placeholders"] == {"name": "Lamp"}


async def test_a_late_device_that_is_back_is_backed_up(
    hass: HomeAssistant, wled: SimulatedWled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "SEEN_AGAIN_PAUSE", timedelta())
    await wled.stop()
    make_wled_entry(wled).add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    manager = await async_get_manager(hass)
    assert manager.status(KEY).count == 0

    await wled.start()
    assert (await announce(hass, announced(wled.port)))["reason"] == "already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)

    await until(lambda: manager.status(KEY).health is Health.OK)
    (backup,) = await manager.stored.list_backups(KEY)
    assert backup.trigger is Trigger.SEEN_AGAIN


async def test_a_device_that_moved_is_followed(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    async with SimulatedWled(mac=MAC) as moved:
        assert (await announce(hass, announced(moved.port)))["reason"] == "already_configured"

    assert set_up.data["config"] == {"host": "127.0.0.1", "port": moved.port, "pin": None}


async def test_only_the_device_itself_is_followed(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5") as another:
        await announce(hass, announced(another.port))
    await announce(hass, announced(1))

    assert set_up.data["config"]["port"] == wled.port


async def test_a_name_that_works_is_not_replaced_by_an_address(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(resolver: AsyncResolver, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    monkeypatch.setattr(AsyncResolver, "resolve", resolve)
    named = {"host": "shelf.lan", "port": wled.port, "pin": None}
    hass.config_entries.async_update_entry(set_up, data={**set_up.data, "config": named})
    await hass.async_block_till_done(wait_background_tasks=True)
    await announce(hass, announced(wled.port))
    assert set_up.data["config"]["host"] == "shelf.lan"

    await hass.config_entries.async_unload(set_up.entry_id)
    await announce(hass, announced(wled.port))
    assert set_up.data["config"]["host"] == "shelf.lan"

    hass.config_entries.async_update_entry(set_up, data={**set_up.data, "config": {**named, "port": 1}})
    await hass.config_entries.async_setup(set_up.entry_id)
    await (await async_get_manager(hass)).back_up(KEY)
    await announce(hass, announced(wled.port))
    assert set_up.data["config"]["host"] == "127.0.0.1"


async def test_an_ignored_device_stays_ignored(hass: HomeAssistant, wled: SimulatedWled) -> None:
    await start(hass, SOURCE_IGNORE, {"unique_id": f"wled:{MAC}", "title": "Shelf"})

    assert (await announce(hass, announced(wled.port)))["reason"] == "already_configured"
    assert cards(hass) == []


async def test_no_secret_is_sent_to_an_announced_address(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    config = {"host": "127.0.0.1", "port": 1, "password": PASSWORD, "plant": None, "secure": False}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Lamp",
        unique_id="acme_lamp:boiler-7",
        data={"kind": "acme_lamp", "unique_id": "boiler-7", "config": config},
        disabled_by=ConfigEntryDisabler.USER,
    )
    entry.add_to_hass(hass)
    sent: list[str] = []

    async def listen(request: web.Request) -> web.StreamResponse:
        sent.append(request.headers["X-Password"])
        return web.Response(status=401)

    boiler.faults["/info"] = listen
    info = announced(boiler.port, None, service="_acmelamp._tcp.local.", name="lamp", id="boiler-7")
    assert (await announce(hass, info))["reason"] == "already_configured"

    assert sent == [""]
    assert entry.data["config"]["port"] == boiler.port
