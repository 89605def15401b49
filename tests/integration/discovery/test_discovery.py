"""Devices that announce themselves, and devices that other integrations already have."""

import json
import socket
from datetime import timedelta
from ipaddress import ip_address

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_IMPORT,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_ZEROCONF,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import lasting
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager import scheduler as planner
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import DeviceKey, Trigger
from tests.core.example_device import ExampleDevice, running, server_error
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC, make_wled_entry
from ..flow_steps import HANDLERS, INSTALL, check, pick, start, submit, suggested, told, until, until_done

KEY = DeviceKey("wled", MAC)
PASSWORD = "canary-password"


def announced(
    port: int, mac: str | None = MAC, *, service: str = "_wled._tcp.local.", name: str = "Shelf", **properties: str
) -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=port,
        hostname=f"{name}.local.",
        type=service,
        name=f"{name}.{service}",
        properties=properties if mac is None else {"mac": mac, **properties},
    )


async def announce(hass: HomeAssistant, info: ZeroconfServiceInfo) -> ConfigFlowResult:
    result = await start(hass, SOURCE_ZEROCONF, info)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def known_wled(hass: HomeAssistant, mac: str = MAC, name: str = "Shelf", host: str = "192.0.2.7") -> MockConfigEntry:
    """Have Home Assistant's own integration know a controller."""
    entry = MockConfigEntry(domain="wled", unique_id=mac, title=name, data={"host": host})
    entry.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("wled", mac)},
        connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac))},
        name=name,
    )
    return entry


def cards(hass: HomeAssistant) -> list[ConfigFlowResult]:
    return [
        flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] in (SOURCE_INTEGRATION_DISCOVERY, SOURCE_ZEROCONF)
    ]


async def open_card(hass: HomeAssistant) -> ConfigFlowResult:
    (card,) = cards(hass)
    result = await hass.config_entries.flow.async_configure(card["flow_id"])
    check(result)
    return result


def offered(form: ConfigFlowResult) -> dict[str, str]:
    assert form["data_schema"] is not None
    selector = next(value for key, value in form["data_schema"].schema.items() if key == "devices")
    return {option["value"]: option["label"] for option in selector.config["options"]}


def ticked(form: ConfigFlowResult) -> list[str]:
    assert form["data_schema"] is not None
    return next(key.default() for key in form["data_schema"].schema if key == "devices")


def ours(hass: HomeAssistant) -> dict[str | None, str]:
    return {
        entry.unique_id: entry.source
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.unique_id != "service"
    }


# Announcements


async def test_an_announced_controller_has_a_card(hass: HomeAssistant, wled: SimulatedWled) -> None:
    form = await announce(hass, announced(wled.port))
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "fields")
    assert told(form)["name"] == "Shelf"
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
    monkeypatch.setattr(planner, "SEEN_AGAIN_PAUSE", timedelta())
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


# Devices that other integrations have


async def test_known_and_ignored_controllers_share_one_card(hass: HomeAssistant, wled: SimulatedWled) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    MockConfigEntry(domain="wled", unique_id=MAC, source=SOURCE_IGNORE).add_to_hass(hass)

    assert (await announce(hass, announced(wled.port)))["reason"] == "offered_together"

    form = await open_card(hass)
    assert cards(hass)[0]["context"]["unique_id"] == "adopt:wled"
    assert cards(hass)[0]["context"]["title_placeholders"] == {"name": "WLED: devices to back up"}
    assert offered(form) == {"wled:d0b1c2d3e4f5": "Attic (192.0.2.7)", f"wled:{MAC}": "Shelf (127.0.0.1)"}
    assert ticked(form) == ["wled:d0b1c2d3e4f5", f"wled:{MAC}"]
    assert "Wi" in told(form)["omits"]


async def test_adopting_needs_no_contact_and_backs_up_what_answers(hass: HomeAssistant, wled: SimulatedWled) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    known_wled(hass)
    await announce(hass, announced(wled.port))
    form = await open_card(hass)

    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "adopted")
    assert told(result) == {"count": "2", "failed": "", "waiting": ""}
    assert ours(hass) == {"wled:d0b1c2d3e4f5": SOURCE_IMPORT, f"wled:{MAC}": SOURCE_IMPORT}
    entries = [entry for entry in hass.config_entries.async_entries(DOMAIN) if entry.unique_id != "service"]
    assert {entry.state for entry in entries} == {ConfigEntryState.LOADED}
    assert {entry.title: entry.data["config"]["host"] for entry in entries} == {
        "Attic": "192.0.2.7",
        "Shelf": "127.0.0.1",
    }
    assert (await async_get_manager(hass)).status(KEY).health is Health.OK
    assert cards(hass) == []


async def test_what_is_left_out_of_the_card_is_ignored_but_can_be_added(
    hass: HomeAssistant, wled: SimulatedWled
) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    known_wled(hass)
    await announce(hass, announced(wled.port))
    form = await open_card(hass)
    refused = await submit(hass, form, devices=[])
    assert refused["errors"] == {"devices": "none_chosen"}

    await until_done(hass, await submit(hass, refused, devices=[f"wled:{MAC}"]))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert ours(hass) == {"wled:d0b1c2d3e4f5": SOURCE_IGNORE, f"wled:{MAC}": SOURCE_IMPORT}

    menu = await start(hass)
    assert menu["menu_options"] == {
        "adopt_wled": "WLED: 1 in Home Assistant",
        **HANDLERS,
        **INSTALL,
    }
    form = await pick(hass, menu, "adopt_wled")
    assert (ticked(form), list(offered(form))) == ([], ["wled:d0b1c2d3e4f5"])
    await until_done(hass, await submit(hass, form, devices=["wled:d0b1c2d3e4f5"]))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert set(ours(hass).values()) == {SOURCE_IMPORT}


