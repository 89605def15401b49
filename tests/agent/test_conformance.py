"""Handlers at an agent keep the contract as those here do: every check, with the agent between them and the device."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_core.testing import HandlerConformance
from ha_device_backup_core.testing.checks import artifact
from ha_device_backup_core.testing.harness import Bench, open_bench
from ha_device_backup_core.testing.source import DeviceSource
from ha_device_backup_wled import WledHandler
from tests.handlers_tasmota import test_conformance as tasmota
from tests.handlers_wled import test_conformance as wled
from tests.handlers_wled.conftest import SHORT
from tests.http_checks import without_http

from .agents import Sessions, agent_process, agent_thread, kind_at, paired

OF_PACKAGES = dict.fromkeys(
    (
        "only_public_names_are_used",
        "package_is_registered",
        "package_names_its_core",
        "texts_are_translated",
    ),
    "no package brings it: it is made of what an agent says",
)
FILES = dict.fromkeys(
    ("only_its_own_is_recognized", "checks_are_pure"),
    "what only reads a file is done at the agent, and what is nobody's does not go there",
)
AT_DEVICE = without_http(
    "the connection to the device is in another process; the agent in a thread shows it", "secrets_are_nowhere"
)


FEW_DAMAGES = 4
"""Each is asked over connections of its own; all of them are thrown at the handlers where they are tested here."""


class AtAgent(HandlerConformance):
    """Runs the checks with the handler at an agent in a thread, whose way to the device is that of the bench."""

    kind: ClassVar[str]
    installed: ClassVar[bool] = False
    sessions: ClassVar[Sessions]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def agent(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        cls.sessions = Sessions()
        with agent_thread(tmp_path_factory.mktemp("agent"), cls.sessions) as found:
            installed = load_handlers().get(cls.kind) if cls.installed else None
            cls.handler = kind_at(AgentClient(found), cls.kind, installed)
            yield

    def bench(self, source: DeviceSource) -> AbstractAsyncContextManager[Bench]:
        return self._bench(source)

    @asynccontextmanager
    async def _bench(self, source: DeviceSource) -> AsyncIterator[Bench]:
        async with open_bench(self.handler, source, patience=self.patience) as bench:
            self.sessions.factory = bench.network.session
            yield bench


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WledHandler, "timing", SHORT)


@pytest.fixture(autouse=True)
def few_damages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "_DAMAGES", FEW_DAMAGES)


@pytest.mark.once
class TestWledAtAgent(AtAgent, wled.TestWled):
    kind = "wled"
    relaxed: ClassVar[dict[str, str]] = {**OF_PACKAGES, **FILES}


@pytest.mark.once
class TestWledAtAgentAndHere(TestWledAtAgent):
    installed = True
    relaxed = OF_PACKAGES


@pytest.mark.once
class TestTasmotaAtAgent(AtAgent, tasmota.TestTasmota):
    kind = "tasmota"
    relaxed: ClassVar[dict[str, str]] = {**OF_PACKAGES, **FILES}


class AtProcess(HandlerConformance):
    """Runs the checks with the handler in the process that people start; faults of the network are not seen there."""

    kind: ClassVar[str]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def agent(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        folder: Path = tmp_path_factory.mktemp("agent")
        with agent_process(folder) as agent:
            found = asyncio.run(paired(folder, agent.port))
            cls.handler = kind_at(AgentClient(found), cls.kind)
            yield


@pytest.mark.once
class TestTasmotaAtProcess(AtProcess, tasmota.TestTasmota):
    kind = "tasmota"
    relaxed: ClassVar[dict[str, str]] = {**OF_PACKAGES, **FILES, **AT_DEVICE}


@pytest.mark.once
class TestWledAtProcess(AtProcess, wled.TestWled):
    recordings = None
    kind = "wled"
    relaxed: ClassVar[dict[str, str]] = {**OF_PACKAGES, **FILES, **AT_DEVICE}
