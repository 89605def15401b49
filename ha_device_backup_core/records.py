"""What the store keeps about devices and backups: plain values, without I/O."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from .contract import Artifact, DeviceInfo, Note
from .suspicion import Extent, Suspicion
from .text import Text, in_language

SCHEMA = 1
"""Of meta files and `device.json`: raised only for a change that an older version would misread."""

_NO_TIMES: Mapping[str, datetime] = MappingProxyType({})


class Trigger(StrEnum):
    """Why a backup was asked for."""

    FIRST = "first"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    CATCH_UP = "catch_up"
    SEEN_AGAIN = "seen_again"
    BEFORE_UPDATE = "before_update"
    AFTER_UPDATE = "after_update"
    BEFORE_RESTORE = "before_restore"
    """The safety backup: with it a restore is undone."""
    AFTER_RESTORE = "after_restore"
    IMPORTED = "imported"
    """A person handed in the file."""


class Outcome(StrEnum):
    """How an attempt to back up a device ended."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, order=True)
class DeviceKey:
    """The identity of a device: the kind of its handler and the device's own unique id."""

    kind: str
    unique_id: str

    def __str__(self) -> str:
        """Return `<kind>:<unique id>`."""
        return f"{self.kind}:{self.unique_id}"

    @property
    def folder(self) -> str:
        """Return the name of the device's directory in the store."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.unique_id.lower()).strip("-")[:40]
        if slug == self.unique_id:
            return f"{self.kind}-{slug}"
        return f"{self.kind}-{slug}-{hashlib.sha256(self.unique_id.encode(errors='surrogatepass')).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArtifact:
    """An artifact without its content."""

    filename: str
    media_type: str
    size: int
    sha256: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Note, ...] = ()
    doubts: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()

    @classmethod
    def of(cls, fetched: "Fetched") -> "StoredArtifact":
        """Return what is kept beside the content."""
        artifact = fetched.artifact
        return cls(
            filename=artifact.filename,
            media_type=artifact.media_type,
            size=len(artifact.content),
            sha256=hashlib.sha256(artifact.content).hexdigest(),
            attributes=dict(artifact.attributes),
            missing=artifact.missing,
            doubts=fetched.doubts,
            remarks=fetched.remarks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerVersion:
    """The handler that made a backup."""

    kind: str
    distribution: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A checked artifact, ready to be stored."""

    device: DeviceInfo
    artifact: Artifact
    doubts: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    fingerprint: str
    extent: Extent
    made_at: datetime | None = None
    """When the device made it, where a file that was handed in tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBackup:
    """What is to be stored of a device."""

    key: DeviceKey
    title: str
    fetched: Fetched
    handler: HandlerVersion
    trigger: Trigger
    taken_at: datetime | None = None
    """None for now."""
    suspicion: Suspicion | None = None
    suspect_files: Text | None = None
    """Which of its files are suspect, and what became of them."""
    accepted: tuple[str, ...] = ()
    address: str | None = None
    """Where it was met; see `DeviceRecord`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The backup before, and the last time it was confirmed: history as ranges."""

    id: str
    confirmed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A stored backup, as its meta file tells."""

    id: str
    key: DeviceKey
    path: str
    """Relative to the root of the store."""
    taken_at: datetime
    artifact: StoredArtifact
    fingerprint: str
    handler: HandlerVersion
    device: DeviceInfo
    trigger: Trigger
    protected: bool = False
    last_before: str | None = None
    """The firmware version whose installation this backup was the last one before."""
    before_restore: datetime | None = None
    """When the device was found in this state ahead of a restore, which is undone by this backup."""
    previous: Previous | None = None
    confirmed: datetime | None = None
    """The last time a fetch found the device still equal to this backup, from the device's record."""
    suspicion: Suspicion | None = None
    """Why it may be of a device that lost its configuration; None also after a person said that it is right."""
    suspect_files: Text | None = None
    """Which of its files are suspect, and what became of them; None where that is said of no file by name."""
    accepted: tuple[str, ...] = ()
    """What is missing or in doubt with the agreement of a person, as `fact_of` tells it."""
    schema: int = SCHEMA
    """Of the meta file; a backup of an unknown one is listed, but neither trusted nor pruned."""

    @property
    def is_readable(self) -> bool:
        """Return whether this version understands the meta file."""
        return self.schema == SCHEMA

    @property
    def whole(self) -> bool:
        """Return whether nothing is missing and nothing is in doubt, beside what a person accepted."""
        return self.is_readable and not self.flaws

    @property
    def flaws(self) -> tuple[Note, ...]:
        """Return what is missing or in doubt and was not accepted."""
        return tuple(note for note in self.gaps if fact_of(note) not in self.accepted)

    @property
    def gaps(self) -> tuple[Note, ...]:
        """Return what is missing or in doubt, accepted or not: a restore gives back none of it for certain."""
        return (*self.artifact.missing, *self.artifact.doubts)

    @property
    def suspect(self) -> bool:
        """Return whether it may be of a device that lost its configuration."""
        return self.suspicion is not None

    @property
    def why_suspect(self) -> Text | None:
        """Return in people's words why it is suspect, None where it is not."""
        return None if self.suspicion is None else self.suspect_files or self.suspicion.text

    @property
    def undoes(self) -> datetime | None:
        """Return when the restore was begun that this backup undoes, None for any other backup.

        What is there after a restore that did not end undoes nothing: nobody knows what it is.
        """
        if self.suspicion is Suspicion.UNFINISHED_RESTORE:
            return None
        return self.taken_at if self.trigger is Trigger.BEFORE_RESTORE else self.before_restore

    @property
    def can_be_recommended(self) -> bool:
        """Return whether a restore may begin with it unasked."""
        return self.whole and not self.suspect

    def is_recommended(self, offered: "Backup | None") -> bool:
        """Return whether it is offered first for being right: what is not whole may be offered, as all there is."""
        return self == offered and self.can_be_recommended

    @property
    def needs_person(self) -> bool:
        """Return whether it lacks something only because no person was there."""
        return any(note.needs_person for note in self.artifact.missing)

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return what is told of it everywhere, as plain values.

        The state before a restore is what it is: nobody has to judge whether it is right.
        """
        why_suspect = self.why_suspect if self.undoes is None else None
        return {
            "id": self.id,
            "path": self.path,
            "taken_at": self.taken_at.isoformat(),
            "confirmed": (self.confirmed or self.taken_at).isoformat(),
            "size": self.artifact.size,
            "sha256": self.artifact.sha256,
            "whole": self.whole,
            "suspect": None if why_suspect is None else in_language(why_suspect, language),
            "protected": self.protected,
            "undoes_restore_of": None if self.undoes is None else self.undoes.isoformat(),
            "trigger": self.trigger.value,
            "last_before": self.last_before,
            "device_version": self.device.version,
            "handler": {"distribution": self.handler.distribution, "version": self.handler.version},
            "missing": _note_dicts(self.artifact.missing, language),
            "doubts": _note_dicts(self.artifact.doubts, language),
            "remarks": _note_dicts(self.artifact.remarks, language),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCopy:
    """A backup with what is in it, compared with its digest, wherever it came from."""

    backup: Backup
    artifact: Artifact


def recommended_of(backups: Sequence[Backup]) -> Backup | None:
    """Return what a restore begins with, of all backups of a device, newest first.

    That is the newest whole one that is not suspect, or the newest that is not suspect where none is whole.
    """
    known = [backup for backup in backups if backup.is_readable and not backup.suspect]
    return next((backup for backup in known if backup.whole), None) or next(iter(known), None)


def _note_dicts(notes: tuple[Note, ...], language: str) -> list[dict[str, str]]:
    return [{"code": note.code, "text": in_language(note.text, language)} for note in notes]


def fact_of(note: Note) -> str:
    """Return what a person accepts by accepting a note: this very fact, not all of its code."""
    return f"{note.code}: {in_language(note.text, 'en')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedRestore:
    """A restore that was begun and of which nobody knows that it ended well."""

    source: DeviceKey
    """The device whose backup was to be put on."""
    backup_id: str
    safety_backup_id: str | None
    """The backup of the state before, by which it is undone."""
    begun_at: datetime
    awaits_replacement: bool = False
    """The device was replaced, and nothing was put on the new one yet."""
    files: tuple[str, ...] = ()
    """The files of the backup that were chosen, none where all of it was to be put on."""

    def needed(self, target: DeviceKey, key: DeviceKey) -> frozenset[str]:
        """Return which backups of a device continue or undo it, where it is a restore of the target."""
        ids = (self.safety_backup_id if key == target else None, self.backup_id if key == self.source else None)
        return frozenset(backup_id for backup_id in ids if backup_id is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What was put on a device whose state since then is not backed up yet."""

    source: DeviceKey
    """The device that the backup is of."""
    backup_id: str


