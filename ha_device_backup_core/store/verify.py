"""Verifying a store: every backup is read and compared with its digest; needs no lock."""

import os
from pathlib import Path

from ha_device_backup_core.damage import Damage, DamageKind, VerifyReport
from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.text import Message, _

from .files import MOST_BYTES_OF_DOCUMENT, MOST_BYTES_OF_META, MOST_BYTES_OF_SNAPSHOTS, read_file
from .json_documents import BY_NEWER, DocumentError, NewerDocumentError, decode, is_newer
from .names import DEVICE_FILE, MARK_FILE, META_SUFFIX, SNAPSHOT_FILE, SNAPSHOTS_FILE, BackupFiles, FolderNames
from .reader import StoreReader, misplaced
from .root import use_of
from .serialization import device_record, stored_backup
from .store_errors import system_words


def verify_folder(reader: StoreReader, folder: str) -> VerifyReport:
    """Read everything in the folder of a device; there is nothing to find where there is none."""
    try:
        return _Verification(reader, folder).report()
    except FileNotFoundError:
        return VerifyReport(checked=0)
    except OSError as error:
        return VerifyReport(checked=0, problems=(_failed(folder, error),))


def verify_root(reader: StoreReader) -> VerifyReport:
    """Look for what does not belong into the root of the store, and read its documents."""
    if not reader.root.exists():
        return VerifyReport(checked=0)
    problems = _links(reader.root, "")
    linked = {problem.path for problem in problems}
    read = (_root_document(reader.root, name) for name in (MARK_FILE, SNAPSHOT_FILE, SNAPSHOTS_FILE))
    problems += [problem for problem in read if problem is not None and problem.path not in linked]
    return VerifyReport(checked=0, problems=tuple(problems))


def joined(*reports: VerifyReport) -> VerifyReport:
    """Return one report of all."""
    return VerifyReport(
        checked=sum(report.checked for report in reports),
        problems=tuple(problem for report in reports for problem in report.problems),
    )


