"""A file that a person hands in: checked as if the device had sent it, and kept at its place in the history."""

from datetime import tzinfo
from pathlib import PurePosixPath

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError, UnusableFileError
from ha_device_backup_core.jobs import artifact_jobs
from ha_device_backup_core.records import DeviceKey, Fetched
from ha_device_backup_core.snapshot_files import why_no_backup_of_device
from ha_device_backup_core.text import Message, _

from .backup_job import BackupJob

_ZIP = b"PK\x03\x04"


def artifact_of_file(name: str, content: bytes) -> Artifact:
    """Return a file as an artifact; several files are known by being a zip file."""
    filename = PurePosixPath(name.replace("\\", "/")).name or "backup"
    if content.startswith(_ZIP):
        return Artifact(filename=filename, content=content, media_type="application/zip")
    return Artifact(filename=filename, content=content)


async def examine_file(
    job: BackupJob, artifact: Artifact, *, info: DeviceInfo | None, zone: tzinfo | None = None
) -> Fetched:
    """Check a file as if the device had sent it.

    `info` is what the device last said about itself; what the file tells of it counts in its place. A time
    without a zone is one of the `zone` where the device is, else of this machine.
    Raises UnusableFileError, ForeignFileError, HandlerCrashedError.
    """
    info = info or DeviceInfo(unique_id=job.key.unique_id, name=job.title)
    try:
        return await artifact_jobs.examine(
            job.registered, artifact, device=info, expected_unique_id=job.key.unique_id, zone=zone
        )
    except ForeignFileError as error:
        if error.owner is None:
            raise
        raise ForeignFileError(await _whose(job, error.owner), owner=error.owner) from error
    except UnusableFileError as error:
        if (way_on := why_no_backup_of_device(artifact.content)) is None:
            raise
        raise UnusableFileError(way_on) from error


async def _whose(job: BackupJob, owner: str) -> Message:
    """Return which device a file is of: by its name, where anything is stored of it."""
    record = await job.store.device(DeviceKey(job.key.kind, owner))
    if record is None:
        return _("It is of a device of which nothing is stored, not of {name}.", name=job.title)
    return _("It is of {other}, not of {name}.", other=record.title, name=job.title)
