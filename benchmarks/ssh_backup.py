"""Time of a backup by SSH against `ssh host command` with the same tar, of a small and of a large tree."""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from ha_device_backup_core.testing import run_job
from ha_device_backup_ssh import ssh_handlers
from ha_device_backup_ssh.work import made_pair
from tests.real_servers.ssh import USERNAME, OpenSsh

LINUX = next(handler for handler in ssh_handlers() if handler.spec.kind == "linux_ssh")
MEBIBYTE = 1024 * 1024


def fill(folder: Path, files: int, size: int) -> None:
    """Put that many files of that many bytes into a folder, a hundred a folder."""
    chance = random.Random(4711)
    for number in range(files):
        place = folder / f"d{number // 100:03}"
        place.mkdir(exist_ok=True)
        (place / f"f{number:05}").write_bytes(chance.randbytes(size))


async def by_command(server: OpenSsh, key: Path) -> float:
    """Return the seconds that the SSH client of this machine takes."""
    options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes", "LogLevel=ERROR")
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        "ssh",
        *(part for option in options for part in ("-o", option)),
        *("-F", "/dev/null", "-i", str(key), "-p", str(server.port), f"{USERNAME}@127.0.0.1"),
        f"tar -c -f - -C / .{server.device}",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    read = 0
    while piece := await process.stdout.read(MEBIBYTE):
        read += len(piece)
    assert await process.wait() == 0, "ssh failed"
    assert read > 0
    return time.perf_counter() - begun


async def by_backup(server: OpenSsh, private: str) -> float:
    """Return the seconds of a whole job: who is there, fetch, bundle, check, and who it was."""
    entered = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": USERNAME,
        "private_key": private,
        "host_key": server.fingerprint(),
        "files": [str(server.device)],
    }
    begun = time.perf_counter()
    await run_job(LINUX, entered)
    return time.perf_counter() - begun


async def longest_block(measured: "asyncio.Task[float]") -> float:
    """Return the longest time in which the event loop did nothing else."""
    longest, before = 0.0, time.perf_counter()
    while not measured.done():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest


def prepared(folder: Path, files: int, size: int) -> tuple[OpenSsh, str]:
    """Return a server with that many files, and the private key of its user."""
    folder.chmod(0o755)
    server = OpenSsh(folder)
    fill(server.device, files, size)
    private, public = made_pair("benchmark")
    server.authorize(public)
    return server, private


def own_key(folder: Path, private: str) -> Path:
    """Return the file with a private key, which only its owner may read."""
    key = folder / "client"
    key.touch(mode=0o600)
    key.write_text(private)
    return key


async def measure(folder: Path, files: int, size: int, rounds: int) -> dict[str, object]:
    """Return what one tree takes both ways, in turns."""
    server, private = prepared(folder, files, size)
    try:
        async with server:
            key = own_key(folder, private)
            commands, backups, blocks = [], [], []
            for _ in range(rounds):
                commands.append(await by_command(server, key))
                job = asyncio.get_running_loop().create_task(by_backup(server, private))
                blocks.append(await longest_block(job))
                backups.append(await job)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    command, backup = statistics.median(commands), statistics.median(backups)
    return {
        "files": files,
        "bytes": files * size,
        "ssh_command_seconds": round(command, 3),
        "backup_seconds": round(backup, 3),
        "ratio": round(backup / command, 2),
        "longest_block_seconds": round(max(blocks), 3),
    }


def main() -> None:
    """Measure and print, a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    for files, size in ((20, 2000), (1000, 4000), (500, 80_000)):
        folder = Path(tempfile.mkdtemp(prefix="ssh-backup-"))
        print(json.dumps(asyncio.run(measure(folder, files, size, arguments.rounds))))


if __name__ == "__main__":
    main()
