"""The names in the store: pure, without I/O."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import PurePosixPath
from typing import overload, override

DEVICE_FILE = "device.json"
LOCK_FILE = ".lock"
MARK_FILE = "device-backups-store.json"
SNAPSHOT_FILE = "snapshot.json"
SNAPSHOTS_FILE = "snapshots.json"
META_SUFFIX = ".meta.json"
KINDS_FOLDER = "kinds"
"""Holds the files of a person that describe kinds of devices."""

ROOT_FILES = frozenset({LOCK_FILE, MARK_FILE, SNAPSHOT_FILE, SNAPSHOTS_FILE})
"""All files in the root of a store."""
KIND = re.compile(r"[a-z][a-z0-9_]{1,31}")
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9998, 12, 31, tzinfo=UTC)
"""A time beyond these two was shown by no clock, and some zone could not express it."""

_PREFIX = "backup_"
_LONGEST_NUMBER = 9
_LARGEST_NUMBER = int("9" * _LONGEST_NUMBER)
_STAMP = "%Y-%m-%d_%H-%M-%S"
_HOUR = len("2026-11-28_09")
_DATE = r"(?!9999)[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3])-[0-5][0-9]-[0-5][0-9]"
_ID = re.compile(rf"({_DATE}_{_TIME})(?:_([1-9][0-9]{{0,{_LONGEST_NUMBER - 1}}}))?")
_FILE = re.compile(rf"({_PREFIX}({_ID.pattern})\.[a-z0-9]{{1,8}})({re.escape(META_SUFFIX)})?")
_DEVICE_FOLDER = re.compile(rf"{KIND.pattern}-[a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFiles:
    """The names of the two files of a backup, in the folder of its device."""

    artifact: str

    @property
    def id(self) -> str:
        """Return the id that the names bear."""
        return self.artifact.removeprefix(_PREFIX).partition(".")[0]

    @property
    def meta(self) -> str:
        """Return the name of the meta file."""
        return self.artifact + META_SUFFIX


@dataclass(frozen=True, slots=True)
class BackupNames(Sequence[BackupFiles]):
    """The files of many backups, made when they are asked for: 100,000 would keep the garbage collector busy."""

    artifacts: tuple[str, ...] = ()

    @override
    def __len__(self) -> int:
        return len(self.artifacts)

    @overload
    def __getitem__(self, index: int) -> BackupFiles: ...
    @overload
    def __getitem__(self, index: slice) -> "BackupNames": ...
    @override
    def __getitem__(self, index: int | slice) -> "BackupFiles | BackupNames":
        if isinstance(index, slice):
            return BackupNames(self.artifacts[index])
        return BackupFiles(artifact=self.artifacts[index])

    @override
    def __contains__(self, files: object) -> bool:
        return isinstance(files, BackupFiles) and files.artifact in self.artifacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """What the names in the folder of a device tell; backups are newest first."""

    backups: BackupNames = BackupNames()
    without_artifact: BackupNames = BackupNames()
    leftovers: tuple[str, ...] = ()
    """Temporary files, and artifacts without their meta files."""
    newest_id: str | None = None
    """Of everything that bears an id, leftovers included."""

    def find(self, backup_id: str) -> BackupFiles | None:
        """Return the files of the backup, also of a damaged one."""
        start = f"{_PREFIX}{backup_id}."
        artifacts = chain(self.backups.artifacts, self.without_artifact.artifacts)
        return next((BackupFiles(artifact=name) for name in artifacts if name.startswith(start)), None)

    def only(self, wanted: Callable[[BackupFiles], bool]) -> "FolderNames":
        """Return the same with those of the backups alone that are wanted."""
        return replace(self, backups=BackupNames(tuple(files.artifact for files in self.backups if wanted(files))))

    def with_meta(self) -> Iterator[BackupFiles]:
        """Return every backup that is described, damaged ones last."""
        return chain(self.backups, self.without_artifact)

    @property
    def ids(self) -> frozenset[str]:
        """Return every id that a name bears."""
        alone = (match[2] for match in map(_FILE.fullmatch, self.leftovers) if match is not None)
        return frozenset(chain((files.id for files in self.with_meta()), alone))

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Return what an interrupted write or deletion left, an artifact before the temporary file of its meta."""
        temporary = {name: None for name in self.leftovers if is_temporary(name)}
        begun = (name for name in self.leftovers if temporary_name(name + META_SUFFIX) in temporary)
        return (*begun, *temporary)

    @property
    def without_meta(self) -> tuple[str, ...]:
        """Return the artifacts whose meta files were lost in some other way."""
        unfinished = set(self.unfinished)
        return tuple(name for name in self.leftovers if name not in unfinished)


def id_order(backup_id: str) -> tuple[str, int]:
    """Return the sort key of an id: its stamp and its number within that stamp."""
    match = _ID.fullmatch(backup_id)
    if match is None:
        raise ValueError(f"{backup_id!r} is no id of a backup")
    return match[1], int(match[2] or 1)


