"""Commands that handler packages bring: listed, run with their arguments, and alone in what goes wrong with them."""

import pytest

from ..distributions import SitePackages
from .conftest import Command

SOURCE = """
def shout(arguments, say, terminal):
    say(f"heard {' '.join(arguments)}")
    print("this is no output")
    return len(arguments)
"""


@pytest.fixture(autouse=True)
def installed(site: SitePackages) -> None:
    commands = "[ha_device_backup_commands]\nshout = loud:shout\nhandlers = loud:shout\nsilent = loud:nothing\n"
    site.install("loud", SOURCE, entry_points=commands)


def test_command_gets_its_arguments_and_gives_its_status(command: Command) -> None:
    answer = command("shout", "--all", "x y", "--help")

    assert (answer.status, answer.output, answer.errors) == (3, "heard --all x y --help\n", "this is no output\n")


def test_command_is_listed(command: Command) -> None:
    assert "shout" in command("--help").output


def test_command_of_the_core_cannot_be_replaced(command: Command) -> None:
    assert "heard" not in command("handlers").output


def test_command_that_cannot_be_loaded_is_told(command: Command) -> None:
    answer = command("silent")

    assert (answer.status, answer.output) == (1, "")
    assert answer.errors.startswith("The command “silent” of loud cannot be used: AttributeError")


def test_unknown_command_is_wrong_usage(command: Command) -> None:
    assert command("whisper").status == 2
