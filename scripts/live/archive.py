"""Opens the backups that Home Assistant makes, with and without a password."""

import json
import tarfile
from pathlib import Path, PurePosixPath

import securetar

STORE = PurePosixPath(".storage/ha_device_backups")


def find_archive(folder: Path, backup_id: str) -> Path:
    """Return the file of a backup that the local agent keeps in the configuration folder."""
    for path in sorted((folder / "backups").glob("*.tar")):
        with tarfile.open(path) as outer:
            described = outer.extractfile("./backup.json")
            if described is not None and json.load(described)["slug"] == backup_id:
                return path
    msg = f"No file of the backup {backup_id} is in {folder / 'backups'}."
    raise FileNotFoundError(msg)


def read_store(archive: Path, *, password: str | None = None) -> dict[str, bytes]:
    """Return the files of our store that are inside a backup of Home Assistant, by path relative to the store."""
    root = PurePosixPath("data") / STORE
    found: dict[str, bytes] = {}
    with securetar.SecureTarArchive(archive, mode="r") as outer:
        member = next(m for m in outer.tar.getmembers() if PurePosixPath(m.name).name == "homeassistant.tar.gz")
        source = outer.tar.extractfile(member)
        with securetar.SecureTarFile(fileobj=source, gzip=True, password=password) as inner:
            for entry in inner:
                path = PurePosixPath(entry.name)
                content = inner.extractfile(entry) if entry.isfile() and path.is_relative_to(root) else None
                if content is not None:
                    found[str(path.relative_to(root))] = content.read()
    return found
