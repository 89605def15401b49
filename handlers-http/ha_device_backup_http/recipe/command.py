"""The command `ha-device-backup recipe`: begins a recipe, says what is wrong with one, prints the schema."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from ha_device_backup_core import in_language

from ..translation import _
from .loader import LARGEST, load_recipe
from .new.attempt import attempt, settings_in
from .new.command import new
from .new.desk import Desk
from .new.options import UsageError, options_of_try
from .new.save import save
from .problems import RecipeError, lines_about
from .schema import schema

_GOOD, _MISTAKES, _WRONG_USAGE = 0, 1, 2
_HELP = {"--help", "-h"}
_USAGE = """Usage: ha-device-backup recipe COMMAND

Commands:
  new [FILE]   Begin a recipe: ask, try it with the device, write the file with what was seen. See `new --help`.
  try FILE [--set KEY=VALUE]… [--pause SECONDS]
               Back up twice by a recipe, 3 seconds apart, and say whether both are equal and what looks like a secret
               and would be shown. KEY=@FILE reads a value from a file.
  save FILE --name NAME [--set KEY=VALUE]…
               Back up once by the settings of “Anything with a URL”, and write them as a recipe, without secrets.
  check FILE…  Print each mistake of a recipe as FILE:LINE: KEY: what is wrong; what would be right.
  schema       Print the JSON Schema of recipes, by which editors complete and check them."""

type Say = Callable[[str], None]


def recipe(arguments: Sequence[str], say: Say, terminal: Desk) -> int:
    """Run the command and return its exit status."""
    match arguments:
        case ["new", *rest]:
            return new(rest, say, terminal)
        case ["try", *rest] if not _HELP & set(rest):
            return _try(rest, say, terminal)
        case ["save", file, "--name", name, *rest] if (settings := settings_in(rest)) is not None:
            return save(file, name, settings, say, terminal)
        case ["check", *files] if files and not any(file.startswith("-") for file in files):
            return max([check(file, say, terminal.language) for file in files])
        case ["schema"]:
            say(json.dumps(schema(), indent=2, ensure_ascii=False))
            return _GOOD
    say(_USAGE)
    return _GOOD if arguments and arguments[-1] in _HELP else _WRONG_USAGE


def _try(arguments: Sequence[str], say: Say, terminal: Desk) -> int:
    try:
        options = options_of_try(arguments)
    except UsageError as error:
        say(f"{error.in_language(terminal.language)}\n{_USAGE}")
        return _WRONG_USAGE
    return attempt(options.file, options.settings, say, terminal, options.pause)


def check(file: str, say: Say, language: str = "en") -> int:
    """Print what is wrong with the recipe in a file, a mistake a line; return the exit status."""
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        say(f"{file}: {getattr(error, 'strerror', None) or error}")
        return _WRONG_USAGE
    try:
        found = load_recipe(file, content)
    except RecipeError as error:
        for line in lines_about(error, language):
            say(line)
        return _MISTAKES
    files = ", ".join(sorted({saved.pattern for saved in found.files}))
    kept = _("{file}: nothing is wrong; {kind} keeps {files}", file=file, kind=found.spec.kind, files=files)
    say(in_language(kept, language))
    return _GOOD
