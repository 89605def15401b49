"""Agents that announce themselves, that moved, that are others; the search among the kinds of one."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from homeassistant.config_entries import (
    SOURCE_HASSIO,
    SOURCE_IGNORE,
    SOURCE_RECONFIGURE,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import agent_data
from custom_components.ha_device_backups.flows import agent as agent_flow
from ha_device_backup_agent.identity import CERTIFICATE
from ha_device_backup_core.agent.pair import FoundAgent, find_agent
from ha_device_backup_core.errors import AgentAwayError
from tests.agent.agents import HOST, revoke_all
from tests.core.example_device import ExampleDevice
from tests.integration.discovery.cards import announce, announced

from ..flow_steps import pick, start, submit, suggested, until_done
from ..running_agent import PASSWORD, RunningAgent, agent_entry, device_entry, set_up

SERVICE = "_ha-dev-backup._tcp.local."


def announced_agent(port: int | None, *hosts: str, **properties: str) -> ZeroconfServiceInfo:
    """Return what Home Assistant hears of an agent, with these addresses of its machine."""
    return ZeroconfServiceInfo(
        ip_address=ip_address(hosts[0] if hosts else HOST),
        ip_addresses=[ip_address(host) for host in hosts or (HOST,)],
        port=port,
        hostname="cellar.local.",
        type=SERVICE,
        name=f"Cellar.{SERVICE}",
        properties=properties,
    )


async def heard(hass: HomeAssistant, info: ZeroconfServiceInfo) -> ConfigFlowResult:
    return await start(hass, SOURCE_ZEROCONF, info)


def id_of(agent: RunningAgent) -> str:
    assert agent.listening is not None
    return agent.listening.identity.agent_id


async def another(cellar: RunningAgent, folder: Path) -> RunningAgent:
    """Start another agent in its place."""
    await cellar.stop()
    return await RunningAgent(folder, cellar.registry, port=cellar.port).start()


async def test_an_announced_agent_is_paired_with_its_code(hass: HomeAssistant, cellar: RunningAgent) -> None:
    await set_up(hass)
    agent_id = id_of(cellar)
    for nobody in (announced_agent(cellar.port), announced_agent(None, id=agent_id)):
        assert (await heard(hass, nobody))["reason"] == "no_agent"
    assert (await heard(hass, announced_agent(cellar.port, id="another")))["reason"] == "no_agent"
    await cellar.stop()
    assert (await heard(hass, announced_agent(cellar.port, id=agent_id)))["reason"] == "agent_away"

    await cellar.start()
    form = await heard(hass, announced_agent(cellar.port, id=agent_id))
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "agent_code")
    done = await submit(hass, form, code=cellar.code())
    assert (done["type"], done["title"]) == (FlowResultType.CREATE_ENTRY, "Cellar")
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_known_agent_is_followed_where_it_proves_who_it_is(hass: HomeAssistant, cellar: RunningAgent) -> None:
    paired = await cellar.paired()
    agent = agent_entry(paired)
    await set_up(hass, agent)
    here = announced_agent(cellar.port, id=paired.agent_id)
    assert (await heard(hass, here))["reason"] == "agent_already_configured"

    elsewhere = {**agent.data, "port": 1}
    hass.config_entries.async_update_entry(agent, data=elsewhere)
    await cellar.stop()
    assert (await heard(hass, here))["reason"] == "agent_away"
    certificate = (cellar.folder / CERTIFICATE).read_bytes()
    (cellar.folder / CERTIFICATE).unlink()
    await cellar.start()
    assert (await heard(hass, here))["reason"] == "agent_certificate_changed"
    assert agent.data == elsewhere

    await cellar.stop()
    (cellar.folder / CERTIFICATE).write_bytes(certificate)
    await cellar.start()
    assert (await heard(hass, here))["reason"] == "agent_already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert agent.data == agent_data(paired)


@pytest.fixture
def _one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody answer but here, without a packet to other addresses."""

    async def find_here(host: str, port: int) -> FoundAgent:
        if host != HOST:
            raise AgentAwayError
        return await find_agent(host, port)

    monkeypatch.setattr(agent_flow, "find_agent", find_here)


@pytest.mark.usefixtures("_one_network")
async def test_an_agent_in_several_networks_is_asked_where_it_answers(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    await set_up(hass)
    agent_id = id_of(cellar)
    form = await heard(hass, announced_agent(cellar.port, "127.0.0.9", "127.0.0.8", HOST, id=agent_id))
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "agent_code")
    done = await submit(hass, form, code=cellar.code())
    assert done["data"][CONF_HOST] == HOST
    await hass.async_block_till_done(wait_background_tasks=True)
    elsewhere = announced_agent(cellar.port, "127.0.0.9", HOST, id=agent_id)
    assert (await heard(hass, elsewhere))["reason"] == "agent_already_configured"
    assert len(hass.config_entries.flow.async_progress()) == 0


@pytest.mark.usefixtures("_one_network")
async def test_many_addresses_are_not_all_asked(hass: HomeAssistant, cellar: RunningAgent) -> None:
    await set_up(hass)
    nowhere = [f"127.0.1.{number}" for number in range(1, 200)]
    assert (await heard(hass, announced_agent(cellar.port, *nowhere, HOST, id=id_of(cellar))))["reason"] == "agent_away"


