"""Programs in Python that begin where others have imported already: half a second of work less for each of them."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from select import select
from types import TracebackType
from typing import IO, Self

from .prepared_order import order

SECONDS_TO_START = 60
ROOT = Path(__file__).parents[1]
LOG = "log"


class Program:
    """One that runs, used as a process of `subprocess`."""

    def __init__(self, report: socket.SocketIO, stdout: IO[str], stderr: IO[str], log: Path) -> None:
        """Wait until it has begun; `report` says its id, and in the end how it ended, `log` what its starter said."""
        self.stdout, self.stderr = stdout, stderr
        self.returncode: int | None = None
        self._report, self._log = report, log
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
        line = b""
        with suppress(ConnectionResetError):
            line = self._report.readline()
        if not line:
            raise ChildProcessError(
                f"The starter has ended.\n{self._log.read_text(encoding='utf-8', errors='replace')}"
            )
        return int(line)


class Starter:
    """Starts programs that need some modules; it imports them when it is used first."""

    def __init__(self, *modules: str) -> None:
        """Take what the programs have in common."""
        self._modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def begin(self, **environment: str) -> Path:
        """Begin to import, unless it has; return where it takes orders, beside the log of its own trouble."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory()
            address = Path(self._folder.name) / "socket"
            with socket.socket(socket.AF_UNIX) as listener, (address.with_name(LOG)).open("wb") as log:
                listener.bind(str(address))
                listener.listen()
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.prepared_starter", str(listener.fileno()), *self._modules],
                    cwd=ROOT,
                    env=os.environ | environment,
                    pass_fds=[listener.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            atexit.register(self.end)
        return Path(self._folder.name) / "socket"

    def start(self, module: str, *arguments: str, environment: Mapping[str, str]) -> Program:
        """Start `python -m module` with arguments, and nothing to read."""
        (output, say), (errors, complain) = os.pipe(), os.pipe()
        streams = (os.open(os.devnull, os.O_RDONLY), say, complain)
        address = self.begin()
        connection = order(address, module, arguments, environment=environment, folder=Path.cwd(), streams=streams)
        with connection:
            report = connection.makefile("rb", buffering=0)
        return Program(report, os.fdopen(output), os.fdopen(errors), address.with_name(LOG))

    def end(self) -> None:
        """End the one that starts them, if there is one."""
        if self._process is None or self._folder is None:
            return
        atexit.unregister(self.end)
        self._process.terminate()
        self._process.wait(SECONDS_TO_START)
        self._folder.cleanup()
        self._process = self._folder = None
