"""A file that a person hands in: checked as if the device had sent it, and kept at its place in the history."""

from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import PurePosixPath

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.text import Message, _

from .backup_job import BackupJob
from .events import JobResult

_ZIP = b"PK\x03\x04"


def artifact_of_file(name: str, content: bytes) -> Artifact:
    """Return a file as an artifact; several files are known by being a zip file."""
    filename = PurePosixPath(name.replace("\\", "/")).name or "backup"
    if content.startswith(_ZIP):
        return Artifact(filename=filename, content=content, media_type="application/zip")
    return Artifact(filename=filename, content=content)


async def import_file(
    job: BackupJob,
    artifact: Artifact,
    made_at: datetime | None,
    *,
    info: DeviceInfo | None,
    zone: tzinfo | None = None,
) -> JobResult:
    """Keep the file as a backup of that time, else of the one that it tells itself, else of now.

    `info` is what the device last said about itself; what the file tells of it counts in its place. A time
    without a zone is one of the `zone` where the device is, else of this machine.
    Raises UnusableFileError, ForeignFileError, HandlerCrashedError, StoreError. Nothing is deleted for it.
    """
    info = info or DeviceInfo(unique_id=job.key.unique_id, name=job.title)
    try:
        fetched = await runner.examine(
            job.registered, artifact, device=info, expected_unique_id=job.key.unique_id, zone=zone
        )
    except ForeignFileError as error:
        if error.owner is None:
            raise
        raise ForeignFileError(await _whose(job, error.owner), owner=error.owner) from error
    taken = await replace(job, retention=None).keep(fetched, made_at or fetched.made_at)
    return JobResult(key=job.key, title=job.title, outcome=taken.outcome, trigger=job.trigger, backup=taken.backup)


async def _whose(job: BackupJob, owner: str) -> Message:
    """Return which device a file is of: by its name, where anything is stored of it."""
    record = await job.store.device(DeviceKey(job.key.kind, owner))
    if record is None:
        return _("It is of a device of which nothing is stored, not of {name}.", name=job.title)
    return _("It is of {other}, not of {name}.", other=record.title, name=job.title)
