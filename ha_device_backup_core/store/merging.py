"""Takes in backups of another store, byte for byte under their ids; what is there already is not doubled."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.text import _

from .atomic_files import AtomicFiles
from .clocks import with_ahead
from .copies import holds
from .device_file import DeviceDocument
from .files import MOST_BYTES_OF_META, read_file, require_not_newer
from .ids import NEWEST_ID, id_among_others, newest_id, removed_ids, with_ids
from .json_documents import StoreDocument, decode, encode
from .names import DEVICE_FILE, META_SUFFIX, artifact_name, id_order
from .reader import RECOMMENDED_BEFORE, StoreReader
from .serialization import device_document
from .store_errors import no_folder, of_another_device, of_newer


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The ids of the backups that were taken in, and of those that were there already, as they are called here."""

    taken: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


class Merging:
    """Takes in backups of one device; a kill leaves whole backups, and the next try goes on."""

    def __init__(
        self, reader: StoreReader, steps: AtomicFiles, announce: Callable[[Backup], None], source: StoreReader
    ) -> None:
        """Take the store, what tells its newer backups of one that can be recommended, and the other store."""
        self._reader = reader
        self._steps = steps
        self._announce = announce
        self._source = source

    def merge(self, key: DeviceKey, backups: Iterable[Backup]) -> Merged:
        """Take in these backups of the other store, oldest first; raises StoreError, OSError."""
        theirs = self._source.document(key.folder)
        if theirs is None or theirs.record.key != key:
            raise BackupNotFoundError(_("Nothing is stored of this device."))
        if theirs.newer:
            raise of_newer(key.folder)
        ours = self._merged(key, theirs)
        here = _Here(self._reader, key)
        times = dict(ours.record.confirmed)
        taken: list[str] = []
        present: list[str] = []
        for backup in backups:
            backup_id, is_new = self._take(backup, ours, here)
            (taken if is_new else present).append(backup_id)
            if (confirmed := theirs.record.confirmed.get(backup.id)) is not None:
                times[backup_id] = max(confirmed, times.get(backup_id, confirmed))
        self._save(DeviceDocument(record=replace(ours.record, confirmed=times), document=ours.document), theirs)
        return Merged(taken=tuple(taken), present=tuple(present))

    def _merged(self, key: DeviceKey, theirs: DeviceDocument) -> DeviceDocument:
        """Return what is known of the device, and make its folder where there is none."""
        folder = self._reader.root / key.folder
        require_not_newer(folder / DEVICE_FILE)
        if not folder.exists(follow_symlinks=False):
            self._steps.make_folder(folder)
        if folder.is_symlink() or not folder.is_dir():
            raise no_folder(key.folder)
        ours = self._reader.document(key.folder)
        if ours is None:
            self._steps.write(folder / DEVICE_FILE, encode(device_document(theirs.record, onto=theirs.document)))
            return theirs
        if ours.record.key != key:
            raise of_another_device(key.folder, ours.record)
        return ours

    def _take(self, backup: Backup, ours: DeviceDocument, here: "_Here") -> tuple[str, bool]:
        """Return the id of the backup here, and whether it was taken in."""
        known = here.same_as(backup)
        if known is not None or (backup.id in here and not backup.is_readable):
            return known or backup.id, False
        content = self._source.content(backup)
        meta = read_file(self._source.root / f"{backup.path}{META_SUFFIX}", MOST_BYTES_OF_META)
        backup_id, artifact = backup.id, backup.path.rpartition("/")[2]
        if backup.id in here and not here.is_damaged(backup):
            names = self._reader.names(backup.key.folder)
            backup_id = id_among_others(backup.taken_at, names, ours.document)
            artifact = artifact_name(backup_id, artifact)
        if backup.is_readable and (backup_id != backup.id or not here.follows_as_it_did(backup)):
            meta = _adapted(meta, backup_id)
        if backup.can_be_recommended and here.needs_to_know(backup_id):
            self._announce(replace(backup, id=backup_id))
        self._steps.add_backup(self._reader.root / backup.key.folder / artifact, content, meta)
        here.add(backup, backup_id)
        return backup_id, True

    def _save(self, ours: DeviceDocument, theirs: DeviceDocument) -> None:
        """Store `device.json`; ids that were given in the other store are not given again here."""
        key = ours.record.key
        names = self._reader.names(key.folder)
        held = {files.id for files in names.with_meta()}
        record = replace(ours.record, confirmed={id_: at for id_, at in ours.record.confirmed.items() if id_ in held})
        given = [id_ for id_ in (newest_id(names, ours.document), newest_id(names, theirs.document)) if id_ is not None]
        document: StoreDocument = {**ours.document, NEWEST_ID: max(given, key=id_order, default=None)}
        document = with_ids(document, names, removed_ids(theirs.document))
        document = with_ahead(document, self._reader.clock(), record)
        target = self._reader.root / key.folder / DEVICE_FILE
        self._steps.write(target, encode(device_document(record, onto=document)))


