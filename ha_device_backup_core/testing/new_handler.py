"""Begins a handler package: `python -m ha_device_backup_core.testing.new_handler rain_gauge FOLDER`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.cli.output import say

_IN_THE_WHEEL = Path(__file__).parent / "template"
_IN_THE_REPOSITORY = Path(__file__).parents[2] / "docs/handler-template"
_LEFT_OUT = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "dist"}


def main(
    kind: Annotated[str, typer.Argument(help="The kind of device: lower case, digits and _; stored, so keep it.")],
    folder: Annotated[Path, typer.Argument(help="The new folder of the package.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people call such a device.")] = None,
) -> None:
    """Begin a handler package from the template."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,31}", kind):
        raise typer.BadParameter(f"A kind is lower case, digits and _, 2 to 32 characters; got “{kind}”.")
    if folder.exists():
        raise typer.BadParameter(f"{folder} is there already.")
    make_package(kind, name or kind.replace("_", " ").capitalize(), folder)
    say(f"{folder} is ready. Begin with ha_device_backup_{kind}/handler.py; pip install -e '.[test]' and pytest.")


def make_package(kind: str, name: str, folder: Path) -> None:
    """Copy the template with the names of the new handler."""
    template = _IN_THE_WHEEL if _IN_THE_WHEEL.is_dir() else _IN_THE_REPOSITORY
    for source in sorted(template.rglob("*")):
        relative = source.relative_to(template)
        if source.is_dir() or _LEFT_OUT & {*relative.parts}:
            continue
        target = folder / relative.as_posix().replace("acme", kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_renamed(source.read_text(encoding="utf-8"), kind, name).encode())


def _renamed(text: str, kind: str, name: str) -> str:
    # Distributions are written with hyphens, classes in capitals, sentences with the name.
    class_name = "".join(word.capitalize() for word in kind.split("_"))
    text = text.replace("ha-device-backup-acme", f"ha-device-backup-{kind.replace('_', '-')}")
    text = text.replace("acme", kind)
    text = re.sub(r"(?<=[A-Za-z])Acme|Acme(?=[A-Z])", class_name, text)
    return text.replace("Acme", name)


if __name__ == "__main__":
    typer.run(main)
