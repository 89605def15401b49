"""Files of which a person wants backups, whole folders included: what each is and whose, as far as it tells."""

import asyncio
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import combinations, groupby
from pathlib import Path

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import (
    ArtifactError,
    DeviceBackupError,
    StoreDamagedError,
    UnreadableFileError,
    UnusableFileError,
)
from ha_device_backup_core.file_facts import FileFacts, time_in_name
from ha_device_backup_core.identity import can_have
from ha_device_backup_core.jobs.recognition import looked_into, recognize
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store.names import DEVICE_FILE, META_SUFFIX, ROOT_FILES
from ha_device_backup_core.store.store_errors import system_words
from ha_device_backup_core.text import _, joined, plain

from .backup_file import backup_at
from .bare import artifact_at

_BUNDLE = "application/zip"
_MOST_COMPARED = 20
"""Files without an identity among which parts of one backup are looked for, each with each."""
_AT_ONCE = timedelta(minutes=10)
_WORD = re.compile(r"[^\W_]+")
_BY_TASMOBACKUP = re.compile(r"[0-9a-fA-F]{12}-\d{4}-\d\d-\d\d_.*\.(?:dmp|zip)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file of a known kind and device, or several that belong together; what is in them is read again later."""

    paths: tuple[Path, ...]
    registered: RegisteredHandler
    key: DeviceKey
    notes: int
    title: str | None = None
    made_at: datetime | None = None
    device: DeviceInfo | None = None
    """As it was when the backup was made, where a meta file beside it tells."""
    names_owner: bool = False

    def artifact(self) -> Artifact:
        """Return what is in it; raises UnreadableFileError, StoreDamagedError."""
        if self.device is not None:
            return backup_at(self.paths[0]).artifact
        artifacts = [artifact_at(path) for path in self.paths]
        return artifacts[0] if len(artifacts) == 1 else _together(artifacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that is not taken, and why."""

    path: Path
    error: DeviceBackupError


async def found_files(
    registry: HandlerRegistry, paths: Iterable[Path], unique_id: str | None
) -> tuple[list[FoundFile], list[RefusedFile]]:
    """Return what can be taken of the files and folders, oldest first, and what not.

    `unique_id` is the device of the files that do not tell theirs; parts of one backup are put together.
    """
    files, refused = paths_below(paths)
    looked = [await identify(registry, path, unique_id) for path in files]
    known, mixed = _of_one_kind([file for file in looked if isinstance(file, FoundFile)])
    found = await put_together(known)
    refused += [*(file for file in looked if isinstance(file, RefusedFile)), *mixed]
    return sorted(found, key=_age), refused


def paths_below(paths: Iterable[Path]) -> tuple[list[Path], list[RefusedFile]]:
    """Return every file, in the order of the names, once, and the folders that cannot be looked into.

    The meta file of a backup comes with the backup.
    """
    refused: list[RefusedFile] = []
    files: dict[Path, Path] = {}
    for path in paths:
        for file in map(_backup_of, _files(path, refused)):
            files.setdefault(file.parent.resolve() / file.name, file)
    return list(files.values()), refused


async def identify(
    registry: HandlerRegistry, path: Path, unique_id: str | None, zone: tzinfo | None = None
) -> FoundFile | RefusedFile:
    """Return what the file is, or why it is not taken.

    A file that does not tell its device is of the one with that unique id. A time without a zone is one of the `zone`
    where the device is, else of this machine.
    """
    try:
        if _is_of_store(path):
            raise UnusableFileError(_("It belongs to a store of backups and is none itself."))
        if path.name.endswith(META_SUFFIX):
            raise StoreDamagedError(_("The file that it describes is missing."))
        if await asyncio.to_thread(_meta_of(path).exists):
            return await _with_meta(registry, path)
        return await _single_file(registry, path, unique_id, zone)
    except DeviceBackupError as error:
        return RefusedFile(path=path, error=error)


def _of_one_kind(found: Sequence[FoundFile]) -> tuple[list[FoundFile], list[RefusedFile]]:
    """Return what is taken: an identity that a person gives is that of one device, so of one kind."""
    kinds = {file.registered.kind: file.registered for file in found if not file.names_owner}
    if len(kinds) <= 1:
        return list(found), []
    names = joined([registered.spec.name for registered in kinds.values()], ", ")
    error = UnusableFileError(
        _("The files that do not tell their device are of several kinds: {kinds}. Import each by itself.", kinds=names)
    )
    refused = [RefusedFile(path=path, error=error) for file in found if not file.names_owner for path in file.paths]
    return [file for file in found if file.names_owner], refused


async def put_together(found: Sequence[FoundFile]) -> list[FoundFile]:
    """Join what is one backup in two files: those of no device of their own that say less of a lack together."""
    alone = [file for file in found if not file.names_owner]
    together: list[FoundFile] = []
    for _key, group in groupby(sorted(alone, key=lambda file: (file.key, file.paths)), key=lambda file: file.key):
        files = list(group)
        together += await _pairs(files) if len(files) <= _MOST_COMPARED else files
    return [*(file for file in found if file.names_owner), *together]


async def _pairs(files: Sequence[FoundFile]) -> list[FoundFile]:
    """Return the files, joined where each of two fits no other: those of alike names come first, then of one folder."""
    together = [
        (one, other, both)
        for one, other in combinations(files, 2)
        if _are_of_one_time(one, other) and (both := await _both(one, other)) is not None
    ]
    rest = list(files)
    for is_near in (_are_alike, _are_in_one_folder, lambda _one, _other: True):
        fitting = [each for each in together if each[0] in rest and each[1] in rest and is_near(*each[:2])]
        named = [file for one, other, _both_of_them in fitting for file in (one, other)]
        for one, other, both in fitting:
            if named.count(one) == named.count(other) == 1:
                rest = [file for file in rest if file not in (one, other)] + [both]
    return rest


def _are_alike(one: FoundFile, other: FoundFile) -> bool:
    """Return whether the names differ in one word: `wled_cfg_Stairs (1).json` and `wled_presets_Stairs (1).json`."""
    words, others = (_WORD.findall(file.paths[0].name) for file in (one, other))
    differing = sum(1 for word, another in zip(words, others, strict=False) if word != another)
    return _are_in_one_folder(one, other) and len(words) == len(others) and differing == 1


def _are_in_one_folder(one: FoundFile, other: FoundFile) -> bool:
    return one.paths[0].parent == other.paths[0].parent


def _are_of_one_time(one: FoundFile, other: FoundFile) -> bool:
    """Return whether a person may have saved both at once, as far as they tell when."""
    return one.made_at is None or other.made_at is None or abs(one.made_at - other.made_at) < _AT_ONCE


async def _both(one: FoundFile, other: FoundFile) -> FoundFile | None:
    if len(one.paths) > 1 or len(other.paths) > 1:
        return None
    artifacts = [await asyncio.to_thread(file.artifact) for file in (one, other)]
    if any(artifact.media_type == _BUNDLE for artifact in artifacts):
        return None
    try:
        inspected = await looked_into(one.registered, _together(artifacts))
    except ArtifactError:
        return None
    if len(inspected.notes) >= min(one.notes, other.notes):
        return None
    return FoundFile(
        paths=(*one.paths, *other.paths),
        registered=one.registered,
        key=one.key,
        notes=len(inspected.notes),
        made_at=max(filter(None, (one.made_at, other.made_at)), default=None),
    )


async def _single_file(registry: HandlerRegistry, path: Path, unique_id: str | None, zone: tzinfo | None) -> FoundFile:
    file = await recognize(registry, await asyncio.to_thread(artifact_at, path))
    registered, owner = file.registered, file.owner or unique_id
    if owner is None:
        raise UnusableFileError(
            _(
                "It is of {kind}, but does not tell of which device. Say it by --unique-id.",
                kind=registered.spec.name,
            )
        )
    if not can_have(registered.spec, owner):
        raise UnusableFileError(
            _(
                "It is of {kind}, and “{unique_id}” is nothing that such a device can have. Enter it as `list` shows"
                " it.",
                kind=registered.spec.name,
                unique_id=plain(owner),
            )
        )
    return FoundFile(
        paths=(path,),
        registered=registered,
        key=DeviceKey(registered.kind, owner),
        notes=len(file.notes),
        title=_name_by_tasmobackup(path),
        made_at=_made_at(file.facts, path, zone),
        names_owner=file.owner is not None,
    )


async def _with_meta(registry: HandlerRegistry, path: Path) -> FoundFile:
    backup = (await asyncio.to_thread(backup_at, path)).backup
    return FoundFile(
        paths=(path,),
        registered=registry.get(backup.key.kind),
        key=backup.key,
        notes=0,
        title=backup.device.name,
        made_at=backup.taken_at,
        device=backup.device,
        names_owner=True,
    )


def _name_by_tasmobackup(path: Path) -> str | None:
    """Return the name of the device: TasmoBackup has a folder of that name for each."""
    return path.absolute().parent.name if _BY_TASMOBACKUP.fullmatch(path.name) else None


def _made_at(facts: FileFacts | None, path: Path, zone: tzinfo | None) -> datetime | None:
    """Return when a file was made: by what is in it, else by its name."""
    if facts is not None and facts.made_at is not None:
        made_at = facts.made_at
        return (made_at.replace(tzinfo=zone) if made_at.tzinfo is None else made_at).astimezone()
    return time_in_name(path.name, zone)


def _together(artifacts: Sequence[Artifact]) -> Artifact:
    files: dict[str, bytes] = {}
    for artifact in artifacts:
        name = artifact.filename
        while name in files:
            name = f"_{name}"
        files[name] = artifact.content
    return Artifact.bundle(files, filename=f"{Path(artifacts[0].filename).stem}.zip")


def _files(path: Path, refused: list[RefusedFile]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        refused.append(RefusedFile(path=Path(error.filename), error=UnreadableFileError(system_words(error))))

    if not path.is_dir():
        # Whoever names a link means the file; a folder may hold links to anything.
        yield path.resolve() if path.is_symlink() else path
        return
    for folder, folders, names in os.walk(path, onerror=refuse):
        folders.sort()
        for name in sorted(names):
            yield Path(folder, name)


def _backup_of(path: Path) -> Path:
    """Return the backup that a meta file describes, for any other file the file."""
    described = path.with_name(path.name.removesuffix(META_SUFFIX)) if path.name != META_SUFFIX else path
    return described if described.exists() else path


def _meta_of(path: Path) -> Path:
    return path.with_name(path.name + META_SUFFIX)


def _is_of_store(path: Path) -> bool:
    return path.name == DEVICE_FILE or path.name in ROOT_FILES


def _age(file: FoundFile) -> tuple[float, tuple[Path, ...]]:
    """Return the key that sorts the oldest first, so that each is compared with the one before."""
    return (0.0 if file.made_at is None else file.made_at.timestamp()), file.paths
