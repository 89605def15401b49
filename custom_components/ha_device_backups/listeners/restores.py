"""Tells the people at home how a restore ended, whether somebody follows it or not."""

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import (
    BackupNotFoundError,
    Decision,
    DeviceBackupManager,
    DeviceKey,
    ManagerEvent,
    RestoreResult,
)

from ..const import DOMAIN
from ..issues.way_on import repair_leads_on
from ..page_paths import device_path, restore_path
from ..translation import escape_markdown, loaded_phrases
from ..wording.page_links import page_links
from ..wording.restore_report import restore_message, undo_text


@callback
def async_watch_restores(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Follow them."""

    @callback
    def follow(event: ManagerEvent) -> None:
        if isinstance(event, RestoreResult):
            _show(hass, manager, event)

    manager.subscribe(follow)


@callback
def async_take_back_end_of_restore(hass: HomeAssistant, key: DeviceKey, result: RestoreResult | None) -> None:
    """Take the notification away from somebody who has just read the same, unless it lists what is left to do."""
    if result is None or result.report is None or not result.report.needs:
        persistent_notification.async_dismiss(hass, _notification_id(key))


def _notification_id(key: DeviceKey) -> str:
    return f"{DOMAIN}_restore_{key}"


def _show(hass: HomeAssistant, manager: DeviceBackupManager, result: RestoreResult) -> None:
    phrases = loaded_phrases(hass)
    parts = [restore_message(hass, result, escape_markdown)]
    if result.error is None and (undo := undo_text(result, phrases, escape_markdown)) is not None:
        parts.append(undo)
    if _is_unfinished(manager, result.key):
        parts.append(repair_leads_on(hass, Decision.RESTORE_UNFINISHED, result.title, phrases))
    key = result.key
    path = device_path(key) if result.error is None else restore_path(key, result.backup.id, result.backup.key)
    links = [("page_link", path)]
    if result.error is None and result.safety_backup is not None:
        links.append(("page_undo", restore_path(key, result.safety_backup.id)))
    parts.append(page_links(phrases, *links))
    title = phrases("event_restored" if result.error is None else "event_restore_failed", name=result.title)
    persistent_notification.async_create(hass, "\n\n".join(parts), title, _notification_id(key))


def _is_unfinished(manager: DeviceBackupManager, key: DeviceKey) -> bool:
    try:
        return manager.status(key).unfinished_restore is not None
    except BackupNotFoundError:
        return False
