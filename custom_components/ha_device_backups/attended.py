"""A backup that a person follows in a form: what the device wants meanwhile, and how it ended."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.manager import ANY_PERSON, BackupManager
from ha_device_backup_core.manager.status import Event, JobResult, PromptChanged, ShownPrompt
from ha_device_backup_core.records import DeviceKey, Trigger
from ha_device_backup_core.text import in_language

from .const import DOMAIN
from .language import async_error_text, async_person_language, plain
from .person import local_time

FAREWELL = 1.0
"""Seconds that an instruction is left on the page after it was followed."""


class AttendedBackup:
    """One backup, begun at once; it goes on when the form is closed, and notifications then tell of it."""

    def __init__(
        self, hass: HomeAssistant, manager: BackupManager, key: DeviceKey, changed: Callable[[], None]
    ) -> None:
        """Call `changed` whenever the device wants something else."""
        self._hass = hass
        self._manager = manager
        self._key = key
        self._changed = changed
        self._cancel_change: Callable[[], None] = _nothing
        self._stop_following = manager.subscribe(self._follow)
        back_up = manager.back_up(key, trigger=Trigger.MANUAL, person=ANY_PERSON)
        self.task: asyncio.Task[JobResult] = hass.async_create_background_task(back_up, f"{DOMAIN} backup of {key}")

    @property
    def progress_action(self) -> str:
        """Return which text is shown meanwhile."""
        return "back_up" if self._prompt is None else "prompt"

    async def async_instruction(self) -> dict[str, str]:
        """Return what that text fills in."""
        prompt = self._prompt
        if prompt is None:
            return {"instruction": "", "time": ""}
        language = await async_person_language(self._hass)
        return {"instruction": plain(in_language(prompt.text, language)), "time": local_time(prompt)}

    async def async_shortcoming(self) -> str:
        """Return why the backup is not what was wanted, nothing if it is."""
        result, language = self.task.result(), await async_person_language(self._hass)
        if result.error is not None:
            return plain(await async_error_text(self._hass, result.error, language))
        missing = () if result.backup is None else result.backup.artifact.missing
        return "\n".join(f"- {plain(in_language(note.text, language))}" for note in missing if note.needs_person)

    @callback
    def leave(self) -> None:
        """Follow no longer."""
        self._cancel_change()
        self._stop_following()

    @property
    def _prompt(self) -> ShownPrompt | None:
        try:
            return self._manager.status(self._key).prompt
        except BackupNotFoundError:
            return None

    @callback
    def _follow(self, event: Event) -> None:
        if not isinstance(event, PromptChanged) or event.key != self._key:
            return
        self._cancel_change()
        if self._prompt is None:
            # Mostly the backup ends right after; a browser that asks for the page meanwhile would come too late for it.
            self._cancel_change = async_call_later(self._hass, FAREWELL, self._instruction_is_over)
        else:
            self._changed()

    @callback
    def _instruction_is_over(self, _: datetime) -> None:
        if not self.task.done():
            self._changed()


def _nothing() -> None:
    pass
