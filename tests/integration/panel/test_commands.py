"""Every command of the page is for administrators, and says what is wrong in their language."""

import pytest
from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager

from ..household import KEY
from .client import open_page

VALUES = {
    "name": "pump.toml",
    "content": "",
    "file": "pump.toml",
    "device_key": str(KEY),
    "backup_id": "2026-01-01_00-00-00",
    "older": "2026-01-01_00-00-00",
    "protected": True,
    "batch": "1",
    "names": ["cfg.json"],
    "device_keys": [str(KEY)],
    "package": "acme==1.0",
}


def commands(hass: HomeAssistant) -> dict[str, list[str]]:
    """Return every command that is offered, and what each demands."""
    return {
        name.removeprefix(f"{DOMAIN}/"): [str(key) for key in schema.schema if str(key) in VALUES]
        for name, (_, schema) in hass.data[WEBSOCKET].items()
        if name.startswith(f"{DOMAIN}/") and schema
    }


async def test_others_are_refused(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    page = await open_page(hass, hass_ws_client, hass_read_only_access_token)
    offered = commands(hass)
    subjects = {name.partition("/")[0] for name in offered}
    assert {"devices", "restore", "backups", "snapshots", "power_cut", "import", "packages", "recipes"} < subjects
    for name, wanted in offered.items():
        answer = await page.ask(name, **{key: VALUES[key] for key in wanted})
        assert (name, answer["error"]["code"]) == (name, "unauthorized")
    assert manager.status(KEY).count == 1


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_nobody_is_refused(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_client_no_auth: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, WEBSOCKET, {})
    client = await hass_client_no_auth()
    for name, wanted in commands(hass).items():
        socket = await client.ws_connect("/api/websocket")
        assert (await socket.receive_json())["type"] == "auth_required"
        await socket.send_json({"id": 1, "type": f"{DOMAIN}/{name}", **{key: VALUES[key] for key in wanted}})
        assert (name, (await socket.receive_json())["type"]) == (name, "auth_invalid")
        await socket.close()
    assert manager.status(KEY).count == 1
    await hass.async_block_till_done()


@pytest.mark.parametrize("key", ["wled", ":a0", "", 7])
async def test_a_key_that_is_none_is_refused(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_ws_client: WebSocketGenerator, key: object
) -> None:
    answer = await (await open_page(hass, hass_ws_client)).ask("backups/list", device_key=key)
    assert answer["error"]["code"] == "invalid_format"


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "This backup does not exist."),
        ("de", "Dieses Backup gibt es nicht."),
    ],
)
async def test_errors_are_told_in_the_language_of_the_page(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_ws_client: WebSocketGenerator, language: str, message: str
) -> None:
    page = await open_page(hass, hass_ws_client)
    answer = await page.ask(
        "backups/protect", device_key=str(KEY), backup_id="2020-01-01_00-00-00", protected=True, language=language
    )
    assert answer["error"]["code"] == "backup_not_found"
    assert message in answer["error"]["message"]
