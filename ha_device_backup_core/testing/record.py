"""The command of the recorder: `python -m ha_device_backup_core.testing.record KIND --set host=… FOLDER`."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.cli.back_up import Kind
from ha_device_backup_core.cli.options import Settings, entered_config, resolve_value
from ha_device_backup_core.cli.output import fail, say, warn
from ha_device_backup_core.cli.person import person_at_terminal
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.plugins.registry import RegisteredHandler, load_handlers

from .fakes import StandIns
from .harness import open_bench
from .recorder import record
from .recording import Recording
from .source import RecordingSource

_PATIENCE = 120.0


def main(
    kind: Kind,
    folder: Annotated[Path, typer.Argument(help="A new folder, best named after model and version.")],
    *,
    settings: Settings = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Ask for a change of a setting, and record again.")
    ] = False,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between the first and the second take.")] = 5.0,
    mask: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="One more secret to mask; @FILE reads it from a file. Repeat as needed."),
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option(metavar="OLD=NEW", help="Something else to replace, a serial number say. Repeat as needed."),
    ] = None,
) -> None:
    """Record a real device for the conformance tests of a handler, with secrets masked."""
    if folder.exists():
        raise typer.BadParameter(f"{folder} is there already; a recording is a new folder.")
    replaced = dict(_pair(text) for text in replace or ())
    secrets = [resolve_value("--mask", text, Path()) for text in mask or ()]
    try:
        registered = load_handlers().get(kind)
        raw = entered_config(registered.spec, settings or ())
        recording, stand_ins = asyncio.run(
            record(
                registered,
                raw,
                name=folder.name,
                pause=pause,
                change=_ask_for_change if changed else None,
                mask=secrets,
                replaced=replaced,
                person=person_at_terminal(),
            )
        )
    except DeviceBackupError as error:
        fail(error, document=None)
    _save(recording, folder, stand_ins)
    asyncio.run(_try_out(registered, folder))
    say(f"{folder}: {', '.join(recording.takes)}; {len(recording.masked)} secrets masked. Look through it before you")
    say("publish it: only what is named like a secret, or was given by --set, --mask and --replace, is masked.")


def _pair(text: str) -> tuple[str, str]:
    old, separator, new = text.partition("=")
    if not (old and separator):
        raise typer.BadParameter("--replace takes OLD=NEW.")
    return old, new


async def _ask_for_change() -> None:
    await asyncio.to_thread(
        typer.prompt,
        "Change one setting of the device, then press Enter",
        default="",
        show_default=False,
        err=True,
    )


def _save(recording: Recording, folder: Path, stand_ins: StandIns) -> None:
    """Write the recording, unless a secret is in it in a spelling that was not replaced."""
    with tempfile.TemporaryDirectory() as name:
        draft = Path(name) / folder.name
        recording.save(draft)
        leaks = [path.name for path in sorted(draft.iterdir()) if stand_ins.finds_real(path.read_bytes())]
    if leaks:
        warn(
            f"Nothing was written: {', '.join(leaks)} would still hold a secret, or what --replace names, in a spelling"
            " that is not replaced. Name that spelling by --mask, too."
        )
        raise typer.Exit(1)
    recording.save(folder)


async def _try_out(registered: RegisteredHandler, folder: Path) -> None:
    try:
        async with open_bench(registered.handler, RecordingSource(folder), patience=_PATIENCE) as bench:
            await bench.fetch()
    except DeviceBackupError as error:
        warn(
            f"The recording is there, but the handler does not take its replay ({error})."
            " A checksum may not fit what was masked (correct it in the files of the recording), or the device was"
            " asked in a way that no recording holds, as by a websocket."
        )
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
