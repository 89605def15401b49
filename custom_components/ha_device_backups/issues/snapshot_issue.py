"""The repair about backups that are in no Home Assistant backup for longer than usual."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ha_device_backup_core.host import BackupManager

from ..coordinator import Coordinator
from ..dates import moment
from ..snapshots.newest import newest_snapshot, too_long_outside
from ..translation import bullets, plain
from .issues import create_issue, delete_issue

NOT_IN_SNAPSHOT = "not_in_snapshot"
LOOK_INTERVAL = timedelta(hours=1)


@callback
def async_watch_snapshot_issue(hass: HomeAssistant, manager: BackupManager, coordinator: Coordinator) -> None:
    """Look after changes, and each hour: that Home Assistant makes no backups any more is no change."""
    issue = SnapshotIssue(hass, manager, coordinator)
    coordinator.listen_overview(issue.look)
    async_track_time_interval(hass, issue.look, LOOK_INTERVAL, cancel_on_shutdown=True)


class SnapshotIssue:
    """Owns which devices are told."""

    def __init__(self, hass: HomeAssistant, manager: BackupManager, coordinator: Coordinator) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._coordinator = coordinator
        self._told: list[str] = []

    @callback
    def look(self, _: datetime | None = None) -> None:
        """Tell which they are, if those are others."""
        snapshot = newest_snapshot(self._manager)
        titles = too_long_outside(self._manager.snapshots, self._coordinator.shown.values(), dt_util.utcnow())
        if titles == self._told:
            return
        self._told = titles
        if snapshot is None or not titles:
            delete_issue(self._hass, NOT_IN_SNAPSHOT)
            return
        date = moment(snapshot.at, self._hass.config.language)
        devices = bullets(map(plain, titles))
        create_issue(self._hass, NOT_IN_SNAPSHOT, NOT_IN_SNAPSHOT, {"devices": devices, "date": date})
