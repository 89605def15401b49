"""Finds uv, or gets it from PyPI."""

import contextlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from . import debian
from .commands import output
from .paths import BIN, TOOLS
from .steps import SetupError, step

MINIMUM = (0, 9)
REQUIREMENT = "uv>=0.9"
HOME = TOOLS / "uv"


def _version(program: str | Path) -> tuple[int, ...]:
    """Return the version a uv program reports, `()` for anything else."""
    try:
        words = output([program, "--version"], seconds=30).split()
        return tuple(int(part) for part in words[1].split(".")[:2])
    except (SetupError, OSError, ValueError, IndexError):
        return ()


def _in_virtual_environment() -> Path:
    output([sys.executable, "-m", "venv", "--clear", HOME])
    output([HOME / "bin" / "python", "-m", "pip", "install", "--quiet", REQUIREMENT])
    return HOME / "bin" / "uv"


def _into_folder(*pip: str | Path) -> Path:
    shutil.rmtree(HOME, ignore_errors=True)
    output([sys.executable, *pip, "install", "--quiet", "--target", HOME, REQUIREMENT])
    return HOME / "bin" / "uv"


def _by_own_pip() -> Path:
    return _into_folder("-m", "pip")


def _by_debian_pip() -> Path:
    prefix = debian.install(TOOLS / "debian-pip", ["python3-pip-whl"])
    (wheel,) = (prefix / "usr/share/python-wheels").glob("pip-*.whl")
    return _into_folder(wheel / "pip")


WAYS: tuple[Callable[[], Path], ...] = (_in_virtual_environment, _by_own_pip, _by_debian_pip)


def _fetch() -> Path:
    for way in WAYS:
        with contextlib.suppress(SetupError, OSError, ValueError):
            program = way()
            if _version(program) >= MINIMUM:
                return program
    raise SetupError(
        "uv is needed, is not on this machine, and could not be had from PyPI. "
        "Install it (https://docs.astral.sh/uv/) and try again."
    )


def prepare() -> Path:
    """Return a uv that works, as `.tools/bin/uv`."""
    ours = BIN / "uv"
    if _version(ours) >= MINIMUM:
        return ours
    with step("uv") as current:
        found = shutil.which("uv")
        program = Path(found) if found and _version(found) >= MINIMUM else _fetch()
        BIN.mkdir(parents=True, exist_ok=True)
        ours.unlink(missing_ok=True)
        ours.symlink_to(program.resolve())
        current.result = ".".join(map(str, _version(ours)))
    return ours
