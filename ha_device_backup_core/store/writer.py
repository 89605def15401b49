"""Writing a store: by its one writer, in visible steps."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.errors import BackupProtectedError, StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy, beyond
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    NewBackup,
    Outcome,
    Previous,
    PutBack,
    StoredArtifact,
    Trigger,
    UnfinishedRestore,
    fact_of,
)
from ha_device_backup_core.text import Text, _

from .atomic_files import DIRECTORY_MODE, AtomicFiles, sync_folder
from .clocks import with_ahead
from .device_file import DeviceDocument
from .files import MOST_BYTES_OF_META, MOST_BYTES_OF_SNAPSHOTS, require_not_newer
from .identity_change import change_identity
from .ids import id_after_all, id_among_others, with_ids
from .json_documents import StoreDocument, encode
from .merging import Merged, Merging
from .names import (
    DEVICE_FILE,
    EARLIEST,
    KINDS_FOLDER,
    MARK_FILE,
    ROOT_FILES,
    BackupFiles,
    artifact_name,
    id_order,
    is_device_folder,
    is_kind_file,
    name_of_temporary,
    temporary_name,
)
from .needed import UnfinishedRestores
from .reader import StoreReader
from .root import Use, mark_document, use_of
from .serialization import backup_document, device_document
from .store_errors import no_folder, of_another_device, of_newer

_LOGGER = logging.getLogger(__name__)
_TOO_MANY_NOTES: Text = _("The device has more to tell about this backup than can be kept beside it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a new backup stands among the others."""

    id: str
    newest: Backup | None
    """Of those before it."""
    recommended: Backup | None