class _Verification:
    def __init__(self, reader: StoreReader, folder: str) -> None:
        self._reader = reader
        self._folder = folder
        self._checked = 0
        self._of_newer = 0
        self._problems = list(_links(reader.root / folder, f"{folder}/"))
        self._reported = {problem.path for problem in self._problems}

    def report(self) -> VerifyReport:
        names = self._reader.names(self._folder)
        key = self._device(names)
        if key is not None:
            for files in names.backups:
                self._backup(key, files)
        for files in names.without_artifact:
            if self._present(files.meta) and not self._present(files.artifact):
                self._add(files.artifact, DamageKind.ARTIFACT_MISSING, _("The file of this backup is missing."))
        for name in names.without_meta:
            if not self._present(name + META_SUFFIX) and self._present(name):
                self._add(name, DamageKind.META_MISSING, _("The meta file of this backup is missing."))
        if self._of_newer:
            message = _(
                "A newer version wrote {count} of its backups, so they were not checked. Update Device Backups.",
                count=self._of_newer,
            )
            self._add("", DamageKind.NEWER_VERSION, message)
        return VerifyReport(checked=self._checked, problems=tuple(self._problems))

    def _device(self, names: FolderNames) -> DeviceKey | None:
        held = self._reader.document(self._folder)
        if held is None:
            if self._reader.is_of_newer(self._folder):
                self._add(DEVICE_FILE, DamageKind.NEWER_VERSION, BY_NEWER)
            elif names.backups or names.without_artifact or self._present(DEVICE_FILE):
                self._add(DEVICE_FILE, DamageKind.DEVICE_UNREADABLE, _("Nothing here tells which device this is."))
            return None
        if held.newer:
            self._add(DEVICE_FILE, DamageKind.NEWER_VERSION, BY_NEWER)
        if held.rebuilt:
            self._add(DEVICE_FILE, DamageKind.DEVICE_UNREADABLE, self._why_unreadable())
        if held.record.key.folder != self._folder:
            message = _(
                "This folder holds {name}, whose folder would be {folder}.",
                name=held.record.title,
                folder=held.record.key.folder,
            )
            self._add("", DamageKind.WRONG_FOLDER, message)
            return None
        return held.record.key

    def _why_unreadable(self) -> Message:
        try:
            path = self._reader.root / self._folder / DEVICE_FILE
            record = device_record(decode(read_file(path, MOST_BYTES_OF_DOCUMENT)))
        except FileNotFoundError:
            return _("It is missing. What the backups tell of the device is used.")
        except DocumentError as error:
            return _("It is damaged. {why} What the backups tell of the device is used.", why=error.why)
        if record.key.folder != self._folder:
            return _("It names another device, {name}. What the backups tell of the device is used.", name=record.title)
        return _("It was damaged and has been made anew.")

    def _backup(self, key: DeviceKey, files: BackupFiles) -> None:
        backup = self._meta(key, files)
        if backup is None:
            return
        if not backup.is_readable:
            self._of_newer += 1
            return
        try:
            self._reader.content(backup)
            self._checked += 1
        except BackupNotFoundError:
            return
        except StoreDamagedError:
            self._checked += 1
            self._add(files.artifact, DamageKind.ARTIFACT_CHANGED, _("The file is not what was stored."))
        except OSError as error:
            self._problems.append(_failed(f"{self._folder}/{files.artifact}", error))

    def _meta(self, key: DeviceKey, files: BackupFiles) -> Backup | None:
        try:
            document = decode(read_file(self._reader.root / self._folder / files.meta, MOST_BYTES_OF_META))
            backup = stored_backup(document, path=f"{self._folder}/{files.artifact}")
        except NewerDocumentError:
            self._of_newer += 1
        except DocumentError as error:
            self._add(files.meta, DamageKind.META_UNREADABLE, _("The meta file is damaged. {why}", why=error.why))
        except FileNotFoundError:
            return None
        except OSError as error:
            self._problems.append(_failed(f"{self._folder}/{files.meta}", error))
        else:
            if backup.id == files.id and backup.key == key:
                return backup
            self._add(files.meta, DamageKind.META_MISPLACED, misplaced(backup))
        return None

    def _present(self, name: str) -> bool:
        return (self._reader.root / self._folder / name).exists(follow_symlinks=False)

    def _add(self, name: str, kind: DamageKind, message: Message) -> None:
        path = f"{self._folder}/{name}".rstrip("/")
        if path not in self._reported:
            self._reported.add(path)
            self._problems.append(Damage(path=path, kind=kind, message=message))


def _root_document(root: Path, name: str) -> Damage | None:
    message = _("It is damaged. It is made anew when something is stored.")
    damage = Damage(path=name, kind=DamageKind.DOCUMENT_UNREADABLE, message=message)
    try:
        if is_newer(decode(read_file(root / name, MOST_BYTES_OF_SNAPSHOTS))):
            return Damage(path=name, kind=DamageKind.NEWER_VERSION, message=BY_NEWER)
    except FileNotFoundError:
        return None
    except DocumentError:
        in_its_place = Damage(
            path=name, kind=DamageKind.DOCUMENT_UNREADABLE, message=_("Something else has this name. Move it away.")
        )
        return damage if (root / name).is_file() else in_its_place
    except OSError as error:
        return _failed(name, error)
    return damage if name == MARK_FILE and use_of(root) is None else None


def _links(folder: Path, prefix: str) -> list[Damage]:
    message = _("A symbolic link: Home Assistant would not restore it.")
    with os.scandir(folder) as entries:
        links = sorted(entry.name for entry in entries if entry.is_symlink())
    return [Damage(path=prefix + name, kind=DamageKind.SYMBOLIC_LINK, message=message) for name in links]


def _failed(path: str, error: OSError) -> Damage:
    return Damage(
        path=path, kind=DamageKind.READ_FAILED, message=_("It cannot be read. {why}", why=system_words(error))
    )
