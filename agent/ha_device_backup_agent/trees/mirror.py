"""The copy of a tree at the agent: what is in it, and a digest by which an unchanged one is known."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OWNER = "user.rsync.%stat"
"""Where rsync notes the owner, the rights and the kind of a file that an ordinary user could not give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeFacts:
    """What is in a tree."""

    digest: str
    """Over the names of all files and what rsync goes by: their size, time, rights and owner."""
    files: int
    folders: int
    bytes: int


def facts_of_tree(folder: Path) -> TreeFacts:
    """Return what is in the folder; blocking."""
    digest = hashlib.sha256()
    files = folders = size = 0
    for name, path, found in _entries(os.fsencode(folder)):
        is_folder = stat.S_ISDIR(found.st_mode)
        # The time of a folder changes with files that come and go between two looks.
        facts = () if is_folder else (found.st_size, found.st_mtime_ns)
        for part in (name, oct(found.st_mode), *facts):
            encoded = part if isinstance(part, bytes) else str(part).encode()
            digest.update(len(encoded).to_bytes(8) + encoded)
        digest.update(_noted(path) + b"\n")
        files, folders = files + (not is_folder), folders + is_folder
        size += 0 if is_folder else found.st_size
    return TreeFacts(digest=digest.hexdigest(), files=files, folders=folders, bytes=size)


def keeps_owners(folder: Path) -> bool:
    """Return whether the owner can be noted beside a file there; blocking."""
    try:
        os.setxattr(folder, "user.device-backups", b"1")
        os.removexattr(folder, "user.device-backups")
    except OSError:
        return False
    return True


def _entries(root: bytes) -> Iterator[tuple[bytes, bytes, os.stat_result]]:
    """Yield all that is below a folder, in an order that does not depend on the disk."""
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(os.path.join(root, folder)) as found:  # noqa: PTH118 - bytes, as they are on the disk
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            name = os.path.join(folder, entry.name)  # noqa: PTH118
            yield name, entry.path, entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(name)


def _noted(path: bytes) -> bytes:
    with contextlib.suppress(OSError):
        return os.getxattr(path, _OWNER, follow_symlinks=False)
    return b""
