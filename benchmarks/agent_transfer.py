"""A large folder by an agent, with a real Home Assistant: time against scp and rsync, memory, the event loop."""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.large_folder import FILES, OPTIONS, timed
from benchmarks.process_memory import watched
from benchmarks.ssh_backup import fill
from ha_device_backup_agent.trees.keys import authorized_line, made_key
from scripts.live.folder import INTEGRATION
from scripts.live.waiting import until
from tests.agent.agents import AgentProcess, agent_process
from tests.e2e.home import Home, fresh_home
from tests.e2e.large_folders import SECONDS, add_folder, pair
from tests.real_servers.ssh import USERNAME
from tests.real_servers.trees import RsyncDevice, machine

PROBE = Path(__file__).parent / "loop_probe"
SETTLE_SECONDS = 10.0
SHOWN_BLOCKS = 3


async def others(folder: Path, device: RsyncDevice) -> dict[str, float]:
    """Return the seconds that scp and rsync take, each into a new folder, and rsync once nothing changed."""
    private = made_key()
    device.authorize(" ".join(authorized_line(private, "/").split(" ")[-3:]))
    device.give_away()
    key = folder / "key"
    key.touch(0o600)
    key.write_text(private)
    ssh = ["-F", "/dev/null", "-i", str(key), *(part for option in OPTIONS for part in ("-o", option))]
    shell = " ".join(["ssh", *ssh, "-p", str(device.port)])
    remote = f"{USERNAME}@127.0.0.1:{device.tree}/"
    rsync = ("rsync", "-a", "-e", shell, remote, folder / "by-rsync")
    found = {
        "scp": await timed("scp", "-q", "-r", *ssh, "-P", str(device.port), remote, folder / "by-scp", folder=folder),
        "rsync": await timed(*rsync, folder=folder),
        "unchanged rsync": await timed(*rsync, folder=folder),
    }
    for name in ("by-scp", "by-rsync"):
        await asyncio.to_thread(shutil.rmtree, folder / name)
    return found


async def restic_alone(folder: Path, mirror: Path) -> dict[str, float]:
    """Return the seconds that restic takes for the copy, new and unchanged."""
    place = {
        "RESTIC_REPOSITORY": str(folder / "alone"),
        "RESTIC_PASSWORD": "x",
        "RESTIC_CACHE_DIR": str(folder / "cache"),
        "GOMAXPROCS": "2",
    }
    await timed("restic", "init", folder=folder, **place)
    work = partial(timed, "restic", "backup", mirror.name, folder=mirror.parent, **place)
    found = {"restic": await work(), "unchanged restic": await work()}
    await asyncio.to_thread(shutil.rmtree, folder / "alone")
    return found


async def backed_up(home: Home, agent: AgentProcess, device_key: str) -> dict[str, Any]:
    """Back up the folder, and return its seconds, the memory on both sides, and what held the event loop longest."""
    assert agent.process is not None
    await home.client.act("loop_probe.start", response=False)
    async with watched(home.process.pid) as here, watched(agent.process.pid) as there:
        begun = time.perf_counter()
        await home.client.command("ha_device_backups/back_up", device_key=device_key)
        seconds = time.perf_counter() - begun
        memory = {"home_assistant": here.report(), "agent": there.report()}
    report = await home.client.act("loop_probe.report")
    return {"seconds": seconds, "memory_mib": memory, "longest_blocks": report["blocks"][:SHOWN_BLOCKS]}


@contextlib.asynccontextmanager
async def with_folder(folder: Path, device: RsyncDevice) -> AsyncIterator[tuple[Home, AgentProcess, str]]:
    """Start Home Assistant and an agent, add the folder while it is empty, and wait for its first backup."""
    async with fresh_home(folder / "home", [], integrations=[INTEGRATION, PROBE], extra="loop_probe:\n") as home:
        with agent_process(folder / "agent") as agent:
            await add_folder(home.client, device, await pair(home.client, agent))

            async def stored() -> bool:
                return home.store.is_dir() and bool(home.newest())

            await until(stored, bool, seconds=SECONDS)
            (listed,) = (await home.client.act("ha_device_backups.list_backups"))["devices"]
            yield home, agent, listed["device_key"]


async def measured(folder: Path, megabytes: int) -> dict[str, Any]:
    """Return what each way takes."""
    os.environ["PATH"] = f"{machine(folder / 'bin')}{os.pathsep}{os.environ['PATH']}"
    (folder / "server").mkdir()
    device = RsyncDevice(folder / "server")
    (device.tree / "first").write_text("for the first backup")
    async with device, with_folder(folder, device) as (home, agent, device_key):
        await home.client.act("loop_probe.start", response=False)
        await asyncio.sleep(SETTLE_SECONDS)
        idle = (await home.client.act("loop_probe.report"))["blocks"][:SHOWN_BLOCKS]
        await asyncio.to_thread(fill, device.tree, FILES, megabytes * 1_000_000 // FILES)
        device.give_away()
        backup = await backed_up(home, agent, device_key)
        unchanged = await backed_up(home, agent, device_key)
        (mirror,) = (folder / "agent/large/mirrors").glob("*/tree")
        alone = await restic_alone(folder, mirror)
        alone |= await others(folder, device)
    first, again = backup["seconds"], unchanged["seconds"]
    return {
        "megabytes": megabytes,
        "alone_seconds": alone,
        "backup": backup,
        "unchanged": unchanged,
        "idle_longest_blocks": idle,
        "ratios": {
            "backup / scp": first / alone["scp"],
            "backup / rsync": first / alone["rsync"],
            "backup / (rsync + restic)": first / (alone["rsync"] + alone["restic"]),
            "unchanged / restic": again / alone["unchanged restic"],
            "unchanged / (rsync + restic)": again / (alone["unchanged rsync"] + alone["unchanged restic"]),
        },
    }


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--work", type=Path, help="a folder with room for five times as much")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-", dir=wanted.work) as name:
        # The server runs as another user where this is root.
        for path in (Path(name), *Path(name).parents[:-1]):
            path.chmod(path.stat().st_mode | 0o011)
        print(json.dumps(asyncio.run(measured(Path(name), wanted.megabytes)), indent=2))


if __name__ == "__main__":
    main()
