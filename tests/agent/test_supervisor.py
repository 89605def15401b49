"""The agent as the app of Home Assistant: started as its image starts it, it tells the Supervisor where it is."""

import asyncio
import json
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ha_device_backup_agent import supervisor as supervisor_module
from ha_device_backup_agent.clients import Clients
from ha_device_backup_agent.data_folder import DataFolder, DataFolderError
from ha_device_backup_agent.server import LargeData
from ha_device_backup_agent.supervisor import AppOptions, announce_to_supervisor, read_options, token_of_home_assistant
from ha_device_backup_core.agent.client import AgentClient, PairedAgent
from ha_device_backup_core.errors import AgentRefusedError
from tests.prepared import Program

from .agents import HOST, MODULE, PATIENCE, STARTER, revoke_all
from .app_files import entry_point
from .fake_supervisor import TOKEN, FakeSupervisor, supervisor_here

MESSAGE = {"service": "ha_device_backups", "config": {"token": "canary-of-the-message"}}


@contextmanager
def app_process(folder: Path, supervisor: FakeSupervisor) -> Iterator[Program]:
    """Start what the image starts, with the folders of this test."""
    program, *words = (word.replace("/data", str(folder)) for word in entry_point())
    assert program == "ha-device-backup-agent"
    arguments = (*words, "--port", "0", "--supervisor", supervisor.url)
    environment = {"SUPERVISOR_TOKEN": TOKEN, "PYTHONPATH": ":".join(sys.path)}
    process = STARTER.start(MODULE, *arguments, environment=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        said = "".join(process.communicate(timeout=PATIENCE))
        assert process.returncode == 0, said
        assert TOKEN not in said
        for message in supervisor.messages:
            assert message["config"]["token"] not in said


def agent_of(supervisor: FakeSupervisor) -> PairedAgent:
    """Return what Home Assistant makes of the last message; the name of the container leads here."""
    told = supervisor.messages[-1]["config"]
    assert set(told) == {"host", "port", "token", "certificate_sha256", "agent_id"}
    assert told["host"] == socket.gethostname()
    return PairedAgent(
        agent_id=told["agent_id"],
        name="Device Backup Agent",
        host=HOST,
        port=told["port"],
        sha256=told["certificate_sha256"],
        token=told["token"],
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the app's folder, as the Supervisor makes it."""
    (tmp_path / "options.json").write_text(json.dumps({"log_level": "info", "name": "Cellar"}))
    return tmp_path


async def told(supervisor: FakeSupervisor) -> None:
    async with asyncio.timeout(PATIENCE):
        await supervisor.told.wait()
    supervisor.told.clear()


async def test_home_assistant_learns_all_that_it_needs(data: Path) -> None:
    async with supervisor_here() as supervisor:
        with app_process(data, supervisor):
            await told(supervisor)
            agent = AgentClient(agent_of(supervisor))
            assert await agent.kinds() != ()
            assert (await agent.hello()).name == "Cellar"
        with app_process(data, supervisor):
            await told(supervisor)
            assert await AgentClient(agent_of(supervisor)).kinds() != ()

    first, second = (message["config"] for message in supervisor.messages)
    assert {**first, "port": 0} == {**second, "port": 0}, "Home Assistant keeps what it knows"
    assert len(Clients(DataFolder(data / "agent")).all()) == 1


async def test_who_was_revoked_is_out_until_the_next_start(data: Path) -> None:
    async with supervisor_here() as supervisor:
        with app_process(data, supervisor):
            await told(supervisor)
            agent = AgentClient(agent_of(supervisor))
            revoke_all(data / "agent")
            with pytest.raises(AgentRefusedError):
                await agent.kinds()
        with app_process(data, supervisor):
            await told(supervisor)
            assert await AgentClient(agent_of(supervisor)).kinds() != ()


async def test_the_supervisor_is_not_ready(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(supervisor_module, "_PAUSES", (0.0,))
    async with supervisor_here() as supervisor:
        supervisor.statuses = [503, 502]
        await announce_to_supervisor(MESSAGE, supervisor=supervisor.url, token=TOKEN)
    assert (supervisor.asked, supervisor.messages) == (3, [MESSAGE])
    assert caplog.text.count("status 503") == 1
    assert "canary" not in caplog.text


async def test_the_supervisor_is_away_for_a_while(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    asked = asyncio.Event()

    async def pause(_seconds: float) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("ha_device_backup_agent.supervisor.asyncio.sleep", pause)
    task = asyncio.create_task(
        announce_to_supervisor(MESSAGE, supervisor=f"http://127.0.0.1:{unused_tcp_port}", token=TOKEN)
    )
    async with asyncio.timeout(PATIENCE):
        await asked.wait()
    task.cancel()
    await asyncio.wait({task})
    assert "ClientConnectorError" in caplog.text
    assert "canary" not in caplog.text


def test_a_start_that_was_killed_leaves_no_client_behind(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    clients = Clients(folder)
    clients.add("Cabin")
    token_of_home_assistant(folder)
    folder.remove(supervisor_module.HOME_ASSISTANT)

    token = token_of_home_assistant(folder)

    assert token == token_of_home_assistant(folder)
    assert [client.name for client in clients.all()] == ["Cabin", "Home Assistant, by the Supervisor"]


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("{}", AppOptions()),
        ('{"name": "  ", "log_level": "debug"}', AppOptions(is_verbose=True)),
        ('{"name": " Cellar ", "other": 4711}', AppOptions(name="Cellar")),
        ('{"large_data": ""}', AppOptions(large=LargeData(large=Path("/share/device-backups")))),
        (
            '{"large_data": "/share/nas/trees", "repository": "sftp:keeper@nas:/trees"}',
            AppOptions(large=LargeData(large=Path("/share/nas/trees"), repository="sftp:keeper@nas:/trees")),
        ),
    ],
)
def test_options(tmp_path: Path, written: str, options: AppOptions) -> None:
    (tmp_path / "options.json").write_text(written)
    assert read_options(tmp_path / "options.json") == options


@pytest.mark.parametrize("written", [None, "{", "[]"])
def test_options_that_are_none(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "options.json").write_text(written)
    with pytest.raises(DataFolderError, match=r"options\.json"):
        read_options(tmp_path / "options.json")


def test_the_image_starts_the_agent_itself() -> None:
    assert shlex.join(entry_point()) == ("ha-device-backup-agent app --data /data/agent --options /data/options.json")
