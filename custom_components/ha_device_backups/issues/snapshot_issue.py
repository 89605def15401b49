"""The repair about backups that are in no Home Assistant backup for longer than usual."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ha_device_backup_core.host import DeviceBackupManager, too_long_without_snapshot

from ..coordinator import Coordinator
from ..page_paths import overview_path
from ..translation import bullets, escape_markdown, loaded_phrases, moment
from ..wording.page_links import page_links
from .issues import create_issue, delete_issue

NOT_IN_SNAPSHOT = "not_in_snapshot"
LOOK_INTERVAL = timedelta(hours=1)


@callback
def async_watch_snapshot_issue(hass: HomeAssistant, manager: DeviceBackupManager, coordinator: Coordinator) -> None:
    """Look after changes, and each hour: that Home Assistant makes no backups any more is no change."""
    issue = SnapshotIssue(hass, manager, coordinator)
    coordinator.listen_overview(issue.look)
    async_track_time_interval(hass, issue.look, LOOK_INTERVAL, cancel_on_shutdown=True)


class SnapshotIssue:
    """Owns which devices are told."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager, coordinator: Coordinator) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._coordinator = coordinator
        self._shown: list[str] = []

    @callback
    def look(self, _: datetime | None = None) -> None:
        """Report which they are, if those are others."""
        snapshot = self._manager.newest_snapshot
        statuses = (device.status for device in self._coordinator.shown.values())
        outside = too_long_without_snapshot(self._manager.snapshots, statuses, dt_util.utcnow())
        titles = sorted((status.title for status in outside), key=str.casefold)
        if titles == self._shown:
            return
        self._shown = titles
        if snapshot is None or not titles:
            delete_issue(self._hass, NOT_IN_SNAPSHOT)
            return
        phrases = loaded_phrases(self._hass)
        date = moment(snapshot.at, phrases)
        devices = bullets(map(escape_markdown, titles))
        page = page_links(phrases, ("page_link", overview_path()))
        create_issue(self._hass, NOT_IN_SNAPSHOT, NOT_IN_SNAPSHOT, {"devices": devices, "date": date, "page": page})
