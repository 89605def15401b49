"""Time and memory of taking one device out of a large Home Assistant backup, against `tar` on the same file."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.core.snapshots.homes import LAMP, PASSWORD, STORE, Layout, home, snapshot

MEBIBYTE = 1024 * 1024
LAYOUTS = {
    "packed": Layout(),
    "plain": Layout(gzip=False),
    "encrypted": Layout(version=3),
    "encrypted in the old way": Layout(version=2),
}


def large_home(folder: Path, size: int) -> Path:
    """Make a configuration folder of so many bytes, half of which cannot be packed, with a small store in it."""
    config = home(folder / "config")
    chance = random.Random(7)
    piece = chance.randbytes(MEBIBYTE // 2) + bytes(range(256)) * (MEBIBYTE // 512)
    (config / "media").mkdir()
    for number in range(size // (64 * MEBIBYTE)):
        with (config / f"media/{number}.bin").open("wb") as file:
            for _ in range(64):
                file.write(piece)
    return config


def measured(command: Sequence[str]) -> tuple[float, int]:
    """Return the seconds that a command took, and the most memory that it had."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_maxrss * 1024


def extract(file: Path, folder: Path, password: Path) -> tuple[float, int]:
    """Take the device out of it by the command line."""
    store = folder / "store"
    shutil.rmtree(store, ignore_errors=True)
    arguments = ["extract", str(file), "--to", str(store), "--device", str(LAMP), "--password", f"@{password}"]
    found = measured([sys.executable, "-m", "ha_device_backup_core.cli", *arguments])
    if len(list(store.glob("*/backup_*.meta.json"))) != 1:
        raise RuntimeError("the backup did not come out")
    return found


def tar(file: Path, folder: Path, layout: Layout) -> tuple[float, int]:
    """Take the same files out of it by `tar`."""
    flag = "z" if layout.gzip else ""
    inner = "homeassistant.tar.gz" if layout.gzip else "homeassistant.tar"
    wanted = f"data/{STORE}/{LAMP.folder}"
    command = f"tar -xOf '{file}' {inner} | tar -x{flag} -C '{folder}' '{wanted}'"
    return measured(["sh", "-c", command])


def measure(folder: Path, config: Path, layout: Layout) -> dict[str, object]:
    """Return what is measured of one way to make it."""
    file = snapshot(folder / "snapshot.tar", config, layout)
    password = folder / "password"
    password.write_text(PASSWORD)
    extract(file, folder, password)
    seconds, peak = extract(file, folder, password)
    report: dict[str, object] = {
        "snapshot_bytes": file.stat().st_size,
        "seconds": round(seconds, 2),
        "peak_bytes": peak,
    }
    if not layout.version:
        tar(file, folder, layout)
        against, _ = tar(file, folder, layout)
        report |= {"tar_seconds": round(against, 2), "ratio": round(seconds / against, 2)}
    return report


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--size", type=int, default=4096, help="of the configuration folder, in MiB; packed it is half of that"
    )
    parser.add_argument("layouts", nargs="*", choices=[*LAYOUTS, []], help="by default all")
    return parser.parse_args(given)


def main() -> None:
    """Measure and print."""
    chosen = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = large_home(folder, chosen.size * MEBIBYTE)
        names = chosen.layouts or list(LAYOUTS)
        report = {name: measure(folder, config, LAYOUTS[name]) for name in names}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
