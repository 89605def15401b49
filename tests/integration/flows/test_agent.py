"""Agents: added by address and code, found, paired anew, moved; devices added by them."""

import time
from dataclasses import replace

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import agent_entries, device_entry
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.identity import CERTIFICATE
from ha_device_backup_agent.pairing_window import PairingWindow
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.records import DeviceKey, Outcome
from tests.agent.agents import HOST, revoke_all
from tests.core.example_device import ExampleDevice

from ..flow_steps import pick, start, submit, suggested, until_done
from ..running_agent import PASSWORD, RunningAgent, set_up
from ..running_agent import agent_entry as agent_config_entry
from ..running_agent import device_entry as device_config_entry

KEY = DeviceKey("example", "a1")


async def by_address(hass: HomeAssistant, port: int) -> ConfigFlowResult:
    form = await pick(hass, await start(hass), "agent")
    assert suggested(form) == {"host": None, "port": 8477}
    return await submit(hass, form, host=f" {HOST} ", port=float(port))


async def add_agent(hass: HomeAssistant, cellar: RunningAgent) -> ConfigEntry:
    form = await by_address(hass, cellar.port)
    result = await submit(hass, form, code=cellar.code().lower().replace("-", " "))
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Cellar")
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = agent_entries(hass)
    return entry


