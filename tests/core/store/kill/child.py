"""Processes that are killed: this one forks one for each line that it reads, and says how it ended.

A line is `<root> <step> <n>` (ends by itself before the n-th call from this step of the short story on) or
`<root> seed <n>` (goes on until it is killed).
"""

import asyncio
import gc
import json
import os
import sys
from pathlib import Path

from ha_device_backup_core.store import BackupStore

from .chapters import write_small_parts
from .faults import CallCounter, counted
from .story import Event, endless_story, short_story


def tell(event: Event) -> None:
    """Acknowledge over the pipe: one write, and the event is out even if the process dies now."""
    os.write(1, json.dumps(event).encode() + b"\n")


async def until_the_call(root: Path, number: int, step: int) -> None:
    """Tell the short story from a step on, and die before the n-th call; to open a new store is part of the first."""
    store = BackupStore(root)
    if step:
        await store.open(write=True)
    with counted(CallCounter(number, lambda _: os._exit(9))):
        if not step:
            await store.open(write=True)
        await short_story(store, tell, begin=step)
        await store.close()


async def until_killed(root: Path, seed: int) -> None:
    """Tell the endless story."""
    store = BackupStore(root)
    await store.open(write=True)
    await endless_story(store, tell, seed)


def main() -> None:
    """Fork for each line, wait, and say how it ended."""
    write_small_parts()
    # All that is forked shares what is there already: nobody looks through it for garbage.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        root, mode, number = line.split()
        pid = os.fork()
        if not pid:
            tell({"event": "began", "pid": str(os.getpid()), "key": ""})
            if mode == "seed":
                asyncio.run(until_killed(Path(root), int(number)))
            else:
                asyncio.run(until_the_call(Path(root), int(number), int(mode)))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        tell({"event": "ended", "status": str(status), "key": ""})


if __name__ == "__main__":
    main()
