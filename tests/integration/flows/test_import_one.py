"""Taking over devices that work only after a person entered or trusted something."""

import json

import pytest
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigEntry, ConfigFlowResult, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import Ports
from tests.core.example_device import ExampleDevice
from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD, SimulatedFritzBox
from tests.simulators.fritzbox.login import User

from ..flow_steps import HANDLERS, INSTALL, opened, pick, placeholders_of, start, submit, suggested, until_done
from ..household import settle
from ..router import ROUTER, SERIAL

ACME_PASSWORD = "canary-password"


@pytest.fixture(autouse=True)
def _usual_ports(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "fritz" in request.fixturenames:
        fritz = request.getfixturevalue("fritz")
        monkeypatch.setattr(
            FritzBoxHandler, "ports", Ports(plain=fritz.plain_port, encrypted=fritz.encrypted_port, web=fritz.web_port)
        )


def known_router(
    hass: HomeAssistant, fritz: SimulatedFritzBox, serial: str = SERIAL, name: str = "FRITZ!Box 7590", **data: str
) -> None:
    """Have Home Assistant's own integration know a router and a phone in its network."""
    login = {"username": "homeassistant", "password": PASSWORD}
    entry = MockConfigEntry(
        domain="fritz", title=name, data={"host": fritz.host, "port": fritz.encrypted_port, "ssl": True} | login | data
    )
    entry.add_to_hass(hass)
    devices = dr.async_get(hass)
    devices.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("fritz", serial)},
        connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(serial))},
        name=name,
        configuration_url=f"http://{fritz.host}",
    )
    devices.async_get_or_create(
        config_entry_id=entry.entry_id,
        connections={(dr.CONNECTION_NETWORK_MAC, f"aa:bb:cc:00:00:{serial[-2:]}")},
        name="Phone",
    )


def known_boiler(hass: HomeAssistant, boiler: ExampleDevice, serial: str = "boiler-7", **data: object) -> None:
    """Have a third-party integration know a boiler."""
    values = {"circuits": 2, "port": boiler.port, "password": ACME_PASSWORD} | data
    entry = MockConfigEntry(domain="acme_cloud", unique_id=serial, data=values)
    entry.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("acme_cloud", serial)},
        name=serial,
        serial_number="77",
        configuration_url="http://127.0.0.1:8080/",
    )


async def choose(hass: HomeAssistant, kind: str, *keys: str, copy_secrets: bool = True) -> ConfigFlowResult:
    form = await pick(hass, await start(hass), f"import_{kind}")
    result = await submit(hass, form, devices=list(keys), copy_secrets=copy_secrets)
    return await until_done(hass, result)


async def answer(hass: HomeAssistant, result: ConfigFlowResult, **user_input: object) -> ConfigFlowResult:
    return await until_done(hass, await submit(hass, result, **user_input))


def device_entries(hass: HomeAssistant) -> dict[str, ConfigEntry]:
    entries = hass.config_entries.async_entries(DOMAIN)
    return {str(entry.unique_id): entry for entry in entries if entry.unique_id != "service"}


def waiting(hass: HomeAssistant) -> list[str]:
    """Return the names on the cards."""
    return sorted(
        flow["context"]["title_placeholders"]["name"]
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY
    )


@pytest.mark.usefixtures("refused_handshakes")
async def test_a_router_needs_nothing_typed_but_its_export_password(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    known_router(hass, fritz)

    form = await choose(hass, "fritzbox", str(ROUTER))
    assert (form["step_id"], placeholders_of(form)["name"]) == ("fields", "FRITZ!Box 7590")
    assert suggested(form) == {"option_1": None}
    assert placeholders_of(form)["option_1_label"] == "Export password"
    refused = await answer(hass, form, option_1="Schlüssel")
    assert (refused["errors"], list(suggested(refused))) == ({"option_1": "config"}, ["option_1"])
    certificate = await answer(hass, refused, option_1=EXPORT_PASSWORD)
    assert certificate["step_id"] == "certificate"
    assert fritz.sha256[:8].upper() in placeholders_of(certificate)["fingerprint"]
    options = await answer(hass, certificate)
    assert options["step_id"] == "device_options"
    assert "exports its settings only after a confirmation" in placeholders_of(options)["summary"]
    result = await submit(hass, options, schedule="default")
    await settle(hass)

    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "FRITZ!Box 7590")
    entry = device_entries(hass)[str(ROUTER)]
    assert entry.data == {
        "kind": "fritzbox",
        "unique_id": SERIAL,
        "config": {
            "host": fritz.host,
            "username": "homeassistant",
            "password": PASSWORD,
            "export_password": EXPORT_PASSWORD,
            "tls": True,
            "port": None,
            "certificate": fritz.sha256,
        },
    }
    status = (await async_get_manager(hass)).status(ROUTER)
    assert status.newest is not None
    assert status.last_attempt is not None
    assert status.last_attempt.error is None
    menu = await start(hass)
    assert menu["menu_options"] == HANDLERS | INSTALL


