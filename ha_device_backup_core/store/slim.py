"""What retention needs of a backup, and no more."""

from dataclasses import replace

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.records import Backup, DeviceKey, HandlerVersion, StoredArtifact

_NO_ARTIFACT = StoredArtifact(filename="-", media_type="", size=0, sha256="")
_NO_DEVICE = DeviceInfo(unique_id=None, name="")
_NO_HANDLER = HandlerVersion(kind="", distribution="", version="")


def slim(backup: Backup, key: DeviceKey) -> Backup:
    """Return the backup without what retention does not look at; the key is that of all its siblings."""
    missing, doubts = backup.artifact.missing, backup.artifact.doubts
    notes = bool(missing or doubts)
    artifact = replace(_NO_ARTIFACT, missing=missing, doubts=doubts) if notes else _NO_ARTIFACT
    return replace(backup, key=key, handler=_NO_HANDLER, artifact=artifact, device=_NO_DEVICE, previous=None)
