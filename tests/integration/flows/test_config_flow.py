"""Adding devices by hand."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESSED, FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import connection
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore
from tests.core.example_device import ExampleDevice, certificate, hang, running, server_error
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..flow_steps import check, choose, placeholders_of, start, submit, suggested, until, until_done

PASSWORD = "canary-password"


def acme_input(device: ExampleDevice, **changes: object) -> dict[str, object]:
    entered = {
        "host": "127.0.0.1",
        "port": float(device.port),
        "password": PASSWORD,
        "option_1": "77",
        "option_2": "canary-code",
        "option_3": 2.0,
        "option_5": False,
        "option_6": "two",
        "option_8": "https://portal.example/",
        "option_9": ["Hall", "Bath"],
    }
    return {key: value for key, value in (entered | changes).items() if value is not None}


async def finish(hass: HomeAssistant, options: ConfigFlowResult) -> ConfigEntry:
    assert (options["type"], options.get("step_id")) == (FlowResultType.FORM, "device_options"), options
    result = await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return result["result"]


async def test_wled_is_added_and_backed_up_at_once(hass: HomeAssistant, wled: SimulatedWled) -> None:
    form = await choose(hass, "wled")
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "fields", None)
    assert suggested(form) == {"host": None, "port": 80, "option_1": None}

    options = await submit(hass, form, host=wled.host, port=float(wled.port))
    assert "Shelf" in placeholders_of(options)["summary"]
    assert "Wi" in placeholders_of(options)["summary"]
    entry = await finish(hass, options)

    assert (entry.title, entry.unique_id, dict(entry.options)) == ("Shelf", f"wled:{MAC}", {})
    assert dict(entry.data) == {
        "kind": "wled",
        "unique_id": MAC,
        "config": {"host": wled.host, "port": wled.port, "pin": None},
    }
    backups = await (await async_get_manager(hass)).stored.list_backups(DeviceKey("wled", MAC))
    assert [backup.trigger for backup in backups] == ["first"]


async def test_fields_of_a_third_party_are_real_fields(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    form = await choose(hass, "acme")

    placeholders = placeholders_of(form)
    assert placeholders["name"] == "ACME heating"
    assert placeholders["documentation"] == ""
    assert placeholders["option_1_label"] == "Plant number"
    assert placeholders["option_1_help"] == r"On the \*sticker\*, see \[here\]\(https\://evil.example)"
    assert suggested(form) == {
        "host": None,
        "port": 80,
        "password": None,
        "option_1": None,
        "option_2": None,
        "option_3": None,
        "option_4": None,
        "option_5": False,
        "option_6": "one",
        "option_7": None,
        "option_8": None,
        "option_9": ["Hall"],
    }
    options = await submit(hass, form, **acme_input(boiler))
    entry = await finish(hass, options)

    assert entry.unique_id == "acme:boiler-7"
    assert entry.data["config"] == {
        "host": "127.0.0.1",
        "port": boiler.port,
        "password": PASSWORD,
        "plant": "77",
        "service_code": "canary-code",
        "circuits": 2,
        "zones": None,
        "secure": False,
        "model": "two",
        "fuel": None,
        "portal": "https://portal.example/",
        "rooms": ["Hall", "Bath"],
        "certificate": None,
    }


async def test_labels_are_in_the_language_of_the_home(hass: HomeAssistant, acme_handler: None) -> None:
    hass.config.language = "de"

    form = await choose(hass, "acme")

    assert placeholders_of(form)["name"] == "ACME-Heizung"
    assert placeholders_of(form)["option_1_label"] == "Anlagennummer"


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"host": "http://127.0.0.1/a"}, {"host": "config"}),
        ({"option_4": 1.5}, {"option_4": "config"}),
        ({"option_3": None}, {"option_3": "config"}),
        ({"option_8": "ftp://x"}, {"option_8": "config"}),
        ({"password": "wrong"}, {"password": "authentication"}),
        ({"port": 1.0}, {"host": "cannot_connect"}),
    ],
)
async def test_an_error_stands_at_its_field_and_can_be_corrected(
    hass: HomeAssistant,
    acme_handler: None,
    boiler: ExampleDevice,
    wrong: dict[str, object],
    errors: dict[str, str],
) -> None:
    form = await choose(hass, "acme")
    refused = await submit(hass, form, **acme_input(boiler, **wrong))
    assert refused["errors"] == errors
    assert suggested(refused)["option_1"] == "77"

    await finish(hass, await submit(hass, refused, **acme_input(boiler)))


async def test_a_handler_that_crashes_is_named(hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice) -> None:
    async def no_json(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>")

    boiler.faults["/info"] = no_json
    form = await choose(hass, "acme")
    refused = await submit(hass, form, **acme_input(boiler))

    assert refused["errors"] == {"base": "handler_crashed"}
    assert placeholders_of(refused)["distribution"] == "acme-device-backup"
    boiler.faults.clear()
    await finish(hass, await submit(hass, refused, **acme_input(boiler)))


async def test_a_wrong_pin_stands_at_the_pin(hass: HomeAssistant, locked_wled: SimulatedWled) -> None:
    form = await choose(hass, "wled")
    address = {"host": locked_wled.host, "port": locked_wled.port}
    refused = await until_done(hass, await submit(hass, form, **address, option_1="1111"))
    assert refused["errors"] == {"option_1": "authentication"}

    options = await until_done(hass, await submit(hass, refused, **address, option_1="2468"))
    entry = await finish(hass, options)

    assert entry.data["config"]["pin"] == "2468"


async def test_what_the_device_answers_decides_the_error(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    boiler.faults["/info"] = server_error
    form = await choose(hass, "acme")
    refused = await submit(hass, form, **acme_input(boiler))
    assert refused["errors"] == {"host": "unexpected_response"}
    assert "HTTP 500" in placeholders_of(refused)["detail"]

    boiler.faults.clear()
    await finish(hass, await submit(hass, refused, **acme_input(boiler)))


async def test_a_slow_device_is_waited_for_with_a_progress_page(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.0)
    form = await choose(hass, "acme")

    progress = await submit(hass, form, **acme_input(boiler))
    assert (progress["type"], progress["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "connect")

    await finish(hass, await until_done(hass, progress))


async def test_the_instruction_of_a_device_is_shown(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.0)
    changed = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    form = await choose(hass, "acme")
    progress = await submit(hass, form, **acme_input(boiler, option_1="ask"))
    while progress["progress_action"] == "connect":
        await until(lambda: len(changed) > 0)
        progress = await hass.config_entries.flow.async_configure(progress["flow_id"])
        check(progress)
    assert placeholders_of(progress)["instruction"] == r"Press the \*button\*."
    assert progress["progress_action"] == "prompt"

    await finish(hass, await until_done(hass, progress))


async def test_a_closed_flow_leaves_the_device_alone(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.0)
    boiler.faults["/info"] = hang
    form = await choose(hass, "acme")
    progress = await submit(hass, form, **acme_input(boiler))
    assert progress["type"] is FlowResultType.SHOW_PROGRESS

    hass.config_entries.flow.async_abort(progress["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert hass.config_entries.flow.async_progress() == []


async def test_a_certificate_is_shown_and_then_trusted(
    hass: HomeAssistant, acme_handler: None, refused_handshakes: None, tmp_path: Path
) -> None:
    context, sha256 = certificate(tmp_path)
    device = ExampleDevice(info={"id": "boiler-7", "name": "Boiler", "version": "3.1"}, password=PASSWORD)
    async with running(device, context):
        form = await choose(hass, "acme")
        shown = await submit(hass, form, **acme_input(device, option_5=True))
        assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "certificate")
        assert "".join(filter(str.isalnum, placeholders_of(shown)["fingerprint"])) == sha256.upper()

        entry = await finish(hass, await submit(hass, shown))

    assert entry.data["config"]["certificate"] == sha256


async def test_a_trusted_certificate_is_asked_about_again_only_at_another_address(
    hass: HomeAssistant, acme_handler: None, refused_handshakes: None, tmp_path: Path
) -> None:
    here, there = (
        ExampleDevice(info={"id": name, "name": "Boiler", "version": "3.1"}, password=PASSWORD) for name in "ab"
    )
    (context, _), (other_context, other_sha256) = certificate(tmp_path), certificate(tmp_path)
    async with running(here, context), running(there, other_context):
        form = await choose(hass, "acme")
        shown = await submit(hass, form, **acme_input(here, option_5=True, password="wrong"))
        refused = await submit(hass, shown)
        again = await submit(hass, refused, **acme_input(here, option_5=True, password="still wrong"))
        assert (shown["step_id"], refused["step_id"], again["step_id"]) == ("certificate", "fields", "fields")
        assert again["errors"] == {"password": "authentication"}

        shown = await submit(hass, again, **acme_input(there, option_5=True))
        assert shown["step_id"] == "certificate"
        entry = await finish(hass, await submit(hass, shown))

    assert entry.data["config"]["certificate"] == other_sha256


async def test_without_a_field_for_it_no_certificate_is_trusted(
    hass: HomeAssistant, acme_handler: None, refused_handshakes: None, tmp_path: Path
) -> None:
    lamp = ExampleDevice(info={"id": "lamp-1", "name": "Lamp", "version": "1"})
    form = await choose(hass, "acme_lamp")
    async with running(lamp, certificate(tmp_path)[0]):
        refused = await submit(hass, form, host="127.0.0.1", port=lamp.port, option_2=True)
        assert refused["errors"] == {"host": "certificate_not_trusted"}

    async with running(lamp):
        await finish(hass, await submit(hass, refused, host="127.0.0.1", port=lamp.port, option_2=False))


async def test_what_the_handler_has_to_say_of_this_device_is_told(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    boiler.info = {**boiler.info, "notice": "Back up when it is warm."}

    options = await submit(hass, await choose(hass, "acme"), **acme_input(boiler))

    assert "Back up when it is warm." in placeholders_of(options)["summary"].replace("\\", "")


async def test_a_device_without_identity_gets_one(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    boiler.info = {"name": "Boiler", "version": "3.1"}
    options = await submit(hass, await choose(hass, "acme"), **acme_input(boiler))
    assert "nobody will notice" in placeholders_of(options)["summary"]

    entry = await finish(hass, options)

    assert is_assigned(entry.data["unique_id"])
    assert entry.unique_id == f"acme:{entry.data['unique_id']}"


async def test_a_known_device_that_tells_no_id_any_more_is_not_added_twice(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    entry = await finish(hass, await submit(hass, await choose(hass, "acme"), **acme_input(boiler)))
    assert not is_assigned(entry.data["unique_id"])
    boiler.info = {"name": "Boiler", "version": "3.1"}

    result = await submit(hass, await choose(hass, "acme"), **acme_input(boiler))

    assert (result["type"], result.get("reason")) == (FlowResultType.ABORT, "already_configured")
    assert [entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)].count(entry.entry_id) == 1


async def test_a_known_device_is_not_added_twice_but_its_address_is_taken(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(
        set_up, data={**set_up.data, "config": {"host": "192.0.2.1", "port": 80, "pin": "2468"}}
    )
    result = await submit(hass, await choose(hass, "wled"), host=wled.host, port=wled.port)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert set_up.data["config"] == {"host": wled.host, "port": wled.port, "pin": "2468"}


async def test_an_ignored_device_can_be_added_by_hand(hass: HomeAssistant, wled: SimulatedWled) -> None:
    await start(hass, SOURCE_IGNORE, {"unique_id": f"wled:{MAC}", "title": "Shelf"})
    options = await submit(hass, await choose(hass, "wled"), host=wled.host, port=wled.port)

    entry = await finish(hass, options)

    assert [found.source for found in hass.config_entries.async_entries(DOMAIN) if found.unique_id == entry.unique_id]
    assert entry.source == "user"


async def test_earlier_backups_are_told_and_taken_up(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await hass.config_entries.async_remove(set_up.entry_id)

    options = await submit(hass, await choose(hass, "wled"), host=wled.host, port=wled.port)
    assert "Backups of this device from earlier: 1." in placeholders_of(options)["summary"]
    await finish(hass, options)

    status = (await async_get_manager(hass)).status(DeviceKey("wled", MAC))
    assert (status.count, status.health) == (1, "ok")


async def test_a_device_that_was_reset_is_called_as_before(
    hass: HomeAssistant, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await hass.config_entries.async_remove(set_up.entry_id)
    wled.device.wipe()

    await finish(hass, await submit(hass, await choose(hass, "wled"), host=wled.host, port=wled.port))

    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, f"wled:{MAC}")
    assert entry is not None
    assert entry.title == set_up.title != "WLED"


async def test_a_store_that_somebody_else_holds_is_told(hass: HomeAssistant, wled: SimulatedWled) -> None:
    other = BackupStore(Path(hass.config.path(".storage", DOMAIN)))
    await asyncio.to_thread(Path(hass.config.path(".storage")).mkdir)
    await other.open(write=True)
    try:
        refused = await start(hass)
    finally:
        await other.close()
    assert (refused["type"], refused["reason"]) == (FlowResultType.ABORT, "store_locked")

    form = await choose(hass, "wled")
    await finish(hass, await submit(hass, form, host=wled.host, port=wled.port))


async def test_a_step_that_is_none_is_none(hass: HomeAssistant) -> None:
    menu = await start(hass)
    flow = hass.config_entries.flow._progress[menu["flow_id"]]

    assert not hasattr(flow, "async_step_nonsense")
