"""Backups that are files: copied out of a store, downloaded, or made by the device itself."""

from .backup_file import BackupFile, backup_at, bare_path, described_at
from .bare import bare_backup
from .batch import ImportBatch, ImportedFile, ImportOutcome
from .found import FoundFile, RefusedFile, found_files

__all__ = [
    "BackupFile",
    "FoundFile",
    "ImportBatch",
    "ImportOutcome",
    "ImportedFile",
    "RefusedFile",
    "backup_at",
    "bare_backup",
    "bare_path",
    "described_at",
    "found_files",
]
