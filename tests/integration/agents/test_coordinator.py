"""An agent that is away, comes back, is removed, or has another version; its devices meanwhile."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.agents.coordinator import LOOK_AGAIN
from custom_components.ha_device_backups.const import CONF_REPOSITORY, DOMAIN
from custom_components.ha_device_backups.diagnostics import async_get_config_entry_diagnostics
from custom_components.ha_device_backups.issues import agent_issue
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_core.agent import client, remote_job
from ha_device_backup_core.errors import AgentAwayError
from ha_device_backup_core.host import DeviceBackupManager, JobResult, ManagerEvent
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger
from tests.core.example_device import ExampleDevice

from ..flow_steps import start
from ..household import days_later, later
from ..running_agent import RunningAgent, agent_entry, device_entry, set_up

KEY = DeviceKey("example", "a1")


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_job, "RECONNECT_SECONDS", 1.0)
    monkeypatch.setattr(agent_issue, "PATIENCE", timedelta(0))


def issue(hass: HomeAssistant, entry_id: str) -> str | None:
    found = ir.async_get(hass).async_get_issue(DOMAIN, f"agent_{entry_id}")
    return None if found is None else found.translation_key


async def test_an_agent_that_is_away_makes_its_devices_late_until_it_is_back(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    agent = agent_entry(paired)
    await set_up(hass, agent, device_entry(paired, kitchen))
    manager = await async_get_manager(hass)
    assert (await manager.back_up(KEY)).outcome is not Outcome.FAILED
    connected = hass.states.get("binary_sensor.cellar_connectivity")
    assert connected is not None
    assert connected.state == "on"

    await cellar.stop()
    assert isinstance((await manager.back_up(KEY)).error, AgentAwayError)
    await later(hass, LOOK_AGAIN * 2)
    assert issue(hass, agent.entry_id) == "agent_away"
    assert manager.status(KEY).health is Health.LATE
    connected = hass.states.get("binary_sensor.cellar_connectivity")
    assert connected is not None
    assert connected.state == "off"
    assert f"agent_{agent.unique_id}" not in (await start(hass))["menu_options"]

    await cellar.start()
    await later(hass, LOOK_AGAIN * 4)
    assert issue(hass, agent.entry_id) is None
    assert f"agent_{agent.unique_id}" in (await start(hass))["menu_options"]
    assert not manager.status(KEY).health.is_problem
    assert manager.status(KEY).last_attempt is not None
    told = await async_get_config_entry_diagnostics(hass, agent)
    assert paired.token not in str(told)


async def test_after_a_restart_the_devices_of_an_agent_that_is_away_are_as_ever(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    agent, device = agent_entry(paired), device_entry(paired, kitchen)
    await set_up(hass, agent, device)
    await cellar.stop()
    for entry in (agent, device):
        assert await hass.config_entries.async_reload(entry.entry_id) is (entry is device)
    assert agent.state is ConfigEntryState.SETUP_RETRY
    assert issue(hass, agent.entry_id) == "agent_away"
    assert device.state is ConfigEntryState.LOADED
    assert device.runtime_data.has_handler

    await cellar.start()
    assert await hass.config_entries.async_reload(agent.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass, agent.entry_id) is None


async def test_an_agent_that_is_removed_leaves_its_devices_with_their_backups_until_it_is_back(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    agent, device = agent_entry(paired), device_entry(paired, kitchen)
    await set_up(hass, agent, device)
    manager = await async_get_manager(hass)
    await manager.back_up(KEY)
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["devices"] == "- Kitchen"
    await hass.config_entries.async_remove(agent.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await manager.stored.list_backups(KEY)) == 1
    assert not device.runtime_data.has_handler

    again = agent_entry(paired)
    again.add_to_hass(hass)
    assert await hass.config_entries.async_setup(again.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert device.runtime_data.has_handler


async def test_of_a_kind_that_an_agent_lacks_the_package_belongs_there(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    of_agent = device_entry(paired, kitchen)
    device = MockConfigEntry(domain=DOMAIN, unique_id="pihole:a1", data={**of_agent.data, "kind": "pihole"})
    await set_up(hass, agent_entry(paired), device)

    told = ir.async_get(hass).async_get_issue(DOMAIN, f"handler_missing_{device.entry_id}")
    assert told is not None
    assert told.translation_placeholders is not None
    assert told.translation_placeholders["problem"] == (
        "Install the package that brings “pihole” at the agent “Cellar”."
    )


async def test_an_agent_of_another_version_says_which_side_to_update(
    hass: HomeAssistant, cellar: RunningAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = agent_entry(await cellar.paired())
    with monkeypatch.context() as patch:
        patch.setattr(client, "PROTOCOL", 2)
        await set_up(hass, agent)
        assert issue(hass, agent.entry_id) == "agent_version"
        found = ir.async_get(hass).async_get_issue(DOMAIN, f"agent_{agent.entry_id}")
        assert found is not None
        assert "Update the agent “Cellar”" in (found.translation_placeholders or {})["error"]
    assert await hass.config_entries.async_reload(agent.entry_id)
    assert issue(hass, agent.entry_id) is None


async def test_what_opens_the_repository_of_an_agent_is_kept_here_as_well(
    hass: HomeAssistant, cellar: RunningAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost agent must not be lost data, and an agent that tells another password must not take the old one away."""
    paired = await cellar.paired()
    agent = agent_entry(paired)
    await set_up(hass, agent)
    assert CONF_REPOSITORY not in agent.data

    told = ["first, by a per`son (ü)", "second", "second", *(f"later-{number}" for number in range(4))]
    for password in told:
        data = DataFolder(cellar.folder)
        data.write("repository.json", {"id": "a" * 64, "location": "/mnt/disk"})
        data.write_bytes("repository-password", f"canary-{password}\n".encode())
        await agent.runtime_data.agent.async_refresh()
        kept = agent.data[CONF_REPOSITORY]
        assert kept["passwords"][0] == f"canary-{password}"
    assert kept == {
        "location": str(cellar.folder / "large/repository"),
        "passwords": ["canary-later-3", "canary-later-2", "canary-later-1", "canary-later-0", "canary-second"],
    }
    assert agent.data["token"] == paired.token
    assert "canary" not in str(await async_get_config_entry_diagnostics(hass, agent))

    (cellar.folder / "repository-password").unlink()
    await agent.runtime_data.agent.async_refresh()
    assert agent.data[CONF_REPOSITORY] == kept
    with monkeypatch.context() as patch:
        patch.setattr(client, "Capability", SimpleNamespace(REPOSITORY="what older agents do not tell"))
        await agent.runtime_data.agent.async_refresh()
    assert agent.data[CONF_REPOSITORY] == kept


