"""For hosts: what runs handlers, keeps their backups and gives them back; everything else in the core may change."""

from .addresses import address_of
from .agent import wire
from .agent.client import AgentClient, AgentHello, AgentRepository, PairedAgent
from .agent.kinds import RemoteKind, kept_kinds, kinds_document
from .agent.pair import FoundAgent, find_agent, pair
from .agent.protocol import AGENT_SERVICE
from .changes import Change, Comparison, FileComparison, FileVersion, SettingChange, comparison_document
from .config.config import parse_config, redacted_config
from .contract import KEPT, KEPT_EXTENT, MAX_ARTIFACT_BYTES, MEBIBYTE, WELL_KNOWN_FIELDS
from .damage import VerifyReport
from .discovery import Announcement, FoundDevice, WantedDevices, match, wanted_devices
from .errors import (
    AgentAwayError,
    AgentError,
    AgentNotTrustedError,
    AgentRefusedError,
    AgentVersionError,
    BackupNeededError,
    BackupNotFoundError,
    BackupProtectedError,
    HandlerCrashedError,
    HandlerUnavailableError,
    SnapshotError,
    SnapshotPasswordError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    UnreadableFileError,
    UnusableFileError,
)
from .files import (
    BackupFile,
    FoundFile,
    ImportBatch,
    ImportedFile,
    RefusedFile,
    backup_at,
    bare_backup,
    bare_path,
    described_at,
    found_files,
)
from .fingerprints import certificate_fingerprint, ssh_fingerprint
from .hiding import distinguishable
from .identity import can_be_own, identity_of, is_another, is_assigned, new_assigned_identity
from .jobs.artifact_jobs import pure, results_of
from .jobs.http_session import SessionFactory
from .jobs.runner import HandlerJob, demand_same, open_job, put_back
from .jobs.time_limit import JobLimits
from .manager import ANYONE, DeviceBackupManager
from .manager.decisions import Decision, decision_of
from .manager.device_state import DeviceState, is_problem, state_of
from .manager.events import (
    DeviceStatus,
    IdentityLearned,
    JobResult,
    ManagerEvent,
    PromptChanged,
    RestorePreview,
    RestoreProgressed,
    RestoreResult,
    ShownPrompt,
    StatusChanged,
)
from .manager.health import Health, fresh_at, is_passing
from .manager.import_job import artifact_of_file
from .manager.recovery import Recovery, RecoveryRow, RecoveryStep
from .manager.restore_request import RunningRestore
from .manager.reviews import Caution, Finding, Review
from .manager.settings import MAX_OVERDUE_DAYS, REMIND_DAYS, Defaults, DeviceSettings, OverdueDays, endpoint
from .manager.snapshot_coverage import is_in_snapshot, too_long_without_snapshot
from .manager.snapshot_guard import LONGEST_SNAPSHOT
from .manager.snapshot_records import UNKNOWN_RESULT, SnapshotManifest, SnapshotRecord
from .manager.visits import Visit
from .matchers import Matcher
from .package_problems import Problem, ProblemKind
from .packages.core_version import core_faults, installed_core, requirements_of
from .packages.install_transaction import (
    InstallEnvironment,
    InstallResult,
    PackageInstaller,
    add_package,
    look_for_newer,
)
from .packages.installer import Installer
from .packages.overview import PackageOrigin, PackageOverview, packages_overview
from .packages.release import release_url
from .packages.requirement import PackageError, PackageRecord, PackageVersion
from .packages.titles import PackageTitles
from .plugins.entry_points import PackageEntry, normal_name
from .plugins.kind_files import MOST_BYTES_OF_KIND_FILE, KindFile, ReadKindFile, kind_files_in
from .plugins.ownership import FILE, Ownership
from .plugins.registry import HandlerRegistry, HandlerScanner, RegisteredHandler
from .plugins.trial import try_packages
from .plugins.unusable import UnusableError
from .policies.retention import RetentionPolicy
from .policies.retry import MAX_ATTEMPTS, RetryPolicy
from .policies.schedule import MAX_HOURS, Schedule, ScheduleKind
from .records import (
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    Outcome,
    StoredSummary,
    Trigger,
    UnfinishedRestore,
    offered_of,
    recommended_of,
)
from .snapshot_files import why_file_is_no_backup_of_device
from .snapshots import (
    DeviceInSnapshot,
    Extracted,
    Snapshot,
    SnapshotInfo,
    SnapshotProblem,
    extract,
    found_devices,
    read_snapshot,
    reader_of,
)
from .store.atomic_files import sync_folder
from .store.folder_checks import FolderChecks
from .store.merging import Merged, ids_here
from .store.names import KINDS_FOLDER
from .store.root import require_store_to_fill, try_place_for_copy
from .store.store_errors import as_store_error, system_words
from .terminal_language import in_persons_language, language_of, persons_language
from .text import joined, numbered, plain, shown_name
from .unexpected import expected_errors_only

