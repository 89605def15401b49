"""Time of a large folder at the agent: against scp and rsync alone, and unchanged against `restic backup` alone."""

import argparse
import asyncio
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.ssh_backup import fill
from ha_device_backup_agent.trees.handler import TreeHandler, tree_handler
from ha_device_backup_agent.trees.keys import authorized_line, made_key
from ha_device_backup_core.testing import run_job, run_restore
from tests.real_servers.ssh import USERNAME
from tests.real_servers.trees import RsyncDevice, machine, places_in

FILES = 400
OPTIONS = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes", "LogLevel=ERROR")


async def timed(*command: str | Path, folder: Path, **environment: str) -> float:
    """Return the seconds that a program takes."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=folder, env={**os.environ, **environment}, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0, command
    return time.perf_counter() - begun


async def backed_up(handler: type[TreeHandler], config: dict[str, object]) -> float:
    """Return the seconds of a whole backup."""
    begun = time.perf_counter()
    await run_job(handler, config)
    return time.perf_counter() - begun


async def measured(folder: Path, megabytes: int) -> dict[str, float]:
    """Return the seconds of each way."""
    os.environ["PATH"] = f"{machine(folder / 'bin')}{os.pathsep}{os.environ['PATH']}"
    (folder / "server").mkdir()
    device = RsyncDevice(folder / "server")
    fill(device.tree, FILES, megabytes * 1_000_000 // FILES)
    key = made_key()
    device.authorize(
        authorized_line(key, str(device.tree))
        + "\n"
        + " ".join(authorized_line(free := made_key(), "/").split(" ")[-3:])
    )
    free_key = folder / "key"
    free_key.touch(0o600)
    free_key.write_text(free)
    ssh = ["-F", "/dev/null", "-i", str(free_key), *(part for option in OPTIONS for part in ("-o", option))]
    handler = tree_handler(places_in(folder / "agent"))
    config: dict[str, object] = device.config(private_key=key)
    async with device:
        remote = f"{USERNAME}@127.0.0.1:{device.device}/my photos/"
        found = {
            "scp": await timed("scp", "-q", "-r", *ssh, "-P", str(device.port), remote, folder / "scp", folder=folder)
        }
        shell = " ".join(["ssh", *ssh, "-p", str(device.port)])
        found["rsync"] = await timed("rsync", "-a", "-e", shell, remote, folder / "rsync", folder=folder)
        found["backup"] = await backed_up(handler, config)
        found["unchanged rsync"] = await timed("rsync", "-a", "-e", shell, remote, folder / "rsync", folder=folder)
        found["unchanged backup"] = await backed_up(handler, config)
        (mirror,) = (folder / "agent/large/mirrors").glob("*/tree")
        restic = {
            "RESTIC_REPOSITORY": str(folder / "alone"),
            "RESTIC_PASSWORD": "x",
            "RESTIC_CACHE_DIR": str(folder / "cache"),
        }
        await timed("restic", "init", folder=folder, **restic)
        found["restic alone"] = await timed("restic", "backup", "tree", folder=mirror.parent, **restic)
        found["unchanged restic alone"] = await timed("restic", "backup", "tree", folder=mirror.parent, **restic)
        kept = (await run_job(handler, config)).artifact
        shutil.rmtree(device.tree)
        device.tree.mkdir()
        device.authorize(authorized_line(key, str(device.tree), may_write=True))
        device.give_away()
        begun = time.perf_counter()
        await run_restore(handler, config, kept)
        found["restore"] = time.perf_counter() - begun
    return found


def main() -> None:
    """Print the seconds and how they compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=100)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for path in (Path(name), *Path(name).parents[:-1]):
            path.chmod(path.stat().st_mode | 0o011)
        found = asyncio.run(measured(Path(name), wanted.megabytes))
    ratios = {
        "backup / scp": found["backup"] / found["scp"],
        "backup / (rsync + restic)": found["backup"] / (found["rsync"] + found["restic alone"]),
        "unchanged / restic alone": found["unchanged backup"] / found["unchanged restic alone"],
        "unchanged / (rsync + restic)": found["unchanged backup"]
        / (found["unchanged rsync"] + found["unchanged restic alone"]),
    }
    print(json.dumps({"megabytes": wanted.megabytes, **found, **ratios}, indent=2))


if __name__ == "__main__":
    main()
