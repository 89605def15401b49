"""Gives the history of a device another identity: copied whole, then taken away, so that a kill loses nothing."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.records import DeviceKey

from .documents import Document, DocumentError, decode, device_document, encode
from .layout import DEVICE_FILE, BackupFiles
from .reader import StoreReader, is_foreign, read_file
from .steps import VisibleSteps, sync_folder

_ADOPTS = "adopts"
"""In `device.json`: the identity whose history is being taken over; a start that finds it goes on."""


def adopt(reader: StoreReader, steps: VisibleSteps, old: DeviceKey, new: DeviceKey) -> list[BackupFiles]:
    """Move all that is stored of `old` to `new`, unless that has a history of its own; return what was moved.

    Raises StoreError, OSError; called again it goes on where it stopped.
    """
    held, there = reader.document(old.folder), reader.document(new.folder)
    if held is None or held.record.key != old:
        return []
    if there is not None and there.document.get(_ADOPTS) != old.unique_id:
        return []
    if is_foreign(held.document):
        raise StoreError(f"{old.folder} was written by a newer version. Update Device Backups.")
    source, target = reader.root / old.folder, reader.root / new.folder
    known = {} if there is None else there.record.confirmed
    record = replace(held.record, key=new, confirmed={**known, **held.record.confirmed})
    document = device_document(record, onto=held.document)
    _begin(steps, target, {**document, _ADOPTS: old.unique_id})
    moved = []
    names = reader.names(old.folder)
    for backup in (*names.backups, *names.without_artifact):
        with suppress(DocumentError):  # no regular file: it stays where it is
            _copy(steps, source, target, backup, new)
            moved.append(backup)
    sync_folder(target)
    _take_away(steps, source, moved, reader.names(old.folder).leftovers)
    steps.write(target / DEVICE_FILE, encode(document))
    return moved


def _begin(steps: VisibleSteps, target: Path, document: Document) -> None:
    if not target.exists(follow_symlinks=False):
        steps.make_folder(target)
    if target.is_symlink() or not target.is_dir():
        raise StoreError(f"{target.name} in the store is not a folder. Move it away.")
    steps.write(target / DEVICE_FILE, encode(document))


def _copy(steps: VisibleSteps, source: Path, target: Path, files: BackupFiles, key: DeviceKey) -> None:
    """Let a backup be in both folders: its file first, for the meta file makes it one."""
    if (source / files.artifact).exists() and not (target / files.artifact).exists():
        try:
            steps.link(source / files.artifact, target / files.artifact)
        except OSError:
            steps.write(target / files.artifact, read_file(source / files.artifact))
    steps.write(target / files.meta, _meta(source / files.meta, key))


def _meta(path: Path, key: DeviceKey) -> bytes:
    content = read_file(path)
    try:
        return encode({**decode(content), "unique_id": key.unique_id})
    except DocumentError:
        return content


def _take_away(steps: VisibleSteps, source: Path, files: list[BackupFiles], leftovers: tuple[str, ...]) -> None:
    for backup in files:
        steps.remove(source / backup.meta, source / backup.artifact)
    steps.remove(*(source / name for name in leftovers), source / DEVICE_FILE)
    # What is not ours stays, and the folder with it.
    with suppress(OSError):
        if not os.listdir(source):  # noqa: PTH208 - names alone
            steps.remove_folder(source)
            sync_folder(source.parent)