def next_id(at: datetime, newest: str | None) -> str:
    """Return the id of a backup taken at that time, always after the newest id."""
    stamp = _stamp(at)
    if newest is None or stamp > id_order(newest)[0]:
        return stamp
    newest_stamp, number = id_order(newest)
    return f"{newest_stamp}_{number + 1}"


def can_be_followed(backup_id: str) -> bool:
    """Return whether there is a next id of that second: nobody gave the last one, but it may be written."""
    return id_order(backup_id)[1] < _LARGEST_NUMBER


def id_in_between(at: datetime, taken: Collection[str]) -> str:
    """Return a free id of exactly that time, though there are newer backups: the file is from then."""
    stamp = _stamp(at)
    numbers = {number for known, number in map(id_order, taken) if known == stamp}
    if not numbers:
        return stamp
    newest = max(numbers)
    free = newest + 1 if newest < _LARGEST_NUMBER else next(number for number in count(2) if number not in numbers)
    return f"{stamp}_{free}"


def time_of(backup_id: str) -> datetime:
    """Return the time that the id names."""
    return datetime.strptime(id_order(backup_id)[0], _STAMP).replace(tzinfo=UTC)


def artifact_name(backup_id: str, filename: str) -> str:
    """Return the name under which an artifact is stored: the id, and the extension that it came with."""
    extension = PurePosixPath(filename).suffix.removeprefix(".").lower()
    return f"{_PREFIX}{backup_id}.{extension if re.fullmatch('[a-z0-9]{1,8}', extension) else 'bin'}"


def temporary_name(name: str) -> str:
    """Return the name that a file has until it is complete."""
    return f".{name}.tmp"


def is_temporary(name: str) -> bool:
    """Return whether it is the name of a file of the store that was never completed."""
    return name_of_temporary(name) is not None


def name_of_temporary(name: str) -> str | None:
    """Return which of the store's own files was never completed under that name, None for any other name."""
    if not (name.startswith(".") and name.endswith(".tmp")):
        return None
    meant = name[1 : -len(".tmp")]
    return meant if meant in ROOT_FILES or meant == DEVICE_FILE or _FILE.fullmatch(meant) else None


def until_then(names: FolderNames, until: datetime, now: datetime) -> FolderNames:
    """Return what may be a backup until then by its id; an id of a time to come is of a clock that was ahead."""
    last, present = _stamp(until), _stamp(now)

    def may_be(files: BackupFiles) -> bool:
        stamp = id_order(files.id)[0]
        return stamp <= last or stamp > present

    return names.only(may_be)


def is_kind_file(name: str) -> bool:
    """Return whether the store keeps a file that describes a kind under that name: the kind, and an ending."""
    return re.fullmatch(rf"{KIND.pattern}\.[a-z0-9]{{1,8}}", name) is not None


def is_device_folder(name: str) -> bool:
    """Return whether a folder of that name can be the one of a device."""
    return _DEVICE_FOLDER.fullmatch(name) is not None


def is_of_device(name: str) -> bool:
    """Return whether the store keeps a file of that name in the folder of a device."""
    return name == DEVICE_FILE or _FILE.fullmatch(name) is not None or name_of_temporary(name) is not None


def sort_names(names: Iterable[str]) -> FolderNames:
    """Tell backups, damage and leftovers apart."""
    orders: dict[str, str] = {}
    artifacts: set[str] = set()
    metas: set[str] = set()
    leftovers = []
    newest: tuple[str, str | None] = ("", None)
    for name in names:
        if match := _FILE.fullmatch(name):
            artifact, backup_id, stamp, number, meta = match.groups()
            order = orders[artifact] = f"{stamp}_{number or 1:0>{_LONGEST_NUMBER}}"
            (metas if meta else artifacts).add(artifact)
            if order > newest[0]:
                newest = (order, backup_id)
        elif is_temporary(name):
            leftovers.append(name)

    def files(artifacts: Iterable[str]) -> BackupNames:
        return BackupNames(tuple(_newest_first(artifacts, orders)))

    return FolderNames(
        backups=files(name for name in metas if name in artifacts),
        without_artifact=files(name for name in metas if name not in artifacts),
        leftovers=tuple(sorted([*leftovers, *(name for name in artifacts if name not in metas)])),
        newest_id=newest[1],
    )


def _newest_first(artifacts: Iterable[str], orders: Mapping[str, str]) -> Iterator[str]:
    """Sort hour by hour: sorting 100,000 names at once would hold up every other thread, the event loop too."""
    hours: dict[str, list[str]] = {}
    for name in artifacts:
        hours.setdefault(orders[name][:_HOUR], []).append(name)
    for hour in sorted(hours, reverse=True):
        yield from sorted(hours[hour], key=lambda name: (orders[name], name), reverse=True)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_STAMP)