async def test_an_agent_that_is_heard_again_is_asked_at_once(hass: HomeAssistant, cellar: RunningAgent) -> None:
    agent = agent_entry(await cellar.paired())
    await cellar.stop()
    agent.add_to_hass(hass)
    await set_up(hass)
    assert str(agent.state) == str(ConfigEntryState.SETUP_RETRY)

    await cellar.start()
    again = await heard(hass, announced_agent(cellar.port, id=id_of(cellar)))
    assert again["reason"] == "agent_already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert agent.state is ConfigEntryState.LOADED


async def test_an_ignored_agent_has_no_card(hass: HomeAssistant, cellar: RunningAgent) -> None:
    paired = await cellar.paired()
    await set_up(hass)
    await start(hass, SOURCE_IGNORE, {"unique_id": paired.agent_id, "title": "Cellar"})
    again = await heard(hass, announced_agent(cellar.port, id=paired.agent_id))
    assert again["reason"] == "agent_already_configured"
    told = HassioServiceInfo(agent_data(paired), "Agent", "local_agent", "uuid")
    assert (await start(hass, SOURCE_HASSIO, told))["reason"] == "agent_already_configured"


async def test_an_agent_is_not_taken_for_another(hass: HomeAssistant, cellar: RunningAgent, tmp_path: Path) -> None:
    await set_up(hass)
    form = await pick(hass, await start(hass), "agent")
    form = await submit(hass, form, host=HOST, port=float(cellar.port))
    attic = await another(cellar, tmp_path / "attic")
    assert (await submit(hass, form, code=attic.code()))["reason"] == "another_agent"
    await attic.stop()
    await cellar.start()

    agent = agent_entry(await cellar.paired())
    agent.add_to_hass(hass)
    attic = await another(cellar, tmp_path / "attic")
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    assert (await submit(hass, form, host=HOST, port=float(attic.port)))["reason"] == "another_agent"
    await attic.stop()
    await cellar.start()


async def test_an_agent_is_paired_anew_from_its_address(hass: HomeAssistant, cellar: RunningAgent) -> None:
    agent = agent_entry(await cellar.paired())
    await set_up(hass, agent)
    assert not agent.supports_options
    port = cellar.port
    await cellar.stop()
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    away = await submit(hass, form, host=HOST, port=float(port))
    assert (away["step_id"], away["errors"]) == ("agent_address", {"base": "agent_away"})

    await cellar.start()
    revoke_all(cellar.folder)
    again = await submit(hass, away, host=HOST, port=float(port))
    assert again["step_id"] == "agent_again"
    assert (await submit(hass, again, code=cellar.code()))["reason"] == "agent_paired"
    await hass.async_block_till_done(wait_background_tasks=True)

    await cellar.stop()
    (cellar.folder / CERTIFICATE).unlink()
    await cellar.start()
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=agent.entry_id)
    changed = await submit(hass, form, host=HOST, port=float(port))
    assert changed["step_id"] == "agent_changed"
    assert (await submit(hass, changed, code=cellar.code()))["reason"] == "agent_paired"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_agent_that_is_away_cannot_be_paired_until_it_is_back(
    hass: HomeAssistant, cellar: RunningAgent
) -> None:
    agent = agent_entry(await cellar.paired())
    revoke_all(cellar.folder)
    await set_up(hass, agent)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    await cellar.stop()
    agent.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert (form["step_id"], form["errors"]) == ("agent_again", {"base": "agent_away"})
    await cellar.start()
    assert (await submit(hass, form, code=cellar.code()))["reason"] == "agent_paired"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_kind_of_an_agent_is_searched(
    hass: HomeAssistant, cellar: RunningAgent, kitchen: ExampleDevice
) -> None:
    agent = agent_entry(await cellar.paired())
    await set_up(hass, agent)
    menu = await start(hass)
    assert isinstance(menu["menu_options"], dict)
    labels = {label: step for step, label in menu["menu_options"].items()}
    form = await pick(hass, menu, labels["A device of agent “Cellar”"])
    assert form["step_id"] == "agent_kinds"
    assert suggested(form) == {"kind": ""}
    unknown = await submit(hass, form, kind="none")
    assert unknown["errors"] == {"kind": "unknown_kind"}
    form = await submit(hass, unknown, kind="Example")
    options = await until_done(hass, await submit(hass, form, host=HOST, port=float(kitchen.port), password=PASSWORD))
    assert (await submit(hass, options, schedule="default"))["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_agent_that_is_removed_meanwhile_offers_nothing(hass: HomeAssistant, cellar: RunningAgent) -> None:
    agent = agent_entry(await cellar.paired())
    await set_up(hass, agent)
    forms = [
        await pick(hass, await start(hass), f"{step}_{agent.unique_id}{kind}")
        for step, kind in (("agent", ""), ("at", "_example"))
    ]
    await hass.config_entries.async_remove(agent.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    menu, refused = [
        await submit(hass, form, **entered)
        for form, entered in zip(forms, ({"kind": "Example"}, {"host": HOST, "password": PASSWORD}), strict=True)
    ]
    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "user")
    assert refused["type"] is not FlowResultType.CREATE_ENTRY


async def test_what_is_announced_here_moves_no_device_of_an_agent(hass: HomeAssistant, cellar: RunningAgent) -> None:
    paired = await cellar.paired()
    there = device_entry(paired, ExampleDevice())
    data = {**there.data, "kind": "wled", "unique_id": "a0b1c2d3e4f5", "config": {"host": "192.0.2.9", "port": 80}}
    there.add_to_hass(hass)
    hass.config_entries.async_update_entry(there, unique_id="wled:a0b1c2d3e4f5", data=data)
    await set_up(hass, agent_entry(paired))
    assert (await announce(hass, announced(8080, "a0b1c2d3e4f5")))["reason"] == "already_configured"
    assert there.data == data
