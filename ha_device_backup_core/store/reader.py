"""Reading a store: needs no lock, and bears that somebody writes to it meanwhile."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES, Artifact
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy, beyond
from ha_device_backup_core.records import Backup, DeviceKey, DeviceRecord, StoredSummary
from ha_device_backup_core.text import Message, _, joined

from .clocks import as_of
from .device_file import DeviceDocument, rebuilt_document
from .files import MOST_BYTES_OF_DOCUMENT, MOST_BYTES_OF_META, is_of_newer, read_file
from .json_documents import DocumentError, NewerDocumentError, StoreDocument, decode
from .known_digests import KnownDigests
from .names import DEVICE_FILE, META_SUFFIX, BackupFiles, FolderNames, id_order, sort_names, until_then
from .needed import UnfinishedRestores
from .serialization import device_record, stored_backup
from .sizes import measured, size_below, size_of
from .slim import slim
from .store_errors import at, damaged, no_backup, of_newer, system_words

_LOGGER = logging.getLogger(__name__)
RECOMMENDED_BEFORE = "recommended_before"
"""In a meta file: the id of the backup that is recommended where this one cannot be."""
_FILE_MISSING = _("Its file is missing.")


class StoreReader:
    """Reads what is in the folders; blocking."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        """Take the root of the store and the clock by which a time is in the future."""
        self.root = root
        self.clock = clock
        self._contents = KnownDigests()

    def folders(self) -> list[str]:
        """Return the names of the folders in the store; symbolic links are none."""
        try:
            with os.scandir(self.root) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        except FileNotFoundError:
            return []

    def names(self, folder: str) -> FolderNames:
        """Return what is in the folder by its names, nothing when there is none."""
        try:
            return sort_names(os.listdir(self.root / folder))  # noqa: PTH208 - names alone, 100,000 of them
        except (FileNotFoundError, NotADirectoryError):
            return FolderNames()

    def devices(self) -> list[DeviceRecord]:
        """Return every device that has a folder of its own."""
        return [read for read in self._read_all() if isinstance(read, DeviceRecord)]

    def unreadable(self) -> StoreError | None:
        """Return which folders cannot be read, so that nobody knows what is in them, and why; None where all can."""
        found = [read for read in self._read_all() if isinstance(read, Message)]
        return StoreError(joined(found, " ")) if found else None

    def _read_all(self) -> Iterator[DeviceRecord | Message]:
        for folder in self.folders():
            try:
                held = self.document(folder)
            except OSError as error:
                _LOGGER.warning("%s in the store of backups cannot be read: %s", folder, error.strerror)
                yield at(folder, system_words(error))
                continue
            if held is not None and held.record.key.folder == folder:
                yield self._read_now(held)
            elif next(self.names(folder).with_meta(), None) is not None:
                yield at(folder, _("Nothing here tells which device this is."))

    def device(self, key: DeviceKey) -> DeviceRecord | None:
        """Return the record of the device."""
        held = self.document(key.folder)
        return self._read_now(held) if held is not None and held.record.key == key else None

    def document(self, folder: str) -> DeviceDocument | None:
        """Return what is known of the device in the folder, made anew where `device.json` is missing or damaged.

        It is damaged, too, where it names a device of another folder and the backups one of this folder.
        """
        document: StoreDocument = {}
        try:
            document = decode(read_file(self.root / folder / DEVICE_FILE, MOST_BYTES_OF_DOCUMENT))
            held = DeviceDocument(record=device_record(document), document=document)
        except (FileNotFoundError, NotADirectoryError, DocumentError):
            return rebuilt_document(self.root, folder, self.names(folder), document)
        if held.record.key.folder == folder:
            return held
        rebuilt = rebuilt_document(self.root, folder, self.names(folder), document)
        return held if rebuilt is None or rebuilt.record.key.folder != folder else rebuilt

    def is_of_newer(self, folder: str) -> bool:
        """Return whether a newer version wrote `device.json`, even if nothing else of it can be told."""
        return is_of_newer(self.root / folder / DEVICE_FILE)

    def backups(self, key: DeviceKey, limit: int | None = None, until: datetime | None = None) -> list[Backup]:
        """Return the backups that can be served, those until then, newest first; no more metas are read than needed."""
        most = None if limit is None else max(limit, 0)
        if until is None:
            return list(islice(self.each(key), most))
        each = self.each(key, until_then(self.names(key.folder), until, self.clock()))
        return list(islice((backup for backup in each if backup.taken_at <= until), most))

    def holding(self, key: DeviceKey, sha256: str, fingerprint: str) -> list[Backup]:
        """Return the backups that hold that file, or one that is equal but for what changes by itself; newest first."""
        record = self.device(key)
        if record is None:
            return []
        names = self.names(key.folder).backups
        found = self._contents.find(key, names, frozenset({sha256, fingerprint}), partial(self._parsed, key))
        read = (self._read_meta(key, files, record) for files in found)
        return [backup for backup, _document in filter(None, read)]

    def for_retention(self, key: DeviceKey) -> list[Backup]:
        """Return all backups, newest first, with their times as they were stored, and nothing that retention needs not.

        100,000 whole ones would keep the garbage collector, and so everybody, busy for a second.
        """
        if self.device(key) is None:
            return []
        read = (self._parsed(key, files) for files in self.names(key.folder).backups)
        return [slim(parsed[0], key) for parsed in read if parsed is not None]

    def beyond(self, key: DeviceKey, policy: RetentionPolicy, now: datetime) -> list[str]:
        """Return the ids of what is beyond the policy, oldest first; raises StoreError where none may be deleted."""
        if self.count(key) <= policy.newest:
            return []
        found = beyond(self.for_retention(key), policy, now, self.needed(key))
        if found and self.is_of_newer(key.folder):
            raise of_newer(key.folder)
        return found

    def needed(self, key: DeviceKey) -> frozenset[str]:
        """Return the backups of the device that restores which did not end need, whichever devices they are on."""
        return UnfinishedRestores(self.devices).needed(key)

    def count(self, key: DeviceKey) -> int:
        """Return the number of backups by their names."""
        return len(self.names(key.folder).backups) if self.device(key) is not None else 0

    def summary(self, key: DeviceKey) -> StoredSummary | None:
        """Return what the store holds of the device, reading few metas."""
        record = self.device(key)
        if record is None:
            return None
        names = self.names(key.folder)
        newest = next(self.each(key, names, record=record), None)
        return StoredSummary(
            newest=newest,
            recommended=self.recommended(key, record, names) or self._newest_unsuspected(key, record, names),
            count=len(names.backups),
            size=self._size(key.folder, set(names.backups.artifacts)),
            put_back=record.put_back,
        )

    def last_confirmed(self, key: DeviceKey) -> Backup | None:
        """Return the backup that was confirmed last, None where there is none or it cannot be read."""
        record = self.device(key)
        if record is None:
            return None
        names = self.names(key.folder)
        held = {files.id: files for files in names.backups if files.id in record.confirmed}
        last = max(held, key=lambda backup_id: (record.confirmed[backup_id], id_order(backup_id)), default=None)
        read = None if last is None else self._read_meta(key, held[last], record)
        return next(self.each(key, names, record=record), None) if read is None else read[0]

    def recommended(self, key: DeviceKey, record: DeviceRecord, names: FolderNames) -> Backup | None:
        """Return the newest whole backup that is not suspect, by the hint of each meta file, or by looking at all."""
        hinted = False
        for files in names.backups:
            read = self._read_meta(key, files, record)
            if read is None:
                continue
            backup, document = read
            if backup.can_be_recommended:
                return backup
            if not hinted and backup.is_readable and RECOMMENDED_BEFORE in document:
                hinted = True
                hint = document[RECOMMENDED_BEFORE]
                if hint is None:
                    return None
                named = names.find(hint) if isinstance(hint, str) else None
                read = None if named is None or named not in names.backups else self._read_meta(key, named, record)
                if read is not None and read[0].can_be_recommended:
                    return read[0]
        return None

    def _newest_unsuspected(self, key: DeviceKey, record: DeviceRecord, names: FolderNames) -> Backup | None:
        each = self.each(key, names, record=record)
        return next((backup for backup in each if backup.is_readable and not backup.suspect), None)

    def holders(self, backup_id: str) -> list[DeviceRecord]:
        """Return the devices that have a backup of that id; raises OSError where a folder cannot be read."""
        found = [record for record in self.devices() if self.names(record.key.folder).find(backup_id) is not None]
        if not found:
            for folder in self.folders():
                self.document(folder)  # a folder that cannot be read may be the one
        return found

    def before(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Return the backup of the device before that one, None for the first."""
        names = self.names(key.folder).backups
        older = next((files.id for files in names if id_order(files.id) < id_order(backup_id)), None)
        return None if older is None else self.backup(key, older)

    def backup(self, key: DeviceKey, backup_id: str) -> Backup:
        """Return one backup; raises BackupNotFoundError, StoreDamagedError."""
        return self.located(key, backup_id)[0]

    def located(self, key: DeviceKey, backup_id: str) -> tuple[Backup, BackupFiles, StoreDocument]:
        """Return one backup, its files and its meta file; raises BackupNotFoundError, StoreDamagedError."""
        record = self.device(key)
        names = self.names(key.folder)
        files = names.find(backup_id)
        if record is None or files is None:
            raise no_backup(record, backup_id)
        if files in names.without_artifact and not (self.root / key.folder / files.artifact).exists():
            raise damaged(f"{key.folder}/{files.artifact}", _FILE_MISSING)
        try:
            backup, document = self.meta(key, files)
        except NewerDocumentError as error:
            raise of_newer(f"{key.folder}/{files.artifact}") from error
        except DocumentError as error:
            raise damaged(f"{key.folder}/{files.artifact}", error.why) from error
        except FileNotFoundError as error:
            raise no_backup(record, backup_id) from error
        return self._dated(backup, record), files, document

    def described(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Return what a meta file says, None if it cannot be read; raises BackupNotFoundError."""
        record = self.device(key)
        files = self.names(key.folder).find(backup_id)
        if record is None or files is None:
            raise no_backup(record, backup_id)
        read = self._read_meta(key, files, record)
        return None if read is None else read[0]

    def read(self, key: DeviceKey, backup_id: str) -> Artifact:
        """Return a backup whole, as it was stored; raises BackupNotFoundError, StoreDamagedError, StoreError."""
        backup, _, _ = self.located(key, backup_id)
        if not backup.is_readable:
            raise of_newer(backup.path)
        return artifact_of(backup, self.content(backup))

    def content(self, backup: Backup) -> bytes:
        """Return the bytes of a backup, compared with its digest; raises BackupNotFoundError, StoreDamagedError.

        Where the digest of a newer version is not understood, they are as they are.
        """
        path = self.root / backup.path
        expected = min(backup.artifact.size, MAX_ARTIFACT_BYTES) if backup.is_readable else MAX_ARTIFACT_BYTES
        try:
            content = read_file(path, expected)
        except DocumentError as error:
            raise damaged(backup.path, error.why) from error
        except FileNotFoundError as error:
            if not path.with_name(path.name + META_SUFFIX).exists():
                raise no_backup(self.device(backup.key), backup.id) from error
            raise damaged(backup.path, _FILE_MISSING) from error
        if backup.is_readable and (len(content), hashlib.sha256(content).hexdigest()) != (
            backup.artifact.size,
            backup.artifact.sha256,
        ):
            raise damaged(backup.path, _("Its file is not what was stored."))
        return content

    def meta(self, key: DeviceKey, files: BackupFiles) -> tuple[Backup, StoreDocument]:
        """Return what the meta file says; raises DocumentError, OSError."""
        document = decode(read_file(self.root / key.folder / files.meta, MOST_BYTES_OF_META))
        backup = stored_backup(document, path=f"{key.folder}/{files.artifact}")
        if backup.id != files.id or backup.key != key:
            raise DocumentError(misplaced(backup))
        return backup if backup.is_readable else measured(self.root, backup), document

    def size(self) -> int:
        """Return the bytes of all files in the store."""
        return size_below(self.root)

    def _size(self, folder: str, names: set[str]) -> int:
        with os.scandir(self.root / folder) as entries:
            return sum(size_of(entry) for entry in entries if entry.name in names)

    def each(
        self,
        key: DeviceKey,
        names: FolderNames | None = None,
        *,
        record: DeviceRecord | None = None,
        oldest_first: bool = False,
    ) -> Iterator[Backup]:
        """Return each backup that can be served, or those of the `names`, read when it is asked for."""
        record = self.device(key) if record is None else record
        if record is None:
            return
        backups = (self.names(key.folder) if names is None else names).backups
        for files in reversed(backups) if oldest_first else backups:
            read = self._read_meta(key, files, record)
            if read is not None:
                yield read[0]

    def _read_meta(
        self, key: DeviceKey, files: BackupFiles, record: DeviceRecord
    ) -> tuple[Backup, StoreDocument] | None:
        parsed = self._parsed(key, files)
        return None if parsed is None else (self._dated(parsed[0], record), parsed[1])

    def _parsed(self, key: DeviceKey, files: BackupFiles) -> tuple[Backup, StoreDocument] | None:
        try:
            return self.meta(key, files)
        except (DocumentError, FileNotFoundError):
            return None

    def _dated(self, backup: Backup, record: DeviceRecord) -> Backup:
        now = self.clock()
        known = record.confirmed.get(backup.id)
        taken_at = backup.taken_at if backup.taken_at <= now else min(now, known or now)
        return replace(backup, taken_at=taken_at, confirmed=max(taken_at, known or taken_at))

    def _read_now(self, held: DeviceDocument) -> DeviceRecord:
        return as_of(self.clock(), held.record, held.document)


def artifact_of(backup: Backup, content: bytes) -> Artifact:
    """Return the artifact as the handler gave it."""
    stored = backup.artifact
    return Artifact(
        filename=stored.filename,
        content=content,
        media_type=stored.media_type,
        attributes=stored.attributes,
        missing=stored.missing,
    )


def misplaced(backup: Backup) -> Message:
    """Return what is wrong with a meta file that lies at the file of another backup."""
    return _("The meta file belongs to backup {backup_id} of {name}.", backup_id=backup.id, name=backup.device.name)
