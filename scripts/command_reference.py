"""Writes docs/command-line-help.md from the commands themselves: `python -m scripts.command_reference`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from ha_device_backup_core.cli.application import COMMANDS, app
from ha_device_backup_core.cli.examples import EXAMPLES

PATH = Path(__file__).parents[1] / "docs" / "command-line-help.md"
HEAD = """# What each command takes

Every argument and option, as `--help` shows them. What the commands are good for: [the command line](command-line.md).
`ha-device-backup --install-completion` lets your shell complete commands and options.
"""


def text() -> str:
    """Return what is in the file."""
    group: Any = typer.main.get_command(app)
    return HEAD + "".join("\n" + "\n".join(_command(name, group.commands[name])) + "\n" for name in COMMANDS)


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own type has moved before
    yield f"## {name}\n\n{_words(command.help)}\n"
    yield "| | |\n|---|---|"
    for one in command.params:
        if one.name != "help":
            yield f"| `{_how(one)}`{', needed' if one.required else ''} | {_words(one.help)} |"
    examples = "\n".join(EXAMPLES[name])
    yield f"\n```sh\n{examples}\n```"


def _how(one: Any) -> str:  # noqa: ANN401 - typer's own type has moved before
    takes = one.metavar or str(one.name).upper()
    if one.param_type_name == "argument":
        return str(takes)
    options = ", ".join((*one.opts, *one.secondary_opts))
    return options if one.is_flag else f"{options} {takes}"


def _words(said: str | None) -> str:
    return " ".join((said or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
