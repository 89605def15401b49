"""Reads the store as a person would who has nothing but its files; independent of the product's own code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

META = ".meta.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBackup:
    """The newest backup of a device."""

    title: str
    kind: str
    unique_id: str
    path: str
    """Relative to the root of the store."""
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Return the file name."""
        return Path(self.path).name


def read_tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder, by relative path."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def newest_backups(files: Mapping[str, bytes]) -> list[StoredBackup]:
    """Return the newest backup of each device among the files of a store."""
    return sorted(
        (_newest(name.removesuffix("/device.json"), files) for name in files if name.endswith("/device.json")),
        key=lambda backup: backup.title,
    )


def _newest(folder: str, files: Mapping[str, bytes]) -> StoredBackup:
    device: dict[str, Any] = json.loads(files[f"{folder}/device.json"])
    meta = max(name for name in files if name.startswith(f"{folder}/backup_") and name.endswith(META))
    path = meta.removesuffix(META)
    return StoredBackup(
        title=device["title"],
        kind=device["kind"],
        unique_id=device["unique_id"],
        path=path,
        size=len(files[path]),
        sha256=hashlib.sha256(files[path]).hexdigest(),
    )
