"""What several commands are told: `--set`, `--store`, `--json`; secrets come from files or are asked for."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import ConfigField, FieldKind, HandlerSpec
from ha_device_backup_core.host import DeviceKey, in_persons_language, joined, system_words

from .output import warn
from .translation import _
from .wrong_usage import WrongUsageError

MAX_VALUE_BYTES = 64 * 1024

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A field of the handler; KEY=@FILE reads it from a file, KEY alone asks for it. Repeat as needed.",
    ),
]
ExistingStore = Annotated[
    Path, typer.Option("--store", metavar="DIR", exists=True, file_okay=False, help="The folder of the store.")
]
StoreToFill = Annotated[
    Path, typer.Option("--store", metavar="DIR", file_okay=False, help="The folder of the store; made if needed.")
]


def regular_file(path: Path) -> Path:
    """Refuse what cannot be read from its end, too: a pipe, on which one would wait for ever, or a device."""
    if not path.is_file():
        raise WrongUsageError(_("{path} is no regular file.", path=str(path)))
    return path


def entered_config(spec: HandlerSpec, settings: Sequence[str]) -> dict[str, object]:
    """Return the raw configuration from `--set`; required secrets that are not there are asked for."""
    raw: dict[str, object] = {}
    for setting in settings:
        key, separator, text = setting.partition("=")
        declared = spec.field(key)
        if (
            declared is not None
            and declared.kind is FieldKind.SECRET
            and separator
            and text
            and not text.startswith("@")
        ):
            warn(
                _(
                    "Others on this machine can see the value of “{key}”;"
                    " better write --set {key}=@FILE or --set {key}.",
                    key=key,
                )
            )
        value = resolve_value(key, text, Path()) if separator else _ask(declared, key)
        if key not in raw:
            raw[key] = value
        elif declared is not None and declared.kind is FieldKind.LINES:
            raw[key] = f"{raw[key]}\n{value}"
        else:
            raise WrongUsageError(_("“{key}” is set twice.", key=key))
    for declared in spec.fields:
        if declared.kind is FieldKind.SECRET and declared.required and declared.key not in raw and _is_terminal():
            raw[declared.key] = _ask(declared, declared.key)
    return raw


def device_key(text: str) -> DeviceKey:
    """Return which device is named, as `--device KIND:ID` does."""
    kind, _colon, unique_id = text.partition(":")
    if not (kind and unique_id):
        raise WrongUsageError(_("A device is named KIND:ID, as `list` shows it."))
    return DeviceKey(kind, unique_id)


def resolve_value(key: str, text: str, folder: Path) -> str:
    """Return the value of a field or an option, as `value_of` does, and name it where that is wrong usage."""
    try:
        return value_of(text, folder)
    except WrongUsageError as error:
        raise WrongUsageError(joined([_("“{name}”", name=key), error.text], ": ")) from error


def value_of(text: str, folder: Path) -> str:
    """Return the text, or what is in the file that `@FILE` names; `@@` stands for one `@`."""
    if text.startswith("@@"):
        return text[1:]
    if not text.startswith("@"):
        return text
    path = folder / expanded(text[1:])
    try:
        with path.open("rb") as file:
            content = file.read(MAX_VALUE_BYTES + 1)
        if len(content) > MAX_VALUE_BYTES:
            raise WrongUsageError(_("{path} is too large to be a value.", path=str(path)))
        # Some editors begin with a mark of the encoding.
        return content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise WrongUsageError(_("{path} cannot be read. {why}", path=str(path), why=system_words(error))) from error
    except UnicodeDecodeError as error:
        raise WrongUsageError(_("{path} is no text in UTF-8.", path=str(path))) from error


def expanded(text: str) -> Path:
    """Return the path, with ~ for the home of whoever runs this."""
    if "\0" in text:
        raise WrongUsageError(_("No path holds a null character."))
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise WrongUsageError(_("There is no such home as that of {path}.", path=text)) from error


def _ask(declared: ConfigField | None, key: str) -> str:
    if not _is_terminal():
        raise WrongUsageError(_("“{key}” has no value; write {key}=VALUE or {key}=@FILE.", key=key))
    hidden = declared is None or declared.kind is FieldKind.SECRET
    label = key if declared is None else in_persons_language(declared.label)
    return str(typer.prompt(label, hide_input=hidden, err=True))


def _is_terminal() -> bool:
    return sys.stdin.isatty()
