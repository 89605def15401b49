"""Programs end with the agent, and get what they were called with, whatever launches them."""

import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ha_device_backup_agent.launching import WITH_INTERPRETER, Launcher, launcher, with_setpriv

WITH_SETPRIV = with_setpriv()
LAUNCHERS = {"setpriv": WITH_SETPRIV, "interpreter": WITH_INTERPRETER}


@pytest.fixture(params=[name for name, found in LAUNCHERS.items() if found is not None])
def launches(request: pytest.FixtureRequest) -> Launcher:
    found = LAUNCHERS[request.param]
    assert found is not None
    return found


def test_the_program_takes_its_place(launches: Launcher) -> None:
    script = 'printf "%s|" "$$" "$PPID" "$A" "$@"; exit 7'
    words = ("/bin/sh", "-c", script, "sh", "a b", "", "ä'\"$A")
    program = subprocess.Popen(
        (*launches, str(os.getpid()), *words), stdout=subprocess.PIPE, env={"A": "x y"}, encoding="utf-8"
    )
    said, _ = program.communicate()
    assert said == f"{program.pid}|{os.getpid()}|x y|a b||ä'\"$A|"
    assert program.returncode == 7


def test_it_does_not_begin_when_the_agent_is_gone(launches: Launcher, tmp_path: Path) -> None:
    ended = subprocess.run((*launches, "1", "/bin/touch", str(tmp_path / "begun")), check=False)
    assert ended.returncode == 143
    assert not (tmp_path / "begun").exists()


def test_it_ends_when_the_agent_is_killed(launches: Launcher) -> None:
    ready = ("/bin/sh", "-c", "echo $$; exec sleep 600")
    script = f"{shlex.join(launches)} $$ {shlex.join(ready)} & wait"
    agent = subprocess.Popen(("/bin/sh", "-c", script), stdout=subprocess.PIPE, text=True)
    assert agent.stdout is not None
    program = int(agent.stdout.readline())
    assert is_running(program)
    agent.send_signal(signal.SIGKILL)
    # Who ends lets go of what it writes to.
    assert agent.communicate(timeout=60)[0] == ""
    while is_running(program):
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize(
    "script", [None, "#!/bin/sh\nexit 1\n", "#!/nowhere\n"], ids=["none", "does less", "cannot run"]
)
def test_without_one_that_does_it_an_interpreter_launches(
    script: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BusyBox knows no --pdeathsig, and a container may forbid to run what is there."""
    if script is not None:
        (tmp_path / "setpriv").write_text(script)
        (tmp_path / "setpriv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    launcher.cache_clear()
    assert launcher() == WITH_INTERPRETER
    launcher.cache_clear()
