"""Reads Home Assistant's own backups and takes the backups of devices out of them, without unpacking the rest."""

from .extract import Extracted, ExtractedDevice, FoundDevice, extract, found_devices, reader_of
from .read import read_snapshot
from .records import Snapshot, SnapshotInfo, SnapshotProblem

__all__ = [
    "Extracted",
    "ExtractedDevice",
    "FoundDevice",
    "Snapshot",
    "SnapshotInfo",
    "SnapshotProblem",
    "extract",
    "found_devices",
    "read_snapshot",
    "reader_of",
]
