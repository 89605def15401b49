"""The backup of Home Assistant that somebody looks into: read once, kept for a while, and deleted again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    KINDS_FOLDER,
    Backup,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceInSnapshot,
    DeviceKey,
    Merged,
    Snapshot,
    SnapshotError,
    as_store_error,
    found_devices,
    ids_here,
    kind_files_in,
    read_snapshot,
    reader_of,
)

from ..const import DOMAIN
from ..packages.recipes import async_take_kind
from .sources import FetchedFile, SnapshotSource, StoppedError, WatchedFile, async_stream
from .temporary import async_remove_temporary, async_temporary_folder

_LOGGER = logging.getLogger(__name__)
KEPT = timedelta(hours=1)
"""How long what was unpacked stays without any use."""

_DESK: "HassKey[SnapshotDesk]" = HassKey(f"{DOMAIN}_snapshot_desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """What lies open: nothing without a source; being read while there is neither a result nor an error."""

    source: SnapshotSource | None = None
    read: int = 0
    """Bytes that went by."""
    error: DeviceBackupError | None = None
    snapshot: Snapshot | None = None
    devices: tuple[DeviceInSnapshot, ...] = ()

    @property
    def is_reading(self) -> bool:
        """Return whether it is still being read."""
        return self.source is not None and self.error is None and self.snapshot is None


class SnapshotDesk:
    """Owns the one backup of Home Assistant that is open."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self.state = DeskState()
        self._watchers: list[Callable[[], None]] = []
        self._working = asyncio.Lock()
        self._file: WatchedFile | None = None
        self._reading: asyncio.Task[None] | None = None
        self._folder: Path | None = None
        self._cancel_end: CALLBACK_TYPE | None = None

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call the watcher whenever the state is another; return what ends that."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    async def async_open(self, source: SnapshotSource, password: str | None) -> None:
        """Begin to read a backup, in place of the one that is open."""
        self._stop_reading()
        async with self._working:
            # In one go: two keys that come together would else be read at the same time, and the slower one be shown.
            await self._put_away(keep=source.path)
            self._folder = await async_temporary_folder(self._hass)
            self._show(DeskState(source=source))
            self._file = WatchedFile(lambda read: self._hass.loop.call_soon_threadsafe(self._note, read))
            self._reading = self._hass.async_create_background_task(
                self._async_read(source, self._file, self._folder, password), f"{DOMAIN} reads a Home Assistant backup"
            )

    async def async_close(self) -> None:
        """Put the open backup away: what was unpacked of it, and the file itself where it was uploaded."""
        self._stop_reading()
        async with self._working:
            await self._put_away()

    def _stop_reading(self) -> None:
        if self._file is not None:
            self._file.stop()

    async def _put_away(self, *, keep: Path | None = None) -> None:
        self._stop_reading()
        if self._reading is not None:
            await asyncio.wait([self._reading])
        source, self._reading = self.state.source, None
        self._show(DeskState())
        await async_remove_temporary(self._hass, self._folder)
        self._folder = None
        if source is not None and source.backup_id is None and source.path != keep:
            await async_remove_temporary(self._hass, source.path)

    async def async_take(self, manager: DeviceBackupManager, key: DeviceKey, backup_id: str | None) -> Merged:
        """Take one backup of a device into the store, or all, and what describes its kind; raises DeviceBackupError."""
        async with self._working:
            self._use()
            found = next((one for one in self.state.devices if one.record is not None and one.record.key == key), None)
            backups = [] if found is None else [one for one in found.backups if backup_id in (None, one.id)]
            if self.state.snapshot is None or not backups:
                raise BackupNotFoundError
            try:
                merged = await manager.stored.merge(reader_of(self.state.snapshot), key, backups)
                folder = self.state.snapshot.root / KINDS_FOLDER
                files = await self._hass.async_add_executor_job(kind_files_in, folder)
                await async_take_kind(self._hass, manager, key.kind, files)
            finally:
                self._publish()
            return merged

    async def _async_read(
        self, source: SnapshotSource, watched: WatchedFile, folder: Path, password: str | None
    ) -> None:
        state = DeskState(source=source)
        try:
            origin = source.path or await async_stream(self._hass, source)
            snapshot, devices = await self._hass.async_add_executor_job(self._read, origin, watched, folder, password)
        except StoppedError:
            return
        except DeviceBackupError as error:
            state = replace(state, error=error)
        except OSError as error:
            state = replace(state, error=as_store_error(error))
        except HomeAssistantError as error:
            # In the agent's own words: what is wrong there, only it knows.
            state = replace(state, error=SnapshotError(str(error)))
        except Exception as error:
            _LOGGER.exception("A Home Assistant backup could not be read")
            state = replace(state, error=SnapshotError(str(error)))
        else:
            state = replace(state, snapshot=snapshot, devices=devices)
        if state.error is not None:
            await async_remove_temporary(self._hass, folder)
        self._show(state)

    def _read(
        self, origin: Path | AsyncIterator[bytes], watched: WatchedFile, folder: Path, password: str | None
    ) -> tuple[Snapshot, tuple[DeviceInSnapshot, ...]]:
        """Read it in a thread."""
        with origin.open("rb") if isinstance(origin, Path) else FetchedFile(self._hass.loop, origin) as raw:
            snapshot = read_snapshot(watched.over(raw), folder, password=password)
        return snapshot, tuple(found_devices(snapshot))

    @callback
    def _note(self, read: int) -> None:
        """Show how far it is."""
        if self.state.is_reading:
            self.state = replace(self.state, read=read)
            self._publish()

    @callback
    def _show(self, state: DeskState) -> None:
        self.state = state
        self._use()
        self._publish()

    @callback
    def _publish(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    @callback
    def _use(self) -> None:
        """Keep it for a while from now on."""
        if self._cancel_end is not None:
            self._cancel_end()
            self._cancel_end = None
        if self.state.source is not None and not self.state.is_reading:
            end = HassJob(self._async_end, f"{DOMAIN} puts a backup away", cancel_on_shutdown=True)
            self._cancel_end = async_call_later(self._hass, KEPT, end)

    async def _async_end(self, _: datetime) -> None:
        self._cancel_end = None
        await self.async_close()


@callback
def async_desk(hass: HomeAssistant) -> SnapshotDesk:
    """Return the one desk of this Home Assistant."""
    if (desk := hass.data.get(_DESK)) is None:
        desk = hass.data[_DESK] = SnapshotDesk(hass)

        async def close(_: Event) -> None:
            await desk.async_close()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, close)
    return desk


async def async_present(manager: DeviceBackupManager, device: DeviceInSnapshot) -> dict[str, str]:
    """Return which backups of a device that was found are in the store, and under which ids."""
    if device.record is None:
        return {}
    stored: list[Backup] = await manager.stored.list_backups(device.record.key)
    return ids_here(stored, device.backups)
