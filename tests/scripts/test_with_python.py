"""The commands on a machine that lacks something: one clear sentence, never a traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAUNCHER_NEEDS = ("sh", "env", "dirname")
CLOSED_INDEX = "http://127.0.0.1:9/simple"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "scripts", tmp_path / "clone/scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "clone"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in LAUNCHER_NEEDS:
        (folder / name).symlink_to(shutil.which(name) or name)
    return folder


def _run(clone: Path, programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / "scripts" / words[0], *words[1:]],
        env={
            "PATH": str(programs),
            "HOME": str(clone),
            "PIP_INDEX_URL": CLOSED_INDEX,
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _add_python(programs: Path) -> None:
    python = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    launcher = programs / "python3"
    launcher.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    launcher.chmod(0o755)


@pytest.mark.parametrize("command", ["demo", "test"])
def test_no_python(clone: Path, programs: Path, command: str) -> None:
    result = _run(clone, programs, command)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Python 3.11 or newer is needed to start. Install it (for example: apt-get install python3) and try again.\n"
    )


def test_no_uv_and_no_way_to_it(clone: Path, programs: Path) -> None:
    _add_python(programs)

    result = _run(clone, programs, "test", "lint")

    assert result.returncode == 1
    assert result.stdout.startswith("uv … failed (")
    assert result.stderr.strip() == (
        "uv is needed, is not on this machine, and could not be had from PyPI. "
        "Install it (https://docs.astral.sh/uv/) and try again."
    )
