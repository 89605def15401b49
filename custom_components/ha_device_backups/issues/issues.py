"""Repairs: what a person has to know or to do, made and taken back by themselves."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.loader import async_get_loaded_integration

from ha_device_backup_core import in_language
from ha_device_backup_core.host import (
    DeviceBackupManager,
    DeviceKey,
    Health,
    JobResult,
    Problem,
    StoreError,
    StoreFullError,
    VerifyReport,
)

from ..const import DOMAIN
from ..coordinator import Coordinator, DeviceChange
from ..entries import DeviceBackupsConfigEntry
from ..page_paths import device_path, overview_path, packages_path, snapshots_path
from ..snapshots.deferred import async_publish
from ..translation import Phrases, bullets, escape_markdown, loaded_phrases, named
from ..wording.page_links import page_links
from ..wording.second_copy import second_copy_sentence

_LOGGER = logging.getLogger(__name__)

HANDLER_MISSING = "handler_missing"
STORE_DAMAGED = "store_damaged"
STORE_FULL = "store_full"
STORE_LARGE = "store_large"
DEVICES_OVERDUE = "devices_overdue"
SECOND_COPY = "second_copy_incomplete"

LARGE_BYTES = 200 * 1000 * 1000
SIZE_CHECK_INTERVAL = timedelta(hours=1)


@callback
def async_report_handler_missing(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, problem: Problem) -> None:
    """Report that a device cannot be backed up without its handler."""
    create_issue(
        hass,
        f"{HANDLER_MISSING}_{entry.entry_id}",
        HANDLER_MISSING,
        {
            **named(entry.title),
            "problem": escape_markdown(in_language(problem.message, hass.config.language)),
            "page": page_links(loaded_phrases(hass), ("page_packages", packages_path())),
        },
        severity=ir.IssueSeverity.ERROR,
    )


@callback
def async_clear_handler_missing(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Take that back."""
    delete_issue(hass, f"{HANDLER_MISSING}_{entry.entry_id}")


