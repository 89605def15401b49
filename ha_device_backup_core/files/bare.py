"""A backup that is a file alone, as a browser downloads it or a device makes it: known by its content."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES, MEBIBYTE, Artifact, DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError, UnreadableFileError, UnusableFileError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.jobs.recognition import RecognizedFile, recognize
from ha_device_backup_core.manager.import_job import artifact_of_file
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import Backup, DeviceKey, HandlerVersion, StoredArtifact, Trigger
from ha_device_backup_core.snapshot_files import why_file_is_no_backup_of_device
from ha_device_backup_core.store.files import read_file
from ha_device_backup_core.store.json_documents import DocumentError
from ha_device_backup_core.store.store_errors import at, system_words
from ha_device_backup_core.text import _

from .backup_file import BackupFile


def artifact_at(path: Path) -> Artifact:
    """Return a file as an artifact; raises UnreadableFileError."""
    try:
        if path.stat().st_size > MAX_ARTIFACT_BYTES:
            raise too_large(path)
        return artifact_of_file(path.name, read_file(path, MAX_ARTIFACT_BYTES))
    except DocumentError as error:
        raise UnreadableFileError(error.why) from error
    except OSError as error:
        raise UnreadableFileError(system_words(error)) from error


def too_large(path: Path) -> DeviceBackupError:
    """Return what to say of a file that no backup of a device can be; raises OSError."""
    limit = MAX_ARTIFACT_BYTES // MEBIBYTE
    if (way_on := why_file_is_no_backup_of_device(path)) is not None:
        return UnusableFileError(way_on)
    return UnreadableFileError(_("It is larger than {limit} MiB, more than any backup can be.", limit=limit))


async def bare_backup(registry: HandlerRegistry, path: Path) -> BackupFile:
    """Return a file as the backup that it is; raises UnreadableFileError, UnusableFileError."""
    try:
        found = await recognize(registry, artifact_at(path))
    except UnreadableFileError as error:
        raise UnreadableFileError(at(str(path), error.detail or "")) from error
    except UnusableFileError as error:
        raise UnusableFileError(
            _(
                "{path}: {reason} If the file that ends in .meta.json was kept, put it beside this one.",
                path=str(path),
                reason=error.detail or "",
            )
        ) from error
    return BackupFile(
        backup=_described(path, found),
        artifact=found.artifact,
        root=_folder(path),
        is_bare=True,
        has_owner=found.owner is not None,
    )


def _described(path: Path, found: RecognizedFile) -> Backup:
    artifact, facts, registered = found.artifact, found.facts, found.registered
    made_at = None if facts is None else facts.made_at
    return Backup(
        id=str(path.absolute()),
        key=DeviceKey(registered.kind, found.owner or new_assigned_identity()),
        path=path.name,
        taken_at=datetime.fromtimestamp(path.stat().st_mtime, UTC) if made_at is None else made_at.astimezone(UTC),
        artifact=StoredArtifact(
            filename=artifact.filename,
            media_type=artifact.media_type,
            size=len(artifact.content),
            sha256=hashlib.sha256(artifact.content).hexdigest(),
            doubts=tuple(note for note in found.notes if not note.is_remark),
            remarks=tuple(note for note in found.notes if note.is_remark),
        ),
        fingerprint="",
        handler=HandlerVersion(kind=registered.kind, distribution=registered.distribution, version=registered.version),
        device=DeviceInfo(
            unique_id=found.owner,
            name=path.name,
            model=None if facts is None else facts.model,
            version=None if facts is None else facts.version,
        ),
        trigger=Trigger.IMPORTED,
    )


def _folder(path: Path) -> Path:
    return path.absolute().parent
