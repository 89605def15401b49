"""`ha-device-backup recipe try`: two backups by a recipe that lies in a file, kept nowhere."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ha_device_backup_core import (
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    FieldKind,
    HandlerSpec,
    in_language,
)

from ...translation import _
from ..loader import LARGEST, load_recipe
from ..packages import handler_of
from ..problems import RecipeError, lines_about
from .desk import Desk
from .entered import read_value
from .openly import shown_openly
from .options import PAUSE_SECONDS, UsageError
from .trying import wait_for_changes

_GOOD, _FAILED, _WRONG_USAGE = 0, 1, 2
_SET = "--set"


def attempt(
    file: str, settings: Sequence[str], say: Callable[[str], None], terminal: Desk, pause: float = PAUSE_SECONDS
) -> int:
    """Back up twice, say what came, what is shown of it and whether both are equal; return the exit status."""
    language = terminal.language
    try:
        with Path(file).open("rb") as opened:
            recipe = load_recipe(file, opened.read(LARGEST + 1))
        handler = handler_of(recipe, __name__)
        entered = entered_settings(handler.spec, settings, terminal)
        first = terminal.fetch(handler, entered)
        wait_for_changes(terminal, pause)
        second = terminal.fetch(handler, entered)
    except (OSError, UsageError) as error:
        say(f"{file}: {said_of(error, language)}")
        return _WRONG_USAGE
    except CertificateNotTrustedError as error:
        say(f"{error.in_language(language)} --set certificate={error.sha256}")
        return _FAILED
    except RecipeError as error:
        for line in lines_about(error, language):
            say(line)
        return _FAILED
    except DeviceBackupError as error:
        say(error.in_language(language))
        return _WRONG_USAGE if isinstance(error, ConfigError) else _FAILED
    for name, content in first.files().items():
        say(in_language(_("{name}: {size} bytes", name=name, size=len(content)), language))
    for note in first.missing:
        say(in_language(note.text, language))
    secrets = _entered_secrets(handler.spec, entered)
    for name, place in shown_openly(recipe, first.files(), secrets):
        openly = _("{name}: {place} sounds like a secret and is shown. Name it in [[secret]].", name=name, place=place)
        say(in_language(openly, language))
    one, other = handler.normalize(first), handler.normalize(second)
    differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    if differing:
        names = ", ".join(differing)
        differs = _("A second backup differs in {names}: what changes by itself goes into [[compare]].", names=names)
        say(in_language(differs, language))
        return _FAILED
    say(in_language(_("A second backup is equal."), language))
    return _GOOD


def entered_settings(spec: HandlerSpec, settings: Sequence[str], terminal: Desk) -> dict[str, str]:
    """Return what a person would enter; secrets that are needed and not given are asked for."""
    entered: dict[str, str] = {}
    for setting in settings:
        key, separator, text = setting.partition("=")
        if not separator or spec.field(key) is None:
            known = ", ".join(declared.key for declared in spec.fields)
            raise UsageError(_("“{key}” is no field with a value; there are {known}.", key=key, known=known))
        entered[key] = read_value(text)
    for declared in spec.fields:
        if declared.kind is FieldKind.SECRET and declared.required and declared.key not in entered:
            entered[declared.key] = terminal.ask(declared.label, is_secret=True) or ""
    return entered


def _entered_secrets(spec: HandlerSpec, entered: Mapping[str, str]) -> set[str]:
    secret = (entered.get(field.key, "") for field in spec.fields if field.kind is FieldKind.SECRET)
    return set(filter(None, secret))


def said_of(error: Exception, language: str) -> str:
    """Return what is wrong with what was entered, or with a file."""
    return (
        error.in_language(language) if isinstance(error, UsageError) else getattr(error, "strerror", None) or str(error)
    )


def settings_in(arguments: Sequence[str]) -> list[str] | None:
    """Return what stands behind each --set; None where anything else does."""
    pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
    is_right = len(arguments) % 2 == 0 and all(option == _SET for option, _value in pairs)
    return [value for _option, value in pairs] if is_right else None
