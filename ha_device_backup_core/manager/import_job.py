"""A file that a person hands in: checked as if the device had sent it, and kept at its place in the history."""

from dataclasses import replace
from datetime import datetime

from ha_device_backup_core import runner
from ha_device_backup_core.contract import Artifact, DeviceInfo

from .backup_job import BackupJob
from .status import JobResult


async def import_file(
    job: BackupJob, artifact: Artifact, made_at: datetime | None, *, info: DeviceInfo | None
) -> JobResult:
    """Keep the file as a backup of that time, or of now; `info` is what the device last said about itself.

    Raises UnusableFileError, ForeignFileError, HandlerCrashedError, StoreError. Nothing is deleted for it.
    """
    info = info or DeviceInfo(unique_id=job.key.unique_id, name=job.title)
    fetched = await runner.examine(job.registered, artifact, device=info, expected_unique_id=job.key.unique_id)
    taken = await replace(job, retention=None).keep(fetched, made_at)
    return JobResult(key=job.key, title=job.title, outcome=taken.outcome, trigger=job.trigger, backup=taken.backup)
