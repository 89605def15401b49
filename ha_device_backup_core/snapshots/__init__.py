"""Reads Home Assistant's own backups and takes the backups of devices out of them, without unpacking the rest."""

from .extract import DeviceInSnapshot, Extracted, ExtractedDevice, extract, found_devices, reader_of
from .read import read_snapshot
from .records import Snapshot, SnapshotInfo, SnapshotProblem

__all__ = [
    "DeviceInSnapshot",
    "Extracted",
    "ExtractedDevice",
    "Snapshot",
    "SnapshotInfo",
    "SnapshotProblem",
    "extract",
    "found_devices",
    "read_snapshot",
    "reader_of",
]
