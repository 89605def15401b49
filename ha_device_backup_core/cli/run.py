"""`run`: many devices once."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.jobs.runner import Fetched
from ha_device_backup_core.manager.job_queue import Job, JobQueue, Priority
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import DeviceKey, Outcome
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import plain

from .device_list_file import Fleet, read_fleet
from .installed import installed_handlers
from .jobs import Result, Target, failed, fetch_target, keep_fetched
from .options import Json
from .output import FAILED, Document, print_json, progress_bar, say


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
    wanted = read_fleet(fleet)
    root = store or wanted.store
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with progress_bar(*columns) as progress:
        task = progress.add_task("", total=len(wanted.targets))

        def finished(result: Result) -> None:
            progress.update(task, advance=1, description=plain(f"{result.target.name}: {result.outcome}"))

        results = asyncio.run(_run(wanted, root, concurrency or wanted.concurrency, finished))
    if json:
        print_json([_document(result, root) for result in results])
    else:
        _print(results)
    if any(result.error is not None for result in results):
        raise typer.Exit(FAILED)


async def _run(fleet: Fleet, root: Path, concurrency: int, finished: Callable[[Result], None]) -> list[Result]:
    registry = await asyncio.to_thread(installed_handlers, root)
    store = BackupStore(root)
    try:
        await store.open(write=True)
    except DeviceBackupError as error:
        return [failed(target, error) for target in fleet.targets]
    queue = JobQueue(concurrency)
    turns: defaultdict[DeviceKey, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def back_up(target: Target) -> Result:
        result = await _back_up(queue, store, registry, turns, target)
        finished(result)
        return result

    try:
        return await asyncio.gather(*map(back_up, fleet.targets))
    finally:
        await queue.close()
        await store.close()


async def _back_up(
    queue: JobQueue,
    store: BackupStore,
    registry: HandlerRegistry,
    turns: Mapping[DeviceKey, asyncio.Lock],
    target: Target,
) -> Result:
    """Hold a place in the queue only while the device is asked, not while its backup is stored."""
    job: Job[Fetched] = Job(
        endpoint=target.endpoint,
        priority=Priority.UNATTENDED,
        work=lambda: fetch_target(registry, target, answered=lambda: queue.answered(job)),
        awaits_answer=True,
    )
    try:
        fetched = await queue.submit(job).done
    except DeviceBackupError as error:
        return failed(target, error)
    async with turns[target.key(registry.get(target.kind).spec, fetched.device)]:
        return await keep_fetched(store, registry, target, fetched)


def _document(result: Result, root: Path) -> Document:
    return {"kind": result.target.kind, "title": result.target.name, **result.document(root)}


def _print(results: list[Result]) -> None:
    for result in results:
        say(result.sentence())
    counts = Counter(result.outcome for result in results)
    say(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome]))