@callback
def async_forget_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Take back what was told about the device of an entry that is removed."""
    async_clear_handler_missing(hass, entry)


@callback
def async_report_damage(hass: HomeAssistant, report: VerifyReport, *, everything: bool) -> None:
    """Report what is damaged in the store; a report about everything that found nothing takes it back."""
    if report.problems:
        create_issue(
            hass,
            STORE_DAMAGED,
            STORE_DAMAGED,
            damage_placeholders(report, loaded_phrases(hass)),
            severity=ir.IssueSeverity.ERROR,
            is_fixable=True,
            is_persistent=True,
        )
    elif everything:
        delete_issue(hass, STORE_DAMAGED)


def damage_placeholders(report: VerifyReport, phrases: Phrases) -> dict[str, str]:
    """Return what a text about damage fills in."""
    return {
        "count": str(len(report.problems)),
        "files": bullets(f"`{damage.path}`" for damage in report.problems),
        "page": page_links(phrases, ("page_link", overview_path()), ("page_snapshots", snapshots_path())),
    }


@callback
def async_watch_issues(hass: HomeAssistant, manager: DeviceBackupManager, coordinator: Coordinator) -> None:
    """Follow the manager, and look at the size of the store each hour."""
    watch = IssueWatch(hass, manager)
    coordinator.watch(watch)
    async_track_time_interval(hass, watch.check_size, SIZE_CHECK_INTERVAL, cancel_on_shutdown=True)
    async_at_started(hass, watch.check_size)
    manager.stored.watch_second_copy(watch.check_second_copy)
    watch.check_second_copy()


class IssueWatch:
    """Owns which devices are overdue and could not be stored."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._overdue: dict[DeviceKey, str] = {}
        self._is_shown = True
        self._not_stored: dict[DeviceKey, str] = {}

    @callback
    def handle(self, change: DeviceChange) -> None:
        """Take in what is new about a device."""
        for event in change.events:
            if isinstance(event, JobResult):
                self._take_result(event)
        before = self._overdue.pop(change.key, None)
        if change.shown is not None and change.shown.status.health is Health.OVERDUE:
            self._overdue[change.key] = change.shown.status.title
        self._is_shown &= before == self._overdue.get(change.key)

    @callback
    def publish(self) -> None:
        """Report which devices are overdue, if those are others."""
        if self._is_shown:
            return
        self._is_shown = True
        if not self._overdue:
            delete_issue(self._hass, DEVICES_OVERDUE)
            return
        names = sorted(self._overdue.values(), key=str.casefold)
        placeholders = {"devices": bullets(map(escape_markdown, names)), "page": self._link_to_all()}
        create_issue(self._hass, DEVICES_OVERDUE, DEVICES_OVERDUE, placeholders, is_fixable=True)

    @callback
    def check_second_copy(self) -> None:
        """Report why the second copy is incomplete, until it is."""
        problem = self._manager.stored.second_copy_problem
        if problem is None:
            delete_issue(self._hass, SECOND_COPY)
        else:
            error = second_copy_sentence(self._hass, problem, self._hass.config.language)
            create_issue(self._hass, SECOND_COPY, SECOND_COPY, {"error": escape_markdown(error)})

    async def check_size(self, _: datetime | HomeAssistant) -> None:
        """Report when the backups of all devices, removed ones included, take up much."""
        try:
            size = await self._manager.stored.total_size()
        except StoreError as error:
            _LOGGER.debug("The size of the store is not known: %s", error)
            return
        if size <= LARGE_BYTES:
            delete_issue(self._hass, STORE_LARGE)
            return
        largest = sorted(self._manager.statuses(), key=lambda status: status.size, reverse=True)[:5]
        devices = bullets(
            f"[{escape_markdown(status.title)}]({device_path(status.key)}): {_megabytes(status.size)} MB"
            for status in largest
        )
        create_issue(self._hass, STORE_LARGE, STORE_LARGE, {"size": _megabytes(size), "devices": devices})

    def _take_result(self, result: JobResult) -> None:
        before = dict(self._not_stored)
        if isinstance(result.error, StoreFullError):
            self._not_stored[result.key] = result.title
        elif result.error is None:
            self._not_stored.clear()
        if self._not_stored and self._not_stored != before:
            names = escape_markdown(", ".join(sorted(self._not_stored.values(), key=str.casefold)))
            placeholders = {"name": names, "page": self._link_to_all()}
            create_issue(self._hass, STORE_FULL, STORE_FULL, placeholders, severity=ir.IssueSeverity.ERROR)
        elif before and not self._not_stored:
            delete_issue(self._hass, STORE_FULL)

    def _link_to_all(self) -> str:
        return page_links(loaded_phrases(self._hass), ("page_link", overview_path()))


def _megabytes(size: int) -> str:
    return str(round(size / 1_000_000))


def create_issue(
    hass: HomeAssistant,
    issue_id: str,
    translation_key: str,
    placeholders: Mapping[str, str],
    *,
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING,
    is_fixable: bool = False,
    is_persistent: bool = False,
) -> None:
    """Make an issue, once no snapshot is being made."""
    documentation = async_get_loaded_integration(hass, DOMAIN).documentation
    create = partial(
        ir.async_create_issue,
        hass,
        DOMAIN,
        issue_id,
        is_fixable=is_fixable,
        is_persistent=is_persistent,
        learn_more_url=f"{documentation}/blob/main/docs/troubleshooting.md",
        severity=severity,
        translation_key=translation_key,
        translation_placeholders=dict(placeholders),
    )
    async_publish(hass, f"issue {issue_id}", create)


def delete_issue(hass: HomeAssistant, issue_id: str) -> None:
    """Take something back, once no snapshot is being made."""
    async_publish(hass, f"issue {issue_id}", partial(ir.async_delete_issue, hass, DOMAIN, issue_id))
