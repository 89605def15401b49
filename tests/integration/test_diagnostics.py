"""Diagnostics, and that no secret gets out anywhere."""

import json
import logging
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components.backup.manager import BackupManager
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.diagnostics import async_get_config_entry_diagnostics
from ha_device_backup_core import Note
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.manager.stored_backups import StoredBackups
from ha_device_backup_core.suspicion import Suspicion
from tests.simulators.wled import CANARIES
from tests.simulators.wled.server import SimulatedWled

from .conftest import make_wled_entry
from .household import KEY, change, make_snapshot, settle

PIN = "2468"
WRONG_PIN = "8642"


def plain(value: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json_dumps(value))
    return told


async def test_diagnostics_of_a_device(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    set_up: MockConfigEntry,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    told = plain(await async_get_config_entry_diagnostics(hass, set_up))
    backup = manager.status(KEY).newest
    assert backup is not None
    assert told["entry"] == {"unique_id": str(KEY), "state": "loaded", "source": "user", "options": {}}
    assert told["config"] == {"host": "127.0.0.1", "port": wled.port, "pin": None}
    assert {handler["kind"]: handler for handler in told["handlers"]["found"]}["wled"] == {
        "kind": "wled",
        "distribution": "ha-device-backup-wled",
        "version": version("ha-device-backup-wled"),
        "api_version": "1.0",
        "can_restore": True,
    }
    assert told["api_version"] == "1.0"
    assert told["status"]["health"] == "ok"
    assert told["status"]["last_attempt"]["outcome"] == "stored"
    assert told["backups"] == [
        {key: value for key, value in backup.to_dict().items() if key not in {"path", "sha256"}}
        | {"remarks": [note.code for note in backup.artifact.remarks]}
        | {"device": {"manufacturer": "WLED", "model": backup.device.model}}
    ]
    assert [(item["id"], item["backup_id"]) for item in told["snapshots"]] == [(made, backup.id)]


async def test_notes_are_told_by_their_codes(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    backup = manager.status(KEY).newest
    assert backup is not None
    odd = Note(code="odd", text="“canary” is not in it.")
    artifact = replace(backup.artifact, missing=(odd,), doubts=(odd,), remarks=(odd,))
    shrank = "The file canary shrank."
    suspect = replace(backup, artifact=artifact, suspicion=Suspicion.FILE_SHRUNK, suspect_files=shrank)
    with patch.object(StoredBackups, "list_backups", return_value=[suspect]):
        (told,) = plain(await async_get_config_entry_diagnostics(hass, set_up))["backups"]
    assert (told["whole"], told["missing"], told["doubts"], told["remarks"]) == (False, ["odd"], ["odd"], ["odd"])
    assert told["suspect"] == "file_shrunk"
    assert "canary" not in json_dumps(told)


async def test_diagnostics_of_the_service(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, "service")
    assert entry is not None
    told = plain(await async_get_config_entry_diagnostics(hass, entry))
    status = manager.status(KEY)
    assert told["devices"] == [{"kind": "wled", "health": "ok", "backups": 1, "size": status.size}]
    assert (told["without_device"], told["snapshot_in_progress"], told["snapshots"]) == (0, False, [])
    assert told["size"] >= status.size


async def test_diagnostics_of_a_device_without_its_handler_hide_everything_that_was_entered(
    hass: HomeAssistant,
) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="acme:1",
        data={"kind": "acme", "unique_id": "1", "config": {"host": "127.0.0.1", "code": "canary-code"}},
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    told = plain(await async_get_config_entry_diagnostics(hass, entry))
    assert told["config"] == {"host": "**REDACTED**", "code": "**REDACTED**"}
    assert (told["status"]["health"], told["status"]["backups"]) == ("never", 0)
    assert told["backups"] == []


async def test_diagnostics_tell_why_the_store_cannot_be_used(hass: HomeAssistant, wled_entry: MockConfigEntry) -> None:
    storage = Path(hass.config.path(".storage"))
    storage.mkdir()
    (storage / DOMAIN).write_text("in the way")
    wled_entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    told = plain(await async_get_config_entry_diagnostics(hass, wled_entry))
    assert told["store"]["code"] == "store"
    (storage / DOMAIN).unlink()
    assert "config" in await async_get_config_entry_diagnostics(hass, wled_entry)


async def test_no_secret_gets_out(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    locked_wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    @callback
    def see(event: Event) -> None:
        seen.append(json_dumps(event.data) if event.event_type != "call_service" else "")

    hass.bus.async_listen(MATCH_ALL, see)
    entry = make_wled_entry(locked_wled, pin=PIN)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    device = hass.states.get("event.porch_backup")
    assert device is not None
    assert device.attributes["event_type"] == "stored"

    async def answers(action: str, **data: object) -> None:
        try:
            answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
            seen.append(json_dumps(answer))
        except HomeAssistantError as error:
            seen.append(f"{error} {error.translation_placeholders}")

    client = await hass_ws_client(hass)

    async def websocket(**message: object) -> None:
        await client.send_json_auto_id(message)
        seen.append(json_dumps(await client.receive_json()))

    async def look_at_everything() -> None:
        for action in ("back_up", "list_backups", "verify", "export_backup"):
            data: dict[str, dict[str, Any]] = {
                "export_backup": {"device_key": str(entry.unique_id)},
                "back_up": {"all": True},
            }
            await answers(action, **data.get(action, {}))
        await settle(hass)
        entries = hass.config_entries.async_entries(DOMAIN)
        seen.extend([json_dumps(await async_get_config_entry_diagnostics(hass, listed)) for listed in entries])
        for message in ("config_entries/get", "get_states", "config/device_registry/list", "repairs/list_issues"):
            await websocket(type=message)
        seen.extend(json_dumps(state.as_dict()) for state in hass.states.async_all())

    await look_at_everything()
    change(locked_wled)
    await look_at_everything()
    locked_wled.faults.web_page = 1000
    await look_at_everything()
    locked_wled.faults.web_page = 0
    await locked_wled.stop()
    await look_at_everything()
    await locked_wled.start()
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "config": {**entry.data["config"], "pin": WRONG_PIN}}
    )
    await settle(hass)
    await look_at_everything()
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    await look_at_everything()

    told = "\n".join([*seen, caplog.text])
    assert "authentication" in told
    assert "cannot_connect" in told
    assert [canary for canary in CANARIES if canary in told] == []
    assert [pin for pin in (PIN, WRONG_PIN) if f'"{pin}"' in told or f"'{pin}'" in told or f"={pin}" in told] == []
