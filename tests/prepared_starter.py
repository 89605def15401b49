"""Becomes programs in Python without importing each time what they share: that takes most of a start.

For each order it becomes two more processes: one that goes on as `python -m` would, and one that says how that ends.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any

from scripts.live.orphans import end_with_parent

ORDER_BYTES = 200_000
STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}


def _become(order: dict[str, Any], streams: Sequence[int], own_path: Sequence[str]) -> None:
    for number, (name, mode) in enumerate(STREAMS.items()):
        os.dup2(streams[number], number)
        os.close(streams[number])
        # Anew, as at a start: those there are take it for the kind of file that it was.
        opened = os.fdopen(number, mode, buffering=1, encoding="utf-8", closefd=False)
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    named = filter(None, order["environment"].get("PYTHONPATH", "").split(os.pathsep))
    # As `python -m` does: modules are found from where it is started.
    sys.path[:] = [order["folder"], *named, *own_path]
    sys.argv[1:] = order["arguments"]
    runpy.run_module(order["module"], run_name="__main__", alter_sys=True)


def _wait_for_those_that_ended(*_: object) -> None:
    """Have what they took of the processors counted, too."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(descriptor: int, *modules: str) -> None:
    """Import, then serve until the one that started this ends."""
    end_with_parent()
    for name in modules:
        importlib.import_module(name)
    assert threading.active_count() == 1, "A process with threads cannot be forked."
    named = {*filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), sys.path[0]}
    own_path = [path for path in sys.path if path not in named]
    gc.freeze()
    signal.signal(signal.SIGCHLD, _wait_for_those_that_ended)
    orders = socket.socket(fileno=descriptor)
    while True:
        told, descriptors, *_ = socket.recv_fds(orders, ORDER_BYTES, len(STREAMS) + 1)
        if not told:
            return
        if not os.fork():
            break
        for one in descriptors:
            os.close(one)
    orders.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    end_with_parent()
    *streams, report = descriptors
    if pid := os.fork():
        for stream in streams:
            os.close(stream)
        os.write(report, b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
        return
    os.close(report)
    end_with_parent()
    _become(json.loads(told), streams, own_path)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
