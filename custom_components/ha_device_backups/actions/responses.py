"""What the actions answer: plain values, for people and for automations."""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.exceptions import HomeAssistantError

from ha_device_backup_core import DeviceBackupError, RestoreReport
from ha_device_backup_core.host import (
    Backup,
    DeviceBackupManager,
    DeviceKey,
    JobResult,
    RestorePreview,
    RestoreResult,
    VerifyReport,
)

from ..const import DOMAIN
from ..translation import Phrases
from ..wording.gaps import suspicion_text

type ActionResponse = dict[str, Any]


def raise_if_any_failed(results: Iterable[JobResult], render: Callable[[DeviceBackupError], str]) -> None:
    """Raise one error that names every device that could not be backed up."""
    failures = [f"{result.title}: {render(result.error)}" for result in results if result.error is not None]
    if failures:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backups_failed",
            translation_placeholders={"failures": " ".join(failures)},
        )


def result_answer(
    result: JobResult, device_id: str | None, render: Callable[[DeviceBackupError], str], language: str
) -> ActionResponse:
    """Describe how a backup ended."""
    return {
        "device_id": device_id,
        "device_key": str(result.key),
        "title": result.title,
        "outcome": result.outcome.value,
        "backup_id": result.backup and result.backup.id,
        "whole": result.backup and result.backup.whole,
        **gaps_answer(result.backup, language),
        "suspect": suspicion_text(result.backup, language),
        "error": None if result.error is None else {"code": result.error.code, "message": render(result.error)},
        "retry_at": result.will_retry_at and result.will_retry_at.isoformat(),
    }


def backup_answer(backup: Backup, language: str) -> ActionResponse:
    """Describe a stored backup."""
    document = backup.to_dict(language)
    return {"backup_id": document.pop("id"), **document}


def gaps_answer(backup: Backup | None, language: str) -> ActionResponse:
    """Describe what a backup does not hold, and what is in doubt in it."""
    document = {} if backup is None else backup.to_dict(language)
    return {name: document.get(name, []) for name in ("missing", "doubts")}


def snapshots_with(manager: DeviceBackupManager, key: DeviceKey, backup_id: str) -> list[str]:
    """Return the ids of the Home Assistant backups that are known to carry the backup, newest first."""
    return [record.id for record in manager.snapshots if record.id and record.devices.get(key) == backup_id]


def verify_answer(
    reports: Iterable[VerifyReport], waiting: Iterable[str] | None, phrases: Phrases, language: str
) -> ActionResponse:
    """Describe what was verified; with `waiting`, the devices that need somebody, its message is about all devices."""
    reports = tuple(reports)
    problems = tuple(damage for report in reports for damage in report.problems)
    report = VerifyReport(checked=sum(report.checked for report in reports), problems=problems)
    damaged, count = _damaged(reports), str(report.checked)
    sentences = [phrases("verified_damaged", **damaged) if damaged else phrases("verified_undamaged", count=count)]
    if waiting is not None:
        names = ", ".join(waiting)
        sentences.append(phrases("page_all_person", names=names) if names else phrases("verified_good"))
    return {**report.to_dict(language), "title": phrases("page_title"), "message": " ".join(sentences)}


def raise_if_damaged(reports: Iterable[VerifyReport]) -> None:
    """Raise an error that names every damaged file."""
    if damaged := _damaged(reports):
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="verify_found_damage", translation_placeholders=damaged
        )


def _damaged(reports: Iterable[VerifyReport]) -> dict[str, str]:
    """Return how many files are damaged and which; nothing if none is."""
    paths = [damage.path for report in reports for damage in report.problems]
    return {"count": str(len(paths)), "files": ", ".join(paths)} if paths else {}


def plan_answer(preview: RestorePreview, language: str) -> ActionResponse:
    """Describe what a restore would do."""
    return {
        "backup_id": preview.backup.id,
        "taken_at": preview.backup.taken_at.isoformat(),
        **gaps_answer(preview.backup, language),
        "device_version": preview.device.version,
        "backup_version": preview.backup.device.version,
        **preview.plan.to_dict(language),
    }


def restore_answer(result: RestoreResult, render: Callable[[DeviceBackupError], str], language: str) -> ActionResponse:
    """Describe what a restore did."""
    report = result.report or RestoreReport()
    after = result.after
    return {
        "backup_id": result.backup.id,
        "taken_at": result.backup.taken_at.isoformat(),
        **gaps_answer(result.backup, language),
        "safety_backup_id": result.safety_backup and result.safety_backup.id,
        "backup_after": None if after is None or after.backup is None else after.backup.id,
        "backup_after_error": None if after is None or after.error is None else render(after.error),
        **report.to_dict(language),
    }
