"""A device with SSH is added: its host key is compared, and a key is made for it."""

from collections.abc import AsyncIterator

import asyncssh
import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

import ha_device_backup_ssh
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.toolkit import tidy_private_key
from ha_device_backup_ssh.handler import ssh_handlers
from tests.simulators.ssh import PASSWORD, SimulatedLinux

from ..flow_steps import choose, placeholders_of, start, submit, until_done

FILES = "option_5"


@pytest.fixture
async def computer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SimulatedLinux]:
    """Return a computer whose kind is known."""
    known = tuple(handler for handler in ssh_handlers() if handler.spec.kind == "linux_ssh")
    monkeypatch.setattr(ha_device_backup_ssh, "ssh_handlers", lambda: known)
    async with SimulatedLinux() as device:
        yield device


async def enter(hass: HomeAssistant, form: ConfigFlowResult, computer: SimulatedLinux) -> ConfigFlowResult:
    """Enter where it is and what is kept, in one step, and leave what is folded away as it is."""
    entered = {"host": "127.0.0.1", "port": computer.port, "username": "root", FILES: [str(computer.settings)]}
    return await until_done(hass, await submit(hass, form, **entered, advanced={}))


async def add(hass: HomeAssistant, computer: SimulatedLinux) -> ConfigEntry:
    """Add it without a password, doing at the device what the pages say."""
    host_key = await enter(hass, await choose(hass, "linux_ssh"), computer)
    assert host_key["step_id"] == "host_key"
    assert placeholders_of(host_key)["fingerprint"] == f"`{computer.fingerprint}`"

    offered = await until_done(hass, await submit(hass, host_key))
    assert offered["step_id"] == "key_pair"
    line = placeholders_of(offered)["line"]
    assert line.startswith("ssh-ed25519 AAAA")

    refused = await until_done(hass, await submit(hass, offered))
    assert (refused["step_id"], refused["errors"]) == ("fields", {"password": "authentication"})
    assert line in placeholders_of(refused)["detail"]
    computer.authorized.add(line.split()[1])
    again = await enter(hass, refused, computer)
    assert (again["step_id"], placeholders_of(again)["line"]) == ("key_pair", line)

    options = await until_done(hass, await submit(hass, again))
    assert options["step_id"] == "device_options"
    result = await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return result["result"]


async def test_a_key_is_made_for_a_device_whose_host_key_was_compared(
    hass: HomeAssistant, computer: SimulatedLinux, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add(hass, computer)
    private = entry.data["config"]["private_key"]
    assert (
        asyncssh.import_private_key(tidy_private_key(private)).export_public_key().decode().split()[1]
        in computer.authorized
    )
    (status,) = (await async_get_manager(hass)).statuses()
    assert status.health is Health.OK
    assert private[60:100] not in caplog.text


async def test_a_changed_host_key_asks(hass: HomeAssistant, computer: SimulatedLinux) -> None:
    entry = await add(hass, computer)
    known = computer.fingerprint
    await computer.stop()
    computer.host_keys = [asyncssh.generate_private_key("ssh-ed25519")]
    await computer.start()
    computer.password = "other canary/4711"

    form = await start(hass, SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    asked = await enter(hass, form, computer)
    assert asked["step_id"] == "host_key_changed"
    assert (placeholders_of(asked)["known"], placeholders_of(asked)["fingerprint"]) == (
        f"`{known}`",
        f"`{computer.fingerprint}`",
    )

    result = await until_done(hass, await submit(hass, asked))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "reconfigure_successful"
    (status,) = (await async_get_manager(hass)).statuses()
    assert status.health is Health.OK
    assert PASSWORD not in str(entry.data)
