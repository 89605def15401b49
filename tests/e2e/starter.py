"""Starts Home Assistant without importing it each time: that takes most of the six or seven seconds of a start.

It imports what Home Assistant imports until it runs, and nothing of ours. For each connection to its socket it becomes
two more processes: one that goes on as `python -m homeassistant` would, and one that says how that ends.
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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from homeassistant import bootstrap, components

from scripts.live.folder import CONFIGURATION
from scripts.live.orphans import end_with_parent

COMPONENTS = Path(components.__path__[0])
PLATFORMS = ("backup", "config_flow", "diagnostics", "logbook", "repairs", "system_health", "trigger", "condition")
LINE_BYTES = 65_536


def _manifest(domain: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((COMPONENTS / domain / "manifest.json").read_bytes())
    return found


def with_dependencies(domains: Iterable[str]) -> Iterator[str]:
    """Yield the integrations and all that they depend on, each once."""
    waiting, seen = list(domains), set[str]()
    while waiting:
        if (domain := waiting.pop()) not in seen:
            seen.add(domain)
            yield domain
            waiting += _manifest(domain).get("dependencies", [])


def _configured() -> list[str]:
    return [line.removesuffix(":") for line in CONFIGURATION.splitlines() if not line.startswith(" ")]


def import_home_assistant() -> None:
    """Import what Home Assistant imports until it runs, as far as this machine has it."""
    for domain in with_dependencies([*_configured(), *bootstrap.CORE_INTEGRATIONS, *bootstrap.DEFAULT_INTEGRATIONS]):
        package = f"homeassistant.components.{domain}"
        for name in (package, *(f"{package}.{platform}" for platform in PLATFORMS)):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _become_home_assistant(order: dict[str, Any]) -> None:
    os.setsid()
    end_with_parent()
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output, descriptor)
    os.close(output)
    # As `python -m` does: the integrations of the folder are found from where it is started.
    sys.path[0] = order["folder"]
    sys.argv[1:] = order["arguments"]
    runpy.run_module("homeassistant", run_name="__main__", alter_sys=True)


def _serve(connection: socket.socket) -> None:
    """Start what is asked for, tell its process id at once and its exit status when it ends."""
    with connection, connection.makefile("r", encoding="utf-8") as lines:
        order = json.loads(lines.readline(LINE_BYTES))
        if not (pid := os.fork()):
            lines.close()
            connection.close()
            _become_home_assistant(order)
            return
        connection.sendall(b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _wait_for_those_that_ended(*_: object) -> None:
    """Have what they took of the processors counted, too."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(descriptor: int) -> None:
    """Import, then serve until the one that started this ends."""
    end_with_parent()
    import_home_assistant()
    assert threading.active_count() == 1, "A process with threads cannot be forked."
    # What is imported stays: nobody has to look through it for garbage, in each process anew.
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as listener:
        signal.signal(signal.SIGCHLD, _wait_for_those_that_ended)
        while True:
            connection, _ = listener.accept()
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                end_with_parent()
                listener.close()
                _serve(connection)
                return
            connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
