"""How large the files of a store are; what vanishes meanwhile has no size."""

import os
from dataclasses import replace
from pathlib import Path

from ha_device_backup_core.records import Backup


def measured(root: Path, backup: Backup) -> Backup:
    """Return a backup whose meta file does not tell its size with the size of its file."""
    try:
        size = (root / backup.path).stat(follow_symlinks=False).st_size
    except OSError:
        return backup
    return replace(backup, artifact=replace(backup.artifact, size=size))


def size_below(folder: Path) -> int:
    """Return the bytes of all files in a folder, and in those within; links are not followed."""
    try:
        with os.scandir(folder) as entries:
            return sum(
                size_below(Path(entry)) if entry.is_dir(follow_symlinks=False) else size_of(entry) for entry in entries
            )
    except FileNotFoundError:
        return 0


def size_of(entry: os.DirEntry[str]) -> int:
    """Return the bytes of a file in a folder."""
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
