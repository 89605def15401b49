"""Programs in Python that begin where others have imported already: half a second of work less for each of them."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select
from types import TracebackType
from typing import IO, Self

SECONDS_TO_START = 60
ROOT = Path(__file__).parents[1]


class Program:
    """One that runs, used as a process of `subprocess`."""

    def __init__(self, report: IO[bytes], stdout: IO[str], stderr: IO[str]) -> None:
        """Wait until it has begun; `report` says its id, and in the end how it ended."""
        self.stdout, self.stderr = stdout, stderr
        self.returncode: int | None = None
        self._report = report
        self.pid = self._number(SECONDS_TO_START)

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for its end."""
        self.wait()

    def poll(self) -> int | None:
        """Return how it ended, if it has."""
        if self.returncode is None and select([self._report], [], [], 0)[0]:
            self.returncode = self._number(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended, once it has."""
        if self.returncode is None:
            self.returncode = self._number(timeout)
        for stream in (self._report, self.stdout, self.stderr):
            stream.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return all that it says until it ends."""
        with ThreadPoolExecutor() as readers:
            output, errors = readers.map(lambda stream: stream.read(), (self.stdout, self.stderr))
        self.wait(timeout)
        return output, errors

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _number(self, timeout: float | None) -> int:
        if not select([self._report], [], [], timeout)[0]:
            raise TimeoutError
        return int(self._report.readline())


class Starter:
    """Starts programs that need some modules; it imports them when it is used first."""

    def __init__(self, *modules: str) -> None:
        """Take what the programs have in common."""
        self._modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def start(self, module: str, *arguments: str, environment: Mapping[str, str]) -> Program:
        """Start `python -m module` with arguments, and nothing to read."""
        orders = self._orders or self._begin()
        order = {"module": module, "arguments": arguments, "environment": dict(environment), "folder": str(Path.cwd())}
        (report, tell), (output, say), (errors, complain) = os.pipe(), os.pipe(), os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        given = (nothing, say, complain, tell)
        socket.send_fds(orders, [json.dumps(order).encode()], given)
        for descriptor in given:
            os.close(descriptor)
        return Program(os.fdopen(report, "rb", buffering=0), os.fdopen(output), os.fdopen(errors))

    def end(self) -> None:
        """End the one that starts them, if there is one."""
        if self._process is None or self._orders is None:
            return
        self._orders.close()
        self._process.wait(SECONDS_TO_START)
        self._process = self._orders = None

    def _begin(self) -> socket.socket:
        self._orders, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.prepared_starter", str(its.fileno()), *self._modules],
                cwd=ROOT,
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
            )
        return self._orders
