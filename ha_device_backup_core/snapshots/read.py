"""Reads a backup of Home Assistant in one pass: of Core and of Supervisor, packed or not, encrypted or not."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from ha_device_backup_core.errors import SnapshotError, SnapshotPasswordError
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.snapshot_files import (
    ENCRYPTED_START,
    GZIP_START,
    LOOKED_AT,
    SnapshotPart,
    part_of_snapshot,
)
from ha_device_backup_core.store.store_errors import system_words
from ha_device_backup_core.tar_stream import (
    BLOCK,
    CUT_OFF,
    EntryKind,
    TarEntry,
    TarError,
    TarSource,
    TarStream,
    is_tar_start,
)
from ha_device_backup_core.text import Text, _

from .decrypt import FIRST_BYTES, WRONG_OR_DAMAGED, Decrypted
from .records import Snapshot, SnapshotInfo, SnapshotProblem
from .sources import FileSource, Gunzipped, Peeked
from .staging import OWN_ARCHIVE, Staging

_ARCHIVES = {OWN_ARCHIVE, "share"}
"""What may hold a store: the configuration, and the folder that people share between programs."""
_SUFFIXES = (".tar", ".tar.gz", ".tgz")
_INFO = "backup.json"
_LARGEST_INFO = 4 * 1024 * 1024
_MOST_ARCHIVES = 10_000
"""Home Assistant makes one for itself, for each app and for each folder."""
_TOO_MANY: Text = _("It holds far more files than a backup of Home Assistant.")


def read_snapshot(
    source: Path | BinaryIO, staging: Path, *, password: str | None = None, only: DeviceKey | None = None
) -> Snapshot:
    """Return what is in it of the devices, or of that one, unpacked into the empty folder `staging`; blocking.

    What is damaged behind that is told among the problems. Raises SnapshotError where nothing could be taken,
    SnapshotPasswordError where it needs a password or another one, OSError where `staging` cannot be written.
    """
    with ExitStack() as stack:
        if isinstance(source, Path):
            try:
                source = stack.enter_context(source.open("rb"))
            except OSError as error:
                raise SnapshotError(_("It cannot be read. {why}", why=system_words(error))) from error
        reading = _Reading(Staging(staging, None if only is None else only.folder), password)
        reading.read(FileSource(source))
        return reading.snapshot()


class _Reading:
    def __init__(self, staging: Staging, password: str | None) -> None:
        self._staging = staging
        self._password = password
        self._info = SnapshotInfo()
        self._archives: set[str] = set()
        self._password_is_right = False
        self._problems: list[SnapshotProblem] = []

    def read(self, source: FileSource) -> None:
        """Look at everything once: of a whole backup, or of the archive of the configuration that was in one."""
        beginning = Peeked(source)
        if part_of_snapshot(beginning.start(LOOKED_AT)) is SnapshotPart.ARCHIVE:
            self._archives.add(OWN_ARCHIVE)
            self._archive(OWN_ARCHIVE, source.size or 0, beginning)
            return
        if not is_tar_start(beginning.start(BLOCK)):
            raise SnapshotError(_("The file is something else."))
        outer = TarStream(beginning)
        try:
            for number, entry in enumerate(outer.entries()):
                if number == _MOST_ARCHIVES:
                    raise SnapshotError(_TOO_MANY)
                self._entry(entry, outer)
        except TarError as error:
            self._note("", error.text)
        else:
            if not outer.has_end:
                self._note("", CUT_OFF)

    def snapshot(self) -> Snapshot:
        """Return what was found; raises SnapshotError where that is nothing."""
        own, others = self._staging.own, self._staging.others
        if own is None and len(others) != 1:
            raise SnapshotError(self._why_nothing([other.place for other in others]))
        is_own = own is not None and (own.devices or len(others) != 1)
        taken = own if own is not None and is_own else others.pop()
        return Snapshot(
            info=self._info,
            root=taken.root,
            place=taken.place,
            others=tuple(other.place for other in others),
            problems=(*self._problems, *self._staging.problems),
        )

    def _why_nothing(self, others: list[str]) -> Text:
        if others:
            return _(
                "Home Assistant's own backups of devices are not in it, but several copies: {places}.",
                places=", ".join(others),
            )
        if self._problems:
            return self._problems[0].message
        if OWN_ARCHIVE in self._archives:
            return _("There are no backups of devices in it.")
        return _("Home Assistant's configuration is not in it, and the backups of devices are kept there.")

    def _entry(self, entry: TarEntry, outer: TarStream) -> None:
        name = entry.name.removeprefix("./")
        if entry.kind is not EntryKind.FILE:
            return
        if name == _INFO and entry.size <= _LARGEST_INFO:
            self._info = _info(outer.read())
        archive, dot, suffix = name.partition(".")
        if archive in _ARCHIVES and dot + suffix in _SUFFIXES:
            self._archives.add(archive)
            self._archive(archive, entry.size, outer)

    def _archive(self, archive: str, size: int, outer: TarSource) -> None:
        packed = Peeked(outer)
        start = packed.start(FIRST_BYTES)
        decrypted = None if _is_plain(packed) else self._decrypted(packed, size, start)
        count = 0
        try:
            inner = TarStream(_unpacked(packed if decrypted is None else Peeked(decrypted)))
            for entry in inner.entries():
                self._password_is_right |= decrypted is not None
                count += 1
                self._staging.take(archive, entry, inner)
            if not inner.has_end:
                self._note(archive, CUT_OFF)
        except TarError as error:
            if (
                decrypted is not None
                and not count
                and not decrypted.distinguishes_damage
                and not self._password_is_right
            ):
                raise SnapshotPasswordError(WRONG_OR_DAMAGED) from error
            self._note(archive, error.text)

    def _decrypted(self, packed: Peeked, size: int, start: bytes) -> Decrypted | None:
        if self._password is not None:
            return Decrypted(packed, size, start, self._password)
        if start.startswith(ENCRYPTED_START) or self._info.protected:
            raise SnapshotPasswordError(_("It is encrypted. Give the password that Home Assistant encrypted it with."))
        return None

    def _note(self, archive: str, message: Text) -> None:
        # Where an archive is cut off, all of it is.
        if all(problem.message != message for problem in self._problems):
            self._problems.append(SnapshotProblem(path=archive, message=message))


def _is_plain(packed: Peeked) -> bool:
    start = packed.start(BLOCK)
    return start.startswith(GZIP_START) or is_tar_start(start) or not start.strip(b"\0")


def _unpacked(packed: Peeked) -> TarSource:
    return Gunzipped(packed) if packed.start(len(GZIP_START)) == GZIP_START else packed


def _info(content: bytes) -> SnapshotInfo:
    try:
        document = json.loads(content)
    except (RecursionError, ValueError):
        return SnapshotInfo()
    return SnapshotInfo.of(document) if isinstance(document, dict) else SnapshotInfo()
