"""All devices as the page shows them, and what changes about them."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import in_language
from ha_device_backup_core.host import Backup, DeviceKey, StoredSummary, is_in_snapshot, shown_name

from ..actions.restore_guide import is_guided
from ..actions.targets import async_device_ids
from ..coordinator import DeviceChange, ShownDevice, async_coordinator
from ..entries import device_entries, device_entry, device_key, service_entry
from ..options import defaults_of
from ..snapshots.sources import makes_no_automatic_backups
from ..translation import async_load_language
from ..wording.reasons import reason_of
from ..wording.second_copy import second_copy_sentence
from .commands import Command, async_register

REMOVED = "removed"
"""The state of a device that is no longer in care, but of which there are backups."""
NOT_SET_UP = "not_set_up"
"""The state of a device whose entry is disabled or could not be set up."""
BY_DEVICE, BY_PERSON = "device", "person"
_QUEUED: Mapping[bool, str] = {True: "queued"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What is stored of devices that are not in care."""

    titles: Mapping[DeviceKey, str]
    summaries: Mapping[DeviceKey, StoredSummary]


@callback
def async_register_devices(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "devices/subscribe", _subscribe)


async def _subscribe(command: Command) -> None:
    """Send all devices once, then only what changes."""
    await async_load_language(command.hass, command.language)
    follower, leaving = _Follower(command), ExitStack()
    leaving.callback(async_coordinator(command.hass).watch(follower))
    leaving.callback(command.manager.stored.watch_second_copy(follower.publish_second_copy))
    command.connection.subscriptions[command.id] = leaving.close
    await follower.begin()


