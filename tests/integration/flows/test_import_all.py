"""Adding all that Home Assistant already knows: at once, and later without being asked."""

import json
from collections.abc import AsyncIterator

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_IMPORT, SOURCE_INTEGRATION_DISCOVERY, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.manager import async_get_manager
from tests.core.example_device import ExampleDevice, running

from .. import acme
from ..discovery.cards import cards, known_wled, offered, open_card, ours
from ..flow_steps import pick, placeholders_of, start, submit, until_done
from ..household import settle
from .test_import_one import known_boiler

PASSWORD = "canary-password"


@pytest.fixture
async def lamp() -> AsyncIterator[ExampleDevice]:
    device = ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})
    async with running(device):
        yield device


def known_lamp(hass: HomeAssistant, lamp: ExampleDevice, **login: str) -> MockConfigEntry:
    """Have a third-party integration know a lamp, which only tells who it is when it is asked."""
    known = MockConfigEntry(domain="acme_lamps", data={"host": "127.0.0.1", "port": lamp.port, **login})
    known.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(config_entry_id=known.entry_id, identifiers={("acme_lamps", "x")})
    return known


def options(menu: ConfigFlowResult) -> dict[str, str]:
    assert isinstance(menu["menu_options"], dict)
    return menu["menu_options"]


def configs(hass: HomeAssistant) -> dict[str | None, object]:
    return {
        entry.unique_id: entry.data["config"].get("password")
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if entry.unique_id != "service"
    }


def notified(hass: HomeAssistant) -> list[str]:
    return [notification["message"] for notification in async_get_persistent_notifications(hass).values()]


async def add_by_itself(hass: HomeAssistant, **finding: bool) -> None:
    """Set the integration up and turn the option on, as a person does in the defaults."""
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    entry = service_entry(hass)
    assert entry is not None
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    form = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "defaults"})
    finding = {"add_known": False, "add_known_secrets": False} | finding
    await hass.config_entries.options.async_configure(form["flow_id"], {"schedule": "manual", "finding": finding})
    await settle(hass)


async def everything(hass: HomeAssistant) -> ConfigFlowResult:
    return await pick(hass, await start(hass), "everything")


async def test_all_kinds_are_added_in_one_confirmation(
    hass: HomeAssistant, acme_handler: None, lamp: ExampleDevice
) -> None:
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    known_wled(hass, "e0b1c2d3e4f5", "*Cellar*")
    known_wled(hass, "f0b1c2d3e4f5", "Garage")
    await start(hass, SOURCE_IGNORE, {"unique_id": "wled:f0b1c2d3e4f5", "title": "Garage"})
    known_lamp(hass, lamp)
    for kind in ("wled", "acme_lamp"):
        await start(hass, SOURCE_INTEGRATION_DISCOVERY, {"kind": kind})
    assert len(cards(hass)) == 2

    menu = await start(hass)
    assert next(iter(options(menu).items())) == ("everything", "Add all 3 known devices")
    form = await pick(hass, menu, "everything")
    assert form["data_schema"] is not None
    assert (placeholders_of(form)["count"], form["data_schema"].schema) == ("3", {})
    begin = "**ACME lamp**\n\n- Lamp (127.0.0.1)\n\n**WLED**\n\n- \\*Cellar\\* (192.0.2.7)\n- Attic (192.0.2.7)\n\n"
    assert placeholders_of(form)["list"].startswith(begin)
    assert "Wi" in placeholders_of(form)["list"].removeprefix(begin)

    result = await until_done(hass, await submit(hass, form))
    await settle(hass)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "imported")
    assert placeholders_of(result) == {"count": "3", "failed": "", "waiting": ""}
    assert ours(hass) == {
        "wled:d0b1c2d3e4f5": SOURCE_IMPORT,
        "wled:e0b1c2d3e4f5": SOURCE_IMPORT,
        "wled:f0b1c2d3e4f5": SOURCE_IGNORE,
        "acme_lamp:lamp-1": SOURCE_IMPORT,
    }
    assert cards(hass) == []


