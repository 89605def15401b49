"""`import`: keeps a file that a person has as a backup of a device."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES, Artifact, DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.identity import can_have
from ha_device_backup_core.manager.events import JobResult
from ha_device_backup_core.manager.import_job import artifact_of_file, import_file
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import DeviceKey, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import plain

from .back_up import Kind
from .installed import installed_handlers
from .jobs import backup_job
from .options import Json, StoreToFill
from .output import backup_document, fail, print_json, say


def import_backup(
    kind: Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="As the device made it.")],
    *,
    store: StoreToFill,
    unique_id: Annotated[str, typer.Option(metavar="ID", help="The identity of the device; see `list` and `test`.")],
    made_at: Annotated[
        datetime | None, typer.Option(help="When it was made, in UTC; else its own time, or now.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What you call the device.")] = None,
    json: Json = False,
) -> None:
    """Keep a file as a backup of a device, without any contact."""
    if file.stat().st_size > MAX_ARTIFACT_BYTES:
        raise typer.BadParameter(f"{file} is larger than any backup can be.")
    at = None if made_at is None else made_at.replace(tzinfo=UTC)
    try:
        registered = installed_handlers(store).get(kind)
        if not can_have(registered.spec, unique_id):
            raise typer.BadParameter(
                f"“{plain(unique_id)}” is nothing that such a device can have. Enter it as `list` and `test` show it."
            )
        artifact = artifact_of_file(file.name, file.read_bytes())
        result = asyncio.run(_import(registered, DeviceKey(kind, unique_id), artifact, store, at, title))
    except DeviceBackupError as error:
        fail(error, document={"outcome": "failed", "backup": None} if json else None)
    document = None if result.backup is None else backup_document(result.backup, store)
    if json:
        print_json({"outcome": result.outcome, "backup": document, "error": None})
    else:
        say(f"{result.title}: {result.outcome}, {result.backup.id if result.backup else ''}")


async def _import(
    registered: RegisteredHandler,
    key: DeviceKey,
    artifact: Artifact,
    root: Path,
    at: datetime | None,
    title: str | None,
) -> JobResult:
    store = BackupStore(root)
    await store.open(write=True)
    try:
        newest = next(iter(await store.backups(key, limit=1)), None)
        record = await store.device(key)
        name = title or (record.title if record is not None else str(key))
        info: DeviceInfo | None = None if newest is None else newest.device
        job = backup_job(store, registered, key, name, trigger=Trigger.IMPORTED)
        return await import_file(job, artifact, at, info=info)
    finally:
        await store.close()
