"""A backup that a person follows in a form: what the device wants meanwhile, and how it ended."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ha_device_backup_core import PersonRequiredError, in_language
from ha_device_backup_core.host import (
    ANYONE,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    JobResult,
    ManagerEvent,
    PromptChanged,
    ShownPrompt,
    Trigger,
)

from ..const import DOMAIN
from ..issues.way_on import way_on
from ..listeners.notifications import async_expect_end, local_time
from ..translation import async_error_text, async_person_language, async_phrases, escape_markdown

FAREWELL = 1.0
"""Seconds that the page stands still before it ends: a browser that asks for it later finds none any more."""
COUNTED_SECONDS = 5
"""How often the time that is left is told anew."""


class AttendedBackup:
    """One backup, begun at once; it goes on when the form is closed, and notifications then tell of it."""

    def __init__(
        self, hass: HomeAssistant, manager: DeviceBackupManager, key: DeviceKey, changed: Callable[[], None]
    ) -> None:
        """Call `changed` whenever the device wants something else."""
        self._hass = hass
        self._manager = manager
        self._key = key
        self._changed = changed
        self._cancel_change: Callable[[], None] = _nothing
        self._last_change = 0.0
        self._stop_following = manager.subscribe(self._follow)
        async_expect_end(hass, key)
        self.task: asyncio.Task[JobResult] = hass.async_create_background_task(
            self._async_back_up(), f"{DOMAIN} backup of {key}"
        )

    @property
    def progress_action(self) -> str:
        """Return which text is shown meanwhile."""
        return "back_up" if self._prompt is None else "prompt"

    async def async_instruction(self) -> dict[str, str]:
        """Return what that text fills in."""
        prompt = self._prompt
        if prompt is None:
            return {"instruction": "", "time": "", "left": ""}
        language = await async_person_language(self._hass)
        phrases = await async_phrases(self._hass, language)
        return {
            "instruction": escape_markdown(in_language(prompt.text, language)),
            "time": local_time(prompt),
            "left": phrases("time_left", minutes=minutes(_time_left(prompt))),
        }

    async def async_unreliable_reason(self) -> str:
        """Return why the backup is not what was wanted, nothing if it is."""
        result, language = self.task.result(), await async_person_language(self._hass)
        if isinstance(result.error, PersonRequiredError) and result.error.detail is not None:
            # The person has begun it already: only what came of that is new to them.
            return escape_markdown(result.error.detail_in(language))
        if result.error is not None:
            return escape_markdown(await async_error_text(self._hass, result.error, language))
        missing = () if result.backup is None else result.backup.artifact.missing
        return "\n".join(
            f"- {escape_markdown(in_language(note.text, language))}" for note in missing if note.needs_person
        )

    async def async_way_on(self) -> str | None:
        """Return what solves why it is not what was wanted, None where trying again is all there is."""
        error = self.task.result().error
        try:
            status = self._manager.status(self._key)
        except BackupNotFoundError:
            return None
        phrases = await async_phrases(self._hass, await async_person_language(self._hass))
        return way_on(self._hass, status, None if error is None else error.code, phrases)

    @callback
    def leave(self) -> None:
        """Follow no longer."""
        self._cancel_change()
        self._stop_following()

    async def _async_back_up(self) -> JobResult:
        try:
            result = await self._manager.back_up(self._key, trigger=Trigger.MANUAL, person=ANYONE)
        finally:
            self.leave()
        await asyncio.sleep(self._last_change + FAREWELL - self._hass.loop.time())
        return result

    @property
    def _prompt(self) -> ShownPrompt | None:
        try:
            return self._manager.status(self._key).prompt
        except BackupNotFoundError:
            return None

    @callback
    def _follow(self, event: ManagerEvent) -> None:
        if not isinstance(event, PromptChanged) or event.key != self._key:
            return
        self._cancel_change()
        if self._prompt is None:
            # Mostly the backup ends right after, and the page goes on to how it ended.
            self._cancel_change = async_call_later(self._hass, FAREWELL, self._change)
        else:
            self._change()

    @callback
    def _change(self, _: datetime | None = None) -> None:
        self._last_change = self._hass.loop.time()
        self._changed()
        prompt = self._prompt
        if prompt is not None and (left := _time_left(prompt)):
            self._cancel_change = async_call_later(self._hass, left % COUNTED_SECONDS or COUNTED_SECONDS, self._change)


def minutes(seconds: int) -> str:
    """Return a time as minutes and seconds."""
    return "{}:{:02}".format(*divmod(seconds, 60))


def _time_left(prompt: ShownPrompt) -> int:
    """Return how many seconds the device still waits."""
    return max(0, round((prompt.until - dt_util.utcnow()) / timedelta(seconds=1)))


def _nothing() -> None:
    pass
