"""Becomes programs in Python without importing each time what they share: that takes most of a start.

For each connection to its socket it becomes two more processes: one that goes on as `python -m` would, and one that
says how that ends.
"""

import atexit
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
LINES = {"stdin": -1, "stdout": -1, "stderr": 1}
"""What is complained of comes line by line, all else so at a terminal alone."""


def _become(order: dict[str, Any], streams: Sequence[int], own_path: Sequence[str]) -> None:
    os.setsid()
    end_with_parent()
    for number, (name, mode) in enumerate(STREAMS.items()):
        os.dup2(streams[number], number)
        os.close(streams[number])
        # Anew, as at a start: those there are take it for the kind of file that it was.
        opened = os.fdopen(number, mode, buffering=LINES[name], encoding="utf-8", closefd=False)
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    named = filter(None, order["environment"].get("PYTHONPATH", "").split(os.pathsep))
    # As `python -m` does: modules are found from where it is started.
    sys.path[:] = [order["folder"], *named, *own_path]
    sys.argv[1:] = order["arguments"]
    try:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if isinstance(ended.code, int | None):
            _end(ended.code or 0)
        raise
    _end(0)


def _end(status: int) -> None:
    """End as `multiprocessing` does after a fork: to take apart what was imported would make a copy of it all.

    Where that is not all, as with an output that cannot be written, Python itself goes on.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError, ValueError):
        for stream in filter(None, (sys.stdout, sys.__stdout__, sys.stderr)):
            stream.flush()
        os._exit(status)


def _order(connection: socket.socket) -> tuple[dict[str, Any], Sequence[int]]:
    """Return what is asked for, a line of JSON, and the streams that it gets."""
    line, streams, *_ = socket.recv_fds(connection, ORDER_BYTES, len(STREAMS))
    while not line.endswith(b"\n"):
        line += connection.recv(ORDER_BYTES)
    return json.loads(line), streams


def _serve(connection: socket.socket, own_path: Sequence[str]) -> None:
    """Start what is asked for; tell its process id at once, and its exit status when it ends."""
    order, streams = _order(connection)
    if not (pid := os.fork()):
        connection.close()
        _become(order, streams, own_path)
        sys.exit()
    for stream in streams:
        os.close(stream)
    connection.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


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
    # All but the folder that it was started from.
    own_path = sys.path[1:]
    # What is imported stays: nobody has to look through it for garbage, in each process anew.
    gc.collect()
    gc.freeze()
    listener = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGCHLD, _wait_for_those_that_ended)
    while True:
        connection, _ = listener.accept()
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            end_with_parent()
            listener.close()
            _serve(connection, own_path)
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
