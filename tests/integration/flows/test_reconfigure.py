"""Logging in again, and changing how a device is reached."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import DeviceKey
from tests.core.example_device import ExampleDevice, certificate, running
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC, make_wled_entry
from ..flow_steps import pick, placeholders_of, start, state_of, submit, suggested, until_done, waits_for_handler

KEY = DeviceKey("acme", "boiler-7")
PASSWORD = "canary-password"
CODE = "canary-code"


@pytest.fixture
async def boiler_entry(hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice) -> MockConfigEntry:
    return await add(hass, boiler)


async def add(hass: HomeAssistant, boiler: ExampleDevice, **config: object) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Boiler",
        unique_id=str(KEY),
        data={
            "kind": "acme",
            "unique_id": "boiler-7",
            "config": {
                "host": "127.0.0.1",
                "port": boiler.port,
                "password": PASSWORD,
                "plant": "77",
                "service_code": CODE,
                "circuits": 2,
                "zones": None,
                "secure": False,
                "model": "one",
                "fuel": None,
                "portal": None,
                "rooms": ["Hall"],
                "certificate": None,
                **config,
            },
        },
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    return await start(hass, SOURCE_RECONFIGURE, entry_id=entry.entry_id)


def unchanged(form: ConfigFlowResult) -> dict[str, Any]:
    return {name: value for name, value in suggested(form).items() if value is not None}


async def settled(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    result = await until_done(hass, result)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def test_a_refused_login_is_asked_again_and_then_backed_up(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    entry = await add(hass, boiler, password="old")
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert (flow["context"]["source"], flow["step_id"]) == (SOURCE_REAUTH, "reauth_confirm")
    manager = await async_get_manager(hass)
    assert manager.status(KEY).health is Health.BLOCKED

    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert suggested(form) == {"password": None}
    refused = await submit(hass, form, password="wrong")
    assert refused["errors"] == {"password": "authentication"}
    result = await settled(hass, await submit(hass, refused, password=PASSWORD))

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    config = entry.data["config"]
    assert (config["password"], config["service_code"], config["plant"]) == (PASSWORD, CODE, "77")
    status = manager.status(KEY)
    assert (status.health, status.count) == (Health.OK, 1)


async def test_a_blocked_device_asks_again_at_each_set_up(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    entry = await add(hass, boiler, password="old")
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    asked = boiler.requests.count("GET /info")

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    (again,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert again["context"]["source"] == SOURCE_REAUTH
    assert boiler.requests.count("GET /info") == asked


async def test_nothing_is_asked_while_a_snapshot_is_made(
    hass: HomeAssistant, boiler: ExampleDevice, boiler_entry: MockConfigEntry
) -> None:
    manager = await async_get_manager(hass)
    boiler.password = "changed"
    asked = boiler.requests.count("GET /info")
    job = hass.async_create_background_task(manager.back_up(KEY), "job")
    while boiler.requests.count("GET /info") == asked:
        await asyncio.sleep(0.01)
    await manager.prepare_snapshot()
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []

    manager.finish_snapshot()
    await job
    await hass.async_block_till_done(wait_background_tasks=True)

    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_another_device_does_not_get_the_login(
    hass: HomeAssistant, boiler: ExampleDevice, boiler_entry: MockConfigEntry
) -> None:
    boiler.info["id"] = "another"
    form = await reconfigure(hass, boiler_entry)
    other = await submit(hass, form, **unchanged(form))
    assert (other["step_id"], boiler_entry.unique_id) == ("other_device", str(KEY))

    boiler.info["id"] = "boiler-7"
    again = await pick(hass, other, "address")
    result = await settled(hass, await submit(hass, again, **unchanged(form)))
    assert result["reason"] == "reconfigure_successful"


async def test_reconfigure_never_shows_a_secret_and_keeps_it(
    hass: HomeAssistant, boiler: ExampleDevice, boiler_entry: MockConfigEntry
) -> None:
    form = await reconfigure(hass, boiler_entry)
    shown = suggested(form)
    assert (shown["host"], shown["option_1"], shown["option_9"]) == ("127.0.0.1", "77", ["Hall"])
    assert (shown["password"], shown["option_2"]) == (None, None)
    assert "canary" not in json.dumps([shown, dict(placeholders_of(form))])

    refused = await submit(hass, form, **unchanged(form) | {"host": "no host"})
    assert refused["errors"] == {"host": "config"}
    assert "canary" not in json.dumps(suggested(refused))
    result = await settled(hass, await submit(hass, refused, **unchanged(form) | {"option_1": "78"}))

    assert result["reason"] == "reconfigure_successful"
    config = boiler_entry.data["config"]
    assert (config["plant"], config["password"], config["service_code"]) == ("78", PASSWORD, CODE)


async def test_optional_secrets_can_be_forgotten(
    hass: HomeAssistant, boiler: ExampleDevice, boiler_entry: MockConfigEntry
) -> None:
    form = await reconfigure(hass, boiler_entry)
    await settled(hass, await submit(hass, form, **unchanged(form), forget_secrets=True))

    config = boiler_entry.data["config"]
    assert (config["password"], config["service_code"]) == (PASSWORD, None)
    form = await reconfigure(hass, boiler_entry)
    assert "forget_secrets" not in suggested(form)


async def test_a_new_address_is_backed_up_at_once(hass: HomeAssistant, wled: SimulatedWled) -> None:
    entry = make_wled_entry(wled, port=1)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    manager = await async_get_manager(hass)
    assert manager.status(DeviceKey("wled", MAC)).count == 0

    form = await reconfigure(hass, entry)
    result = await settled(hass, await submit(hass, form, host=wled.host, port=wled.port))

    assert result["reason"] == "reconfigure_successful"
    assert manager.status(DeviceKey("wled", MAC)).health is Health.OK


async def test_a_changed_certificate_asks(
    hass: HomeAssistant, acme_handler: None, refused_handshakes: None, tmp_path: Path
) -> None:
    context, sha256 = certificate(tmp_path)
    device = ExampleDevice(info={"id": "boiler-7", "name": "Boiler", "version": "3.1"}, password=PASSWORD)
    async with running(device, context):
        entry = await add(hass, device, secure=True, certificate="0" * 64)
        form = await reconfigure(hass, entry)
        asked = await submit(hass, form, **unchanged(form))
        assert asked["step_id"] == "certificate_changed"
        assert "`00000000`" in placeholders_of(asked)["known"]

        result = await settled(hass, await submit(hass, asked))

        assert result["reason"] == "reconfigure_successful"
        assert entry.data["config"]["certificate"] == sha256
        manager = await async_get_manager(hass)
        assert manager.status(KEY).health is Health.OK


async def test_an_entry_whose_handler_came_back_is_set_up_by_reconfigure(
    hass: HomeAssistant, wled: SimulatedWled, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = make_wled_entry(wled)
    entry.add_to_hass(hass)
    manager = await async_get_manager(hass)
    full = manager.registry
    monkeypatch.setattr(manager.handlers, "registry", type(full)())

    async def rescan() -> HandlerRegistry:
        return manager.registry

    monkeypatch.setattr(manager, "rescan", rescan)
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert waits_for_handler(entry)
    assert (await reconfigure(hass, entry))["reason"] == "handler_unavailable"

    monkeypatch.setattr(manager.handlers, "registry", full)
    form = await reconfigure(hass, entry)
    result = await settled(hass, await submit(hass, form, host=wled.host, port=wled.port))

    assert result["reason"] == "reconfigure_successful"
    assert state_of(entry) is ConfigEntryState.LOADED
