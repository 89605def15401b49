"""Reads the store as a person would who has nothing but its files; independent of the product's own code."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .process import HomeAssistantError
from .waiting import until

META = ".meta.json"
FIRST_BACKUP_SECONDS = 120


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
    """Return the newest backup of each device that has one, among the files of a store."""
    newest: dict[str, str] = {}
    for name in sorted(filter(_is_meta, files), key=_order):
        newest[name.partition("/")[0]] = name
    return [_stored(folder, meta.removesuffix(META), files) for folder, meta in sorted(newest.items())]


def _is_meta(name: str) -> bool:
    return name.endswith(META) and Path(name).name.startswith("backup_")


def _order(name: str) -> tuple[str, int]:
    """Return day and time, and the number that further backups of the same second bear."""
    day, time_of_day, *number = Path(name).name.partition(".")[0].split("_")[1:]
    return f"{day} {time_of_day}", int(number[0]) if number else 1


async def wait_for_backups(root: Path, count: int) -> list[StoredBackup]:
    """Return once so many devices have a backup in the store; an error tells what the attempts ended with."""
    try:
        return await until(
            lambda: asyncio.to_thread(_newest_in, root),
            lambda backups: len(backups) >= count,
            seconds=FIRST_BACKUP_SECONDS,
        )
    except TimeoutError as error:
        attempts = "\n".join(_attempts(read_tree(root)))
        msg = f"Not every one of {count} devices was backed up:\n{attempts}"
        raise HomeAssistantError(msg) from error


def _newest_in(root: Path) -> list[StoredBackup]:
    try:
        return newest_backups(read_tree(root))
    except (FileNotFoundError, KeyError):
        return []


def _attempts(files: Mapping[str, bytes]) -> list[str]:
    devices = (json.loads(content) for name, content in files.items() if name.endswith("/device.json"))
    return [f"{device['title']}: {device.get('last_attempt')}" for device in devices]


def _stored(folder: str, path: str, files: Mapping[str, bytes]) -> StoredBackup:
    device: dict[str, Any] = json.loads(files[f"{folder}/device.json"])
    return StoredBackup(
        title=device["title"],
        kind=device["kind"],
        unique_id=device["unique_id"],
        path=path,
        size=len(files[path]),
        sha256=hashlib.sha256(files[path]).hexdigest(),
    )