async def test_with_one_kind_there_is_one_entry(hass: HomeAssistant, acme_handler: None, lamp: ExampleDevice) -> None:
    known_wled(hass)
    menu = await start(hass)
    assert [option for option in options(menu) if option.startswith(("import", "everything"))] == ["import_wled"]

    known_lamp(hass, lamp)
    await start(hass, SOURCE_IGNORE, {"unique_id": "wled:a0b1c2d3e4f5", "title": "Shelf"})
    menu = await start(hass)
    assert [option for option in options(menu) if option.startswith(("import", "everything"))] == [
        "import_acme_lamp",
        "import_wled",
    ]


async def test_what_is_known_may_be_gone_or_not_answer(hass: HomeAssistant, acme_handler: None) -> None:
    known = known_wled(hass)
    known_lamp(hass, ExampleDevice(port=1))
    menu = await start(hass)
    await hass.config_entries.async_remove(known.entry_id)

    result = await pick(hass, menu, "everything")

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "nothing_to_import")


@pytest.mark.parametrize(("copy_secrets", "password"), [(False, None), (True, PASSWORD)])
async def test_logins_are_copied_only_with_consent_and_people_are_asked_afterwards(
    hass: HomeAssistant,
    acme_handler: None,
    boiler: ExampleDevice,
    lamp: ExampleDevice,
    copy_secrets: bool,
    password: str | None,
) -> None:
    known_lamp(hass, lamp, password=PASSWORD)
    known_boiler(hass, boiler)
    known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")
    form = await everything(hass)
    assert "canary" not in json.dumps(dict(placeholders_of(form)))

    result = await until_done(hass, await submit(hass, form, copy_secrets=copy_secrets))
    await settle(hass)

    assert (result["reason"], placeholders_of(result)["count"]) == ("imported_in_part", "1")
    assert "- Attic: " in placeholders_of(result)["failed"]
    assert "- boiler-7" in placeholders_of(result)["waiting"]
    assert configs(hass) == {"acme_lamp:lamp-1": password}
    _, flow_id = result["next_flow"]
    asked = next(flow for flow in hass.config_entries.flow.async_progress() if flow["flow_id"] == flow_id)
    assert asked["context"]["unique_id"] == "acme:boiler-7"


