"""Home Assistant and an agent, each ended and started again, in the middle and in between; real processes."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ha_device_backup_agent.identity import CERTIFICATE
from ha_device_backup_wled import WledHandler
from scripts.live.client import DOMAIN, logged_in
from scripts.live.flows import FLOWS, add_device
from scripts.live.process import HomeAssistantError
from scripts.live.stored import META, wait_for_backups
from scripts.live.waiting import until
from tests.agent.agents import HOST, AgentProcess, agent_process, revoke_all
from tests.agent.test_deaths import Halt
from tests.simulators.wled import SimulatedWled

from .home import Home, fresh_home
from .test_agent_in_browser import shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 120
NAME = "Barn"


@pytest.fixture(scope="module")
def cellar(work: Path) -> Iterator[AgentProcess]:
    with agent_process(work / "agent-that-ends") as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def barn() -> AsyncIterator[SimulatedWled]:
    async with SimulatedWled(name=NAME) as controller:
        yield controller


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, cellar: AgentProcess, barn: SimulatedWled) -> AsyncIterator[Home]:
    """Start a Home Assistant with an agent, and with a controller that the agent asks."""
    async with fresh_home(work / "home-of-agent", []) as started:
        await pair(started, cellar)
        where = {"host": HOST, "port": barn.port}
        answers = {**where, "kind": str(WledHandler.spec.name)}
        await add_device(started.client, answers, choice=f"agent_{shown_status(cellar)['Id']}")
        await wait_for_backups(started.store, 1)
        yield started


@pytest.fixture(autouse=True)
def _is_there(cellar: AgentProcess) -> None:
    """Have the agent run, however the test before ended."""
    if cellar.process is None:
        cellar.start()


def shown_status(cellar: AgentProcess) -> dict[str, str]:
    output, _ = cellar.command("status").communicate(timeout=SECONDS)
    return {name: value.strip() for name, _, value in (line.partition(":") for line in output.splitlines())}


async def pair(home: Home, cellar: AgentProcess) -> None:
    """Add the agent by address and code."""
    await add_device(home.client, {"host": HOST, "port": cellar.port, "code": shown(cellar)["Code"]}, choice="agent")


@asynccontextmanager
async def started_again(home: Home) -> AsyncIterator[Home]:
    """Start Home Assistant on the same folder, ended in good order if it still runs, and log in anew for the block."""
    await home.process.stop()
    await home.process.start()
    async with there(home) as again:
        yield again


@asynccontextmanager
async def there(home: Home) -> AsyncIterator[Home]:
    """Log in anew for the block: whoever was logged in before an end is not any more."""
    async with logged_in(home.process.url, fresh=False) as client:
        yield replace(home, client=client)


async def states(home: Home) -> dict[str, str]:
    """Return whether the entries work, by title."""
    listed = await home.client.command("config_entries/get", domain=DOMAIN)
    return {one["title"]: one["state"] for one in listed if one["title"] in {"Cellar", NAME}}


async def ends(home: Home) -> list[Any]:
    """Back up the device, and return how that ended."""
    try:
        answer = await home.client.act("ha_device_backups.back_up", {"all": True})
    except HomeAssistantError:
        return ["failed"]
    return [one["outcome"] for one in answer["devices"]]


async def waiting_flows(home: Home) -> list[dict[str, Any]]:
    listed = await home.client.command("config_entries/flow/progress")
    return [flow for flow in listed if flow["handler"] == DOMAIN and flow["context"]["source"] == "reauth"]


async def number_of_backups(home: Home) -> int:
    metas = list(home.store.rglob(f"backup_*{META}"))
    for meta in metas:
        content = meta.with_name(meta.name.removesuffix(META))
        assert json.loads(meta.read_bytes())["artifact"]["size"] == content.stat().st_size
    return len(metas)


async def test_home_assistant_starts_while_the_agent_is_away(
    home: Home, cellar: AgentProcess, barn: SimulatedWled
) -> None:
    before = await number_of_backups(home)
    cellar.kill()
    barn.device.save_preset(71, {"n": "While it was away"})
    async with started_again(home) as again:
        await until(lambda: states(again), {"Cellar": "setup_retry", NAME: "loaded"}.__eq__, seconds=SECONDS)
        assert await ends(again) == ["failed"]
        assert [backup.kind for backup in again.newest()] == ["wled"]

        cellar.start()
        # Nobody does anything now: it is found out. What has just failed waits for a while, so this one is asked for.
        await until(lambda: states(again), {"Cellar": "loaded", NAME: "loaded"}.__eq__, seconds=SECONDS)
        assert await ends(again) == ["stored"]
        assert await number_of_backups(again) == before + 1


async def test_home_assistant_is_killed_in_the_middle(home: Home, cellar: AgentProcess, barn: SimulatedWled) -> None:
    async with there(home) as again:
        await until(lambda: states(again), {"Cellar": "loaded", NAME: "loaded"}.__eq__, seconds=SECONDS)
        before = await number_of_backups(again)
        barn.device.save_preset(72, {"n": "In the middle"})
        halt = Halt(barn, 3)
        asking = asyncio.create_task(again.client.act("ha_device_backups.back_up", {"all": True}))
        await asyncio.wait_for(halt.reached.wait(), SECONDS)
        await again.process.kill()
        halt.end()
        await asyncio.wait({asking})
        assert asking.exception() is not None
        assert await number_of_backups(again) == before
    async with started_again(home) as again:
        await until(lambda: states(again), {"Cellar": "loaded", NAME: "loaded"}.__eq__, seconds=SECONDS)
        assert await ends(again) in (["stored"], ["unchanged"])
        assert await number_of_backups(again) == before + 1


async def test_the_agent_is_killed_in_the_middle(home: Home, cellar: AgentProcess, barn: SimulatedWled) -> None:
    async with there(home) as again:
        await until(lambda: states(again), {"Cellar": "loaded", NAME: "loaded"}.__eq__, seconds=SECONDS)
        before = await number_of_backups(again)
        barn.device.save_preset(73, {"n": "In the middle of the agent"})
        halt = Halt(barn, 3)
        asking = asyncio.create_task(ends(again))
        await asyncio.wait_for(halt.reached.wait(), SECONDS)
        cellar.kill()
        halt.end()
        assert await asking == ["failed"]
        assert await number_of_backups(again) == before
        cellar.start()
        # A person asked, and was told: they ask again.
        assert await ends(again) == ["stored"]
        assert await number_of_backups(again) == before + 1


async def test_another_certificate_is_refused_and_a_revoked_token_asks_for_a_code(
    home: Home, cellar: AgentProcess, barn: SimulatedWled
) -> None:
    async with there(home) as again:
        await until(lambda: states(again), {"Cellar": "loaded", NAME: "loaded"}.__eq__, seconds=SECONDS)
        requests = len(barn.requests)
        cellar.stop()
        (cellar.folder / CERTIFICATE).unlink()
        cellar.start()
        await refused_until_paired(again, cellar, "agent_changed")
        assert requests < len(barn.requests)

        revoke_all(cellar.folder)
        await refused_until_paired(again, cellar, "agent_again")


async def refused_until_paired(home: Home, cellar: AgentProcess, step: str) -> None:
    """Have a backup refused, and accepted once the person entered a new code in the form that then waits."""
    assert await ends(home) == ["failed"]
    (flow,) = await until(lambda: waiting_flows(home), bool, seconds=SECONDS)
    assert flow["step_id"] == step
    done = await home.client.post(f"{FLOWS}/{flow['flow_id']}", {"code": shown(cellar)["Code"]})
    assert (done["type"], done["reason"]) == ("abort", "agent_paired")
    # The entry looks loaded until it is loaded anew, with the new token.
    await until(lambda: ends(home), (["stored"], ["unchanged"]).__contains__, seconds=SECONDS)