async def test_what_could_not_be_adopted_is_named(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    known_wled(hass)
    known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")

    form = await pick(hass, await start(hass), "adopt_wled")
    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    assert (result["reason"], told(result)["count"], told(result)["waiting"]) == ("adopted_in_part", "1", "")
    assert "- Attic: " in told(result)["failed"]

    (known,) = (entry for entry in hass.config_entries.async_entries("wled") if entry.title == "Attic")
    hass.config_entries.async_update_entry(known, data={"host": "192.0.2.8"})
    form = await pick(hass, await start(hass), "adopt_wled")
    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    assert result["reason"] == "adopted"


async def test_closing_the_page_does_not_end_it_and_its_end_is_told(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    known_wled(hass)
    known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")
    form = await pick(hass, await start(hass), "adopt_wled")
    page = await submit(hass, form, devices=ticked(form))
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    hass.config_entries.flow.async_abort(page["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(ours(hass)) == 1
    shown = async_get_persistent_notifications(hass)[f"{DOMAIN}_adoption"]
    assert shown["title"] == "Devices were added"
    assert shown["message"].startswith("Devices backed up from now on: 1.")
    assert "- Attic: " in shown["message"]


@pytest.mark.parametrize(("copy_secrets", "password"), [(False, None), (True, PASSWORD)])
async def test_logins_are_copied_only_with_consent(
    hass: HomeAssistant, acme_handler: None, copy_secrets: bool, password: str | None
) -> None:
    lamp = ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})
    async with running(lamp):
        known = MockConfigEntry(
            domain="acme_lamps", data={"host": "127.0.0.1", "port": lamp.port, "password": PASSWORD}
        )
        known.add_to_hass(hass)
        dr.async_get(hass).async_get_or_create(config_entry_id=known.entry_id, identifiers={("acme_lamps", "x")})
        incomplete = MockConfigEntry(domain="acme_lamps", data={})
        incomplete.add_to_hass(hass)
        dr.async_get(hass).async_get_or_create(config_entry_id=incomplete.entry_id, identifiers={("acme_lamps", "y")})
        form = await pick(hass, await start(hass), "adopt_acme_lamp")
        assert offered(form) == {"acme_lamp:lamp-1": "Lamp (127.0.0.1)"}
        assert told(form)["omits"] == ""
        assert "canary" not in json.dumps([offered(form), dict(told(form))])

        await until_done(hass, await submit(hass, form, devices=["acme_lamp:lamp-1"], copy_secrets=copy_secrets))
        await hass.async_block_till_done(wait_background_tasks=True)

    (entry,) = (entry for entry in hass.config_entries.async_entries(DOMAIN) if entry.unique_id != "service")
    assert (entry.unique_id, entry.data["config"]["password"]) == ("acme_lamp:lamp-1", password)


async def test_known_devices_without_identity_are_asked_before_they_are_shown(
    hass: HomeAssistant, acme_handler: None
) -> None:
    lamp = ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})
    async with running(lamp):
        for port in (lamp.port, 1):
            known = MockConfigEntry(domain="acme_lamps", data={"host": "127.0.0.1", "port": port})
            known.add_to_hass(hass)
            dr.async_get(hass).async_get_or_create(
                config_entry_id=known.entry_id, identifiers={("acme_lamps", str(port))}, name="Bulb"
            )
        form = await pick(hass, await start(hass), "adopt_acme_lamp")

    assert offered(form) == {"acme_lamp:lamp-1": "Lamp (127.0.0.1)"}


async def test_a_device_that_another_integration_adds_later_gets_the_card(
    hass: HomeAssistant, set_up: MockConfigEntry
) -> None:
    assert cards(hass) == []

    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    await hass.async_block_till_done(wait_background_tasks=True)

    assert list(offered(await open_card(hass))) == ["wled:d0b1c2d3e4f5"]


async def test_devices_that_are_there_at_start_get_the_card(hass: HomeAssistant, wled_entry: MockConfigEntry) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    wled_entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    form = await open_card(hass)
    assert list(offered(form)) == ["wled:d0b1c2d3e4f5"]
    hass.config_entries.flow.async_abort(form["flow_id"])
    await start(hass, SOURCE_IGNORE, {"unique_id": "adopt:wled", "title": "WLED"})
    known_wled(hass, "e0b1c2d3e4f5", "Cellar")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cards(hass) == []


async def test_nothing_to_adopt_is_said(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    known_wled(hass)
    result = await start(hass, SOURCE_INTEGRATION_DISCOVERY, {"kind": "wled"})

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "nothing_to_adopt")


async def test_an_import_of_a_device_that_is_there_is_refused(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    result = await start(
        hass, SOURCE_IMPORT, {"kind": "wled", "unique_id": MAC, "config": {"host": "192.0.2.7"}, "title": "Shelf"}
    )

    assert result["reason"] == "already_configured"