def offered_of(backups: Sequence[Backup], chosen: UnfinishedRestore | PutBack | None) -> Backup | None:
    """Return what is offered first to who wants to restore: what a person chose last, else the recommended one.

    Until a restore ended well and the device was backed up, that one may be just the state that was to be left.
    """
    begun = None if chosen is None else (chosen.source, chosen.backup_id)
    return next((backup for backup in backups if (backup.key, backup.id) == begun), None) or recommended_of(backups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The last try to back up a device."""

    at: datetime
    outcome: Outcome
    error: str | None = None
    """The code of the error."""
    detail: Text | None = None
    """What the error says beyond its code, in every language it has."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What a text about errors of this code fills in beside the detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRecord:
    """What `device.json` holds."""

    key: DeviceKey
    title: str
    confirmed: Mapping[str, datetime] = _NO_TIMES
    last_attempt: Attempt | None = None
    blocked: str | None = None
    """Digest of the configuration whose login was refused; nothing is tried while it is the present one."""
    unfinished_restore: UnfinishedRestore | None = None
    put_back: PutBack | None = None
    address: str | None = None
    """The id that is assigned to where it was met last: who tells none there is the device that was there."""
    formerly: tuple[str, ...] = ()
    """The ids under which its history was kept before, of devices that it replaced among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSummary:
    """What the store holds of one device."""

    newest: Backup | None
    recommended: Backup | None
    """The newest that is whole and not suspect, or the newest that is not suspect where none is whole."""
    count: int
    size: int
    """Bytes of all its backups."""
    put_back: PutBack | None = None