class _Follower:
    """Sends to one page what is new; a slice of changes is one message."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._hass = command.hass
        self._manager = command.manager
        self._waiting: dict[DeviceKey, ShownDevice | None] = {}
        self._is_begun = False

    def handle(self, change: DeviceChange) -> None:
        """Take in what is new about one device."""
        self._waiting[change.key] = change.shown

    def publish(self) -> None:
        """Send it; what comes before everything was sent is in that."""
        if not self._is_begun or not self._waiting:
            return
        changed, self._waiting = self._waiting, {}
        if present := [self._present(key, shown) for key, shown in changed.items() if shown is not None]:
            self._send(changed=present)
        for key in (key for key, shown in changed.items() if shown is None):
            self._hass.async_create_task(self._send_gone(key))

    def publish_second_copy(self) -> None:
        """Send why the second copy is not complete, or that it is."""
        if self._is_begun:
            self._send(second_copy_problem=self._second_copy_problem())

    async def begin(self) -> None:
        """Send every device: in care, not set up, and removed with backups left."""
        stored = await self._stored()
        shown = async_coordinator(self._hass).shown
        keys = {**{device_key(entry): entry.title for entry in device_entries(self._hass)}, **stored.titles}
        absent = [self._absent(key, title, stored) for key, title in keys.items() if key not in shown]
        gone = [key for key, one in self._waiting.items() if one is None]
        self._waiting, self._is_begun = {}, True
        devices = [*(self._present(key, one) for key, one in shown.items()), *absent]
        self._send(devices=devices, only_here=self._are_only_here(), second_copy_problem=self._second_copy_problem())
        for key in gone:  # perhaps after it was looked up what is left of those that are not in care
            self._hass.async_create_task(self._send_gone(key))

    def _are_only_here(self) -> bool:
        """Return whether nothing carries what is stored elsewhere, and nothing will."""
        has_copy = defaults_of(service_entry(self._hass)).second_copy is not None
        return makes_no_automatic_backups(self._hass) and not self._manager.snapshots and not has_copy

    def _second_copy_problem(self) -> str | None:
        problem = self._manager.stored.second_copy_problem
        return None if problem is None else second_copy_sentence(self._hass, problem, self._command.language)

    async def _send_gone(self, key: DeviceKey) -> None:
        """Send what is left of a device that is no longer in care."""
        stored = await self._stored(key)
        entry = device_entry(self._hass, key)
        if key in async_coordinator(self._hass).shown:
            return
        if entry is None and key not in stored.summaries:
            self._send(removed=[str(key)])
        else:
            title = stored.titles[key] if entry is None else entry.title
            self._send(changed=[self._absent(key, title, stored)])

    async def _stored(self, key: DeviceKey | None = None) -> "_Stored":
        left = [record for record in await self._manager.stored.without_device() if key in (None, record.key)]
        found = {record.key: await self._manager.stored.summary(record.key) for record in left}
        summaries = {of: summary for of, summary in found.items() if summary is not None and summary.newest is not None}
        return _Stored(
            titles={record.key: record.title for record in left if record.key in summaries}, summaries=summaries
        )

    def _send(self, **message: list[Any] | bool | str | None) -> None:
        self._command.connection.send_event(self._command.id, message)

    def _present(self, key: DeviceKey, shown: ShownDevice) -> dict[str, Any]:
        status, snapshot = shown.status, self._manager.newest_snapshot
        unfinished = status.unfinished_restore
        return {
            **self._common(key, status.title, status.latest or status.newest, status.recommended),
            "state": shown.state.value,
            "is_problem": shown.is_problem,
            "reason": reason_of(self._hass, shown, self._command.language),
            "confirmed": _iso(status.confirmed),
            "next_run": _iso(status.next_run),
            "count": status.count,
            "size": status.size,
            "busy": "restore" if status.restoring else "backup" if status.running else _QUEUED.get(status.queued),
            "prompt": None if status.prompt is None else in_language(status.prompt.text, self._command.language),
            "progress": None if status.progress is None else in_language(status.progress, self._command.language),
            "in_snapshot": None if snapshot is None else is_in_snapshot(snapshot, status),
            "unfinished_restore": None
            if unfinished is None
            else {
                "source_key": str(unfinished.source),
                "backup_id": unfinished.backup_id,
                "safety_backup_id": unfinished.safety_backup_id,
            },
        }

    def _absent(self, key: DeviceKey, title: str, stored: "_Stored") -> dict[str, Any]:
        summary = stored.summaries.get(key)
        recommended = None if summary is None else summary.recommended
        common = self._common(key, title, None if summary is None else summary.newest, recommended)
        return {
            **common,
            "state": REMOVED if device_entry(self._hass, key) is None else NOT_SET_UP,
            "is_problem": False,
            "reason": None,
            "confirmed": None if recommended is None else _iso(recommended.confirmed or recommended.taken_at),
            "next_run": None,
            "count": 0 if summary is None else summary.count,
            "size": 0 if summary is None else summary.size,
            "busy": None,
            "prompt": None,
            "progress": None,
            "in_snapshot": None,
            "unfinished_restore": None,
        }

    def _common(self, key: DeviceKey, title: str, newest: Backup | None, recommended: Backup | None) -> dict[str, Any]:
        entry = device_entry(self._hass, key)
        registered = self._manager.handlers.find(key)
        return {
            "key": str(key),
            "title": shown_name(title, key.unique_id),
            "kind_name": key.kind if registered is None else in_language(registered.spec.name, self._command.language),
            "entry_id": None if entry is None else entry.entry_id,
            "device_id": async_device_ids(self._hass, [key])[key],
            "newest": newest and newest.id,
            "recommended": recommended and recommended.id,
            "taken_at": newest and newest.taken_at.isoformat(),
            "version": newest and newest.device.version,
            "restore": way_of_restore(self._command, key),
        }


def way_of_restore(command: Command, key: DeviceKey) -> str | None:
    """Return who puts a backup back on a device; a person also where it is not in care, None where nobody can."""
    registered = command.manager.handlers.find(key)
    if registered is None:
        return None
    if registered.can_restore:
        return BY_DEVICE if key in async_coordinator(command.hass).shown else None
    return BY_PERSON if is_guided(registered) else None


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
