"""How `scripts/test` runs several sessions at a time."""

import os
import sys
from pathlib import Path

import pytest

from scripts.bootstrap import checks

pytestmark = pytest.mark.once
NICEST = 19
NOX = f"""#!{sys.executable}
import os, pathlib, sys, time
report, session = sys.argv[2], sys.argv[4]
folder = pathlib.Path(os.environ["TEST_REPORTS"])
(folder / f"{{session}}.pid").write_text(str(os.getpid()))
print(f"{{session}} was here", flush=True)
(folder / f"{{session}}.begun").touch()
if session == "first":
    while not (folder / "third.begun").exists():  # the row beside it goes on
        time.sleep(0.01)
pathlib.Path(report).write_text("[]")
sys.exit(session in os.environ["FAIL"].split(","))
"""


@pytest.fixture
def nox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a program that is called as nox is; each session of it tells that it ran."""
    monkeypatch.setattr(checks, "SESSIONS", ("first", "second", "third"))
    monkeypatch.setattr(checks, "ROWS", 2)
    monkeypatch.setenv("FAIL", "")
    program = tmp_path / "nox"
    program.write_text(NOX)
    program.chmod(0o755)
    return program


def test_who_ends_first_makes_room_for_the_next(nox: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.run(nox, [], tmp_path)

    printed = [line for line in capsys.readouterr().out.splitlines() if line.endswith(" was here")]
    assert printed[0] == "second was here"
    assert sorted(printed) == [f"{name} was here" for name in checks.SESSIONS]
    assert all(float((tmp_path / f"{name}.processor").read_text()) > 0 for name in checks.SESSIONS)


@pytest.mark.parametrize("failed", ["first", "second", "third"])
def test_one_that_failed_is_not_forgotten(
    nox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failed: str
) -> None:
    monkeypatch.setenv("FAIL", failed)
    assert not checks.run(nox, [], tmp_path)
    monkeypatch.setenv("FAIL", "")
    assert checks.run(nox, [], tmp_path)


def test_what_was_interrupted_says_what_it_had_said(
    nox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nox.write_text(NOX.replace("third.begun", "nothing"))

    def interrupt(_seconds: float) -> None:
        if all((tmp_path / f"{session}.begun").exists() for session in checks.SESSIONS):
            raise KeyboardInterrupt

    monkeypatch.setattr("scripts.bootstrap.checks.sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        checks.run(nox, [], tmp_path)

    assert "first was here" in capsys.readouterr().out
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "first.pid").read_text()), 0)


def test_named_parts_run_one_after_the_other_and_are_seen_at_once(
    nox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "SESSIONS", ("core-2", "core-1", "lint"))

    assert checks.run(nox, ["lint", "core", "core-1", "nightly"], tmp_path)
    names = ["lint", "core-2", "core-1", "core-1", "nightly"]
    assert capfd.readouterr().out.splitlines() == [f"{name} was here" for name in names]


def test_sessions_give_way_to_those_that_wait_for_others(
    nox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "GIVES_WAY", {"first": 0})
    nox.write_text(NOX.replace("print(", '(folder / f"{session}.nice").write_text(str(os.nice(0)))\nprint(', 1))

    assert checks.run(nox, [], tmp_path)

    own = os.nice(0)
    given = {name: int((tmp_path / f"{name}.nice").read_text()) for name in checks.SESSIONS}
    assert given == {"first": own, **dict.fromkeys(("second", "third"), min(own + 10, NICEST))}
