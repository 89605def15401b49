"""A home with a simulated router that gives its configuration only while somebody confirms it at the box."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs import RepairsFlowResult, repairs_flow_manager
from homeassistant.components.repairs.issue_handler import RepairsFlowManager
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_get_persistent_notifications
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.page_paths import device_path
from ha_device_backup_core.records import DeviceKey
from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD, SimulatedFritzBox

from .flow_steps import check_texts
from .household import settle

SERIAL = "2c3afd0a1b2c"
ROUTER = DeviceKey("fritzbox", SERIAL)
BUTTON = "button.router_back_up_now"
EVENT = "event.router_backup"
DUE = f"reminder_due_{ROUTER}"


def router_entry(
    fritz: SimulatedFritzBox, title: str = "Router", options: Mapping[str, object] | None = None
) -> MockConfigEntry:
    """Return an entry as the config flow makes it."""
    serial = fritz.box.serial.lower()
    return MockConfigEntry(
        domain=DOMAIN,
        title=title,
        unique_id=f"fritzbox:{serial}",
        data={
            "kind": "fritzbox",
            "unique_id": serial,
            "config": {
                "host": fritz.host,
                "port": fritz.encrypted_port,
                "username": "homeassistant",
                "password": PASSWORD,
                "export_password": EXPORT_PASSWORD,
                "certificate": fritz.sha256,
            },
        },
        options=dict(options or {}),
    )


async def add(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set the entry up and wait for its first backup, which asks nobody."""
    entry.add_to_hass(hass)
    if DOMAIN in hass.config.components:
        assert await hass.config_entries.async_setup(entry.entry_id)
    else:
        assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    return entry


def shown(hass: HomeAssistant, key: DeviceKey = ROUTER) -> tuple[str, str] | None:
    """Return title and text of the notification about a device, without its last line: a link to its backups."""
    notification = async_get_persistent_notifications(hass).get(f"{DOMAIN}_{key}")
    if notification is None:
        return None
    text, _, link = notification["message"].rpartition("\n\n")
    assert re.fullmatch(rf"\[.+\]\({re.escape(device_path(key))}\)", link)
    return str(notification["title"]), text


def due(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the repairs that ask for a person, with what their texts fill in."""
    return {
        issue.issue_id: issue.translation_placeholders or {}
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.translation_key in {"reminder_due", "reminders_due"} and issue.active
    }


async def flows(hass: HomeAssistant) -> RepairsFlowManager:
    assert await async_setup_component(hass, REPAIRS, {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return manager


async def open_repair(hass: HomeAssistant, issue_id: str = DUE) -> RepairsFlowResult:
    result = await (await flows(hass)).async_init(DOMAIN, data={"issue_id": issue_id})
    check_repair(result, issue_id)
    return result


async def answer(
    hass: HomeAssistant, result: RepairsFlowResult, user_input: dict[str, Any] | None = None, issue_id: str = DUE
) -> RepairsFlowResult:
    result = await (await flows(hass)).async_configure(result["flow_id"], user_input)
    check_repair(result, issue_id)
    return result


def check_repair(result: RepairsFlowResult, issue_id: str) -> None:
    if result["type"] not in (FlowResultType.CREATE_ENTRY, FlowResultType.SHOW_PROGRESS_DONE):
        kind = issue_id.partition("_fritzbox")[0].partition("_wled")[0]
        check_texts(result, "issues", kind, "fix_flow")


async def upload(hass_client: ClientSessionGenerator, path: Path) -> str:
    """Upload a file as the browser does; return its id."""
    client = await hass_client()
    with path.open("rb") as file:
        response = await client.post("/api/file_upload", data={"file": file})
    assert response.status == 200
    return str((await response.json())["file_id"])
