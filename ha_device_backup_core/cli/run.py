"""`run`: many devices once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import JobResult, Outcome, in_persons_language, joined, plain

from .device_list_file import DeviceList, read_devices
from .installed import installed_handlers
from .jobs import DeviceToBackUp, failed, result_document, sentence
from .managers import opened
from .options import Json
from .output import FAILED, OUTCOMES, JsonDocument, print_json, progress_bar, say

type _Outcomes = list[tuple[DeviceToBackUp, JobResult]]


def run(
    fleet: Annotated[Path, typer.Argument(metavar="FLEET.toml", help="The devices, each in a table [[device]].")],
    *,
    store: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="The store; else the file's, else device-backups beside it."),
    ] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Devices at a time; else the file's, else 4.")] = None,
    json: Json = False,
) -> None:
    """Back up many devices once."""
    wanted = read_devices(fleet)
    root = store or wanted.store
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with progress_bar(*columns) as progress:
        task = progress.add_task("", total=len(wanted.devices))

        def finished(device: DeviceToBackUp, result: JobResult) -> None:
            outcome = in_persons_language(OUTCOMES[result.outcome])
            progress.update(task, advance=1, description=plain(f"{device.name}: {outcome}"))

        results = asyncio.run(_run(wanted, root, concurrency or wanted.concurrency, finished))
    if json:
        print_json([_document(device, result, root) for device, result in results])
    else:
        _print(results)
    if any(result.error is not None for _, result in results):
        raise typer.Exit(FAILED)


async def _run(
    wanted: DeviceList, root: Path, concurrency: int, finished: Callable[[DeviceToBackUp, JobResult], None]
) -> _Outcomes:
    try:
        registry = await asyncio.to_thread(installed_handlers, root)
        async with opened(root, registry, write=True, concurrency=concurrency) as manager:

            async def back_up(device: DeviceToBackUp) -> tuple[DeviceToBackUp, JobResult]:
                if device.error is None:
                    result = await manager.visits.back_up(device.kind, device.config, title=device.title)
                else:
                    result = failed(device, device.error)
                finished(device, result)
                return device, result

            return await asyncio.gather(*map(back_up, wanted.devices))
    except DeviceBackupError as error:
        return [(device, failed(device, error)) for device in wanted.devices]


def _document(device: DeviceToBackUp, result: JobResult, root: Path) -> JsonDocument:
    return {"kind": device.kind, "title": device.name, **result_document(result, root)}


def _print(results: _Outcomes) -> None:
    for device, result in results:
        say(sentence(device, result))
    counts = Counter(result.outcome for _, result in results)
    found = [joined([str(counts[outcome]), OUTCOMES[outcome]], " ") for outcome in Outcome if counts[outcome]]
    say(joined(found, ", "))
