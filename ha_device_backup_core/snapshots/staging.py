"""Finds stores in an archive while it goes by, and unpacks them, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core.contract import MAX_ARTIFACT_BYTES, MEBIBYTE
from ha_device_backup_core.errors import SnapshotError
from ha_device_backup_core.store.files import MOST_BYTES_OF_DOCUMENT, MOST_BYTES_OF_META
from ha_device_backup_core.store.names import (
    DEVICE_FILE,
    KINDS_FOLDER,
    MARK_FILE,
    META_SUFFIX,
    is_device_folder,
    is_kind_file,
    is_of_device,
    is_temporary,
)
from ha_device_backup_core.store.root import holds_device
from ha_device_backup_core.tar_stream import EntryKind, TarEntry, TarStream
from ha_device_backup_core.text import Text, _

from .records import SnapshotProblem
from .sources import PIECE

OWN_ARCHIVE = "homeassistant"
OWN_STORE = "data/.storage/ha_device_backups"
"""Where Home Assistant keeps the store, in the archive of its configuration."""
_MOST_BYTES = 16 * 1024 * 1024 * 1024
_MOST_STORES = 100
_MOST_PROBLEMS = 100
_OUTSIDE = _("What is in it was packed under another name, outside of the store.")


@dataclass(slots=True, kw_only=True)
class StagedStore:
    """A store that goes by; `root` holds what was unpacked of it."""

    place: str
    root: Path
    is_own: bool
    is_marked: bool = False
    devices: set[str] = field(default_factory=set)
    """Folders of which something was unpacked."""

    @property
    def is_real(self) -> bool:
        """Return whether it is a store, not a folder whose name looks like one in it."""
        return self.is_own or self.is_marked or any(holds_device(self.root, name) for name in self.devices)


class Staging:
    """Unpacks stores into a folder; once Home Assistant's own was seen, of others no more than what tells of them."""

    def __init__(self, folder: Path, only: str | None) -> None:
        """Take an empty folder, and the folder of the one device that is wanted."""
        self._folder = folder
        self._only = only
        self._stores: dict[tuple[str, str], StagedStore] = {}
        self._left = _MOST_BYTES
        self.problems: list[SnapshotProblem] = []

    @property
    def own(self) -> StagedStore | None:
        """Return Home Assistant's own store, if anything of it went by."""
        return next((store for store in self._stores.values() if store.is_own), None)

    @property
    def others(self) -> list[StagedStore]:
        """Return the other stores."""
        return [store for store in self._stores.values() if not store.is_own and store.is_real]

    def take(self, archive: str, entry: TarEntry, stream: TarStream) -> None:
        """Unpack the entry if it belongs to a store."""
        if entry.kind not in {EntryKind.FILE, EntryKind.HARD_LINK}:
            return
        found = _place_in_store(entry.name)
        if found is None:
            return
        root, folder, name = found
        store = self._store(archive, root)
        if store is None:
            return
        if not folder:
            store.is_marked = True
        elif folder == KINDS_FOLDER:
            self._unpack(store, folder, name, entry, stream)
        elif self._is_wanted(store, folder, name):
            store.devices.add(folder)
            self._unpack(store, folder, name, entry, stream)

    def _is_wanted(self, store: StagedStore, folder: str, name: str) -> bool:
        if is_temporary(name) or (self._only is not None and folder != self._only):
            return False
        return store.is_own or self.own is None or not self.own.devices or name == DEVICE_FILE

    def _store(self, archive: str, root: str) -> StagedStore | None:
        known = self._stores.get((archive, root))
        if known is None and len(self._stores) < _MOST_STORES:
            is_own = archive == OWN_ARCHIVE and root == OWN_STORE
            place = f"{archive}/{root}".rstrip("/")
            known = StagedStore(place=place, root=self._folder / str(len(self._stores)), is_own=is_own)
            self._stores[archive, root] = known
        return known

    def _unpack(self, store: StagedStore, folder: str, name: str, entry: TarEntry, stream: TarStream) -> None:
        target = store.root / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if entry.kind is EntryKind.HARD_LINK:
            if not self._link(store, target, entry.link):
                self._add(f"{store.place}/{folder}/{name}", _OUTSIDE)
            return
        if entry.size > _most_bytes(name):
            self._note(f"{store.place}/{folder}/{name}", entry.size)
            return
        self._left -= entry.size
        if self._left < 0:
            raise SnapshotError(_("It holds more backups of devices than can be unpacked at once. Name one device."))
        try:
            with target.open("xb") as file:
                for piece in _pieces(stream):
                    file.write(piece)
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def _link(self, store: StagedStore, target: Path, link: str) -> bool:
        """Make a second name of a file that went by, as Home Assistant packs a file with two names."""
        found = _place_in_store(link)
        if found is None or not found[1]:
            return False
        try:
            target.hardlink_to(store.root / found[1] / found[2])
        except OSError:
            return False
        return True

    def _note(self, path: str, size: int) -> None:
        self._add(path, _("It claims {size} bytes, more than such a file can have.", size=size))

    def _add(self, path: str, message: Text) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(SnapshotProblem(path=path, message=message))


def _place_in_store(name: str) -> tuple[str, str, str] | None:
    """Return the store, the folder of the device and the name of a file; None for what belongs to none.

    The mark of a store has no folder.
    """
    if not name.endswith(".json") and "/backup_" not in name and f"/{KINDS_FOLDER}/" not in name:
        return None
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if ".." in parts or name.startswith("/") or not parts:
        return None
    if parts[-1] == MARK_FILE:
        return "/".join(parts[:-1]), "", MARK_FILE
    if "/".join(parts[:-1]) == f"{OWN_STORE}/{KINDS_FOLDER}" and is_kind_file(parts[-1]):
        return OWN_STORE, KINDS_FOLDER, parts[-1]
    if len(parts) < 2 or not is_device_folder(parts[-2]) or not is_of_device(parts[-1]):
        return None
    return "/".join(parts[:-2]), parts[-2], parts[-1]


def _most_bytes(name: str) -> int:
    if is_kind_file(name) and name != DEVICE_FILE:
        return MEBIBYTE
    if name.endswith(META_SUFFIX):
        return MOST_BYTES_OF_META
    return MOST_BYTES_OF_DOCUMENT if name == DEVICE_FILE else MAX_ARTIFACT_BYTES


def _pieces(stream: TarStream) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