class StoreWriter:
    """Changes what is in the folders; blocking, for one thread that holds the lock."""

    def __init__(self, reader: StoreReader, steps: AtomicFiles) -> None:
        """Take what reads the same store, and the steps that pass its gate."""
        self._reader = reader
        self._steps = steps
        self._root = reader.root
        self._unfinished = UnfinishedRestores(reader.devices)

    def tidy(self) -> None:
        """Mark the root as a store, sweep what was never completed, and make damaged `device.json` files anew."""
        self._mark()
        for path in self._root.iterdir():
            if name_of_temporary(path.name) in ROOT_FILES and path.is_file(follow_symlinks=False):
                self._steps.remove(path)
        for folder in self._reader.folders():
            try:
                self._tidy_folder(folder)
            except OSError as error:
                _LOGGER.warning("%s in the store of backups cannot be tidied: %s", folder, error.strerror)

    def commit(self, new: NewBackup) -> Backup:
        """Store a backup; when this returns it survives a loss of power."""
        held = self._prepare(new.key, new.title)
        at = self._time_of(new)
        place = self._place_of(new, at, held)
        backup = Backup(
            id=place.id,
            key=new.key,
            path=f"{new.key.folder}/{artifact_name(place.id, new.fetched.artifact.filename)}",
            taken_at=at,
            artifact=StoredArtifact.of(new.fetched),
            fingerprint=new.fetched.fingerprint,
            handler=new.handler,
            device=new.fetched.device,
            trigger=new.trigger,
            suspicion=new.suspicion,
            suspect_files=new.suspect_files,
            accepted=new.accepted,
            previous=None if place.newest is None else _previous(place.newest, held.record),
            confirmed=at,
        )
        before = None if place.recommended is None else place.recommended.id
        meta = encode(backup_document(backup, title=new.title, recommended_before=before))
        if len(meta) > MOST_BYTES_OF_META:
            raise StoreError(_TOO_MANY_NOTES)
        if backup.can_be_recommended and _is_imported(backup):
            self._announce_to_newer(backup)
        self._steps.add_backup(self._root / backup.path, new.fetched.artifact.content, meta)
        self._note_commit(backup, new.title, _met_at(new.address, held.record), held.document)
        return backup

    def confirm(
        self, key: DeviceKey, backup_id: str, at: datetime, *, attempted: bool, address: str | None = None
    ) -> None:
        """Note that the device was found equal to the backup, and (`attempted`) that it was asked, and where."""
        known = self._reader.backup(key, backup_id)
        held = self._prepare(key, "")
        at = min(at, self._reader.clock())
        confirmed = max(at, held.record.confirmed.get(backup_id, at))
        confirmations = {**held.record.confirmed, backup_id: confirmed}
        record = replace(_met_at(address, held.record), confirmed=confirmations)
        if attempted:
            record = replace(record, last_attempt=Attempt(at=at, outcome=Outcome.UNCHANGED), blocked=None)
            record = _without_put_back(record, known)
        self._save(record, held.document, seen={backup_id: at})

    def record_attempt(self, key: DeviceKey, title: str, attempt: Attempt, blocked: str | None) -> None:
        """Note how the last attempt ended."""
        held = self._prepare(key, title)
        self._save(replace(held.record, title=title, last_attempt=attempt, blocked=blocked), held.document)

    def set_title(self, key: DeviceKey, title: str) -> None:
        """Note what the person calls the device, if it is in the store at all."""
        record = self._reader.device(key)
        if record is not None and record.title != title:
            held = self._prepare(key, title)
            self._save(replace(held.record, title=title), held.document)

    def set_unfinished_restore(
        self, key: DeviceKey, title: str, restore: UnfinishedRestore | None, put_back: PutBack | None
    ) -> None:
        """Note that a restore was begun on the device, or that it ended well."""
        held = self._prepare(key, title)
        record = replace(held.record, title=title, unfinished_restore=restore, put_back=put_back)
        self._save(record, held.document)

    def accept(self, key: DeviceKey, backup_id: str) -> Backup:
        """Take the word of a person that a backup is right as it is; raises as `update_meta`."""
        backup = self._reader.backup(key, backup_id)
        accepted = (*backup.accepted, *map(fact_of, backup.flaws))
        self._announce_to_newer(backup)
        return self.update_meta(key, backup_id, {"suspicion": None, "suspect_files": None, "accepted": list(accepted)})

    def judge(self, judged: Backup) -> Backup:
        """Note the suspicion that a later comparison leaves of a backup, if any; raises as `update_meta`."""
        if judged.can_be_recommended:
            self._announce_to_newer(judged)
        document = backup_document(judged, title="", recommended_before=None)
        return self.update_meta(judged.key, judged.id, {key: document[key] for key in ("suspicion", "suspect_files")})

    def update_meta(self, key: DeviceKey, backup_id: str, changes: Mapping[str, object]) -> Backup:
        """Change keys of a meta file; raises BackupNotFoundError, StoreDamagedError, StoreError."""
        backup, files, document = self._reader.located(key, backup_id)
        if not backup.is_readable:
            raise of_newer(backup.path)
        self._steps.write(self._root / key.folder / files.meta, encode({**document, **changes}))
        return self._reader.backup(key, backup_id)

    def delete(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Delete a backup, a damaged one too, unless it is protected; return it if it could still be read."""
        backup = self._reader.described(key, backup_id)
        if backup is not None and backup.protected:
            raise BackupProtectedError
        self._remove(key, [backup_id], given_again={backup_id} if backup is None or _is_imported(backup) else set())
        return backup

    def prune(self, key: DeviceKey, policy: RetentionPolicy, now: datetime) -> list[str]:
        """Delete what is beyond the policy, oldest first; return the ids."""
        if self._reader.count(key) <= policy.newest:
            return []
        backups = self._reader.for_retention(key)
        doomed = beyond(backups, policy, now, self._unfinished.needed(key))
        return self._remove(key, doomed, given_again={b.id for b in backups if _is_imported(b)})

    def forget(self, key: DeviceKey) -> None:
        """Remove the folder of a device that has no backups; raises StoreError when it has."""
        require_not_newer(self._root / key.folder / DEVICE_FILE)
        record = self._reader.device(key)
        if record is None:
            return
        names = self._reader.names(key.folder)
        if names.backups or names.without_artifact or names.without_meta:
            raise StoreError(_("There still are backups of {name}. Delete them first.", name=record.title))
        folder = self._root / key.folder
        self._steps.remove(*(folder / name for name in names.unfinished), folder / DEVICE_FILE)
        self._steps.remove_folder(folder)
        sync_folder(self._root)
        self._unfinished.read_again()

    def change_identity(
        self, old: DeviceKey, new: DeviceKey, awaited: UnfinishedRestore | None = None
    ) -> list[BackupFiles]:
        """Move the history of a device to the identity that it now tells; return what was moved."""
        self._unfinished.read_again()
        return change_identity(self._reader, self._steps, old, new, awaited)

    def merge(self, source: StoreReader, key: DeviceKey, backups: Sequence[Backup]) -> Merged:
        """Take in backups of another store, oldest first."""
        self._unfinished.read_again()
        return Merging(self._reader, self._steps, self._announce_to_newer, source).merge(key, backups)

    def write_document(self, name: str, document: Mapping[str, object]) -> None:
        """Replace one of the documents in the root of the store, unless a newer version wrote it."""
        require_not_newer(self._root / name, MOST_BYTES_OF_SNAPSHOTS)
        self._steps.write(self._root / name, encode(document))

    def put_kind_file(self, name: str, content: bytes) -> None:
        """Keep a file that describes a kind, in place of an earlier one of that name."""
        if not is_kind_file(name):
            raise ValueError(f"{name!r} is no name for a file that describes a kind")
        self._mark()
        folder = self._root / KINDS_FOLDER
        if not folder.is_dir():
            self._steps.make_folder(folder)
        self._steps.write(folder / name, content)

    def remove_kind_file(self, name: str) -> None:
        """Remove a file that describes a kind; one that is not there is no error."""
        self._steps.remove(self._root / KINDS_FOLDER / Path(name).name)

    def _mark(self) -> None:
        """Mark the root as a store; a damaged mark is made anew."""
        if use_of(self._root) is not Use.STORE:
            self._steps.write(self._root / MARK_FILE, encode(mark_document(Use.STORE)))

    def _tidy_folder(self, folder: str) -> None:
        held = self._reader.document(folder)
        if held is None:
            self._tidy_unused(self._root / folder)
            return
        if held.record.key.folder != folder or held.newer:
            return
        self._steps.set_mode(self._root / folder, DIRECTORY_MODE)
        self._sweep(folder)
        if held.rebuilt:
            _LOGGER.warning("The damaged or missing device.json of %s was made anew from its backups", folder)
            self._save(held.record, held.document)

    def _sweep(self, folder: str) -> None:
        unfinished = self._reader.names(folder).unfinished
        if unfinished:
            self._steps.remove(*(self._root / folder / name for name in unfinished))

    def _tidy_unused(self, folder: Path) -> None:
        """Remove a folder that was made for a device, but in which nothing was stored."""
        temporary = folder / temporary_name(DEVICE_FILE)
        if is_device_folder(folder.name) and set(folder.iterdir()) <= {temporary}:
            self._steps.remove(temporary)
            self._steps.remove_folder(folder)

    def _prepare(self, key: DeviceKey, title: str) -> DeviceDocument:
        """Return the present `device.json`, and make the folder first where there is none."""
        folder = self._root / key.folder
        if not folder.exists(follow_symlinks=False):
            self._steps.make_folder(folder)
        if folder.is_symlink() or not folder.is_dir():
            raise no_folder(key.folder)
        held = self._reader.document(key.folder)
        if (held is None and self._reader.is_of_newer(key.folder)) or (held is not None and held.newer):
            raise of_newer(key.folder)
        if held is None:
            record = DeviceRecord(key=key, title=title)
            held = DeviceDocument(record=record, document=device_document(record, onto={}))
            self._steps.write(folder / DEVICE_FILE, encode(held.document))
        elif held.record.key != key:
            raise of_another_device(key.folder, held.record)
        return held

    def _time_of(self, new: NewBackup) -> datetime:
        now = self._reader.clock()
        return max(EARLIEST, now if new.taken_at is None else min(new.taken_at, now)).astimezone(UTC)

    def _place_of(self, new: NewBackup, at: datetime, held: DeviceDocument) -> "_Place":
        """Return where it stands: after all others, or where a file that was handed in belongs by its time."""
        names = self._reader.names(new.key.folder)
        if new.trigger is not Trigger.IMPORTED:
            return _Place(
                id=id_after_all(at, names, held.document),
                newest=next(iter(self._reader.backups(new.key, 1)), None),
                recommended=self._reader.recommended(new.key, held.record, names),
            )
        backup_id = id_among_others(at, names, held.document)
        older = names.only(lambda files: id_order(files.id) < id_order(backup_id))
        return _Place(
            id=backup_id,
            newest=next(self._reader.each(new.key, older), None),
            recommended=self._reader.recommended(new.key, held.record, older),
        )

    def _announce_to_newer(self, backup: Backup) -> None:
        """Let the newer backups that cannot be recommended name this one as the one that can, ahead of its coming.

        Until it is there, a name that leads nowhere makes the reader look at all.
        """
        names = self._reader.names(backup.key.folder)
        newer = names.only(lambda files: id_order(files.id) > id_order(backup.id))
        for known in self._reader.each(backup.key, newer, oldest_first=True):
            if known.can_be_recommended:
                return
            if known.is_readable:
                self.update_meta(backup.key, known.id, {"recommended_before": backup.id})

    def _note_commit(self, backup: Backup, title: str, record: DeviceRecord, document: StoreDocument) -> None:
        record = replace(record, title=title, confirmed={**record.confirmed, backup.id: backup.taken_at})
        if backup.trigger is not Trigger.IMPORTED:
            attempt = Attempt(at=backup.taken_at, outcome=Outcome.STORED)
            record = _without_put_back(replace(record, last_attempt=attempt, blocked=None), backup)
        try:
            self._save(record, with_ids(document, self._reader.names(backup.key.folder)))
        except OSError as error:
            _LOGGER.warning("A backup of %s was stored, but its device.json was not: %s", backup.key, error.strerror)

    def _remove(self, key: DeviceKey, ids: Sequence[str], *, given_again: Collection[str]) -> list[str]:
        """Remove backups, their ids remembered first; a disk without room for that is no reason to keep them.

        `given_again` are those whose ids might be given to a file from the same second that a person hands in.
        """
        if not ids:
            return []
        names = self._reader.names(key.folder)
        held = self._prepare(key, "")
        present = {files.id: files.artifact for files in names.with_meta()}
        doomed = [backup_id for backup_id in ids if backup_id in present]
        document = with_ids(held.document, names, set(given_again) & set(ids))
        remembered = document == held.document or self._try_to_save(held.record, document)
        folder = self._root / key.folder
        for backup_id in doomed:
            self._steps.remove_backup(folder / present[backup_id])
        if not remembered and not self._try_to_save(held.record, document):
            _LOGGER.warning("The ids of the deleted backups of %s were not noted: the disk is full", key)
        with suppress(OSError):
            sync_folder(folder)
        return doomed

    def _try_to_save(self, record: DeviceRecord, document: StoreDocument) -> bool:
        try:
            self._save(record, document)
        except OSError:
            return False
        return True

    def _save(self, record: DeviceRecord, document: StoreDocument, seen: Mapping[str, datetime] | None = None) -> None:
        """Store `device.json`, without the times of backups that are gone."""
        names = self._reader.names(record.key.folder)
        held = {files.id for files in names.with_meta()}
        confirmed = {backup_id: at for backup_id, at in record.confirmed.items() if backup_id in held}
        record = replace(record, confirmed=confirmed)
        document = with_ahead(document, self._reader.clock(), record, seen)
        self._steps.write(self._root / record.key.folder / DEVICE_FILE, encode(device_document(record, onto=document)))
        self._unfinished.note(record)


def _is_imported(backup: Backup) -> bool:
    return backup.trigger is Trigger.IMPORTED


def _previous(backup: Backup, record: DeviceRecord) -> Previous:
    return Previous(id=backup.id, confirmed=record.confirmed.get(backup.id) or backup.taken_at)


def _met_at(address: str | None, record: DeviceRecord) -> DeviceRecord:
    return record if address is None else replace(record, address=address)


def _without_put_back(record: DeviceRecord, backup: Backup) -> DeviceRecord:
    """Return the record where a backup holds what was put on the device."""
    return replace(record, put_back=None) if backup.can_be_recommended else record