__all__ = [
    "AGENT_SERVICE",
    "ANYONE",
    "FILE",
    "KEPT",
    "KEPT_EXTENT",
    "KINDS_FOLDER",
    "LONGEST_SNAPSHOT",
    "MAX_ARTIFACT_BYTES",
    "MAX_ATTEMPTS",
    "MAX_HOURS",
    "MAX_OVERDUE_DAYS",
    "MEBIBYTE",
    "MOST_BYTES_OF_KIND_FILE",
    "REMIND_DAYS",
    "UNKNOWN_RESULT",
    "WELL_KNOWN_FIELDS",
    "AgentAwayError",
    "AgentClient",
    "AgentError",
    "AgentHello",
    "AgentNotTrustedError",
    "AgentRefusedError",
    "AgentRepository",
    "AgentVersionError",
    "Announcement",
    "Attempt",
    "Backup",
    "BackupFile",
    "BackupNeededError",
    "BackupNotFoundError",
    "BackupProtectedError",
    "Caution",
    "Change",
    "Comparison",
    "Decision",
    "Defaults",
    "DeviceBackupManager",
    "DeviceInSnapshot",
    "DeviceKey",
    "DeviceRecord",
    "DeviceSettings",
    "DeviceState",
    "DeviceStatus",
    "Extracted",
    "FileComparison",
    "FileVersion",
    "Finding",
    "FolderChecks",
    "FoundAgent",
    "FoundDevice",
    "FoundFile",
    "HandlerCrashedError",
    "HandlerJob",
    "HandlerRegistry",
    "HandlerScanner",
    "HandlerUnavailableError",
    "Health",
    "IdentityLearned",
    "ImportBatch",
    "ImportedFile",
    "InstallEnvironment",
    "InstallResult",
    "Installer",
    "JobLimits",
    "JobResult",
    "KindFile",
    "ManagerEvent",
    "Matcher",
    "Merged",
    "Outcome",
    "OverdueDays",
    "Ownership",
    "PackageEntry",
    "PackageError",
    "PackageInstaller",
    "PackageOrigin",
    "PackageOverview",
    "PackageRecord",
    "PackageTitles",
    "PackageVersion",
    "PairedAgent",
    "Problem",
    "ProblemKind",
    "PromptChanged",
    "ReadKindFile",
    "Recovery",
    "RecoveryRow",
    "RecoveryStep",
    "RefusedFile",
    "RegisteredHandler",
    "RemoteKind",
    "RestorePreview",
    "RestoreProgressed",
    "RestoreResult",
    "RetentionPolicy",
    "RetryPolicy",
    "Review",
    "RunningRestore",
    "Schedule",
    "ScheduleKind",
    "SessionFactory",
    "SettingChange",
    "ShownPrompt",
    "Snapshot",
    "SnapshotError",
    "SnapshotInfo",
    "SnapshotManifest",
    "SnapshotPasswordError",
    "SnapshotProblem",
    "SnapshotRecord",
    "StatusChanged",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "StoredSummary",
    "Trigger",
    "UnfinishedRestore",
    "UnreadableFileError",
    "UnusableError",
    "UnusableFileError",
    "VerifyReport",
    "Visit",
    "WantedDevices",
    "add_package",
    "address_of",
    "artifact_of_file",
    "as_store_error",
    "backup_at",
    "bare_backup",
    "bare_path",
    "can_be_own",
    "certificate_fingerprint",
    "comparison_document",
    "core_faults",
    "decision_of",
    "demand_same",
    "described_at",
    "distinguishable",
    "endpoint",
    "expected_errors_only",
    "extract",
    "find_agent",
    "found_devices",
    "found_files",
    "fresh_at",
    "identity_of",
    "ids_here",
    "in_persons_language",
    "installed_core",
    "is_another",
    "is_assigned",
    "is_in_snapshot",
    "is_passing",
    "is_problem",
    "joined",
    "kept_kinds",
    "kind_files_in",
    "kinds_document",
    "language_of",
    "look_for_newer",
    "match",
    "new_assigned_identity",
    "normal_name",
    "numbered",
    "offered_of",
    "open_job",
    "packages_overview",
    "pair",
    "parse_config",
    "persons_language",
    "plain",
    "pure",
    "put_back",
    "read_snapshot",
    "reader_of",
    "recommended_of",
    "redacted_config",
    "release_url",
    "require_store_to_fill",
    "requirements_of",
    "results_of",
    "shown_name",
    "ssh_fingerprint",
    "state_of",
    "sync_folder",
    "system_words",
    "too_long_without_snapshot",
    "try_packages",
    "try_place_for_copy",
    "wanted_devices",
    "why_file_is_no_backup_of_device",
    "wire",
]
