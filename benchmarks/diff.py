"""Time and memory of comparing two configurations, of JSON and of lines, and of two backups that are large."""

import argparse
import json
import random
import statistics
import time
import tracemalloc
from collections.abc import Sequence

from ha_device_backup_core import Artifact, DeviceBackupHandler
from ha_device_backup_core.changes import compare
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_wled import WledHandler
from tests.handlers_fritzbox.exports import with_settings
from tests.handlers_wled.artifacts import files

KIBIBYTE = 1024


def presets(size: int, chance: random.Random) -> Artifact:
    """Return a backup of WLED whose presets have that many bytes, one value in a hundred by chance."""
    made: dict[str, object] = {}
    while len(made) * 160 < size:
        segment = {"id": 0, "start": 0, "stop": 30, "bri": chance.choice([255] * 99 + [7]), "col": [[255, 160, 0]] * 3}
        made[str(len(made))] = {"on": True, "bri": 128, "transition": 7, "mainseg": 0, "seg": [segment] * 1}
    return Artifact.bundle({**files(), "presets.json": json.dumps(made).encode()})


def export(size: int, chance: random.Random) -> Artifact:
    """Return an export with that many bytes of settings, one line in a hundred by chance."""
    lines = ["        mode = dsldmode_router;"]
    while len(lines) * 40 < size:
        lines.append(f"        setting_{len(lines):06} = {chance.choice([1] * 99 + [2])}; ".ljust(39))
    return with_settings("\n".join(lines))


def large(size: int, chance: random.Random) -> Artifact:
    """Return a backup of WLED with one more file of that many bytes."""
    return Artifact.bundle({**files(), "large.bin": chance.randbytes(size)})


def measure(handler: type[DeviceBackupHandler], before: Artifact, after: Artifact, rounds: int) -> dict[str, object]:
    """Return what is measured."""
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        found = compare(handler, before, after)
        seconds.append(time.perf_counter() - begun)
    tracemalloc.start()
    compare(handler, before, after)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sizes = [sum(map(len, artifact.files().values())) for artifact in (before, after)]
    changes = [len(file.settings) + len(file.lines) + file.more for file in found.files]
    return {
        "bytes": sizes,
        "seconds": round(statistics.median(seconds), 4),
        "peak_bytes": peak,
        "changes": sum(changes),
    }


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="of a configuration, in KiB")
    parser.add_argument("--large", type=int, default=30, help="of a large file, in MiB")
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args(given)


def main() -> None:
    """Measure and print."""
    chosen = arguments()
    size, chance = chosen.size * KIBIBYTE, random.Random(7)
    report = {
        name: measure(handler, make(many, chance), make(many, chance), rounds)
        for name, handler, make, many, rounds in (
            ("json", WledHandler, presets, size, chosen.rounds),
            ("lines", FritzBoxHandler, export, size, chosen.rounds),
            ("large", WledHandler, large, chosen.large * KIBIBYTE * KIBIBYTE, 1),
        )
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
