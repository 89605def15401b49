"""Keeps the store still while Home Assistant makes a snapshot, and remembers what each snapshot carried."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.store import BackupStore

from .snapshot_records import SnapshotManifest, SnapshotRecord, records_of, to_document, with_record
from .timers import Cancel, Timers

_LOGGER = logging.getLogger(__name__)

LONGEST_SNAPSHOT = timedelta(hours=2)
"""After this the end of a snapshot was lost, and work goes on."""
_SHARE_TO_FINISH_STORING = 0.2
_SHARE_TO_BECOME_QUIET = 0.5


class SnapshotGuard:
    """Owns whether a snapshot is being made."""

    def __init__(self, store: BackupStore, timers: Timers, clock: Callable[[], datetime]) -> None:
        """Begin without a snapshot."""
        self._store = store
        self._timers = timers
        self._clock = clock
        self._at_end: list[Callable[[], object]] = []
        self._open = asyncio.Event()
        self._open.set()
        self._writing = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._cancel_reopening: Cancel | None = None
        self.last: SnapshotManifest | None = None
        self.records: tuple[SnapshotRecord, ...] = ()

    @property
    def in_progress(self) -> bool:
        """Return whether nothing may be stored now."""
        return not self._open.is_set()

    def on_end(self, action: Callable[[], object]) -> None:
        """Call the action after each snapshot, in the order in which they were named."""
        self._at_end.append(action)

    async def wait_until_open(self) -> None:
        """Return once storing is allowed."""
        await self._open.wait()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Wait until storing is allowed, and keep a snapshot that begins waiting until the block ends."""
        await self._open.wait()
        self._writing += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._writing -= 1
            if not self._writing:
                self._idle.set()

    async def prepare(self, manifest: Callable[[datetime], SnapshotManifest], *, limit: float) -> None:
        """Shut the gate and write the manifest, made once all is quiet; failures are logged, never raised."""
        self._shut()
        try:
            async with asyncio.timeout(limit):
                await self._let_finish(limit * _SHARE_TO_FINISH_STORING)
                if not await self._store.close_gate(timeout=limit * _SHARE_TO_BECOME_QUIET):
                    _LOGGER.warning("Home Assistant makes a backup while a backup of a device is still being written")
                self.last = manifest(self._clock())
                await self._store.write_snapshot(self.last.to_dict, timeout=limit)
        except TimeoutError:
            _LOGGER.warning("The list of device backups for the Home Assistant backup was not written in time")
        except StoreError as error:
            _LOGGER.warning("The list of device backups for the Home Assistant backup could not be written: %s", error)
        except Exception:
            _LOGGER.exception("The list of device backups for the Home Assistant backup could not be written")

    def finish(self) -> None:
        """Open the gate; what was held back goes on."""
        self.cancel_timer()
        if not self.in_progress:
            return
        self._store.open_gate()
        self._open.set()
        for action in self._at_end:
            action()

    async def load(self) -> None:
        """Read which snapshot carried what."""
        self.records = records_of(await self._store.read_snapshots())

    def cancel_timer(self) -> None:
        """Wait no longer for the end of the snapshot."""
        cancel, self._cancel_reopening = self._cancel_reopening, None
        try:
            if cancel is not None:
                cancel()
        except Exception:
            _LOGGER.exception("The timer for the end of a Home Assistant backup could not be cancelled")

    async def record(self, record: SnapshotRecord) -> None:
        """Remember what a finished snapshot carries, once the store may be written."""
        self.records = with_record(self.records, record)
        await self._open.wait()
        await self._store.write_snapshots(to_document(self.records))

    async def _let_finish(self, seconds: float) -> None:
        """Let what is being stored come into memory too: the manifest is made from there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    def _shut(self) -> None:
        self.cancel_timer()
        self._open.clear()
        try:
            self._cancel_reopening = self._timers.call_at(self._clock() + LONGEST_SNAPSHOT, self._reopen)
        except Exception:
            _LOGGER.exception("The timer for the end of a Home Assistant backup could not be set")
            loop = asyncio.get_running_loop()
            self._cancel_reopening = loop.call_later(LONGEST_SNAPSHOT.total_seconds(), self._reopen, None).cancel

    def _reopen(self, _: datetime | None) -> None:
        _LOGGER.warning("Home Assistant did not say that its backup ended; device backups go on")
        self._cancel_reopening = None
        self.finish()
