"""What the command line says of itself, and what a shell may complete."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from ha_device_backup_core.cli.application import COMMANDS, app
from ha_device_backup_core.cli.examples import EXAMPLES
from scripts import command_reference

ROOT = Path(__file__).parents[3]
EACH = [(command, line) for command, lines in EXAMPLES.items() for line in lines]


def shown(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), prog_name="ha-device-backup", terminal_width=100)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_version_is_that_of_the_core() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert shown("--version") == f"ha-device-backup {version}\n"


def test_every_command_has_examples() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()


@pytest.mark.parametrize(("command", "line"), EACH)
def test_an_example_is_shown_and_can_be_typed(command: str, line: str) -> None:
    assert f"    {line}\n" in shown(command, "--help")
    program, name, *words = shlex.split(line)
    assert (program, name) == ("ha-device-backup", command)
    known = {option for one in typer.main.get_command(app).commands[name].params for option in one.opts}  # type: ignore[attr-defined]
    assert [word for word in words if word.startswith("-") and word not in known] == []


def test_a_shell_completes_commands_and_options() -> None:
    def completed(words: str, at: int) -> list[str]:
        environment = {"_HA_DEVICE_BACKUP_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(at)}
        result = CliRunner().invoke(app, [], prog_name="ha-device-backup", env=environment)
        return result.output.split()

    assert {"restore", "replace"} <= set(completed("ha-device-backup re", 1))
    assert completed("ha-device-backup restore --pl", 2) == ["--plan"]


def test_the_page_is_current() -> None:
    page = command_reference.PATH.read_text()
    assert page == command_reference.text(), "python -m scripts.command_reference"
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(COMMANDS)
