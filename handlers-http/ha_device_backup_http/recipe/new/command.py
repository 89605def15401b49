"""`ha-device-backup recipe new`: asks, tries, and writes a recipe with what it saw."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from ha_device_backup_core import CertificateNotTrustedError, ConfigError, DeviceBackupError, Text, in_language

from ...translation import _
from ..loader import load_recipe
from ..problems import RecipeError, lines_about
from .desk import Desk
from .findings import findings
from .options import USAGE, UsageError, parsed
from .questions import asked, chosen
from .text import recipe_text
from .trying import CONFIGURATION, stays_equal, tried

_GOOD, _FAILED, _WRONG_USAGE = 0, 1, 2


def new(arguments: Sequence[str], say: Callable[[str], None], terminal: Desk) -> int:
    """Begin a recipe and return the exit status; a file that is there stays as it is."""
    if {"--help", "-h"} & set(arguments):
        say(USAGE)
        return _GOOD
    language = terminal.language
    try:
        return _new(arguments, say, terminal)
    except (UsageError, ConfigError) as error:
        say(error.in_language(language))
        return _WRONG_USAGE
    except CertificateNotTrustedError as error:
        say(error.in_language(language))
        say(in_language(_("If it is the right one: --certificate {sha256}", sha256=error.sha256), language))
    except RecipeError as error:
        say("\n".join(lines_about(error, language)))
    except DeviceBackupError as error:
        say(error.in_language(language))
    return _FAILED


def _new(arguments: Sequence[str], say: Callable[[str], None], terminal: Desk) -> int:
    options = parsed(arguments)
    if options.file is not None:
        _refuse_existing(options.file)
    wanted = asked(options, terminal)
    file = options.file or f"{wanted.kind}.toml"
    _refuse_existing(file)
    seen = tried(wanted, terminal, options.pause)
    found = findings(
        wanted,
        seen.first,
        seen.second,
        lambda proposals: chosen(options.unique_id, proposals, terminal),
        dt.datetime.now(tz=dt.UTC).date(),
    )
    text = recipe_text(wanted, seen.form, found)
    load_recipe(file, text.encode())
    is_steady = stays_equal(text, wanted, terminal, seen.first[CONFIGURATION])
    _write(file, text)
    sentences: list[Text] = [_("{file} is written: look through it, above all for secrets.", file=file)]
    if not is_steady:
        sentences.append(_("A third fetch differed once more: what changes by itself goes into [[compare]]."))
    for sentence in sentences:
        say(in_language(sentence, terminal.language))
    return _GOOD


def _refuse_existing(file: str) -> None:
    try:
        is_there = Path(file).exists(follow_symlinks=False)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if is_there:
        raise _there_already(file)


def _there_already(file: str) -> UsageError:
    return UsageError(_("{file} is there already. Choose another name.", file=file))


def _write(file: str, text: str) -> None:
    """Write a new file; raise UsageError where that cannot be."""
    try:
        with Path(file).open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError as error:
        raise _there_already(file) from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