async def test_a_late_backup_comes_by_itself_once_the_agent_is_back(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    await set_up(hass, agent_entry(paired), device_entry(paired, kitchen))
    manager = await async_get_manager(hass)
    await manager.back_up(KEY)

    await cellar.stop()
    kitchen.config = b'{"name": "attic", "uptime": 1}'
    with days_later(2):
        await later(hass)
        await later(hass, LOOK_AGAIN * 2)
        assert manager.status(KEY).health is Health.LATE
        results = heard(manager)
        await cellar.start()
        await later(hass, LOOK_AGAIN * 4)
        await until_kept(manager, 2)
        await hass.async_block_till_done(wait_background_tasks=True)
    (result,) = results
    assert (result.outcome, result.trigger in {Trigger.SCHEDULE, Trigger.SEEN_AGAIN}) == (Outcome.STORED, True)
    assert not manager.status(KEY).health.is_problem


async def test_a_late_backup_comes_by_itself_also_after_a_restart_while_the_agent_was_away(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    paired = await cellar.paired()
    agent, device = agent_entry(paired), device_entry(paired, kitchen)
    await set_up(hass, agent, device)
    manager = await async_get_manager(hass)
    await manager.back_up(KEY)
    await cellar.stop()
    kitchen.config = b'{"name": "attic", "uptime": 1}'
    for entry in (agent, device):
        assert await hass.config_entries.async_unload(entry.entry_id)

    with days_later(2):
        assert not await hass.config_entries.async_setup(agent.entry_id)
        assert await hass.config_entries.async_setup(device.entry_id)
        await later(hass)
        assert agent.state is ConfigEntryState.SETUP_RETRY
        assert len(await manager.stored.list_backups(KEY)) == 1
        await cellar.start()
        await later(hass, LOOK_AGAIN * 10)
        await until_kept(manager, 2)


async def until_kept(manager: DeviceBackupManager, number: int) -> None:
    async with asyncio.timeout(60):
        while len(await manager.stored.list_backups(KEY)) < number:
            await asyncio.sleep(0.05)


def heard(manager: DeviceBackupManager) -> list[JobResult]:
    """Return the results of jobs from now on."""
    results: list[JobResult] = []

    def take(event: ManagerEvent) -> None:
        if isinstance(event, JobResult):
            results.append(event)

    manager.subscribe(take)
    return results