class _Here:
    """The backups of a device in the store that is filled, looked at once, and what comes to them."""

    def __init__(self, reader: StoreReader, key: DeviceKey) -> None:
        self._reader = reader
        names = reader.names(key.folder)
        self._ids = {files.id for files in names.with_meta()}
        self._orders = sorted(id_order(files.id) for files in names.backups)
        self._recommendable: set[tuple[str, int]] = set()
        self._by_content: dict[tuple[str, str], str] = {}
        for backup in reader.backups(key):
            self._note(backup, backup.id)

    def __contains__(self, backup_id: str) -> bool:
        return backup_id in self._ids

    def same_as(self, backup: Backup) -> str | None:
        """Return the id of the same file from the same second, if it is here and whole."""
        backup_id = self._by_content.get(_content(backup, backup.id))
        if backup_id is not None:
            with suppress(StoreError):
                self._reader.content(self._reader.backup(backup.key, backup_id))
                return backup_id
        return None

    def is_damaged(self, backup: Backup) -> bool:
        """Return whether what stands here under the id is that very backup, and damaged."""
        try:
            return self._reader.backup(backup.key, backup.id).artifact.sha256 == backup.artifact.sha256
        except StoreDamagedError:
            # Its meta file or its file; what another meta file was lost of stays.
            file = self._reader.root / backup.path
            return not file.exists(follow_symlinks=False) or holds(file, backup)
        except BackupNotFoundError:
            return False

    def follows_as_it_did(self, backup: Backup) -> bool:
        """Return whether the backup before it is the same here as there, so that what it knows of it is right."""
        at = bisect_left(self._orders, id_order(backup.id))
        before = None if backup.previous is None else id_order(backup.previous.id)
        return before == (self._orders[at - 1] if at else None)

    def needs_to_know(self, backup_id: str) -> bool:
        """Return whether the next newer backup cannot be recommended, and so leads to the one that can."""
        at = bisect_left(self._orders, id_order(backup_id))
        newer = self._orders[at : at + 1]
        return bool(newer) and newer[0] not in self._recommendable

    def add(self, backup: Backup, backup_id: str) -> None:
        """Note that a backup came."""
        order = id_order(backup_id)
        at = bisect_left(self._orders, order)
        if self._orders[at : at + 1] != [order]:
            self._orders.insert(at, order)
        self._ids.add(backup_id)
        self._note(backup, backup_id)

    def _note(self, backup: Backup, backup_id: str) -> None:
        self._by_content[_content(backup, backup_id)] = backup_id
        if backup.can_be_recommended:
            self._recommendable.add(id_order(backup_id))


def ids_here(ours: Iterable[Backup], theirs: Iterable[Backup]) -> dict[str, str]:
    """Return by their ids in another store, under which ids the same backups of a device are here."""
    known = {_content(backup, backup.id): backup.id for backup in ours}
    found = {backup.id: known.get(_content(backup, backup.id)) for backup in theirs}
    return {theirs_id: ours_id for theirs_id, ours_id in found.items() if ours_id is not None}


def _content(backup: Backup, backup_id: str) -> tuple[str, str]:
    """Return the second and the digest of a backup."""
    return id_order(backup_id)[0], backup.artifact.sha256


def _adapted(meta: bytes, backup_id: str) -> bytes:
    """Return the meta file for among others: with its id, and without what it knew of those around it."""
    document = {**decode(meta), "id": backup_id}
    document.pop(RECOMMENDED_BEFORE, None)
    return encode(document)
