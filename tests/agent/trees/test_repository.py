"""The password of the repository at both sides, and a repository whose agent is gone."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ha_device_backup_agent.cli import app
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.server import RUNNING, LargeData, serving
from ha_device_backup_core import UnsupportedDeviceError
from ha_device_backup_core.agent.client import AgentClient, AgentRepository
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.testing import run_job, run_restore

from ..agents import HOST, paired
from .conftest import Bench, handler_at

NO_HANDLERS = HandlerRegistry(handlers={})


async def told_by(data: Path, repository: str | None = None) -> AgentRepository | None:
    """Return what an agent with that folder of data tells its client of its repository."""
    large = LargeData(repository=repository)
    async with serving(data, host=HOST, name="Cellar", registry=NO_HANDLERS, large=large) as listening:
        return (await AgentClient(await paired(data, listening.port)).look()).repository


def opened(data: Path, repository: Path, password: str) -> tuple[int, str]:
    """Return how the command ends, and what it says."""
    arguments = ["repository", "open", "--data", str(data), "--repository", str(repository)]
    result = CliRunner().invoke(app, arguments, input=f"{password}\n")
    return result.exit_code, result.output


async def test_a_client_is_told_once_there_is_one(bench: Bench) -> None:
    assert await told_by(bench.data) is None
    await bench.fetch()
    secret = (bench.data / "repository-password").read_text().strip()
    told = await told_by(bench.data)
    assert told == AgentRepository(location=str(bench.data / "large/repository"), password=secret)
    assert secret not in repr(told)
    (bench.data / "repository-password").unlink()
    assert await told_by(bench.data) is None


@pytest.mark.parametrize(("name", "content"), [("repository.json", b"{"), ("repository-password", b"\xff\n")])
async def test_what_cannot_be_read_costs_no_other_kinds_of_the_agent(bench: Bench, name: str, content: bytes) -> None:
    await bench.fetch()
    right = (bench.data / name).read_bytes()
    (bench.data / name).write_bytes(content)
    assert await told_by(bench.data) is None
    (bench.data / name).write_bytes(right)
    assert await told_by(bench.data) is not None


async def test_a_login_in_its_place_is_told_to_nobody(bench: Bench) -> None:
    await bench.fetch()
    told = await told_by(bench.data, "rest:https://cellar:canary-of-the-rest@backup.example/")
    assert told is not None
    assert told.location == "rest:https://backup.example/"


async def test_a_wrong_password_is_told_in_the_language_of_the_terminal(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.fetch()
    place = (bench.data / "large/repository").rename(tmp_path / "disk")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    status, output = await asyncio.to_thread(opened, tmp_path / "new", place, "wrong")
    assert status == 1
    assert "Passwort" in output.splitlines()[0]
    assert output.splitlines()[-1].startswith(f"Das Repository {place} hat ein anderes Passwort als der Agent.")


async def test_the_repository_of_an_agent_that_is_gone(bench: Bench, tmp_path: Path) -> None:
    kept, tree = await bench.fetch(), bench.machine.tree
    secret = (bench.data / "repository-password").read_text().strip()
    place = (bench.data / "large/repository").rename(tmp_path / "disk")
    new = tmp_path / "new"
    bench.data, bench.handler = new, handler_at(new, str(place))
    assert "repository open" in (await bench.fails()).detail_in()

    status, said = await asyncio.to_thread(opened, tmp_path / "newer", place, "another")
    assert (status, "another password" in said) == (1, True)
    assert not (tmp_path / "newer/repository-password").exists()
    assert await asyncio.to_thread(opened, tmp_path / "newer", place, secret) == (
        0,
        f"Password: \nIt is taken over: {place}\n",
    )

    again = handler_at(tmp_path / "newer", str(place))
    (tree / "b").unlink()
    await run_restore(again, bench.config(), kept)
    assert (tree / "b").read_text() == "b"
    found = (await run_job(again, bench.config())).artifact
    assert json.loads(found.content) == json.loads(kept.content) | {"location": str(place)}
    assert await told_by(tmp_path / "newer", str(place)) == AgentRepository(location=str(place), password=secret)


async def test_a_wrong_password_does_not_take_the_place_of_one_that_is_there(bench: Bench, tmp_path: Path) -> None:
    """Where the agent's document was lost, its password may be the only one that opens the repository."""
    await bench.fetch()
    password = (bench.data / "repository-password").read_bytes()
    (bench.data / "repository.json").unlink()
    place = bench.data / "large/repository"
    assert (await asyncio.to_thread(opened, bench.data, place, "mistyped"))[0] == 1
    assert (bench.data / "repository-password").read_bytes() == password
    assert (await asyncio.to_thread(opened, bench.data, place, password.decode().strip()))[0] == 0


async def test_who_gives_up_while_it_is_made_leaves_no_half_of_one(bench: Bench) -> None:
    """As a backup whose device is refused does; restic makes no repository where half of one is."""
    bench.machine.set("slow", value=True)
    repository = bench.handler.places.repository
    asking = asyncio.create_task(repository.snapshots())
    while not (bench.machine.state / "begun").exists():
        await asyncio.sleep(0.01)
    asking.cancel()
    for _turn in range(10):
        await asyncio.sleep(0)
    bench.machine.set("slow", value=False)
    await asyncio.wait({asking})
    assert asking.cancelled()
    assert await repository.snapshots() == ()


async def test_what_is_not_taken_over(bench: Bench, tmp_path: Path) -> None:
    await bench.fetch()
    secret = (bench.data / "repository-password").read_text().strip()
    place = bench.data / "large/repository"
    with pytest.raises(UnsupportedDeviceError, match="has a repository already"):
        await bench.handler.places.repository.take_over("another")
    assert (bench.data / "repository-password").read_text().strip() == secret

    status, said = await asyncio.to_thread(opened, tmp_path / "new", tmp_path / "nowhere", secret)
    assert (status, "is not at" in said) == (1, True)
    assert not (tmp_path / "nowhere").exists()

    folder = DataFolder(tmp_path / "new")
    lock = folder.try_lock(RUNNING)
    assert lock is not None
    assert await asyncio.to_thread(opened, tmp_path / "new", place, secret) == (1, "Stop the agent first.\n")