async def test_a_single_one_that_needs_a_person_is_asked_for_right_away(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    known_lamp(hass, ExampleDevice(port=1))
    known_boiler(hass, boiler)

    form = await submit(hass, await everything(hass), copy_secrets=False)

    assert (form["step_id"], placeholders_of(form)["name"]) == ("fields", "boiler-7")


# Devices that appear later


async def test_later_devices_are_added_only_if_a_person_wants_that(hass: HomeAssistant) -> None:
    await add_by_itself(hass)
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    await settle(hass)
    assert configs(hass) == {}
    assert list(offered(await open_card(hass))) == ["wled:d0b1c2d3e4f5"]

    await add_by_itself(hass, add_known=True)
    known_wled(hass, "e0b1c2d3e4f5", "Cellar")
    await settle(hass)

    assert list(configs(hass)) == ["wled:e0b1c2d3e4f5"]
    assert ["Cellar (192.0.2.7)" in message for message in notified(hass)] == [True]
    assert list(offered(await open_card(hass))) == ["wled:d0b1c2d3e4f5"]

    await add_by_itself(hass)
    known_wled(hass, "f0b1c2d3e4f5", "Garage")
    await settle(hass)
    assert list(configs(hass)) == ["wled:e0b1c2d3e4f5"]


async def test_an_ignored_device_is_never_added(hass: HomeAssistant) -> None:
    await add_by_itself(hass, add_known=True)
    await start(hass, SOURCE_IGNORE, {"unique_id": "wled:d0b1c2d3e4f5", "title": "Attic"})
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    await settle(hass)
    assert (configs(hass), cards(hass)) == ({}, [])

    await start(hass, SOURCE_IGNORE, {"unique_id": "import:wled", "title": "WLED"})
    known_wled(hass, "e0b1c2d3e4f5", "Cellar")
    await settle(hass)
    assert (configs(hass), cards(hass)) == ({}, [])


async def test_a_removed_device_is_not_added_again(hass: HomeAssistant) -> None:
    await add_by_itself(hass, add_known=True)
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    await settle(hass)
    (entry,) = (entry for entry in hass.config_entries.async_entries(DOMAIN) if entry.unique_id != "service")

    await hass.config_entries.async_remove(entry.entry_id)
    known_wled(hass, "e0b1c2d3e4f5", "Cellar")
    await settle(hass)

    assert list(configs(hass)) == ["wled:e0b1c2d3e4f5"]
    assert list(offered(await open_card(hass))) == ["wled:d0b1c2d3e4f5"]


@pytest.mark.parametrize(
    ("with_secrets", "passwords"), [(False, {}), (True, {"acme_lamp:lamp-1": PASSWORD})], ids=["card", "copied"]
)
async def test_stored_logins_are_used_only_if_a_person_wants_that_too(
    hass: HomeAssistant,
    acme_handler: None,
    lamp: ExampleDevice,
    with_secrets: bool,
    passwords: dict[str, str],
) -> None:
    lamp.password = PASSWORD
    await add_by_itself(hass, add_known=True, add_known_secrets=with_secrets)
    known_lamp(hass, lamp, password=PASSWORD)
    lamp.password = ""
    await settle(hass)

    assert configs(hass) == passwords
    assert [card["context"]["unique_id"] for card in cards(hass)] == ([] if with_secrets else ["import:acme_lamp"])
    assert "canary" not in json.dumps(notified(hass))


async def test_a_device_that_needs_a_person_gets_a_card(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    await add_by_itself(hass, add_known=True, add_known_secrets=True)
    known_boiler(hass, boiler)
    await settle(hass)

    assert (configs(hass), notified(hass)) == ({}, [])
    assert list(offered(await open_card(hass))) == ["acme:boiler-7"]


async def test_what_cannot_be_added_gets_a_card(hass: HomeAssistant) -> None:
    await add_by_itself(hass, add_known=True)
    known = known_wled(hass, "d0b1c2d3e4f5", "Attic", host="no host")
    await settle(hass)
    assert (configs(hass), notified(hass)) == ({}, [])

    hass.config_entries.async_update_entry(known, data={"host": "192.0.2.7"})
    form = await open_card(hass)
    assert list(offered(form)) == ["wled:d0b1c2d3e4f5"]


async def test_what_comes_during_a_snapshot_is_added_after_it(hass: HomeAssistant) -> None:
    await add_by_itself(hass, add_known=True)
    manager = await async_get_manager(hass)
    await manager.prepare_snapshot()
    known_wled(hass, "d0b1c2d3e4f5", "Attic")
    await settle(hass)
    assert configs(hass) == {}

    manager.finish_snapshot()
    await settle(hass)
    assert list(configs(hass)) == ["wled:d0b1c2d3e4f5"]


async def test_a_package_that_comes_later_gets_its_card(
    hass: HomeAssistant, lamp: ExampleDevice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await add_by_itself(hass, add_known=True)
    known_lamp(hass, lamp)
    await settle(hass)
    assert cards(hass) == []

    manager = await async_get_manager(hass)
    with acme.installed(tmp_path_factory.mktemp("site-packages")):
        await manager.rescan()
        await settle(hass)
        assert (configs(hass), list(offered(await open_card(hass)))) == ({}, ["acme_lamp:lamp-1"])

        known_lamp(hass, lamp)
    await manager.rescan()
    await settle(hass)
    assert list(configs(hass)) == []
