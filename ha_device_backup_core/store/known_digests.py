"""Which backups of a device hold the same: each meta file is read once, however many files are handed in."""

from collections.abc import Callable, Iterable

from ha_device_backup_core.records import Backup, DeviceKey

from .json_documents import StoreDocument
from .names import BackupFiles


class KnownDigests:
    """Remembers the digests of the backups of one device, the one that was asked about last; for one thread."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._key: DeviceKey | None = None
        self._digests: dict[str, frozenset[str]] = {}

    def find(
        self,
        key: DeviceKey,
        backups: Iterable[BackupFiles],
        wanted: frozenset[str],
        read: Callable[[BackupFiles], tuple[Backup, StoreDocument] | None],
    ) -> list[BackupFiles]:
        """Return the backups with one of these digests, in their order; what cannot be read is tried each time."""
        known = self._digests if key == self._key else {}
        self._key, self._digests = key, {}
        found = []
        for files in backups:
            digests = known.get(files.artifact)
            if digests is None and (parsed := read(files)) is not None:
                digests = frozenset({parsed[0].artifact.sha256, parsed[0].fingerprint})
            if digests is not None:
                self._digests[files.artifact] = digests
                if digests & wanted:
                    found.append(files)
        return found
