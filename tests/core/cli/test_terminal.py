"""What a command of a package may do at the terminal."""

import getpass
import io
import sys

import pytest

from ha_device_backup_core.cli.terminal import Terminal


class _Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_answers_are_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("first\r\n\nlast"))
    terminal = Terminal()
    answers = [terminal.ask("Name?"), terminal.ask("Maker?"), terminal.ask("Secret?", is_secret=True)]

    assert (answers, terminal.ask("More?")) == (["first", "", "last"], None)
    assert capsys.readouterr() == ("", "Name? Maker? Secret? More? \n")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Tty("canary\n"))
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream: f"hidden {prompt}{stream is sys.stderr}")

    assert Terminal().ask("Token?", is_secret=True) == "hidden Token? True"


def test_warnings_are_beside_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().warn("Look \x1b[0m")

    assert capsys.readouterr() == ("", "Look \N{REPLACEMENT CHARACTER}[0m\n")
