"""Commands that are ended from outside, and what they leave behind."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.prepared import Program

from ..distributions import SitePackages, handler_source
from ..example_device import ExampleDevice, hang
from .conftest import COMMAND, MODULE, STARTER, Command

FACTORY = b'{"name": "factory"}'
IN_THE_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""As a shell starts what a script puts into the background: with Ctrl-C ignored."""


@pytest.fixture
def backup(command: Command, device: ExampleDevice, login: list[str], store: Path) -> str:
    """Return the id of a backup; the device has been reset since."""
    answer = command("back-up", "example", *login, "--store", store, "--json")
    device.config = FACTORY
    return str(answer.json["backup"]["id"])


def ended(
    device: ExampleDevice,
    method: str,
    how: signal.Signals,
    environment: dict[str, str],
    *arguments: object,
    behind: Sequence[str] = (),
) -> tuple[int, str, str]:
    """End a command as soon as it asks for, or sends, the configuration; return how it ended and what it said."""
    asked = threading.Event()

    async def stay(request: web.Request) -> web.StreamResponse:
        if request.method == method:
            asked.set()
            return await hang(request)
        return web.Response(body=device.config)

    device.faults["/config"] = stay
    process = start(behind, environment, *map(str, arguments))
    try:
        assert asked.wait(60)
        process.send_signal(how)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        status = process.wait()
    device.faults.clear()
    return status, output, errors


def start(behind: Sequence[str], environment: dict[str, str], *arguments: str) -> Program | subprocess.Popen[str]:
    """Start a command, behind another if there is one."""
    if not behind:
        return STARTER.start(MODULE, *arguments, environment=environment)
    return subprocess.Popen(
        [*behind, *COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )


def test_a_restore_tells_the_way_on_and_the_way_back(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    environment: dict[str, str],
) -> None:
    arguments = (backup, "--store", store, "--back-up-first", store, *login)
    status, output, errors = ended(device, "PUT", signal.SIGINT, environment, "restore", *arguments)
    assert (status, output, "Traceback" in errors) == (130, "", False)
    assert f"Backup {backup} was being put on Kitchen (" in errors
    assert f'Continue: ha-device-backup restore {backup} --store "{store}" --device "example:a1" --set …' in errors
    assert "Undo: ha-device-backup restore " in errors
    assert command("verify", "--store", store).status == 0

    assert command("restore", *arguments).status == 0
    assert command("list", "--store", store).errors == ""


@pytest.mark.parametrize(
    ("named", "how", "behind"),
    [
        ("back-up", signal.SIGINT, ()),
        ("diff", signal.SIGINT, ()),
        ("safety backup", signal.SIGTERM, ()),
        ("back-up", signal.SIGTERM, IN_THE_BACKGROUND),
    ],
)
def test_nothing_is_left_of_what_only_asked(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    environment: dict[str, str],
    tmp_path: Path,
    named: str,
    how: signal.Signals,
    behind: Sequence[str],
) -> None:
    (tmp_path / "temporary").mkdir()
    arguments: dict[str, tuple[Any, ...]] = {
        "back-up": ("back-up", "example", "--store", store),
        "diff": ("diff", backup, "--store", store, "--now"),
        "safety backup": ("restore", backup, "--store", store, "--back-up-first", tmp_path / "safe"),
    }
    alone = environment | {"TMPDIR": str(tmp_path / "temporary")}
    status, output, errors = ended(device, "GET", how, alone, *arguments[named], *login, behind=behind)
    assert (status, output, "Traceback" in errors, "Continue" in errors) == (130, "", False, False)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert device.requests[-1] == "GET /logout"
    assert [path.name for path in (tmp_path / "safe").glob("*") if path.is_dir()] == []
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert ([kept["id"] for kept in listed["backups"]], listed["unfinished_restore"]) == ([backup], None)


@pytest.mark.parametrize("loading", ["aiohttp", "typer"])
def test_ctrl_c_before_anything_is_done(environment: dict[str, str], tmp_path: Path, loading: str) -> None:
    """While the library is loaded, and while what only the command line needs is."""
    (tmp_path / f"{loading}.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    path = os.pathsep.join(filter(None, [str(tmp_path), environment.get("PYTHONPATH")]))
    done = subprocess.run(
        [*COMMAND, "handlers"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment | {"PYTHONPATH": path},
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_ctrl_c_once_all_is_done(environment: dict[str, str], site: SitePackages) -> None:
    end = "import atexit, signal\natexit.register(signal.raise_signal, signal.SIGINT)\n"
    site.install("late-plugin", end + handler_source("late"))
    done = subprocess.run(
        [*COMMAND, "handlers"], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (130, "")
    assert "example" in done.stdout


def test_who_only_uses_the_library_is_interrupted_as_ever(environment: dict[str, str]) -> None:
    program = "import signal, ha_device_backup_core\nsignal.raise_signal(signal.SIGINT)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert "KeyboardInterrupt" in done.stderr


def test_a_throwaway_store_is_thrown_away(
    command: Command, login: list[str], store: Path, backup: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert command("restore", backup, "--store", store, *login, "--plan").status == 0
    assert list((tmp_path / "temporary").iterdir()) == []

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    answer = command("restore", backup, "--store", store, *login, "--plan", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "store")
