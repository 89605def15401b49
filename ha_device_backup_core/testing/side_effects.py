"""Sees what code does to the world outside while it should do nothing, by Python's audit events.

As a program it imports the module that its argument names, and prints as JSON what that did.
"""

import contextlib
import importlib
import json
import mimetypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OF_THE_SYSTEM: tuple[str, ...] = ("/usr/share/zoneinfo", *map(str, mimetypes.knownfiles))
"""What modules of Python itself read."""
_ACTIONS = {
    "socket.connect": "connects to {1}",
    "socket.bind": "listens on {1}",
    "socket.sendto": "sends to {1}",
    "socket.getaddrinfo": "looks up {0}",
    "socket.gethostbyname": "looks up {0}",
    "subprocess.Popen": "starts the program {0}",
    "os.system": "runs the command {0}",
    "os.posix_spawn": "starts the program {0}",
    "os.fork": "forks",
    "os.remove": "removes {0}",
    "os.rename": "renames {0}",
    "os.mkdir": "makes the folder {0}",
    "_thread.start_new_thread": "starts a thread",
    "_thread.start_joinable_thread": "starts a thread",
    "time.sleep": "sleeps {0} s",
}

_seen: ContextVar[list[str] | None] = ContextVar("seen", default=None)


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """Return a list that fills with what the code of the block does; reading installed files does not count."""
    _install_hook()
    seen: list[str] = []
    keeps_compiled = not sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
        sys.dont_write_bytecode = not keeps_compiled


@cache
def _install_hook() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    seen = _seen.get()
    if seen is None:
        return
    if event == "open":
        # The file objects that this needs itself are no news.
        token = _seen.set(None)
        try:
            opened = _opened(arguments)
        finally:
            _seen.reset(token)
        seen.extend(opened)
    elif event in _ACTIONS:
        seen.append(_ACTIONS[event].format(*arguments, *("?",) * 2))


def _opened(arguments: Sequence[object]) -> list[str]:
    path, _, flags = arguments
    if not isinstance(path, str | bytes | os.PathLike):
        return []
    absolute = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path.resolve follows links
    if isinstance(flags, int) and flags & _WRITING:
        return [f"writes {absolute}"]
    return [] if absolute.startswith(_installed()) else [f"reads {absolute}"]


def _installed() -> tuple[str, ...]:
    """Return the folders that Python, packages and their compiled code are in: their own files may be read."""
    imported = [str(Path(entry or ".").absolute()) for entry in sys.path]
    compiled = [] if sys.pycache_prefix is None else [os.path.abspath(sys.pycache_prefix)]  # noqa: PTH100 - as above
    return (*imported, *compiled, sys.prefix, sys.base_prefix, sys.exec_prefix, *_OF_THE_SYSTEM)


def _main(module: str) -> None:
    # What handlers are made with is not on trial.
    importlib.import_module("ha_device_backup_core")
    with watched() as seen:
        importlib.import_module(module)
    sys.stdout.write(f"\n{json.dumps(seen)}\n")


if __name__ == "__main__":
    _main(sys.argv[1])