@pytest.mark.usefixtures("refused_handshakes")
async def test_an_unattended_router_and_a_missing_export_password_are_told(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    fritz.box.confirmation.enabled = False
    known_router(hass, fritz)

    form = await choose(hass, "fritzbox", str(ROUTER))
    options = await answer(hass, await answer(hass, form))

    summary = placeholders_of(options)["summary"]
    assert "without a confirmation: schedules back up everything" in summary
    assert "Without an export password the backups restore only on this very FRITZ" in summary


async def test_without_consent_the_password_is_asked_too(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    known_router(hass, fritz)

    form = await choose(hass, "fritzbox", str(ROUTER), copy_secrets=False)

    assert suggested(form) == {"password": None, "option_1": None}


@pytest.mark.usefixtures("refused_handshakes")
async def test_a_copied_login_that_is_refused_is_asked_without_showing_it(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    known_router(hass, fritz, password="canary-old")

    certificate = await answer(hass, await choose(hass, "fritzbox", str(ROUTER)), option_1=EXPORT_PASSWORD)
    form = await answer(hass, certificate)
    assert (form["step_id"], form["errors"]) == ("fields", {"password": "authentication"})
    assert suggested(form) == {
        "host": fritz.host,
        "username": "homeassistant",
        "password": None,
        "option_1": EXPORT_PASSWORD,
        "option_2": True,
        "port": None,
    }
    assert "canary-old" not in json.dumps([suggested(form), dict(placeholders_of(form))])
    assert fritz.logins == 1

    fritz.box.users["homeassistant"] = User(password=PASSWORD)
    fritz.box.clock.ahead += 600
    entered = {name: value for name, value in suggested(form).items() if value is not None}
    result = await answer(hass, form, **entered | {"password": PASSWORD})
    if result["step_id"] == "certificate":
        result = await answer(hass, result)
    assert result["step_id"] == "device_options"


async def test_what_was_not_asked_is_asked_once_it_is_wrong(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    known_boiler(hass, boiler, port=1)

    form = await choose(hass, "acme", "acme:boiler-7")
    assert suggested(form) == {"option_2": None}
    form = await answer(hass, form)
    assert form["errors"] == {"host": "cannot_connect"}
    shown = suggested(form)
    assert (shown["host"], shown["port"], shown["option_1"], shown["password"]) == ("127.0.0.1", 1, "77", None)

    entered = {name: value for name, value in shown.items() if value is not None}
    form = await answer(hass, form, **entered | {"password": "typed"})
    assert form["errors"] == {"host": "cannot_connect"}
    assert suggested(form)["password"] == "typed"
    form = await answer(hass, form, **entered | {"port": boiler.port, "password": "wrong"})
    assert form["errors"] == {"password": "authentication"}
    options = await answer(hass, form, **entered | {"port": boiler.port, "password": ACME_PASSWORD})
    await submit(hass, options, schedule="default")
    await settle(hass)

    entry = device_entries(hass)["acme:boiler-7"]
    assert (entry.data["config"]["port"], entry.data["config"]["password"]) == (boiler.port, ACME_PASSWORD)


async def test_a_copied_secret_stays_while_something_else_is_mended(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    known_boiler(hass, boiler, port=1)

    form = await answer(hass, await choose(hass, "acme", "acme:boiler-7"))
    entered = {name: value for name, value in suggested(form).items() if value is not None}
    options = await answer(hass, form, **entered | {"port": boiler.port})
    await submit(hass, options, schedule="default")
    await settle(hass)

    assert device_entries(hass)["acme:boiler-7"].data["config"]["password"] == ACME_PASSWORD


@pytest.mark.usefixtures("refused_handshakes")
async def test_several_routers_come_one_after_the_other(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    known_router(hass, fritz)
    known_router(hass, fritz, "2c3afd0a1b2d", "Repeater")

    result = await choose(hass, "fritzbox", str(ROUTER), "fritzbox:2c3afd0a1b2d")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "imported_in_part")
    assert (placeholders_of(result)["count"], placeholders_of(result)["failed"]) == ("0", "")
    assert "- FRITZ!Box 7590\n- Repeater" in placeholders_of(result)["waiting"].replace("\\", "")
    assert waiting(hass) == ["FRITZ!Box 7590", "Repeater"]

    kind, first = result["next_flow"]
    assert kind is FlowType.CONFIG_FLOW
    form = await opened(hass, await hass.config_entries.flow.async_configure(first))
    options = await answer(hass, await answer(hass, form, option_1=EXPORT_PASSWORD))
    created = await submit(hass, options, schedule="default")
    await settle(hass)
    assert list(device_entries(hass)) == [str(ROUTER)]
    assert waiting(hass) == ["Repeater"]
    form = await opened(hass, await hass.config_entries.flow.async_configure(created["next_flow"][1]))
    assert placeholders_of(form)["name"] == "Repeater"


async def test_a_device_that_waits_is_not_on_the_card_of_its_kind(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    for serial in ("boiler-7", "boiler-8"):
        known_boiler(hass, boiler, serial)
    await choose(hass, "acme", "acme:boiler-7", "acme:boiler-8")
    result = await start(hass, SOURCE_INTEGRATION_DISCOVERY, {"kind": "acme"})
    assert result["reason"] == "nothing_to_import"

    again = await choose(hass, "acme", "acme:boiler-7", "acme:boiler-8")
    assert "This device is already being added." in placeholders_of(again)["failed"]
    assert waiting(hass) == ["boiler-7", "boiler-8"]


async def test_a_card_leads_to_the_form(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    known_router(hass, fritz)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    card = await opened(hass, await hass.config_entries.flow.async_configure(flow["flow_id"]))

    form = await submit(hass, card, devices=[str(ROUTER)], copy_secrets=True)

    assert (form["step_id"], waiting(hass)) == ("fields", ["FRITZ!Box 7590"])
