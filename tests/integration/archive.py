"""Opens backups that Home Assistant made of itself."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from securetar import SecureTarFile

from custom_components.ha_device_backups.const import DOMAIN

PREFIX = f"data/.storage/{DOMAIN}/"


async def read_archive(
    hass: HomeAssistant, backups: BackupManager, backup_id: str, password: str | None = None
) -> dict[str, bytes]:
    """Return the files of the store inside a backup of Home Assistant, by their path in the store."""
    path = backups.local_backup_agents["backup.local"].get_backup_path(backup_id)
    return await hass.async_add_executor_job(_read, path, password)


def assert_consistent(files: dict[str, bytes]) -> dict[str, Any]:
    """Check that every backup in the archive is whole, and that `snapshot.json` names what is there; return that."""
    for name, content in files.items():
        if name.endswith(".meta.json"):
            artifact = files[name.removesuffix(".meta.json")]
            assert json.loads(content)["artifact"]["sha256"] == hashlib.sha256(artifact).hexdigest()
    manifest: dict[str, Any] = json.loads(files["snapshot.json"])
    for device in manifest["devices"]:
        for backup in (device["newest"], device["recommended"]):
            if backup is not None:
                assert hashlib.sha256(files[backup["path"]]).hexdigest() == backup["sha256"]
    return manifest


def _read(path: Path, password: str | None) -> dict[str, bytes]:
    with tarfile.open(path) as outer:
        inner = outer.extractfile("homeassistant.tar.gz")
        assert inner is not None
        content = io.BytesIO(inner.read())
    with SecureTarFile(fileobj=content, gzip=True, password=password) as archive:
        found = {}
        for member in archive:
            if member.isfile() and member.name.startswith(PREFIX):
                file = archive.extractfile(member)
                assert file is not None
                found[member.name.removeprefix(PREFIX)] = file.read()
    return found
