"""After a power cut: asks every device at a pace, and puts back one after the other what a person chose."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ha_device_backup_core.errors import BackupNotFoundError, DeviceBackupError
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.unexpected import expected_errors_only

from .events import RestoreResult, Subscribers
from .manager import DeviceBackupManager
from .prompts import ANYONE
from .reviews import Finding, Review

_LOGGER = logging.getLogger(__name__)

ASKED_AT_ONCE = 4


class RecoveryStep(StrEnum):
    """How far it is with a device."""

    WAITS_FOR_QUESTION = "waits_for_question"
    IS_ASKED = "is_asked"
    WAS_ASKED = "was_asked"
    WAITS_FOR_RESTORE = "waits_for_restore"
    IS_RESTORED = "is_restored"
    RESTORED = "restored"
    RESTORE_FAILED = "restore_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRow:
    """A device, and how it is with it."""

    key: DeviceKey
    title: str
    step: RecoveryStep
    review: Review | None = None
    result: RestoreResult | None = None
    error: DeviceBackupError | None = None
    """Why it could not be put back."""


class Recovery:
    """Owns what was found and what was chosen, for as long as the program runs; it goes on whoever looks."""

    def __init__(self, manager: DeviceBackupManager) -> None:
        """Begin with nothing asked."""
        self._manager = manager
        self._rows: dict[DeviceKey, RecoveryRow] = {}
        self._subscribers = Subscribers[DeviceKey | None]()
        self._asking: asyncio.Task[None] | None = None
        self._restoring: asyncio.Task[None] | None = None

    @property
    def rows(self) -> Mapping[DeviceKey, RecoveryRow]:
        """Return all devices that are or were asked."""
        return self._rows

    @property
    def is_asking(self) -> bool:
        """Return whether devices are still being asked."""
        return self._asking is not None

    @property
    def is_restoring(self) -> bool:
        """Return whether something is still put back."""
        return self._restoring is not None

    def subscribe(self, subscriber: Callable[[DeviceKey | None], None]) -> Callable[[], None]:
        """Call the subscriber with each device about which there is something new, None for the whole."""
        return self._subscribers.add(subscriber)

    def ask(self) -> None:
        """Ask all devices, anew; while something is put back or asked, that goes on instead."""
        if self.is_asking or self.is_restoring:
            return
        statuses = sorted(self._manager.statuses(), key=lambda status: (status.title.casefold(), status.key))
        self._rows = {
            status.key: RecoveryRow(key=status.key, title=status.title, step=RecoveryStep.WAITS_FOR_QUESTION)
            for status in statuses
        }
        self._asking = _begin(self._ask_all(), self._end_of_asking)
        self._subscribers.publish(None)

    def put_back(self, keys: Iterable[DeviceKey]) -> None:
        """Put back the reviewed backups of these devices, each in its turn; who waits already waits once."""
        for key in keys:
            row = self._rows.get(key)
            if row is not None and row.review is not None and row.review.may_be_put_back and _may_wait(row):
                self._set(replace(row, step=RecoveryStep.WAITS_FOR_RESTORE, result=None, error=None))
        if self._restoring is None and self._next() is not None:
            self._restoring = _begin(self._restore_all(), self._end_of_restoring)
            self._subscribers.publish(None)

    def stop_after_this(self) -> None:
        """Begin nothing more; what is being put back is brought to its end."""
        for row in tuple(self._rows.values()):
            if row.step is RecoveryStep.WAITS_FOR_RESTORE:
                self._set(replace(row, step=RecoveryStep.WAS_ASKED))

    def end(self) -> None:
        """End at once: the program stops, and a restore that is cut off is told at the next start."""
        for task in (self._asking, self._restoring):
            if task is not None:
                task.cancel()

    async def _ask_all(self) -> None:
        waiting = iter(tuple(self._rows))

        async def ask_one_after_the_other() -> None:
            for key in waiting:
                await self._ask(key)

        async with asyncio.TaskGroup() as group:
            for _number in range(ASKED_AT_ONCE):
                group.create_task(ask_one_after_the_other())

    async def _ask(self, key: DeviceKey) -> None:
        row = replace(self._rows[key], step=RecoveryStep.IS_ASKED)
        self._set(row)
        try:
            with expected_errors_only(_LOGGER, f"The question to {row.title}"):
                review = await self._manager.review(key)
        except BackupNotFoundError:
            del self._rows[key]  # It was removed meanwhile.
            self._subscribers.publish(key)
            return
        except DeviceBackupError as error:
            review = Review(key=key, title=row.title, finding=Finding.FAILED, error=error)
        self._set(replace(row, step=RecoveryStep.WAS_ASKED, review=review))

    async def _restore_all(self) -> None:
        while (row := self._next()) is not None:
            await self._restore(row)

    async def _restore(self, row: RecoveryRow) -> None:
        self._set(replace(row, step=RecoveryStep.IS_RESTORED))
        backup_id = None if row.review is None or row.review.backup is None else row.review.backup.id
        try:
            with expected_errors_only(_LOGGER, f"The restore of {row.title}"):
                result = await self._manager.restore(row.key, backup_id, person=ANYONE)
        except DeviceBackupError as error:
            self._set(replace(row, step=RecoveryStep.RESTORE_FAILED, error=error))
        else:
            self._set(replace(row, step=RecoveryStep.RESTORED, result=result))

    def _next(self) -> RecoveryRow | None:
        return next((row for row in self._rows.values() if row.step is RecoveryStep.WAITS_FOR_RESTORE), None)

    def _set(self, row: RecoveryRow) -> None:
        self._rows[row.key] = row
        self._subscribers.publish(row.key)

    def _end_of_asking(self) -> None:
        self._asking = None
        self._subscribers.publish(None)

    def _end_of_restoring(self) -> None:
        self._restoring = None
        self._subscribers.publish(None)


def _may_wait(row: RecoveryRow) -> bool:
    return row.step in {RecoveryStep.WAS_ASKED, RecoveryStep.RESTORE_FAILED}


def _begin(work: Coroutine[None, None, None], ended: Callable[[], None]) -> "asyncio.Task[None]":
    task = asyncio.create_task(work)

    task.add_done_callback(lambda _: ended())
    return task
