"""The backup of Home Assistant that is open, as one page shows it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import CALLBACK_TYPE

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import (
    DeviceInSnapshot,
    DeviceKey,
    DeviceRecord,
    SnapshotPasswordError,
    StoreError,
    recommended_of,
    shown_name,
)

from ..actions.responses import backup_answer
from ..entries import device_entry
from ..snapshots.desk import SnapshotDesk, async_present
from ..snapshots.sources import SnapshotSource
from .commands import Command
from .devices import way_of_restore

_MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class OpenSnapshot:
    """Follows the desk for a page: what is open, how far it is read, and which of it is in the store already."""

    command: Command
    desk: SnapshotDesk
    render: Callable[[DeviceBackupError], str]
    _present: dict[DeviceKey, dict[str, str]] = field(default_factory=dict)
    _successors: dict[DeviceKey, DeviceRecord] = field(default_factory=dict)

    def watch(self, changed: Callable[[], None]) -> CALLBACK_TYPE:
        """Call back now and whenever something changed; return an unsubscribe callback."""

        def begin() -> None:
            changed()
            self.command.hass.async_create_task(self._find_present(changed))

        begin()
        return self.desk.watch(begin)

    async def _find_present(self, changed: Callable[[], None]) -> None:
        if devices := self.desk.state.devices:
            with suppress(StoreError):
                self._successors.update(await self.command.manager.stored.successors())
        for device in devices:
            if device.record is not None:
                with suppress(StoreError):
                    self._present[device.record.key] = await async_present(self.command.manager, device)
        changed()

    def state(self) -> dict[str, Any]:
        """Return what is sent."""
        now = self.desk.state
        return {
            "source": now.source and _source(now.source),
            "reading": now.is_reading,
            "share": None if now.source is None or not now.source.size else min(now.read / now.source.size, 1.0),
            "error": now.error
            and {"wants_password": isinstance(now.error, SnapshotPasswordError), "message": self.render(now.error)},
            **self._content(),
        }

    def _content(self) -> dict[str, Any]:
        snapshot, devices = self.desk.state.snapshot, self.desk.state.devices
        if snapshot is None:
            return {"snapshot": None, "devices": [], "problems": []}
        problems = [*snapshot.problems, *(problem for device in devices for problem in device.problems)]
        info = snapshot.info
        return {
            "snapshot": {
                "name": info.name,
                "date": info.date,
                "version": info.version,
                "place": snapshot.place,
                "others": list(snapshot.others),
            },
            "devices": [
                {**_device(self.command, device, self._present), "replaced_by": self._replaced_by(device.record.key)}
                for device in devices
                if device.record is not None
            ],
            "problems": [
                f"{problem.path}: {in_language(problem.message, self.command.language)}".removeprefix(": ")
                for problem in problems[:_MOST_PROBLEMS]
            ],
        }

    def _replaced_by(self, key: DeviceKey) -> dict[str, str] | None:
        """Return which device took the place of one that is not set up."""
        successor = self._successors.get(key)
        if successor is None or device_entry(self.command.hass, key) is not None:
            return None
        return {"key": str(successor.key), "title": shown_name(successor.title, successor.key.unique_id)}


def _source(source: SnapshotSource) -> dict[str, Any]:
    return {"snapshot_id": source.backup_id, "name": source.name, "size": source.size}


def _device(command: Command, device: DeviceInSnapshot, present: dict[DeviceKey, dict[str, str]]) -> dict[str, Any]:
    if device.record is None:
        raise AssertionError("only devices that tell who they are are shown")
    key, newest_first = device.record.key, device.backups[::-1]
    registered = command.manager.handlers.find(key)
    offered = recommended_of(newest_first)
    here, is_set_up = present.get(key, {}), device_entry(command.hass, key) is not None
    return {
        "key": str(key),
        "title": shown_name(device.record.title, key.unique_id),
        "kind_name": key.kind if registered is None else in_language(registered.spec.name, command.language),
        "is_known": registered is not None,
        "is_set_up": is_set_up,
        "can_restore": is_set_up and way_of_restore(command, key) is not None,
        "backups": [
            {
                **backup_answer(backup, command.language),
                "of_newer": not backup.is_readable,
                "recommended": backup.is_recommended(offered),
                "newest": backup == newest_first[0],
                "stored_id": here.get(backup.id),
            }
            for backup in newest_first
        ],
    }
