"""Downloads in the browser: by signed link, for administrators only, byte for byte."""

import re
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.panel.download import async_download_link, file_name
from ha_device_backup_core.errors import StoreLockedError
from ha_device_backup_core.manager import DeviceBackupManager, StoredBackups
from ha_device_backup_core.records import Backup, DeviceKey
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..household import settle, store

KEY = DeviceKey("wled", MAC)


@pytest.fixture
def backup(manager: DeviceBackupManager) -> Backup:
    """Return the one backup of the controller."""
    newest = manager.status(KEY).newest
    assert newest is not None
    return newest


async def exported(hass: HomeAssistant, ws: WebSocketGenerator, backup: Backup) -> str:
    """Return the link that the action gives to an administrator in the browser."""
    client = await ws(hass)
    await client.send_json_auto_id(
        {
            "type": "call_service",
            "domain": DOMAIN,
            "service": "export_backup",
            "service_data": {"device_key": str(KEY), "backup_id": backup.id},
            "return_response": True,
        }
    )
    message = await client.receive_json()
    assert message["success"], message
    return str(message["result"]["response"]["download"])


async def test_the_link_gives_the_very_file(
    hass: HomeAssistant,
    backup: Backup,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    link = await exported(hass, hass_ws_client, backup)
    client = await hass_client_no_auth()
    response = await client.get(link)
    assert response.status == 200
    assert await response.read() == (store(hass) / backup.path).read_bytes()
    assert response.headers["Content-Disposition"] == (f"attachment; filename*=UTF-8''wled%20Shelf%20{backup.id}.zip")
    assert (response.headers["Cache-Control"], response.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")

    plain = link.partition("?")[0]
    assert (await client.get(plain)).status == 401
    assert (await client.get(link.replace(backup.id, "2020-01-01_00-00-00"))).status == 401


async def test_nobody_but_an_administrator_gets_it(
    hass: HomeAssistant,
    backup: Backup,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    link = await exported(hass, hass_ws_client, backup)
    hass_admin_user.groups = []
    client = await hass_client()
    assert (await client.get(link.partition("?")[0])).status == 401
    assert (await client.get(link)).status == 401


async def test_who_is_not_logged_in_gets_no_link(hass: HomeAssistant, backup: Backup) -> None:
    assert async_download_link(hass, KEY, backup.id) is None


async def test_what_is_not_there_or_damaged_is_told(
    hass: HomeAssistant, backup: Backup, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    url = f"/api/{DOMAIN}/download/wled/{MAC}"
    for path in (f"{url}/2020-01-01_00-00-00", f"/api/{DOMAIN}/download/wled/x/{backup.id}"):
        assert (await client.get(path)).status == 404
    assert (await client.get(f"{url}/..%2F..%2Fdevice")).status == 400
    file = store(hass) / backup.path
    content = file.read_bytes()
    file.write_bytes(b"nonsense")
    assert (await client.get(f"{url}/{backup.id}")).status == 500
    file.write_bytes(content)
    response = await client.get(f"{url}/{backup.id}")
    assert await response.read() == content


async def test_the_name_of_the_file_is_harmless(backup: Backup) -> None:
    odd = replace(backup, device=replace(backup.device, name='a/b"\r\n<i>\u202e ä'))
    assert file_name(odd) == f"wled a_b____i__ ä {backup.id}.zip"
    long = replace(backup, device=replace(backup.device, name="ä" * 5000))
    assert file_name(long) == f"wled {'ä' * 40} {backup.id}.zip"


async def begun(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Open the gear of the device."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert "download" in menu["menu_options"]
    return menu["flow_id"]


async def test_the_gear_of_the_device_gives_a_link(
    hass: HomeAssistant, backup: Backup, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    wled.device.wipe()
    await manager.back_up(KEY)
    await manager.stored.protect(KEY, backup.id)
    await settle(hass)
    flow_id = await begun(hass, set_up)
    form: Any = await hass.config_entries.options.async_configure(flow_id, {"next_step_id": "download"})
    (field,) = form["data_schema"].schema
    assert field.default() == backup.id
    labels = [option["label"] for option in form["data_schema"].schema[field].config["options"]]
    assert [label.split(" · ")[1:] for label in labels] == [
        ["0.15.5", "may be wrong"],
        ["0.15.5", "recommended", "protected"],
    ]
    with patch("custom_components.ha_device_backups.flows.options.async_download_link", return_value="/link"):
        done = await hass.config_entries.options.async_configure(flow_id, {"backup": backup.id})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "download_ready")
    link = (done["description_placeholders"] or {})["link"]
    assert re.fullmatch(r'<a href="/link" target="_blank">wled Shelf .*\.zip</a>', link)


async def test_without_a_backup_there_is_nothing_to_download(
    hass: HomeAssistant, backup: Backup, manager: DeviceBackupManager, set_up: MockConfigEntry
) -> None:
    await manager.stored.delete_backup(KEY, backup.id, even_if_needed=True)
    flow_id = await begun(hass, set_up)
    done = await hass.config_entries.options.async_configure(flow_id, {"next_step_id": "download"})
    assert done["reason"] == "nothing_stored"


async def test_a_store_that_cannot_be_read_is_told(
    hass: HomeAssistant, backup: Backup, set_up: MockConfigEntry
) -> None:
    flow_id = await begun(hass, set_up)
    with patch.object(StoredBackups, "list_backups", side_effect=StoreLockedError()):
        done = await hass.config_entries.options.async_configure(flow_id, {"next_step_id": "download"})
    assert done["reason"] == "failed"
    flow_id = await begun(hass, set_up)
    await hass.config_entries.options.async_configure(flow_id, {"next_step_id": "download"})
    with patch.object(StoredBackups, "backup", side_effect=StoreLockedError()):
        done = await hass.config_entries.options.async_configure(flow_id, {"backup": backup.id})
    assert done["reason"] == "failed"
