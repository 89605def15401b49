"""An agent with one kind, whose device is simulated; nothing secret is ever logged."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ha_device_backup_core.agent import remote_handler as remote_handler_module
from ha_device_backup_core.agent import remote_job
from ha_device_backup_core.agent.client import AgentClient, PairedAgent
from ha_device_backup_core.agent.kinds import kind_of
from ha_device_backup_core.agent.remote_handler import RemoteHandler, remote_handler
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from tests.core.example_device import ExampleDevice, running
from tests.core.example_handler import ExampleHandler

from .agents import STARTER, agent_here

PASSWORD = "sesame-canary"
EXAMPLE = RegisteredHandler(handler=ExampleHandler, distribution="example", version="1.0")
REGISTRY = HandlerRegistry(handlers={"example": EXAMPLE})


@dataclass(kw_only=True)
class Cellar:
    """An agent that runs, a device beside it, and how they are reached."""

    folder: Path
    agent: PairedAgent
    device: ExampleDevice
    password: str = PASSWORD
    secrets: list[str] = field(default_factory=list)

    @property
    def client(self) -> AgentClient:
        return AgentClient(self.agent)

    @property
    def handler(self) -> type[RemoteHandler]:
        """The handler of the device; what only reads a file is done here, because the agent is in this event loop."""
        return remote_handler(self.client, kind_of(EXAMPLE), EXAMPLE)

    @property
    def config(self) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": self.device.port, "password": self.password}


@pytest.fixture
async def cellar(tmp_path: Path) -> AsyncIterator[Cellar]:
    async with (
        running(ExampleDevice(password=PASSWORD)) as device,
        agent_here(tmp_path / "agent", REGISTRY) as agent,
    ):
        yield Cellar(folder=tmp_path / "agent", agent=agent, device=device)


@pytest.fixture(autouse=True, scope="session")
def starter() -> Iterator[None]:
    """End the one that starts agents with the tests."""
    yield
    STARTER.end()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose no language, whatever the machine speaks that runs the tests."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give an agent up soon: there is no network between."""
    monkeypatch.setattr(remote_job, "RECONNECT_SECONDS", 1.0)
    monkeypatch.setattr(remote_job, "_PAUSE", 0.05)
    monkeypatch.setattr(remote_handler_module, "_END_SECONDS", 0.5)


@pytest.fixture(autouse=True)
def no_secret_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert PASSWORD not in caplog.text
    assert "Bearer" not in caplog.text
