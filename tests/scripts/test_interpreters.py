from pathlib import Path

import pytest

from scripts.bootstrap import interpreters
from scripts.bootstrap.steps import SetupError

WANTED = interpreters.Interpreter("3.99", (3, 99, 2))


def _program(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but what a test puts on its path."""
    folder = tmp_path / "programs"
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreters, "BIN", tmp_path / "tools/bin")
    monkeypatch.setattr(interpreters, "TOOLS", tmp_path / "tools")
    return folder


def test_one_sentence_when_there_is_no_way(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uv = _program(programs / "uv", "echo dns error; exit 1")

    with pytest.raises(SetupError) as caught:
        interpreters.prepare(WANTED, uv)

    sentence, *reasons = str(caught.value).split("\n\n")
    assert sentence == (
        "Python 3.99 (at least 3.99.2) is needed, is not here, and could not be had from uv's download host "
        "or from Debian's packages. Install it so that python3.99 starts it, and try again."
    )
    assert reasons == [
        f"The command {uv} python install failed:\ndns error",
        "Packages can be fetched without touching the system on Debian only.",
    ]

    _program(programs / "python3.99", "echo /usr/bin/python3.99 3 99 2")
    ours = interpreters.prepare(WANTED, uv)

    assert ours.read_text() == f'#!/bin/sh\nexec {programs}/python3.99 "$@"\n'
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"Python 3.99 … {programs}/python3.99 (")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("echo /usr/bin/python3.99 3 99 1", id="too old"),
        pytest.param("echo /usr/bin/python3 4 0 0", id="another series"),
        pytest.param("echo 'pyenv: python3.99: command not found' >&2; exit 127", id="a stand-in of a version manager"),
        pytest.param("echo hello", id="no Python"),
    ],
)
def test_what_will_not_do_is_passed_over(programs: Path, tmp_path: Path, answer: str) -> None:
    uv = _program(programs / "uv", f"echo {tmp_path}/found/python3.99")
    _program(programs / "python3.99", answer)
    found = _program(tmp_path / "found/python3.99", "echo /found/python3.99 3 99 4")

    ours = interpreters.prepare(WANTED, uv)

    assert ours.read_text() == f'#!/bin/sh\nexec {found} "$@"\n'
