"""After a power cut: which devices differ from their recommended backups, and putting back what a person chose."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import voluptuous as vol
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import (
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    ManagerEvent,
    Recovery,
    RecoveryRow,
    RecoveryStep,
    RestoreProgressed,
    Review,
)

from ..const import DOMAIN
from ..translation import async_error_renderer
from .commands import DEVICE_KEY, Command, async_register

_RECOVERY: HassKey[Recovery] = HassKey(f"{DOMAIN}_recovery")


@callback
def async_register_power_cut(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "power_cut/ask", _ask)
    async_register(hass, "power_cut/restore", _restore, {vol.Required("device_keys"): [DEVICE_KEY]})
    async_register(hass, "power_cut/stop", _stop)
    async_register(hass, "power_cut/subscribe", _subscribe)


@callback
def async_recovery(hass: HomeAssistant, manager: DeviceBackupManager) -> Recovery:
    """Return the one that goes on as long as Home Assistant runs."""
    if (recovery := hass.data.get(_RECOVERY)) is None:
        recovery = hass.data[_RECOVERY] = Recovery(manager)

        @callback
        def end(_: Event) -> None:
            recovery.end()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, end)
    return recovery


async def _ask(command: Command) -> None:
    async_recovery(command.hass, command.manager).ask()


async def _restore(command: Command) -> None:
    async_recovery(command.hass, command.manager).put_back(command.values["device_keys"])


async def _stop(command: Command) -> None:
    async_recovery(command.hass, command.manager).stop_after_this()


async def _subscribe(command: Command) -> None:
    """Send everything once, then only the devices about which there is something new."""
    render = await async_error_renderer(command.hass, command.language)
    follower = _RecoveryFollower(command, render)
    leave = [follower.recovery.subscribe(follower.note), command.manager.subscribe(follower.handle)]

    @callback
    def end() -> None:
        for one in leave:
            one()

    command.connection.subscriptions[command.id] = end
    follower.note(None)


class _RecoveryFollower:
    """Sends to one page what is new; what comes in one moment is one message."""

    def __init__(self, command: Command, render: Callable[[DeviceBackupError], str]) -> None:
        self.recovery = async_recovery(command.hass, command.manager)
        self._command = command
        self._render = render
        self._waiting: set[DeviceKey | None] = set()

    @callback
    def handle(self, event: ManagerEvent) -> None:
        """Take in how far a restore is."""
        if isinstance(event, RestoreProgressed) and event.key in self.recovery.rows:
            self.note(event.key)

    @callback
    def note(self, key: DeviceKey | None) -> None:
        """Take in that there is something new about a device, or about all."""
        if not self._waiting:
            self._command.hass.loop.call_soon(self._send)
        self._waiting.add(key if key in self.recovery.rows else None)

    @callback
    def _send(self) -> None:
        waiting, self._waiting = self._waiting, set()
        if self._command.id not in self._command.connection.subscriptions:
            return
        rows = self.recovery.rows
        keys = [*rows] if None in waiting else [key for key in waiting if key is not None and key in rows]
        shown = [_row(self._command, rows[key], self._render) for key in keys]
        flags = {"asking": self.recovery.is_asking, "restoring": self.recovery.is_restoring}
        self._command.connection.send_event(
            self._command.id, {**flags, "rows" if None in waiting else "changed": shown}
        )


def _row(command: Command, row: RecoveryRow, render: Callable[[DeviceBackupError], str]) -> dict[str, Any]:
    running = None
    if row.step is RecoveryStep.IS_RESTORED:
        with suppress(BackupNotFoundError):
            running = command.manager.running_restore(row.key)
    return {
        "key": str(row.key),
        "title": row.title,
        "step": row.step.value,
        "share": running and running.share,
        "text": running and running.text and in_language(running.text, command.language),
        "error": row.error and render(row.error),
        **_review(command, row.review, render),
    }


def _review(command: Command, review: Review | None, render: Callable[[DeviceBackupError], str]) -> dict[str, Any]:
    if review is None:
        return {"finding": None}
    suspicion = review.why_suspect
    return {
        "finding": review.finding.value,
        "backup_id": review.backup and review.backup.id,
        "taken_at": review.backup and review.backup.taken_at.isoformat(),
        "files": list(review.files),
        "more": review.more,
        "suspicion": None if suspicion is None else in_language(suspicion, command.language),
        "cautions": [caution.value for caution in review.cautions],
        "can_restore": review.can_restore,
        "preselected": review.is_preselected,
        "reason": review.error and render(review.error),
    }
