"""The backup manager and what it puts together; `BackupManager` is the facade that everybody else uses."""

from .health import Health
from .manager import BackupManager
from .settings import Defaults, DeviceSettings
from .snapshot import SnapshotManifest, SnapshotRecord
from .status import DeviceStatus, Event, JobResult, StatusChanged
from .timers import Timers

__all__ = [
    "BackupManager",
    "Defaults",
    "DeviceSettings",
    "DeviceStatus",
    "Event",
    "Health",
    "JobResult",
    "SnapshotManifest",
    "SnapshotRecord",
    "StatusChanged",
    "Timers",
]
