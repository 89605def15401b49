"""What the commands print: tables and sentences for people, documents for programs."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Never

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, ProgressColumn
from rich.table import Table

from ha_device_backup_core import (
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceInfo,
    HostKeyNotTrustedError,
    Note,
    Text,
    in_language,
)
from ha_device_backup_core.host import (
    Backup,
    HandlerUnavailableError,
    Outcome,
    ProblemKind,
    in_persons_language,
    joined,
    persons_language,
    plain,
)

from .own_output import own_output, write, write_beside
from .translation import _

type JsonDocument = dict[str, object]

FAILED = 1
WRONG_USAGE = 2
WIDE = 1000
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.STORED: _("stored"),
    Outcome.UNCHANGED: _("unchanged"),
    Outcome.FAILED: _("failed"),
}


def print_json(document: object) -> None:
    """Print a document for programs, in ASCII: whatever is in a text, it arrives."""
    write(json.dumps(document, indent=2))


def say(sentence: Text) -> None:
    """Print a sentence for people, in the language of who sits at the terminal."""
    write(_shown(sentence))


def warn(sentence: Text) -> None:
    """Print a sentence beside the output, in the same language."""
    write_beside(_shown(sentence))


def one_line(path: Path) -> str:
    """Return the name of a file, which may hold line breaks, so that it is told in one line."""
    return "\ufffd".join(str(path).splitlines())


def print_table(columns: Sequence[Text], rows: Sequence[Sequence[Text]]) -> None:
    """Print a table as wide as its contents need."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(_shown(column), overflow="fold")
    for row in rows:
        table.add_row(*(escape(_shown(cell)) for cell in row))
    at_terminal = own_output().isatty()
    console = Console(file=io.StringIO(), force_terminal=at_terminal, width=None if at_terminal else WIDE)
    with console.capture() as printed:
        console.print(table)
    write(printed.get().removesuffix("\n"))


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Return a bar that is shown beside the output, at a terminal only."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def status_of(error: DeviceBackupError) -> int:
    """Return the exit status: 2 where the command was told something wrong, else 1."""
    if isinstance(error, HandlerUnavailableError):
        return WRONG_USAGE if error.problem.kind is ProblemKind.NOT_INSTALLED else FAILED
    return WRONG_USAGE if isinstance(error, ConfigError) else FAILED


def fail(error: DeviceBackupError, *, document: Mapping[str, object] | None, advice: Text | None = None) -> Never:
    """End with an error, and what this command can do about it; programs get the document with the error in it."""
    if document is None:
        warn(error.in_language(persons_language()))
        warn_of_trust(error)
    else:
        print_json({**document, "error": error_document(error)})
    if advice is not None:
        warn(advice)
    raise typer.Exit(status_of(error))


def warn_of_trust(error: DeviceBackupError) -> None:
    """Say how the certificate or the key of a device is trusted, where that is what it waits for."""
    if isinstance(error, CertificateNotTrustedError):
        key = "host_key" if isinstance(error, HostKeyNotTrustedError) else "certificate"
        warn(_("If the fingerprint is that of the device: --set {key}={sha256}", key=key, sha256=error.sha256))


def error_document(error: DeviceBackupError) -> JsonDocument:
    """Return an error for programs."""
    return {"code": error.code, "message": str(error)}


def device_document(device: DeviceInfo) -> JsonDocument:
    """Return a device for programs."""
    return {
        "unique_id": device.unique_id,
        "name": device.name,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "version": device.version,
        "connections": [list(connection) for connection in device.connections],
        "configuration_url": device.configuration_url,
    }


def backup_document(backup: Backup, root: Path) -> JsonDocument:
    """Return a backup for programs."""
    return {**backup.to_dict(), "path": str((root / backup.path).absolute())}


def note_documents(notes: Sequence[Note]) -> list[JsonDocument]:
    """Return notes for programs."""
    return [{"code": note.code, "text": in_language(note.text)} for note in notes]


def what_it_holds(backup: Backup) -> Text:
    """Return in a few words whether a backup is whole, and else in lines what it lacks, or why it may be wrong."""
    words = [_("suspect")] if backup.suspect else []
    words += [_("complete")] if backup.whole else [_("incomplete")]
    suspicions = [] if backup.why_suspect is None else [backup.why_suspect]
    gaps = [] if backup.whole else gap_lines(backup)
    return joined([joined(words, ", "), *suspicions, *gaps], "\n  ")


def gap_lines(backup: Backup) -> list[Text]:
    """Return what a backup does not hold, or not for certain, a thing a line."""
    artifact = backup.artifact
    return [
        *(_("Not in it: {what}", what=note.text) for note in artifact.missing),
        *(_("In doubt: {what}", what=note.text) for note in artifact.doubts),
    ]


def device_name(device: DeviceInfo) -> str:
    """Return a device in a few words."""
    details = " ".join(filter(None, (device.manufacturer, device.model, device.version)))
    return f"{device.name} ({details})" if details else device.name


def _shown(text: Text) -> str:
    return plain(in_persons_language(text))
