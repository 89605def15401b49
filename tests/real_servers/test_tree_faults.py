"""What goes wrong with large folders: it is told, and once it is mended the next backup succeeds."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from ha_device_backup_agent.trees.handler import tree_handler
from ha_device_backup_core import (
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.testing import run_job, run_restore
from tests.agent.agents import agent_process, handler_of, paired
from tests.agent.flaky import FlakyProxy

from .ssh import DEBIAN
from .test_trees import Bench, bench
from .trees import RESTIC, RSYNC, places_in, processes

pytestmark = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs programs of Debian's packages")
__all__ = ["bench"]
MEGABYTE = 1_000_000


async def failure(bench: Bench, **changes: object) -> DeviceBackupError:
    with pytest.raises(DeviceBackupError) as caught:
        await bench.fetch(**changes)
    return caught.value


async def until[T](found: Callable[[], T]) -> T:
    async with asyncio.timeout(60):
        while not (value := found()):
            await asyncio.sleep(0.01)
    return value


def locks(bench: Bench) -> list[Path]:
    """Return the locks of the repository; one that restic is still writing is none yet."""
    return [path for path in (bench.agent / "large/repository/locks").glob("*") if "-tmp-" not in path.name]


async def test_a_wrong_password(bench: Bench) -> None:
    await bench.fetch()
    file = bench.agent / "repository-password"
    right = file.read_text()
    bench.handler = tree_handler(places_in(bench.agent))
    file.write_text("another\n")

    found = await failure(bench)
    assert isinstance(found, UnsupportedDeviceError)
    assert f"Write the right one into {file}" in found.detail_in()

    file.unlink()
    found = await failure(bench)
    assert "Put it back." in found.detail_in()
    file.write_text(right)
    assert right.strip() not in str(await bench.fetch())


async def test_a_repository_that_is_away_is_not_made_anew(bench: Bench) -> None:
    kept = await bench.fetch()
    place = bench.agent / "large/repository"
    away = place.rename(place.with_name("away"))
    bench.handler = tree_handler(places_in(bench.agent))

    found = await failure(bench)
    assert isinstance(found, UnsupportedDeviceError)
    assert "is not at" in found.detail_in()
    assert not place.exists()

    away.rename(place)
    assert await bench.fetch() == kept


async def test_another_repository(bench: Bench, tmp_path: Path) -> None:
    kept = await bench.fetch()
    bench.handler = tree_handler(places_in(bench.agent, repository=str(tmp_path / "another")))
    with pytest.raises(UnsupportedDeviceError, match="does not hold this backup"):
        await run_restore(bench.handler, bench.config(), kept)


@pytest.mark.parametrize(
    ("tool", "says", "told"),
    [
        ("restic", "restic 0.14.0 compiled with go1.19", "The agent needs restic 0.18 or newer, but has 0.14.0."),
        ("rsync", "openrsync, rsync version 2.6.9 compatible", "The agent needs rsync 3.2.4 or newer, but has 2.6.9."),
        ("restic", None, "The agent needs restic 0.18 or newer, but has none."),
    ],
)
async def test_tools(
    bench: Bench, tmp_path: Path, tool: str, says: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    program = tmp_path / "bin" / tool
    right = program.read_text()
    os.utime(program, (1, 1))
    if says is None:
        program.unlink()
    else:
        program.write_text(f"#!/bin/sh\necho '{says}'\n")

    found = await failure(bench)
    assert isinstance(found, UnsupportedDeviceError)
    assert found.detail_in().startswith(f"{told} Install it there: apt install {tool}")

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    program.write_text(right)
    program.chmod(0o755)
    await bench.fetch()


async def test_faults_of_the_device(bench: Bench) -> None:
    assert isinstance(await failure(bench, port=1), CannotConnectError)

    bench.device.set_profile("echo Welcome")
    found = await failure(bench)
    assert isinstance(found, UnexpectedResponseError)
    assert "The shell of this user greets" in found.detail_in()
    bench.device.set_profile()

    away = bench.device.tree.rename(bench.device.tree.with_name("away"))
    assert "The folder of the line in authorized_keys" in (await failure(bench)).detail_in()
    away.rename(bench.device.tree)

    (bench.device.bin / "rrsync").rename(bench.device.bin / "away")
    assert "There is no rrsync on the device." in (await failure(bench)).detail_in()
    (bench.device.bin / "away").rename(bench.device.bin / "rrsync")

    locked = bench.device.tree / "locked"
    locked.write_text("x")
    locked.chmod(0)
    bench.device.give_away()
    fetched = await bench.fetch()
    assert [note.code for note in fetched.missing] == ["unreadable"]
    locked.unlink()
    assert (await bench.fetch()).missing == ()


async def test_a_key_without_limits(bench: Bench) -> None:
    bench.device.authorize(" ".join(bench.line.split(" ")[-3:]))
    bench.device.give_away()
    found = await failure(bench, folder=f"{bench.device.tree}/nowhere")
    assert isinstance(found, ConfigError)
    assert json.loads((await bench.fetch()).content)["tree"]["files"] == 7

    (bench.device.bin / "rsync").rename(bench.device.bin / "away")
    bench.device.set_profile(f"PATH={bench.device.bin}")
    assert "There is no rsync on the device." in (await failure(bench)).detail_in()
    (bench.device.bin / "away").rename(bench.device.bin / "rsync")
    bench.device.set_profile()
    await bench.fetch()


async def test_a_network_that_breaks_in_the_middle_of_a_file(bench: Bench) -> None:
    """What came stays: the whole file once more would break the line again."""
    (bench.device.tree / "film").write_bytes(os.urandom(40 * MEGABYTE))
    bench.device.give_away()
    async with FlakyProxy("127.0.0.1", bench.device.port, every=26 * MEGABYTE) as line:
        found = await failure(bench, port=line.port)
        assert isinstance(found, CannotConnectError)
        assert line.broken == 1

        fetched = await bench.fetch(port=line.port)
        assert line.broken == 1
    assert json.loads(fetched.content)["tree"]["files"] == 8


async def test_restic_is_killed_in_the_middle(bench: Bench) -> None:
    await bench.fetch()
    (bench.device.tree / "film").write_bytes(os.urandom(100 * MEGABYTE))
    bench.device.give_away()
    work = asyncio.create_task(failure(bench))
    (pid,) = await until(lambda: processes(RESTIC, bench.agent, b"\0backup\0"))
    await until(lambda: locks(bench))
    os.kill(pid, signal.SIGKILL)

    assert isinstance(await work, UnexpectedResponseError)
    assert len(locks(bench)) == 1

    repository = bench.handler.places.repository
    await repository.check("100%")
    assert locks(bench) == []
    await bench.fetch()
    await repository.check("100%")


async def test_a_lock_of_a_number_that_is_another_program(bench: Bench) -> None:
    """In a container the number of a process is soon that of another one."""
    await bench.fetch()
    (bench.device.tree / "film").write_bytes(os.urandom(100 * MEGABYTE))
    bench.device.give_away()
    work = asyncio.create_task(failure(bench))
    (pid,) = await until(lambda: processes(RESTIC, bench.agent, b"\0backup\0"))
    await until(lambda: locks(bench))
    os.kill(pid, signal.SIGKILL)
    await work
    with occupied(pid):
        await bench.handler.places.repository.check("1%")
        assert locks(bench) == []


@contextmanager
def occupied(pid: int) -> Iterator[None]:
    """Have another program with that number, where the kernel lets one choose."""
    try:
        Path("/proc/sys/kernel/ns_last_pid").write_text(str(pid - 1))
    except OSError:
        pytest.skip("numbers of processes cannot be chosen here")
    with subprocess.Popen(["sleep", "60"]) as other:
        if other.pid != pid:
            other.kill()
            pytest.skip("somebody else was faster")
        yield
        other.kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "none", folder], check=False).returncode != 0:
        pytest.skip("no file systems can be made here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("what", ["copies", "repository"])
async def test_a_disk_that_is_full(bench: Bench, small_disk: Path, what: str) -> None:
    film = bench.device.tree / "film"
    film.write_bytes(os.urandom(40 * MEGABYTE))
    bench.device.give_away()
    where = {"large": small_disk} if what == "copies" else {}
    repository = None if what == "copies" else str(small_disk / "repository")
    bench.handler = tree_handler(places_in(bench.agent, repository=repository, **where))

    found = await failure(bench)
    assert isinstance(found, DeviceBusyError)
    assert "full" in found.detail_in()

    film.unlink()
    if what == "repository":
        await bench.handler.places.repository.prune()
    await bench.fetch()


def are_gone(program: bytes, folder: Path) -> bool:
    return not processes(program, folder)


async def test_the_agent_is_killed_in_the_middle(bench: Bench, tmp_path: Path) -> None:
    (bench.device.tree / "film").write_bytes(os.urandom(150 * MEGABYTE))
    bench.device.give_away()
    folder = tmp_path / "process"
    with agent_process(folder) as agent:
        client = AgentClient(await paired(folder, agent.port))
        handler = handler_of(client, await client.kinds(), "rsync")
        for program, words in ((RSYNC, ()), (RESTIC, (b"\0backup\0",))):
            work = asyncio.create_task(run_job(handler, bench.config()))
            await until(partial(processes, program, folder, *words))
            agent.kill()
            with pytest.raises(DeviceBackupError):
                await work
            await until(partial(are_gone, program, folder))
            agent.start()
            assert list((folder / "jobs").glob("*")) == []
        fetched = await run_job(handler, bench.config())
        assert await run_job(handler, bench.config()) == fetched
    assert json.loads(fetched.artifact.content)["tree"]["files"] == 8
    await places_in(folder).repository.check("100%")
