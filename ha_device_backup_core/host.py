"""For hosts: what runs handlers, keeps their backups and gives them back; everything else in the core may change."""

from .changes import comparison_document
from .config.config import parse_config, redacted_config
from .contract import MAX_ARTIFACT_BYTES, MEBIBYTE, WELL_KNOWN_FIELDS
from .errors import (
    BackupNeededError,
    BackupNotFoundError,
    BackupProtectedError,
    HandlerCrashedError,
    HandlerUnavailableError,
    Problem,
    ProblemKind,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    UnreadableFileError,
)
from .identity import address_of, can_tell, identity_of, is_another, is_assigned, new_assigned_identity
from .manager import ANY_PERSON, BackupManager
from .manager.device_state import DeviceState, is_problem, state_of
from .manager.events import (
    DeviceStatus,
    Event,
    IdentityLearned,
    JobResult,
    PromptChanged,
    RestorePreview,
    RestoreProgressed,
    RestoreResult,
    ShownPrompt,
    StatusChanged,
)
from .manager.health import Health, fresh_at, is_passing
from .manager.import_job import artifact_of_file
from .manager.settings import MAX_OVERDUE_DAYS, REMIND_DAYS, Defaults, DeviceSettings, OverdueDays
from .manager.snapshot_records import SnapshotManifest, SnapshotRecord
from .matchers import Matcher
from .plugins.entry_points import PackageEntry, normal_name
from .plugins.isolated_import import EXAMINATION_SECONDS, Examination, examine_package
from .plugins.ownership import Ownership
from .plugins.registry import HandlerRegistry, HandlerScanner, RegisteredHandler
from .plugins.trial import try_packages
from .plugins.unusable import UnusableError
from .policies.retention import RetentionPolicy
from .policies.retry import MAX_ATTEMPTS, RetryPolicy
from .policies.schedule import MAX_HOURS, Schedule, ScheduleKind
from .records import Attempt, Backup, DeviceKey, Outcome, Trigger, UnfinishedRestore, VerifyReport, recommended_of
from .store.root import require_place_for_copy
from .text import numbered

__all__ = [
    "ANY_PERSON",
    "EXAMINATION_SECONDS",
    "MAX_ARTIFACT_BYTES",
    "MAX_ATTEMPTS",
    "MAX_HOURS",
    "MAX_OVERDUE_DAYS",
    "MEBIBYTE",
    "REMIND_DAYS",
    "WELL_KNOWN_FIELDS",
    "Attempt",
    "Backup",
    "BackupManager",
    "BackupNeededError",
    "BackupNotFoundError",
    "BackupProtectedError",
    "Defaults",
    "DeviceKey",
    "DeviceSettings",
    "DeviceState",
    "DeviceStatus",
    "Event",
    "Examination",
    "HandlerCrashedError",
    "HandlerRegistry",
    "HandlerScanner",
    "HandlerUnavailableError",
    "Health",
    "IdentityLearned",
    "JobResult",
    "Matcher",
    "Outcome",
    "OverdueDays",
    "Ownership",
    "PackageEntry",
    "Problem",
    "ProblemKind",
    "PromptChanged",
    "RegisteredHandler",
    "RestorePreview",
    "RestoreProgressed",
    "RestoreResult",
    "RetentionPolicy",
    "RetryPolicy",
    "Schedule",
    "ScheduleKind",
    "ShownPrompt",
    "SnapshotManifest",
    "SnapshotRecord",
    "StatusChanged",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "Trigger",
    "UnfinishedRestore",
    "UnreadableFileError",
    "UnusableError",
    "VerifyReport",
    "address_of",
    "artifact_of_file",
    "can_tell",
    "comparison_document",
    "examine_package",
    "fresh_at",
    "identity_of",
    "is_another",
    "is_assigned",
    "is_passing",
    "is_problem",
    "new_assigned_identity",
    "normal_name",
    "numbered",
    "parse_config",
    "recommended_of",
    "redacted_config",
    "require_place_for_copy",
    "state_of",
    "try_packages",
]
