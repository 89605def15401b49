"""The command as a process: entry points, prompts at a real terminal, a missing extra."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import importlib_metadata
import pytest
from aiohttp import web

from tests.prepared_order import order

from ..distributions import SitePackages, handler_source
from ..example_device import ExampleDevice, hang
from .conftest import COMMAND, MODULE, PASSWORD, STARTER, Command, Household


def test_help(command: Command) -> None:
    answer = command("--help")
    assert answer.status == 0
    for name in (
        "handlers",
        "test",
        "back-up",
        "run",
        "list",
        "verify",
        "restore",
        "replace",
        "protect",
        "accept",
        "import",
        "prune",
    ):
        assert f"  {name} " in answer.output
        assert "--json" in command(name, "--help").output


def test_installed_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (script,) = importlib_metadata.entry_points(group="console_scripts", name="ha-device-backup")
    monkeypatch.setattr(sys, "argv", ["ha-device-backup", "handlers", "--json"])
    with pytest.raises(SystemExit) as ended:
        script.load()()
    assert ended.value.code == 0
    assert '"kind": "example"' in capsys.readouterr().out


def test_module_is_the_command() -> None:
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "back-up" in done.stdout


def test_output_that_the_terminal_cannot_show_is_no_crash(tmp_path: Path, environment: dict[str, str]) -> None:
    fleet = tmp_path / "fleet.toml"
    fleet.write_text('[[device]]\nkind = "example"\ntitle = "Küche 日"\n', encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "run", str(fleet)],
        capture_output=True,
        timeout=60,
        check=False,
        env=environment | {"PYTHONIOENCODING": "latin-1"},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith("Küche \\u65e5: failed.".encode("latin-1"))


CRASHING = """
from ha_device_backup_core import *

class Crashing(DeviceBackupHandler):
    spec = HandlerSpec(
        kind="crashing", name="Crashing", api_version=ApiVersion(1, 0),
        fields=(ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),),
    )

    async def test_connection(self):
        raise KeyError(self.config["password"])

    async def fetch_backup(self): ...

    @classmethod
    def validate(cls, artifact): ...

@hookimpl
def device_backup_handlers():
    return [Crashing]
"""


@pytest.mark.parametrize("verbose", [True, False])
def test_verbose_shows_where_a_handler_crashed(
    site: SitePackages, tmp_path: Path, environment: dict[str, str], verbose: bool
) -> None:
    """And masks the secret there as everywhere."""
    site.install("crashing", CRASHING)
    password = tmp_path / "password.txt"
    password.write_text(PASSWORD, encoding="utf-8")
    asked = ["-v"] * verbose + ["test", "crashing", "--set", f"password=@{password}"]
    process = STARTER.start(MODULE, *asked, environment=environment)
    said = "".join(process.communicate(timeout=60))
    assert process.returncode == 1
    assert ("Traceback" in said, 'raise KeyError(self.config["password"])' in said) == (verbose, verbose)
    assert PASSWORD not in said


def test_missing_extra_is_told_in_one_sentence() -> None:
    program = "import sys; sys.modules['typer'] = None; from ha_device_backup_core.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The command line is an extra; install it with: pip install 'ha-device-backup-core[cli]'\n"


def test_other_missing_modules_are_not_mistaken_for_the_extra() -> None:
    program = "import sys; sys.modules['cronsim'] = None; from ha_device_backup_core.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr


LOUD = """
import atexit, ctypes, logging, os, subprocess, sys
print("from Python")
os.write(1, b"from the descriptor\\n")
ctypes.CDLL(None).puts(b"from C")
subprocess.run(["echo", "from another process"])
logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, force=True)
logging.warning("from a log")
sys.__stdout__.write("from the first output\\n")
atexit.register(print, "from the end")
"""


@pytest.mark.parametrize("ending", ["", "raise KeyboardInterrupt", "import os; os._exit(5)"])
def test_packages_spoil_no_json_and_end_no_command(
    site: SitePackages, environment: dict[str, str], ending: str
) -> None:
    site.install("loud-plugin", LOUD + handler_source("loud") + ending)
    process = STARTER.start(MODULE, "handlers", "--json", environment=environment)
    output, errors = process.communicate(timeout=120)
    document = json.loads(output)
    kinds = {handler["kind"] for handler in document["handlers"]}
    assert "example" in kinds
    assert ("loud" in kinds, process.returncode) == (not ending, 1 if ending else 0)
    assert ("from Python" in errors, "from C" in errors) == (("os._exit" not in ending,) * 2)
    assert [problem["distribution"] for problem in document["problems"]] == (["loud-plugin"] if ending else [])


def test_interrupt_ends_a_run_and_leaves_a_whole_store(
    command: Command,
    household: Household,
    secret: Path,
    store: Path,
    tmp_path: Path,
    environment: dict[str, str],
) -> None:
    stuck = threading.Event()

    async def stay(request: web.Request) -> web.StreamResponse:
        stuck.set()
        return await hang(request)

    quick, slow = (
        household.add(ExampleDevice(info={"id": name, "name": name, "version": "1"}, password=PASSWORD))
        for name in ("quick", "slow")
    )
    slow.faults["/config"] = stay
    fleet = tmp_path / "fleet.toml"
    fleet.write_text(
        "concurrency = 1\n"
        + "".join(
            f'[[device]]\nkind = "example"\nhost = "127.0.0.1"\nport = {device.port}\npassword = "@{secret}"\n'
            for device in (quick, slow)
        )
    )
    process = STARTER.start(MODULE, "run", str(fleet), "--store", str(store), environment=environment)
    try:
        assert stuck.wait(60)
        while not list(store.glob("*/*.meta.json")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()

    assert process.returncode not in {0, 2}
    assert "Traceback" not in errors, errors
    assert output == ""
    assert slow.requests[-1] == "GET /logout"
    assert command("list", "--store", store, "--json").json["devices"][0]["unique_id"] == "quick"
    assert command("verify", "--store", store).status == 0


def test_secret_is_asked_for_at_a_terminal_and_not_shown(device: ExampleDevice, environment: dict[str, str]) -> None:
    terminal, other_end = pty.openpty()
    asked = ["test", "example", "--set", "host=127.0.0.1", "--set", f"port={device.port}", "--set", "password"]
    streams = (other_end, os.dup(other_end), os.dup(other_end))
    shown = b""
    with order(
        STARTER.begin(), MODULE, asked, environment=environment, folder=Path.cwd(), streams=streams
    ) as connection:
        # The blank comes from getpass, after it switched the echo off and threw away what was typed before.
        while b"Password: " not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, f"{PASSWORD}\n".encode())
        while b"Kitchen" not in shown:
            shown += os.read(terminal, 1024)
        with connection.makefile("rb") as report:
            _, status = map(int, report)
    os.close(terminal)
    assert status == 0
    assert PASSWORD.encode() not in shown
    assert b"Kitchen (1.2)" in shown
