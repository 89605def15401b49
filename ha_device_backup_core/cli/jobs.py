"""How a backup of a device went, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core import DeviceBackupError, Text
from ha_device_backup_core.host import (
    DeviceKey,
    JobResult,
    Outcome,
    Trigger,
    endpoint,
    in_persons_language,
    persons_language,
)

from .output import OUTCOMES, JsonDocument, backup_document, device_document, device_name, error_document, what_it_holds
from .translation import _


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceToBackUp:
    """A device, known by its configuration."""

    kind: str
    title: str | None
    config: Mapping[str, object] = field(repr=False)
    error: DeviceBackupError | None = None
    """Why it is not even asked."""

    @property
    def name(self) -> str:
        """Return what the person calls it, or where it is."""
        return self.title or endpoint(DeviceKey(self.kind, ""), self.config).removesuffix(":")


def failed(wanted: DeviceToBackUp, error: DeviceBackupError) -> JobResult:
    """Return the result of a backup that could not begin."""
    key = DeviceKey(wanted.kind, "")
    return JobResult(key=key, title=wanted.name, outcome=Outcome.FAILED, trigger=Trigger.MANUAL, error=error)


def result_document(result: JobResult, root: Path) -> JsonDocument:
    """Return the result for programs."""
    return {
        "outcome": result.outcome,
        "device": None if result.device is None else device_document(result.device),
        "backup": None if result.backup is None else backup_document(result.backup, root),
        "error": None if result.error is None else error_document(result.error),
    }


def sentence(wanted: DeviceToBackUp, result: JobResult) -> Text:
    """Return the result for people."""
    if result.device is None or result.backup is None:
        error = "" if result.error is None else result.error.in_language(persons_language())
        return f"{wanted.name}: {in_persons_language(OUTCOMES[result.outcome])}. {error}"
    return _(
        "{device}: {outcome}, {backup_id}, {size} bytes, {what}",
        device=wanted.title or device_name(result.device),
        outcome=OUTCOMES[result.outcome],
        backup_id=result.backup.id,
        size=result.backup.artifact.size,
        what=what_it_holds(result.backup),
    )
