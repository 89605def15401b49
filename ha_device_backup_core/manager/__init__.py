"""The backup manager and what it puts together; `DeviceBackupManager` is the facade that everybody else uses."""

from .events import (
    DeviceStatus,
    JobResult,
    ManagerEvent,
    PromptChanged,
    RestorePreview,
    RestoreResult,
    ShownPrompt,
    StatusChanged,
)
from .health import Health
from .manager import DeviceBackupManager
from .prompts import ANYONE
from .settings import Defaults, DeviceSettings
from .snapshot_records import SnapshotManifest, SnapshotRecord
from .stored_backups import StoredBackups
from .timers import Timers

__all__ = [
    "ANYONE",
    "Defaults",
    "DeviceBackupManager",
    "DeviceSettings",
    "DeviceStatus",
    "Health",
    "JobResult",
    "ManagerEvent",
    "PromptChanged",
    "RestorePreview",
    "RestoreResult",
    "ShownPrompt",
    "SnapshotManifest",
    "SnapshotRecord",
    "StatusChanged",
    "StoredBackups",
    "Timers",
]
