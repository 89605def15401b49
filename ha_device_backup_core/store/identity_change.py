"""Gives the history of a device another identity: copied whole, then taken away, so that a kill loses nothing."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES
from ha_device_backup_core.records import DeviceKey

from .atomic_files import VisibleSteps, sync_folder
from .files import MOST_BYTES_OF_META, read_file, require_not_newer
from .ids import with_ids_of
from .names import DEVICE_FILE, BackupFiles
from .reader import StoreReader
from .serialization import Document, DocumentError, decode, device_document, encode
from .store_errors import no_folder, of_newer

_ADOPTS = "adopts"
"""In `device.json`: the identity whose history is being taken over; a start that finds it goes on."""


def adopt(reader: StoreReader, steps: VisibleSteps, old: DeviceKey, new: DeviceKey) -> list[BackupFiles]:
    """Move all that is stored of `old` to `new`, unless that has a history of its own; return what was moved.

    Raises StoreError, OSError; called again it goes on where it stopped.
    """
    held, there = reader.document(old.folder), reader.document(new.folder)
    if held is None or held.record.key != old:
        return []
    if there is not None and there.document.get(_ADOPTS) != old.unique_id and reader.names(new.folder).ids:
        return []
    if held.newer:
        raise of_newer(old.folder)
    source, target = reader.root / old.folder, reader.root / new.folder
    names = reader.names(old.folder)
    for files in (*names.backups, *names.without_artifact):
        require_not_newer(source / files.meta, MOST_BYTES_OF_META)
    known = {} if there is None else there.record.confirmed
    record = replace(held.record, key=new, confirmed={**known, **held.record.confirmed})
    document = device_document(record, onto=held.document)
    if there is not None:
        document = with_ids_of(document, names, there.document)
    _begin(steps, target, {**document, _ADOPTS: old.unique_id})
    moved = []
    for backup in (*names.backups, *names.without_artifact):
        with suppress(DocumentError):  # no regular file: it stays where it is
            _copy(steps, source, target, backup, new)
            moved.append(backup)
    for name in names.without_meta:
        _link(steps, source / name, target / name)
    sync_folder(target)
    _take_away(steps, source, moved, (*names.without_meta, *reader.names(old.folder).unfinished))
    steps.write(target / DEVICE_FILE, encode(document))
    return moved


def _begin(steps: VisibleSteps, target: Path, document: Document) -> None:
    if not target.exists(follow_symlinks=False):
        steps.make_folder(target)
    if target.is_symlink() or not target.is_dir():
        raise no_folder(target.name)
    steps.write(target / DEVICE_FILE, encode(document))


def _copy(steps: VisibleSteps, source: Path, target: Path, files: BackupFiles, key: DeviceKey) -> None:
    """Let a backup be in both folders: its file first, for the meta file makes it one."""
    staged = steps.stage(target / files.meta, _meta(source / files.meta, key))
    if (source / files.artifact).exists():
        _link(steps, source / files.artifact, target / files.artifact)
        sync_folder(target)
    steps.publish(staged, target / files.meta)


def _link(steps: VisibleSteps, source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        steps.link(source, target)
    except OSError:
        steps.write(target, read_file(source, MAX_ARTIFACT_BYTES))


def _meta(path: Path, key: DeviceKey) -> bytes:
    content = read_file(path, MOST_BYTES_OF_META)
    try:
        return encode({**decode(content), "unique_id": key.unique_id})
    except DocumentError:
        return content


def _take_away(steps: VisibleSteps, source: Path, files: list[BackupFiles], done_with: tuple[str, ...]) -> None:
    for backup in files:
        steps.remove_backup(source / backup.artifact)
    steps.remove(*(source / name for name in done_with), source / DEVICE_FILE)
    # What is not ours stays, and the folder with it.
    with suppress(OSError):
        if not os.listdir(source):  # noqa: PTH208 - names alone
            steps.remove_folder(source)
            sync_folder(source.parent)