async def test_an_agent_is_added_by_address_and_asks_a_device(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    await set_up(hass)
    entry = await add_agent(hass, cellar)
    assert cellar.listening is not None
    identity = cellar.listening.identity
    assert entry.unique_id == identity.agent_id
    assert {**entry.data, "token": ""} == {
        "agent_id": identity.agent_id,
        "host": HOST,
        "port": cellar.port,
        "certificate_sha256": identity.sha256,
        "token": "",
    }

    menu = await start(hass)
    assert isinstance(menu["menu_options"], dict)
    assert menu["menu_options"][f"at_{identity.agent_id}_example"] == "Example, by agent “Cellar”"
    form = await pick(hass, menu, f"at_{identity.agent_id}_example")
    options = await until_done(hass, await submit(hass, form, host=HOST, port=float(kitchen.port), password=PASSWORD))
    assert (await submit(hass, options, schedule="default"))["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)

    device = device_entry(hass, KEY)
    assert device is not None
    assert device.data["agent"] == identity.agent_id
    manager = await async_get_manager(hass)
    (backup,) = await manager.stored.list_backups(KEY)
    kitchen.config = b"lost"
    await manager.restore(KEY, backup.id, safety_backup=False)
    assert kitchen.config == b'{"name": "kitchen", "uptime": 1}'


async def test_a_wrong_code_and_an_expired_one_are_told_and_a_new_one_pairs(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    await set_up(hass)
    cellar.code()
    form = await by_address(hass, cellar.port)
    wrong = await submit(hass, form, code="2222-2222-2222-2222")
    assert (wrong["step_id"], wrong["errors"]) == ("agent_code", {"code": "agent_code"})

    expired = PairingWindow(DataFolder(cellar.folder), now=lambda: time.time() - 3600).open()
    late = await submit(hass, wrong, code=expired)
    assert late["errors"] == {"code": "agent_code"}

    paired = await submit(hass, late, code=cellar.code())
    assert paired["type"] is FlowResultType.CREATE_ENTRY


async def test_an_address_without_agent_is_told_until_the_right_one_is_entered(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    await set_up(hass)
    port = cellar.port
    await cellar.stop()
    away = await by_address(hass, port)
    assert (away["step_id"], away["errors"]) == ("agent", {"base": "agent_away"})
    await cellar.start()
    form = await submit(hass, away, host=HOST, port=float(port))
    assert form["step_id"] == "agent_code"

    await cellar.stop()
    gone = await submit(hass, form, code="any")
    assert gone["errors"] == {"base": "agent_away"}
    await cellar.start()
    assert (await submit(hass, gone, code=cellar.code()))["type"] is FlowResultType.CREATE_ENTRY
    again = await by_address(hass, port)
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "agent_already_configured")


async def test_a_revoked_token_asks_for_a_new_code(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    agent = agent_config_entry(paired)
    revoke_all(cellar.folder)
    await set_up(hass, agent, device_config_entry(paired, kitchen))
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert form["step_id"] == "agent_again"

    done = await submit(hass, form, code=cellar.code())
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "agent_paired")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert agent.state is ConfigEntryState.LOADED
    manager = await async_get_manager(hass)
    assert (await manager.back_up(KEY)).outcome in (Outcome.STORED, Outcome.UNCHANGED)


async def test_another_certificate_is_refused_until_a_code_vouches_for_it(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    agent = agent_config_entry(await cellar.paired())
    await cellar.stop()
    (cellar.folder / CERTIFICATE).unlink()
    await cellar.start()
    await set_up(hass, agent)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"agent_{agent.entry_id}") is not None
    pinned = agent.data["certificate_sha256"]
    found = await by_address(hass, cellar.port)
    assert found["reason"] == "agent_certificate_changed"

    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert form["step_id"] == "agent_changed"
    assert agent.data["certificate_sha256"] == pinned
    done = await submit(hass, form, code=cellar.code())
    assert done["reason"] == "agent_paired"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cellar.listening is not None
    assert agent.data["certificate_sha256"] == cellar.listening.identity.sha256
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"agent_{agent.entry_id}") is None


async def test_an_agent_that_moved_is_reconfigured(hass: HomeAssistant, cellar: RunningAgent) -> None:
    agent = agent_config_entry(await cellar.paired())
    await set_up(hass, agent)
    await cellar.stop()
    cellar.port = 0
    await cellar.start()
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    assert form["step_id"] == "agent_address"
    done = await submit(hass, form, host=HOST, port=float(cellar.port))
    assert done["reason"] == "reconfigure_successful"
    assert agent.data["port"] == cellar.port


async def test_an_agent_with_a_repository_is_moved_and_its_password_shown(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    agent = agent_config_entry(await cellar.paired())
    await set_up(hass, agent)
    repository = {"location": "/mnt/disk/rest*ic", "passwords": ["canary-new", "canary`old"]}
    hass.config_entries.async_update_entry(agent, data={**agent.data, "repository": repository})

    menu = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    assert menu["menu_options"] == ["agent_address", "agent_password"]
    shown = await pick(hass, menu, "agent_password")
    assert shown["reason"] == "agent_password"
    assert shown["description_placeholders"] == {
        "name": "Cellar",
        "plain_name": "Cellar",
        "location": "/mnt/disk/rest*ic",
        "passwords": "- `canary-new`\n- `` canary`old ``",
    }

    form = await pick(hass, await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id), "agent_address")
    done = await submit(hass, form, host=HOST, port=float(cellar.port))
    assert done["reason"] == "reconfigure_successful"
    assert agent.data["repository"] == repository


async def test_a_device_is_told_who_asks_it(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice, acme_handler: None
) -> None:
    """It keeps its history, and comes back from an agent that is gone."""
    paired = await cellar.paired()
    agent, device = agent_config_entry(paired), device_config_entry(paired, kitchen)
    await set_up(hass, agent, device)
    manager = await async_get_manager(hass)
    other = replace(paired, agent_id="attic", name="Attic")
    manager.handlers.set_agent(other, await AgentClient(paired).kinds())
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=device.entry_id)
    assert form["data_schema"] is not None
    assert form["data_schema"].schema["asked_by"].config["options"] == [
        {"value": paired.agent_id, "label": "Agent “Cellar”"},
        {"value": "attic", "label": "Agent “Attic”"},
    ]
    manager.handlers.remove_agent("attic")
    entered = {"host": HOST, "port": float(kitchen.port), "asked_by": paired.agent_id}
    result = await until_done(hass, await submit(hass, form, **entered))
    assert result["reason"] == "reconfigure_successful"
    assert device.data["agent"] == paired.agent_id
    await hass.async_block_till_done(wait_background_tasks=True)
