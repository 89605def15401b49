"""Devices that other integrations already have: one card for all, imported without contact."""

import json

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_IMPORT, SOURCE_INTEGRATION_DISCOVERY, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import lasting
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import DeviceKey
from tests.core.example_device import ExampleDevice, running
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..flow_steps import HANDLERS, INSTALL, pick, placeholders_of, start, submit, until_done
from .cards import announce, announced, cards, known_wled, offered, open_card, ours, ticked

KEY = DeviceKey("wled", MAC)
PASSWORD = "canary-password"


async def test_known_and_ignored_controllers_share_one_card(hass: HomeAssistant, wled: SimulatedWled) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    MockConfigEntry(domain="wled", unique_id=MAC, source=SOURCE_IGNORE).add_to_hass(hass)

    assert (await announce(hass, announced(wled.port)))["reason"] == "offered_together"

    form = await open_card(hass)
    assert cards(hass)[0]["context"]["unique_id"] == "import:wled"
    assert cards(hass)[0]["context"]["title_placeholders"] == {"name": "WLED: devices to back up"}
    assert offered(form) == {"wled:d0b1c2d3e4f5": "Attic (192.0.2.7)", f"wled:{MAC}": "Shelf (127.0.0.1)"}
    assert ticked(form) == ["wled:d0b1c2d3e4f5", f"wled:{MAC}"]
    assert "Wi" in placeholders_of(form)["omits"]


async def test_import_needs_no_contact_and_backs_up_what_answers(hass: HomeAssistant, wled: SimulatedWled) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    known_wled(hass)
    await announce(hass, announced(wled.port))
    form = await open_card(hass)

    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "imported")
    assert placeholders_of(result) == {"count": "2", "failed": "", "waiting": ""}
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
        "import_wled": "WLED: 1 in Home Assistant",
        **HANDLERS,
        **INSTALL,
    }
    form = await pick(hass, menu, "import_wled")
    assert (ticked(form), list(offered(form))) == ([], ["wled:d0b1c2d3e4f5"])
    await until_done(hass, await submit(hass, form, devices=["wled:d0b1c2d3e4f5"]))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert set(ours(hass).values()) == {SOURCE_IMPORT}


async def test_what_could_not_be_imported_is_named(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    known_wled(hass)
    known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")

    form = await pick(hass, await start(hass), "import_wled")
    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    assert (result["reason"], placeholders_of(result)["count"], placeholders_of(result)["waiting"]) == (
        "imported_in_part",
        "1",
        "",
    )
    assert "- Attic: " in placeholders_of(result)["failed"]

    (known,) = (entry for entry in hass.config_entries.async_entries("wled") if entry.title == "Attic")
    hass.config_entries.async_update_entry(known, data={"host": "192.0.2.8"})
    form = await pick(hass, await start(hass), "import_wled")
    result = await until_done(hass, await submit(hass, form, devices=ticked(form)))
    assert result["reason"] == "imported"


async def test_closing_the_page_does_not_end_it_and_its_end_is_told(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    known_wled(hass)
    known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")
    form = await pick(hass, await start(hass), "import_wled")
    page = await submit(hass, form, devices=ticked(form))
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    hass.config_entries.flow.async_abort(page["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(ours(hass)) == 1
    shown = async_get_persistent_notifications(hass)[f"{DOMAIN}_import"]
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
        form = await pick(hass, await start(hass), "import_acme_lamp")
        assert offered(form) == {"acme_lamp:lamp-1": "Lamp (127.0.0.1)"}
        assert placeholders_of(form)["omits"] == ""
        assert "canary" not in json.dumps([offered(form), dict(placeholders_of(form))])

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
        form = await pick(hass, await start(hass), "import_acme_lamp")

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
    await start(hass, SOURCE_IGNORE, {"unique_id": "import:wled", "title": "WLED"})
    known_wled(hass, "e0b1c2d3e4f5", "Cellar")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cards(hass) == []


async def test_nothing_to_import_is_shown(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    known_wled(hass)
    result = await start(hass, SOURCE_INTEGRATION_DISCOVERY, {"kind": "wled"})

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "nothing_to_import")


async def test_an_import_of_a_device_that_is_there_is_refused(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    result = await start(
        hass, SOURCE_IMPORT, {"kind": "wled", "unique_id": MAC, "config": {"host": "192.0.2.7"}, "title": "Shelf"}
    )

    assert result["reason"] == "already_configured"
