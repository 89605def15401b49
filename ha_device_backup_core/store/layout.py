"""The names in the store: pure, without I/O."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

DEVICE_FILE = "device.json"
LOCK_FILE = ".lock"
SNAPSHOT_FILE = "snapshot.json"
SNAPSHOTS_FILE = "snapshots.json"
META_SUFFIX = ".meta.json"

_STAMP = "%Y-%m-%d_%H-%M-%S"
_ID = re.compile(r"(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(?:_([1-9]\d*))?")
_FILE = re.compile(rf"(backup_({_ID.pattern})\.[a-z0-9]{{1,8}})({re.escape(META_SUFFIX)})?")
_DEVICE_FOLDER = re.compile(r"[a-z][a-z0-9_]{1,31}-[a-z0-9-]*")
_TEMPORARY = re.compile(r"\..+\.tmp")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFiles:
    """The names of the two files of a backup, in the folder of its device."""

    id: str
    artifact: str

    @property
    def meta(self) -> str:
        """Return the name of the meta file."""
        return self.artifact + META_SUFFIX


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """What the names in the folder of a device tell; backups are newest first."""

    backups: tuple[BackupFiles, ...] = ()
    without_artifact: tuple[BackupFiles, ...] = ()
    leftovers: tuple[str, ...] = ()
    newest_id: str | None = None
    """Of everything that bears an id, leftovers included."""

    def find(self, backup_id: str) -> BackupFiles | None:
        """Return the files of the backup, also of a damaged one."""
        return next((files for files in (*self.backups, *self.without_artifact) if files.id == backup_id), None)


def id_order(backup_id: str) -> tuple[str, int]:
    """Return the sort key of an id: its stamp and its number within that stamp."""
    match = _ID.fullmatch(backup_id)
    if match is None:
        raise ValueError(f"{backup_id!r} is no id of a backup")
    return match[1], int(match[2] or 1)


def next_id(at: datetime, newest: str | None) -> str:
    """Return the id of a backup taken at that time, always after the newest id."""
    stamp = at.astimezone(UTC).strftime(_STAMP)
    if newest is None or stamp > id_order(newest)[0]:
        return stamp
    newest_stamp, number = id_order(newest)
    return f"{newest_stamp}_{number + 1}"


def id_in_between(at: datetime, taken: Collection[str]) -> str:
    """Return a free id of exactly that time, though there are newer backups: the file is from then."""
    stamp = at.astimezone(UTC).strftime(_STAMP)
    numbers = [number for known, number in map(id_order, taken) if known == stamp]
    return f"{stamp}_{max(numbers) + 1}" if numbers else stamp


def time_of(backup_id: str) -> datetime:
    """Return the time that the id names."""
    return datetime.strptime(id_order(backup_id)[0], _STAMP).replace(tzinfo=UTC)


def artifact_name(backup_id: str, filename: str) -> str:
    """Return the name under which an artifact is stored: the id, and the extension that it came with."""
    extension = PurePosixPath(filename).suffix.removeprefix(".").lower()
    return f"backup_{backup_id}.{extension if re.fullmatch('[a-z0-9]{1,8}', extension) else 'bin'}"


def temporary_name(name: str) -> str:
    """Return the name that a file has until it is complete."""
    return f".{name}.tmp"


def is_temporary(name: str) -> bool:
    """Return whether it is the name of a file that was never completed."""
    return _TEMPORARY.fullmatch(name) is not None


def is_device_folder(name: str) -> bool:
    """Return whether a folder of that name can be the one of a device."""
    return _DEVICE_FOLDER.fullmatch(name) is not None


def sort_names(names: Iterable[str]) -> FolderNames:
    """Tell backups, damage and leftovers apart."""
    orders: dict[str, tuple[str, int]] = {}
    artifacts: dict[str, str] = {}
    metas: dict[str, str] = {}
    leftovers = []
    for name in names:
        if match := _FILE.fullmatch(name):
            artifact, backup_id, stamp, number, meta = match.groups()
            orders[artifact] = (stamp, int(number or 1))
            (metas if meta else artifacts)[artifact] = backup_id
        elif is_temporary(name):
            leftovers.append(name)

    def files(artifacts: Iterable[str]) -> tuple[BackupFiles, ...]:
        ordered = sorted(artifacts, key=lambda name: (orders[name], name), reverse=True)
        return tuple(BackupFiles(id=metas[name], artifact=name) for name in ordered)

    newest = max(orders, key=orders.__getitem__, default="")
    return FolderNames(
        backups=files(artifacts.keys() & metas.keys()),
        without_artifact=files(metas.keys() - artifacts.keys()),
        leftovers=tuple(sorted([*leftovers, *(artifacts.keys() - metas.keys())])),
        newest_id=metas.get(newest) or artifacts.get(newest),
    )
