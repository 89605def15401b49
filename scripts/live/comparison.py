"""Compares the newest backups in the store with what a backup of Home Assistant holds of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .stored import StoredBackup


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveComparison:
    """The newest backup of a device, and the digest of the same file inside the backup of Home Assistant."""

    backup: StoredBackup
    archived_sha256: str | None

    @property
    def equal(self) -> bool:
        """Return whether the very same bytes are inside."""
        return self.archived_sha256 == self.backup.sha256


def compare(backups: Sequence[StoredBackup], archived: Mapping[str, bytes]) -> list[ArchiveComparison]:
    """Look each backup up among the files of our store that are inside a backup of Home Assistant."""
    return [ArchiveComparison(backup=backup, archived_sha256=_digest(archived.get(backup.path))) for backup in backups]


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
