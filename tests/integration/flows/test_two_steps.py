"""Forms of many fields: how one logs in first, then only what goes with that, and the rest folded away."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from tests.simulators.http_service import KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService

from ..flow_steps import choose, start, submit, until_done

LOGIN, KEY_NAME, LOGIN_URL, IGNORE = "option_1", "option_2", "option_3", "option_14"


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    async with SimulatedService(LoginStyle.BASIC) as found:
        yield found


def shown(form: Any) -> tuple[set[str], set[str]]:  # noqa: ANN401 - a form of Home Assistant
    """Return the names of the fields in sight, and of those that are folded away."""
    names = {str(marker): value for marker, value in form["data_schema"].schema.items()}
    folded = names.pop("advanced", None)
    return set(names), set() if folded is None else {str(marker) for marker in folded.schema.schema}


def is_folded_open(form: Any) -> bool:  # noqa: ANN401 - a form of Home Assistant
    """Return whether what is folded away is shown to begin with."""
    return not form["data_schema"].schema["advanced"].options["collapsed"]


def entry_of(service: SimulatedService, **config: object) -> MockConfigEntry:
    url = f"{service.origin}{SETTINGS_PATH}"
    data = {"kind": "http", "unique_id": "assigned-1", "config": {"url": url, "login": "none", **config}}
    return MockConfigEntry(domain=DOMAIN, unique_id="http:assigned-1", data=data, title="Pump")


async def added(hass: HomeAssistant, options: Any) -> ConfigEntry:  # noqa: ANN401 - a form of Home Assistant
    assert (options["type"], options.get("step_id")) == (FlowResultType.FORM, "device_options"), options
    result = await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    return entry


async def test_second_step_asks_for_what_goes_with_the_login(hass: HomeAssistant, service: SimulatedService) -> None:
    first = await choose(hass, "http")
    assert (first["step_id"], *shown(first)) == ("fields", {"url", LOGIN}, set())
    url = f"{service.origin}{SETTINGS_PATH}"

    second = await submit(hass, first, url=url, **{LOGIN: "basic"})
    assert (second["step_id"], second["errors"]) == ("details", None)
    in_sight, folded = shown(second)
    assert in_sight == {"username", "password"}
    assert {"token", IGNORE} <= folded
    assert not {KEY_NAME, LOGIN_URL} & (in_sight | folded)

    folded_input = {IGNORE: ["/uptime"]}
    entry = await added(hass, await submit(hass, second, username=USERNAME, password=PASSWORD, advanced=folded_input))

    config = {key: value for key, value in entry.data["config"].items() if value is not None}
    assert config == {
        "url": url,
        "login": "basic",
        "username": USERNAME,
        "password": PASSWORD,
        "login_format": "form",
        "method": "get",
        "content": "auto",
        "ignore": ["/uptime"],
    }


async def test_mistake_is_told_where_it_was_made(hass: HomeAssistant, service: SimulatedService) -> None:
    first = await choose(hass, "http")
    second = await submit(hass, first, url=f"{service.origin}{SETTINGS_PATH}", **{LOGIN: "header"})
    in_sight, folded = shown(second)
    assert (in_sight, {"username", "password"} <= folded) == ({"token", KEY_NAME}, True)
    nothing = await submit(hass, second, advanced={})
    assert (nothing["step_id"], nothing["errors"]) == ("details", {"token": "config"})
    badly_named = await submit(hass, nothing, token=KEY, **{KEY_NAME: "no name"}, advanced={})
    assert (badly_named["step_id"], badly_named["errors"]) == ("details", {KEY_NAME: "config"})
    hidden = await submit(hass, badly_named, token=KEY, advanced={IGNORE: ["("]})
    assert (hidden["step_id"], hidden["errors"]) == ("details", {"base": "config"})
    assert is_folded_open(hidden)
    refused = await submit(hass, hidden, token=KEY, advanced={})
    assert (refused["step_id"], refused["errors"]) == ("details", {"token": "authentication"})

    service.port, port = 1, service.port
    first = await choose(hass, "http")
    second = await submit(hass, first, url="http://127.0.0.1:1/x", **{LOGIN: "none"})
    away = await until_done(hass, await submit(hass, second, advanced={}))
    assert (away["step_id"], away["errors"]) == ("fields", {"url": "cannot_connect"})
    service.port = port
    again = await submit(hass, away, url=f"{service.origin}{SETTINGS_PATH}", **{LOGIN: "basic"})
    await added(hass, await submit(hass, again, username=USERNAME, password=PASSWORD, advanced={}))


async def test_reauth_asks_for_what_goes_with_the_login(hass: HomeAssistant, service: SimulatedService) -> None:
    entry = entry_of(service, login="basic", username=USERNAME, password="old one")
    entry.add_to_hass(hass)
    form = await start(hass, SOURCE_REAUTH, entry.data, entry_id=entry.entry_id)
    assert (form["step_id"], *shown(form)) == ("reauth_confirm", {"password"}, set())
    result = await submit(hass, form, password=PASSWORD)
    assert (result["type"], result.get("reason")) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_reconfigure_has_both_steps(hass: HomeAssistant, service: SimulatedService) -> None:
    entry = entry_of(service, login="header", token="old-key", key_name="X-Old", ignore=["/uptime"])
    entry.add_to_hass(hass)
    first = await entry.start_reconfigure_flow(hass)
    assert (first["step_id"], *shown(first)) == ("reconfigure", {"url", LOGIN}, set())

    second = await submit(hass, first, url=f"{service.origin}{SETTINGS_PATH}", **{LOGIN: "basic"})
    in_sight, folded = shown(second)
    assert (second["step_id"], in_sight) == ("reconfigure_details", {"username", "password", "forget_secrets"})
    assert is_folded_open(second)
    assert KEY_NAME not in in_sight | folded
    unnamed = await submit(hass, second, advanced={IGNORE: ["/uptime"]})
    assert (unnamed["step_id"], unnamed["errors"]) == ("reconfigure_details", {"username": "config"})
    login = {"username": USERNAME, "password": PASSWORD, "forget_secrets": True}
    result = await submit(hass, unnamed, **login, advanced={IGNORE: ["/uptime"]})

    assert (result["type"], result.get("reason")) == (FlowResultType.ABORT, "reconfigure_successful")
    config = entry.data["config"]
    assert (config["login"], config["username"], config["password"]) == ("basic", USERNAME, PASSWORD)
    assert (config["token"], config["key_name"], config["ignore"]) == (None, None, ["/uptime"])
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)
