"""The backup manager and what it puts together; `BackupManager` is the facade that everybody else uses."""

from .attending import ANY_PERSON
from .health import Health
from .manager import BackupManager
from .settings import Defaults, DeviceSettings
from .snapshot import SnapshotManifest, SnapshotRecord
from .status import (
    DeviceStatus,
    Event,
    JobResult,
    PromptChanged,
    RestorePreview,
    RestoreResult,
    ShownPrompt,
    StatusChanged,
)
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
