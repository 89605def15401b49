"""Notes which device backups each backup of Home Assistant carries, and when the next automatic one is due."""

import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.backup import CreateBackupEvent, CreateBackupState, IdleEvent, ManagerBackup
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.components.backup.const import DOMAIN as BACKUP_DOMAIN
from homeassistant.components.backup.manager import BackupManager, ManagerStateEvent
from homeassistant.const import EVENT_COMPONENT_LOADED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import UNKNOWN_RESULT, SnapshotManifest, SnapshotRecord

from ..const import DOMAIN
from ..manager import async_running_manager

_LOGGER = logging.getLogger(__name__)

AUTOMATIC_TIME_INTERVAL = timedelta(minutes=15)
CLOCK_TOLERANCE = timedelta(seconds=2)

_WATCH: "HassKey[SnapshotWatch]" = HassKey(f"{DOMAIN}_snapshot_watch")


@callback
def async_watch_snapshots(hass: HomeAssistant) -> None:
    """Follow Home Assistant's own backup manager, as soon as there is one."""
    watch = hass.data[_WATCH] = SnapshotWatch(hass)

    @callback
    def begin(event: Event | None = None) -> None:
        if event is None or event.data["component"] == BACKUP_DOMAIN:
            hass.data[DATA_MANAGER].async_subscribe_events(watch.handle)
            watch.read_automatic_time()

    if BACKUP_DOMAIN in hass.config.components:
        begin()
    else:
        hass.bus.async_listen(EVENT_COMPONENT_LOADED, begin)
    async_track_time_interval(hass, watch.read_automatic_time, AUTOMATIC_TIME_INTERVAL, cancel_on_shutdown=True)


@callback
def async_read_automatic_time(hass: HomeAssistant) -> None:
    """Tell the manager when Home Assistant's next automatic backup is due."""
    if (watch := hass.data.get(_WATCH)) is not None:
        watch.read_automatic_time()


@callback
def async_note_end_of_snapshot(hass: HomeAssistant) -> None:
    """Take in that the files for a snapshot have been read."""
    if (watch := hass.data.get(_WATCH)) is not None:
        watch.note_end()


class SnapshotWatch:
    """Owns when the snapshot under way was begun; None where Home Assistant's backup manager began none."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without one."""
        self._hass = hass
        self._begun: datetime | None = None

    @callback
    def handle(self, event: ManagerStateEvent) -> None:
        """Take in what Home Assistant's manager tells; nothing may be raised into it."""
        try:
            if isinstance(event, CreateBackupEvent):
                self._take(event)
            elif isinstance(event, IdleEvent):
                self._begun = None
            self.read_automatic_time()
        except Exception:
            _LOGGER.exception("What a Home Assistant backup carries could not be noted")

    @callback
    def read_automatic_time(self, _: datetime | None = None) -> None:
        """Tell the manager when the next automatic backup is due."""
        manager = async_running_manager(self._hass)
        home_assistant = self._home_assistant
        if manager is not None:
            manager.set_automatic_backup_time(
                None if home_assistant is None else home_assistant.config.data.schedule.next_automatic_backup
            )

    @callback
    def note_end(self) -> None:
        """Note a snapshot that somebody else began: nobody will tell how it ends."""
        if self._begun is None:
            manifest = self._manifest_since(None)
            if manifest is not None:
                self._record(SnapshotRecord.of(manifest, id=UNKNOWN_RESULT))

    @property
    def _home_assistant(self) -> BackupManager | None:
        return self._hass.data.get(DATA_MANAGER) if BACKUP_DOMAIN in self._hass.config.components else None

    def _take(self, event: CreateBackupEvent) -> None:
        if event.state is CreateBackupState.IN_PROGRESS:
            self._begun = self._begun or dt_util.utcnow()
        elif event.state is CreateBackupState.COMPLETED and self._begun is not None:
            manifest = self._manifest_since(self._begun)
            if manifest is not None:
                self._run(self._find_and_record(manifest, self._begun))

    def _manifest_since(self, begun: datetime | None) -> SnapshotManifest | None:
        manager = async_running_manager(self._hass)
        manifest = None if manager is None else manager.last_snapshot
        return manifest if manifest is not None and (begun is None or manifest.at >= begun) else None

    async def _find_and_record(self, manifest: SnapshotManifest, begun: datetime) -> None:
        home_assistant = self._home_assistant
        backups = {} if home_assistant is None else (await home_assistant.async_get_backups())[0]
        made = [backup for backup in backups.values() if _is_ours(backup) and _date(backup) >= begun - CLOCK_TOLERANCE]
        newest = max(made, key=_date, default=None)
        if newest is None:
            await self._keep(SnapshotRecord.of(manifest, id=UNKNOWN_RESULT))
        else:
            await self._keep(SnapshotRecord.of(manifest, id=newest.backup_id, name=newest.name))

    def _record(self, record: SnapshotRecord) -> None:
        self._run(self._keep(record))

    async def _keep(self, record: SnapshotRecord) -> None:
        manager = async_running_manager(self._hass)
        if manager is None:
            return
        try:
            await manager.record_snapshot(record)
        except DeviceBackupError as error:
            _LOGGER.warning("What a Home Assistant backup carries could not be stored: %s", error)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._hass.async_create_background_task(work, f"{DOMAIN} record of a snapshot")


def _is_ours(backup: ManagerBackup) -> bool:
    """Return whether this Home Assistant made the backup, and it holds the configuration folder."""
    return backup.homeassistant_included and backup.with_automatic_settings is not None


def _date(backup: ManagerBackup) -> datetime:
    return dt_util.parse_datetime(backup.date) or datetime.min.replace(tzinfo=dt_util.UTC)
