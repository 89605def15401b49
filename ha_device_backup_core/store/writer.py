"""Writing a store: by its one writer, in visible steps."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.contract import Artifact, DeviceInfo, Note
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    HandlerVersion,
    Outcome,
    Previous,
    StoredArtifact,
    Trigger,
    UnfinishedRestore,
    identity_of,
)
from ha_device_backup_core.retention import RetentionPolicy, to_delete
from ha_device_backup_core.suspicion import Suspicion

from .adopting import adopt
from .documents import Document, backup_document, device_document, encode
from .layout import (
    DEVICE_FILE,
    META_SUFFIX,
    BackupFiles,
    FolderNames,
    artifact_name,
    id_in_between,
    id_order,
    is_device_folder,
    is_temporary,
    next_id,
    temporary_name,
)
from .reader import StoreReader, is_foreign
from .steps import DIRECTORY_MODE, VisibleSteps, sync_folder

_LOGGER = logging.getLogger(__name__)
_NEWEST_ID = "newest_id"


class StoreWriter:
    """Changes what is in the folders; blocking, for one thread that holds the lock."""

    def __init__(self, reader: StoreReader, steps: VisibleSteps) -> None:
        """Take what reads the same store, and the steps that pass its gate."""
        self._reader = reader
        self._steps = steps
        self._root = reader.root

    def tidy(self) -> None:
        """Sweep what was never completed, and make damaged `device.json` files anew."""
        for path in self._root.iterdir():
            if is_temporary(path.name) and path.is_file():
                self._steps.remove(path)
        for folder in self._reader.folders():
            try:
                self._tidy_folder(folder)
            except OSError as error:
                _LOGGER.warning("%s in the store of backups cannot be tidied: %s", folder, error.strerror)

    def commit(  # noqa: PLR0913 - all that a meta file holds
        self,
        *,
        key: DeviceKey,
        title: str,
        artifact: Artifact,
        doubts: tuple[Note, ...],
        remarks: tuple[Note, ...],
        suspicion: Suspicion | None,
        accepted: tuple[str, ...],
        fingerprint: str,
        handler: HandlerVersion,
        device: DeviceInfo,
        trigger: Trigger,
        taken_at: datetime | None,
    ) -> Backup:
        """Store an artifact; when this returns it survives a loss of power."""
        document = self._prepare(key, title)
        names = self._reader.names(key.folder)
        now = self._reader.clock()
        taken_at = (now if taken_at is None else min(taken_at, now)).astimezone(UTC)
        record = self._record(key)
        if trigger is Trigger.IMPORTED:
            backup_id = id_in_between(taken_at, [files.id for files in (*names.backups, *names.without_artifact)])
            older = [known for known in self._reader.backups(key) if id_order(known.id) < id_order(backup_id)]
            newest = next(iter(older), None)
            recommended = next((known for known in older if known.can_be_recommended), None)
        else:
            backup_id = next_id(taken_at, _newest_id(names, document))
            newest = next(iter(self._reader.backups(key, 1)), None)
            recommended = self._reader.recommended(key, record, names)
        name = artifact_name(backup_id, artifact.filename)
        backup = Backup(
            id=backup_id,
            key=key,
            path=f"{key.folder}/{name}",
            taken_at=taken_at,
            artifact=StoredArtifact(
                filename=artifact.filename,
                media_type=artifact.media_type,
                size=len(artifact.content),
                sha256=hashlib.sha256(artifact.content).hexdigest(),
                attributes=dict(artifact.attributes),
                missing=artifact.missing,
                doubts=doubts,
                remarks=remarks,
            ),
            fingerprint=fingerprint,
            handler=handler,
            device=device,
            trigger=trigger,
            suspicion=suspicion,
            accepted=accepted,
            previous=None if newest is None else Previous(id=newest.id, confirmed=newest.confirmed or newest.taken_at),
            confirmed=taken_at,
        )
        before = None if recommended is None else recommended.id
        meta = encode(backup_document(backup, title=title, recommended_before=before))
        if backup.can_be_recommended and trigger is Trigger.IMPORTED:
            self._announce_to_newer(backup)
        self._publish(backup, artifact.content, meta)
        self._note_commit(backup, title, record, document)
        return backup

    def confirm(self, key: DeviceKey, backup_id: str, at: datetime, *, attempted: bool) -> None:
        """Note that the device was found equal to the backup, and (`attempted`) that it was asked."""
        backup = self._reader.backup(key, backup_id)
        record = self._record(key)
        at = min(at, self._reader.clock())
        confirmed = max(at, backup.confirmed or at)
        record = replace(record, confirmed={**record.confirmed, backup_id: confirmed})
        if attempted:
            record = replace(record, last_attempt=Attempt(at=at, outcome=Outcome.UNCHANGED), blocked=None)
        self._save(record, self._prepare(key, record.title))

    def record_attempt(self, key: DeviceKey, title: str, attempt: Attempt, blocked: str | None) -> None:
        """Note how the last attempt ended."""
        document = self._prepare(key, title)
        self._save(replace(self._record(key), title=title, last_attempt=attempt, blocked=blocked), document)

    def set_title(self, key: DeviceKey, title: str) -> None:
        """Note what the person calls the device, if it is in the store at all."""
        record = self._reader.device(key)
        if record is not None and record.title != title:
            self._save(replace(record, title=title), self._prepare(key, title))

    def set_unfinished_restore(self, key: DeviceKey, title: str, restore: UnfinishedRestore | None) -> None:
        """Note that a restore was begun on the device, or that it ended well."""
        document = self._prepare(key, title)
        self._save(replace(self._record(key), title=title, unfinished_restore=restore), document)

    def accept(self, key: DeviceKey, backup_id: str) -> Backup:
        """Take the word of a person that a backup is right as it is; raises as `update_meta`."""
        backup = self._reader.backup(key, backup_id)
        accepted = (*backup.accepted, *map(identity_of, backup.flaws))
        self._announce_to_newer(backup)
        return self.update_meta(key, backup_id, {"suspicion": None, "accepted": list(accepted)})

    def update_meta(self, key: DeviceKey, backup_id: str, changes: Mapping[str, object]) -> Backup:
        """Change keys of a meta file; raises BackupNotFoundError, StoreDamagedError, StoreError."""
        backup, files, document = self._reader.located(key, backup_id)
        if not backup.known:
            raise StoreError(f"{backup.path} was stored by a newer version. Update Device Backups.")
        self._steps.write(self._root / key.folder / files.meta, encode({**document, **changes}))
        return self._reader.backup(key, backup_id)

    def delete(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Delete a backup, a damaged one too, unless it is protected; return it if it could still be read."""
        backup = self._reader.described(key, backup_id)
        if backup is not None and backup.protected:
            raise StoreError(f"The backup {backup_id} of {key} is protected. Take the protection away first.")
        self._remove(key, [backup_id])
        return backup

    def prune(self, key: DeviceKey, policy: RetentionPolicy, now: datetime) -> list[BackupFiles]:
        """Delete what is beyond the policy, oldest first; return what that was."""
        if self._reader.count(key) <= policy.newest:
            return []
        return self._remove(key, to_delete(self._reader.backups(key), policy, now=now))

    def forget(self, key: DeviceKey) -> None:
        """Remove the folder of a device that has no backups; raises StoreError when it has."""
        if self._reader.device(key) is None:
            return
        names = self._reader.names(key.folder)
        if names.backups or names.without_artifact:
            raise StoreError(f"{key} still has backups. Delete them first.")
        folder = self._root / key.folder
        self._steps.remove(*(folder / name for name in names.leftovers), folder / DEVICE_FILE)
        self._steps.remove_folder(folder)
        sync_folder(self._root)

    def adopt(self, old: DeviceKey, new: DeviceKey) -> list[BackupFiles]:
        """Move the history of a device to the identity that it now tells; return what was moved."""
        return adopt(self._reader, self._steps, old, new)

    def write_document(self, name: str, document: Mapping[str, object]) -> None:
        """Replace one of the documents in the root of the store."""
        self._steps.write(self._root / name, encode(document))

    def _tidy_folder(self, folder: str) -> None:
        held = self._reader.document(folder)
        if held is None:
            self._tidy_unused(self._root / folder)
            return
        if held.record.key.folder != folder:
            return
        self._steps.set_mode(self._root / folder, DIRECTORY_MODE)
        leftovers = self._reader.names(folder).leftovers
        if leftovers:
            self._steps.remove(*(self._root / folder / name for name in leftovers))
        if held.rebuilt:
            _LOGGER.warning("The damaged or missing device.json of %s was made anew from its backups", folder)
            self._save(held.record, held.document)

    def _tidy_unused(self, folder: Path) -> None:
        """Remove a folder that was made for a device, but in which nothing was stored."""
        temporary = folder / temporary_name(DEVICE_FILE)
        if is_device_folder(folder.name) and set(folder.iterdir()) <= {temporary}:
            self._steps.remove(temporary)
            self._steps.remove_folder(folder)

    def _prepare(self, key: DeviceKey, title: str) -> Document:
        """Return the present `device.json`, and make the folder first where there is none."""
        folder = self._root / key.folder
        if not folder.exists(follow_symlinks=False):
            self._steps.make_folder(folder)
        if folder.is_symlink() or not folder.is_dir():
            raise StoreError(f"{key.folder} in the store is not a folder. Move it away.")
        held = self._reader.document(key.folder)
        if held is None:
            record = DeviceRecord(key=key, title=title)
            document = device_document(record, onto={})
            self._steps.write(folder / DEVICE_FILE, encode(document))
            return document
        if held.record.key != key:
            raise StoreError(f"The folder {key.folder} belongs to {held.record.key}, not to {key}. Move it away.")
        if is_foreign(held.document):
            raise StoreError(f"{key.folder} was written by a newer version. Update Device Backups.")
        return held.document

    def _record(self, key: DeviceKey) -> DeviceRecord:
        record = self._reader.device(key)
        if record is None:
            raise StoreError(f"{key} is not in the store.")
        return record

    def _publish(self, backup: Backup, content: bytes, meta: bytes) -> None:
        artifact = self._root / backup.path
        meta_file = artifact.with_name(artifact.name + META_SUFFIX)
        staged = [(self._steps.stage(artifact, content), artifact)]
        try:
            staged.append((self._steps.stage(meta_file, meta), meta_file))
            self._steps.publish(*staged)
        except BaseException:
            if not meta_file.exists():
                self._steps.discard(*(temporary for temporary, _ in staged), artifact)
            raise
        sync_folder(artifact.parent)

    def _announce_to_newer(self, backup: Backup) -> None:
        """Let the newer backups that cannot be recommended name this one as the one that can, ahead of its coming.

        Until it is there, a name that leads nowhere makes the reader look at all.
        """
        newer = [known for known in self._reader.backups(backup.key) if id_order(known.id) > id_order(backup.id)]
        for known in reversed(newer):
            if known.can_be_recommended:
                return
            if known.known:
                self.update_meta(backup.key, known.id, {"recommended_before": backup.id})

    def _note_commit(self, backup: Backup, title: str, record: DeviceRecord, document: Document) -> None:
        record = replace(record, title=title, confirmed={**record.confirmed, backup.id: backup.taken_at})
        if backup.trigger is not Trigger.IMPORTED:
            attempt = Attempt(at=backup.taken_at, outcome=Outcome.STORED)
            record = replace(record, last_attempt=attempt, blocked=None)
        try:
            newest = _newest_id(self._reader.names(backup.key.folder), document)
            self._save(record, {**document, _NEWEST_ID: newest})
        except OSError as error:
            _LOGGER.warning("A backup of %s was stored, but its device.json was not: %s", backup.key, error.strerror)

    def _remove(self, key: DeviceKey, ids: list[str]) -> list[BackupFiles]:
        """Remove backups one at a time, each with its meta file first: half of it is then a leftover, not damage."""
        if not ids:
            return []
        names = self._reader.names(key.folder)
        document = self._prepare(key, "")
        newest_id = _newest_id(names, document)
        if document.get(_NEWEST_ID) != newest_id:
            self._save(self._record(key), {**document, _NEWEST_ID: newest_id})
        folder = self._root / key.folder
        doomed = [files for backup_id in ids if (files := names.find(backup_id)) is not None]
        for files in doomed:
            self._steps.remove(folder / files.meta, folder / files.artifact)
        sync_folder(folder)
        return doomed

    def _save(self, record: DeviceRecord, document: Document) -> None:
        """Store `device.json`, without the times of backups that are gone."""
        names = self._reader.names(record.key.folder)
        held = {files.id for files in (*names.backups, *names.without_artifact)}
        confirmed = {backup_id: at for backup_id, at in record.confirmed.items() if backup_id in held}
        content = encode(device_document(replace(record, confirmed=confirmed), onto=document))
        self._steps.write(self._root / record.key.folder / DEVICE_FILE, content)


def _newest_id(names: FolderNames, document: Document) -> str | None:
    """Return the newest id that was ever given, also when its backup was deleted since."""
    remembered = document.get(_NEWEST_ID)
    ids = [] if names.newest_id is None else [names.newest_id]
    try:
        if isinstance(remembered, str):
            id_order(remembered)
            ids.append(remembered)
    except ValueError:
        pass
    return max(ids, key=id_order, default=None)
