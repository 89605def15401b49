"""A large folder with an agent between it and Home Assistant, all of it real: killed, wiped, put back."""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scripts.live.archive import find_archive, read_store
from scripts.live.client import HomeAssistantClient, logged_in
from scripts.live.process import HomeAssistantError
from scripts.live.stored import StoredBackup
from scripts.live.waiting import until
from tests.agent.agents import AgentProcess, agent_process
from tests.real_servers.ssh import DEBIAN, folder_for_server
from tests.real_servers.trees import RESTIC, RsyncDevice, listing, machine, processes

from .home import Home, fresh_home
from .large_folders import SECONDS, add_folder, pair

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs programs of Debian's packages"),
]

MEGABYTE = 1_000_000
FILES = 40
"""Of 5 MB each."""


@pytest_asyncio.fixture(loop_scope="session")
async def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RsyncDevice]:
    """A device that an ordinary user reaches by SSH; the programs of the agent are in its PATH."""
    monkeypatch.setenv("PATH", f"{machine(tmp_path / 'bin')}:/usr/bin:/bin")
    found = RsyncDevice(folder_for_server(tmp_path))
    fill(found.tree)
    async with found:
        yield found


@pytest.fixture
def agent(tmp_path: Path, device: RsyncDevice) -> Iterator[AgentProcess]:
    with agent_process(tmp_path / "agent") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with fresh_home(tmp_path / "home", []) as started:
        yield started


def fill(tree: Path) -> None:
    """Half of it can be made smaller."""
    for number in range(FILES):
        folder = tree / f"{2000 + number % 8}"
        folder.mkdir(exist_ok=True)
        content = os.urandom(5 * MEGABYTE) if number % 2 else os.urandom(1000) * 5000
        (folder / f"{number}.jpg").write_bytes(content)
    (tree / "run.sh").write_text("#!/bin/sh\n")
    (tree / "run.sh").chmod(0o750)
    (tree / "latest").symlink_to("2007")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The newest backup of the folder, as the product lists it."""

    device_key: str
    device_id: str
    backup_id: str
    sha256: str


async def test_from_the_code_to_a_restore(home: Home, device: RsyncDevice, agent: AgentProcess) -> None:
    before = listing(device.tree)
    await add_folder(home.client, device, await pair(home.client, agent))
    await until(partial(stored, home), bool, seconds=SECONDS)
    first = await kept(home.client)
    await back_up(home.client, first)
    assert await kept(home.client) == first
    archive = find_archive(home.folder, await home.client.make_backup("with the manifest"))
    (manifest,) = (content for content in read_store(archive).values() if digest(content) == first.sha256)
    assert json.loads(manifest)["tree"]["files"] == FILES + 2

    await kill_home_assistant_while_it_backs_up(home, device, agent, first)
    async with logged_in(home.process.url, fresh=False) as client:
        await until(partial(has_backed_up, client, first), bool, seconds=SECONDS)
        # Killed within ten seconds of adding it, Home Assistant has not written down which id the device has.
        first = replace(first, device_id=(await kept(client)).device_id)
        wipe(device.tree)
        await kill_agent_while_it_restores(client, device, agent, first)
        await put_back(client, first)
    assert listing(device.tree) == before


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def stored(home: Home) -> list[StoredBackup]:
    return home.newest() if home.store.is_dir() else []


async def kept(client: HomeAssistantClient) -> Kept:
    (listed,) = (await client.act("ha_device_backups.list_backups"))["devices"]
    newest = listed["backups"][0]
    return Kept(
        device_key=listed["device_key"],
        device_id=listed["device_id"],
        backup_id=newest["backup_id"],
        sha256=newest["sha256"],
    )


async def back_up(client: HomeAssistantClient, known: Kept) -> None:
    await client.command("ha_device_backups/back_up", device_key=known.device_key)


async def has_backed_up(client: HomeAssistantClient, known: Kept) -> bool:
    """Whether a backup succeeds; the agent may still be at the one that nobody waits for."""
    with contextlib.suppress(HomeAssistantError):
        await back_up(client, known)
        return True
    return False


async def kill_home_assistant_while_it_backs_up(
    home: Home, device: RsyncDevice, agent: AgentProcess, known: Kept
) -> None:
    film = device.tree / "film"
    film.write_bytes(os.urandom(60 * MEGABYTE))
    device.give_away()
    work = asyncio.create_task(back_up(home.client, known))
    await seen(work, RESTIC, agent.folder, b"\0backup\0")
    await home.process.kill()
    with pytest.raises(HomeAssistantError):
        await work
    film.unlink()
    await home.process.start()


def wipe(tree: Path) -> None:
    for path in tree.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


async def kill_agent_while_it_restores(
    client: HomeAssistantClient, device: RsyncDevice, agent: AgentProcess, known: Kept
) -> None:
    work = asyncio.create_task(restored(client, known))
    await seen(work, RESTIC, agent.folder, b"\0restore\0")
    agent.kill()
    with pytest.raises(HomeAssistantError):
        await work
    agent.start()
    assert not listing(device.tree)


async def seen(work: asyncio.Task[Any], program: bytes, folder: Path, *words: bytes) -> None:
    """Return as soon as the program runs for the work: it may be done in a second."""
    async with asyncio.timeout(SECONDS):
        while not processes(program, folder, *words):
            assert not work.done(), work.result()
            await asyncio.sleep(0.01)


async def put_back(client: HomeAssistantClient, known: Kept) -> None:
    report = await restored(client, known)
    assert report["unproven"] == []
    assert f"all {FILES + 2} of" in report["proven"][0]


async def restored(client: HomeAssistantClient, known: Kept) -> dict[str, Any]:
    wanted = {"device_id": known.device_id, "backup_id": known.backup_id}
    report: dict[str, Any] = await client.act("ha_device_backups.restore", wanted)
    return report
