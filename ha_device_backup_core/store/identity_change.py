"""Gives the history of a device another identity: copied whole, then taken away, so that a kill loses nothing."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES
from ha_device_backup_core.records import DeviceKey, DeviceRecord, UnfinishedRestore

from .atomic_files import AtomicFiles, sync_folder
from .files import MOST_BYTES_OF_META, read_file, require_not_newer
from .ids import with_ids_of
from .json_documents import DocumentError, StoreDocument, decode, encode
from .names import DEVICE_FILE, BackupFiles
from .reader import StoreReader
from .serialization import device_document
from .store_errors import no_folder, of_newer

_MOVES_FROM = "moves_from"
"""In `device.json`: the identity whose history is being taken over; whoever is asked for that again goes on."""


def is_under_way(reader: StoreReader, old: DeviceKey, new: DeviceKey) -> bool:
    """Return whether the history of `old` was being moved to `new` when that was cut off."""
    there = reader.document(new.folder)
    return there is not None and there.document.get(_MOVES_FROM) == old.unique_id


def change_identity(
    reader: StoreReader,
    steps: AtomicFiles,
    old: DeviceKey,
    new: DeviceKey,
    awaited: UnfinishedRestore | None = None,
) -> list[BackupFiles]:
    """Move all that is stored of `old` to `new`, unless that has a history of its own; return what was moved.

    What is awaited of the new one is noted with the first step.

    Raises StoreError, OSError; called again it goes on where it stopped.
    """
    held, there = reader.document(old.folder), reader.document(new.folder)
    if held is None or held.record.key != old:
        return []
    if is_under_way(reader, old, new):
        awaited = (there and there.record.unfinished_restore) or awaited
    elif reader.names(new.folder).ids:
        return []
    if held.newer:
        raise of_newer(old.folder)
    source, target = reader.root / old.folder, reader.root / new.folder
    names = reader.names(old.folder)
    for files in names.with_meta():
        require_not_newer(source / files.meta, MOST_BYTES_OF_META)
    known = {} if there is None else there.record.confirmed
    record = replace(_of_new(held.record, new, awaited), confirmed={**known, **held.record.confirmed})
    document = device_document(record, onto=held.document)
    if there is not None:
        document = with_ids_of(document, names, there.document)
    _begin(steps, target, {**document, _MOVES_FROM: old.unique_id})
    moved = []
    for backup in names.with_meta():
        with suppress(DocumentError):  # no regular file: it stays where it is
            _copy(steps, source, target, backup, new)
            moved.append(backup)
    for name in names.without_meta:
        _link(steps, source / name, target / name)
    sync_folder(target)
    _take_away(steps, source, moved, (*names.without_meta, *reader.names(old.folder).unfinished))
    steps.write(target / DEVICE_FILE, encode(document))
    return moved


def _of_new(record: DeviceRecord, new: DeviceKey, awaited: UnfinishedRestore | None) -> DeviceRecord:
    """Return the record under the new identity; a restore of its own backup is one still."""
    unfinished = awaited or record.unfinished_restore
    if unfinished is not None and unfinished.source == record.key:
        unfinished = replace(unfinished, source=new)
    put_back = record.put_back
    if put_back is not None and put_back.source == record.key:
        put_back = replace(put_back, source=new)
    formerly = (*record.formerly, record.key.unique_id)
    return replace(record, key=new, unfinished_restore=unfinished, put_back=put_back, formerly=formerly)


def _begin(steps: AtomicFiles, target: Path, document: StoreDocument) -> None:
    if not target.exists(follow_symlinks=False):
        steps.make_folder(target)
    if target.is_symlink() or not target.is_dir():
        raise no_folder(target.name)
    steps.write(target / DEVICE_FILE, encode(document))


def _copy(steps: AtomicFiles, source: Path, target: Path, files: BackupFiles, key: DeviceKey) -> None:
    """Let a backup be in both folders: its file first, for the meta file makes it one."""
    temporary = steps.write_temporary(target / files.meta, _meta(source / files.meta, key))
    if (source / files.artifact).exists():
        _link(steps, source / files.artifact, target / files.artifact)
        sync_folder(target)
    steps.rename(temporary, target / files.meta)


def _link(steps: AtomicFiles, source: Path, target: Path) -> None:
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


def _take_away(steps: AtomicFiles, source: Path, files: list[BackupFiles], done_with: tuple[str, ...]) -> None:
    for backup in files:
        steps.remove_backup(source / backup.artifact)
    steps.remove(*(source / name for name in done_with), source / DEVICE_FILE)
    # What is not ours stays, and the folder with it.
    with suppress(OSError):
        if not os.listdir(source):  # noqa: PTH208 - names alone
            steps.remove_folder(source)
            sync_folder(source.parent)
