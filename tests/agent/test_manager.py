"""A device that is asked by an agent, in care like any other: history, lateness, restores."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_agent.server import serving
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.agent.kinds import kind_of
from ha_device_backup_core.agent.remote_handler import remote_handler
from ha_device_backup_core.errors import AgentAwayError
from ha_device_backup_core.manager import DeviceBackupManager, DeviceSettings
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import DeviceKey, Outcome
from tests.every_step import DEFAULTS

from .agents import HOST, agent_here
from .conftest import EXAMPLE, REGISTRY, Cellar

KEY = DeviceKey("example", "a1")


@asynccontextmanager
async def in_care(cellar: Cellar, root: Path) -> AsyncIterator[DeviceBackupManager]:
    registered = RegisteredHandler(handler=cellar.handler, distribution="example", version="1.0")
    manager = DeviceBackupManager(root, registry=HandlerRegistry(handlers={"example": registered}), defaults=DEFAULTS)
    await manager.start()
    try:
        await manager.add_device(DeviceSettings(key=KEY, title="Kitchen", config=cellar.config))
        yield manager
    finally:
        await manager.stop()


async def test_history_and_restore(cellar: Cellar, tmp_path: Path) -> None:
    async with in_care(cellar, tmp_path / "store") as manager:
        first = await manager.back_up(KEY)
        unchanged = await manager.back_up(KEY)
        cellar.device.config = b'{"name": "bath", "uptime": 7}'
        changed = await manager.back_up(KEY)

        assert [result.outcome for result in (first, unchanged, changed)] == [
            Outcome.STORED,
            Outcome.UNCHANGED,
            Outcome.STORED,
        ]
        assert first.backup is not None
        await manager.restore(KEY, first.backup.id)
        assert cellar.device.config == b'{"name": "kitchen", "uptime": 1}'


async def test_an_agent_that_is_away_makes_a_device_late_and_comes_back_by_itself(
    cellar: Cellar, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    async with agent_here(folder, REGISTRY) as agent:
        pass
    port = agent.port
    elsewhere = replace(cellar, agent=agent)
    async with in_care(elsewhere, tmp_path / "store") as manager:
        away = await manager.back_up(KEY)
        assert (away.outcome, type(away.error)) == (Outcome.FAILED, AgentAwayError)
        assert not manager.status(KEY).health.is_problem

        async with serving(folder, host=HOST, port=port, registry=REGISTRY):
            assert (await manager.back_up(KEY)).outcome is Outcome.STORED
        assert not manager.status(KEY).health.is_problem


@pytest.mark.parametrize("installed", [True, False])
def test_what_is_here_reads_files_only_where_it_is_the_same(installed: bool) -> None:
    client = AgentClient.__new__(AgentClient)
    kind = kind_of(EXAMPLE)
    handler = remote_handler(client, kind, EXAMPLE if installed else None)
    other = remote_handler(client, replace(kind, version="2.0"), EXAMPLE)
    registered = RegisteredHandler(handler=handler, distribution="example", version="1.0")

    assert (handler.here is EXAMPLE.handler) == installed
    assert other.here is None
    assert registered.can_restore
    assert not registered.can_plan
    assert not registered.can_restore_part
    bare = remote_handler(client, replace(kind, can_restore=False))
    assert not RegisteredHandler(handler=bare, distribution="example", version="1.0").can_restore


async def test_nothing_is_left_of_a_job(cellar: Cellar, tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with in_care(cellar, tmp_path / "store") as manager:
        await manager.back_up(KEY)
    assert len(asyncio.all_tasks() - before) <= 1  # the connection that the server keeps for a while
