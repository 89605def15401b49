"""The backup manager and what it puts together; `BackupManager` is the facade that everybody else uses."""

from .events import (
    DeviceStatus,
    Event,
    JobResult,
    PromptChanged,
    RestorePreview,
    RestoreResult,
    ShownPrompt,
    StatusChanged,
)
from .health import Health
from .manager import BackupManager
from .prompts import ANY_PERSON
from .settings import Defaults, DeviceSettings
from .snapshot_records import SnapshotManifest, SnapshotRecord
from .timers import Timers

__all__ = [
    "ANY_PERSON",
    "BackupManager",
    "Defaults",
    "DeviceSettings",
    "DeviceStatus",
    "Event",
    "Health",
    "JobResult",
    "PromptChanged",
    "RestorePreview",
    "RestoreResult",
    "ShownPrompt",
    "SnapshotManifest",
    "SnapshotRecord",
    "StatusChanged",
    "Timers",
]
