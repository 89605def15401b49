"""One measurement of `plugin_scan` in an interpreter of its own: `python scan_once.py scan` or `start`; prints JSON."""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.plugins.entry_points import find_entries
from ha_device_backup_core.plugins.registry import HandlerScanner


def scan() -> dict[str, float]:
    """Return the milliseconds of both parts of a scan."""
    begin = time.perf_counter()
    entries = find_entries()
    found = time.perf_counter()
    registry = HandlerScanner().load(entries)
    loaded = time.perf_counter()
    if registry.problems:
        raise SystemExit(f"Not every package is usable: {registry.problems}")
    return {
        "find": (found - begin) * 1000,
        "import": (loaded - found) * 1000,
        "scan": (loaded - begin) * 1000,
        "packages": len(registry.plugins),
    }


async def start(store: Path) -> dict[str, float]:
    """Return the milliseconds of the start of a manager, and the longest that one callback held the event loop."""
    longest = {"block": 0.0, "processor": 0.0}
    run = asyncio.Handle._run  # noqa: SLF001 - the one place that every callback passes

    def measured(handle: asyncio.Handle) -> None:
        wall, processor = time.perf_counter(), time.thread_time()
        run(handle)
        longest["block"] = max(longest["block"], (time.perf_counter() - wall) * 1000)
        longest["processor"] = max(longest["processor"], (time.thread_time() - processor) * 1000)

    asyncio.Handle._run = measured  # type: ignore[assignment, method-assign]  # noqa: SLF001 - see above
    await asyncio.sleep(0)
    longest.update(dict.fromkeys(longest, 0.0))
    begin = time.perf_counter()
    manager = DeviceBackupManager(store)
    await manager.start()
    took = (time.perf_counter() - begin) * 1000
    report = {"start": took, **longest, "packages": len(manager.registry.plugins)}
    await manager.stop()
    return report


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        result = scan() if sys.argv[1] == "scan" else asyncio.run(start(Path(folder) / "store"))
    print(json.dumps(result))
