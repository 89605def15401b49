"""Child processes that end when this one does."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from .paths import BIN, ROOT, TOOLS
from .steps import SetupError

INTERRUPT_GRACE_SECONDS = 40
SHOWN_LINES = 15
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

Command = Sequence[str | Path]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's variables with our own tools first and uv kept from downloading interpreters."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    variables = {**os.environ, "PATH": path, "UV_PYTHON_DOWNLOADS": "never", **(extra or {})}
    # As pip and git do: uv's built-in list lacks what a company or a school has added to the machine's.
    if SYSTEM_CERTIFICATES.is_file():
        variables.setdefault("UV_SYSTEM_CERTS", "true")
    # A virtual environment of the person's own must not become the target of an installation.
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"):
        variables.pop(name, None)
    # Dozens of processes import Home Assistant: where a machine forbids keeping compiled code, each compiles it.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables["PYTHONPYCACHEPREFIX"] = str(TOOLS / "bytecode")
    return variables


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Signal the whole group of a process, which may outlive the process itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(INTERRUPT_GRACE_SECONDS)
    _signal(process, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def started(
    command: Command,
    *,
    extra: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    to: int | IO[str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a process group of its own; leaving interrupts and ends the whole group."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        stdout=to,
        stderr=None if to is None else subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


def _short(command: Command) -> str:
    return " ".join(str(part) for part in command[:3])


def output(
    command: Command, *, seconds: float = 900, extra: Mapping[str, str] | None = None, folder: Path = ROOT
) -> str:
    """Run a command silently and return what it printed; on failure the end of that is in the error."""
    try:
        with started(command, extra=extra, folder=folder, to=subprocess.PIPE) as process:
            text, _ = process.communicate(timeout=seconds)
    except FileNotFoundError as error:
        raise SetupError(f"The command {command[0]} is not on this machine.") from error
    except subprocess.TimeoutExpired as error:
        raise SetupError(
            f"The command {' '.join(map(str, command[:3]))} did not end within {seconds:.0f} seconds."
        ) from error
    if process.returncode:
        tail = "\n".join(text.strip().splitlines()[-SHOWN_LINES:])
        raise SetupError(f"The command {_short(command)} failed:\n{tail}")
    return text
