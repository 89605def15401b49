"""The command as a process: entry points, prompts at a real terminal, a missing extra."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from ..example_device import ExampleDevice
from .conftest import PASSWORD, Command

MODULE = [sys.executable, "-m", "ha_device_backup_core.cli"]


def test_help(command: Command) -> None:
    answer = command("--help")
    assert answer.status == 0
    for name in ("handlers", "test", "back-up", "run", "list", "verify", "restore"):
        assert f"  {name} " in answer.output
        assert "--json" in command(name, "--help").output


def test_module_is_the_command() -> None:
    done = subprocess.run([*MODULE, "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "back-up" in done.stdout


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


def test_secret_is_asked_for_at_a_terminal_and_not_shown(device: ExampleDevice, tmp_path: Path) -> None:
    path = os.pathsep.join([str(tmp_path / "site"), str(Path(__file__).parents[3])])
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [*MODULE, "test", "example", "--set", "host=127.0.0.1", "--set", f"port={device.port}", "--set", "password"],
        stdin=other_end,
        stdout=other_end,
        stderr=other_end,
        env=os.environ | {"PYTHONPATH": path, "TERM": "dumb"},
        start_new_session=True,
    )
    os.close(other_end)
    shown = b""
    try:
        # The blank comes from getpass, after it switched the echo off and threw away what was typed before.
        while b"Password: " not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, f"{PASSWORD}\n".encode())
        while b"Kitchen" not in shown:
            shown += os.read(terminal, 1024)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    assert PASSWORD.encode() not in shown
    assert b"Kitchen (1.2)" in shown
