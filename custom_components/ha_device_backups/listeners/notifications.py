"""Tells the people at home what a device wants of them, and how that ended: one notification for each device."""

from collections.abc import Iterable
from contextlib import suppress

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import Note, in_language
from ha_device_backup_core.host import (
    Backup,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    JobResult,
    ManagerEvent,
    Outcome,
    PromptChanged,
    ShownPrompt,
    Trigger,
)

from ..const import DOMAIN
from ..entries import entry_path
from ..page_paths import device_path
from ..translation import error_text, escape_markdown, loaded_phrases, loaded_texts
from ..wording.gaps import listed, suspicion_text
from ..wording.page_links import page_links

_WATCH: "HassKey[PersonWatch]" = HassKey(f"{DOMAIN}_persons")


@callback
def async_watch_persons(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Follow what devices ask of people."""
    watch = hass.data[_WATCH] = PersonWatch(hass, manager)
    manager.subscribe(watch.handle)


@callback
def async_expect_end(hass: HomeAssistant, key: DeviceKey) -> None:
    """Tell how the next backup by a person ends, whether it asks for something or not: they may leave its form."""
    hass.data[_WATCH].expect(key)


@callback
def async_take_back_end(hass: HomeAssistant, key: DeviceKey) -> None:
    """Take the notification away from somebody who has just read the same in the form."""
    hass.data[_WATCH].take_back(key)


@callback
def async_notify_unreliable(hass: HomeAssistant, results: Iterable[JobResult]) -> None:
    """Show who pressed a button, which answers nothing, why nobody should rely on what was backed up."""
    for result in results:
        hass.data[_WATCH].show_pressed(result)


def notification_id(key: DeviceKey) -> str:
    """Return the id of the notification about a device."""
    return f"{DOMAIN}_{key}"


def local_time(prompt: ShownPrompt) -> str:
    """Return until when the device waits, as a clock at home shows it."""
    return dt_util.as_local(prompt.until).strftime("%H:%M:%S")


class PersonWatch:
    """Owns which devices asked somebody, of which somebody waits for the end, and of which something is shown."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._asked: set[DeviceKey] = set()
        self._expected: set[DeviceKey] = set()
        self._shown: set[DeviceKey] = set()

    @callback
    def expect(self, key: DeviceKey) -> None:
        """Tell the end of the next backup that a person asked for."""
        self._expected.add(key)

    @callback
    def take_back(self, key: DeviceKey) -> None:
        """Show nothing more of the device."""
        self._clear(key)

    @callback
    def handle(self, event: ManagerEvent) -> None:
        """Take in what the manager tells."""
        if isinstance(event, PromptChanged):
            self._take_prompt(event)
        elif isinstance(event, JobResult):
            self._take_result(event)
        else:
            for key in [key for key in self._asked if event.key in (key, None) and not self._is_running(key)]:
                self._asked.discard(key)
                self._clear(key)

    def _take_prompt(self, event: PromptChanged) -> None:
        if event.prompt is None:
            self._clear(event.key)
            return
        self._asked.add(event.key)
        phrases, name = loaded_phrases(self._hass), escape_markdown(event.title)
        instruction = escape_markdown(in_language(event.prompt.text, self._hass.config.language))
        self._show(
            event.key,
            phrases("person_needed_title", name=event.title),
            phrases("person_needed", name=name, instruction=instruction, time=local_time(event.prompt)),
        )

    def _take_result(self, result: JobResult) -> None:
        if result.key in self._asked or (result.key in self._expected and result.trigger is Trigger.MANUAL):
            self._asked.discard(result.key)
            self._expected.discard(result.key)
            self._show_result(result)
        elif result.trigger is Trigger.FIRST and result.backup is not None and result.backup.flaws:
            self._show_incomplete(result, result.backup.flaws, first=True)
        elif result.error is None:
            self._clear(result.key)

    def _show_result(self, result: JobResult) -> None:
        """Replace the instruction: whoever went to the device sees neither the form nor the button any more."""
        phrases, language = loaded_phrases(self._hass), self._hass.config.language
        name = escape_markdown(result.title)
        if result.error is not None:
            error = escape_markdown(error_text(loaded_texts(self._hass, "exceptions"), result.error, language))
            title, text = phrases("backup_failed_title", name=result.title), phrases("backup_failed", error=error)
        elif result.backup is not None and not result.backup.can_be_recommended:
            self._notify_unreliable(result, result.backup)
            return
        else:
            key = "backup_unchanged" if result.outcome is Outcome.UNCHANGED else "backup_complete"
            title, text = phrases("backup_complete_title", name=result.title), phrases(key, name=name)
        self._show(result.key, title, text)

    @callback
    def show_pressed(self, result: JobResult) -> None:
        """Show the same of a backup without anybody at the device; what a whole one has is no news then."""
        backup = result.backup
        if backup is None:
            return
        with suppress(BackupNotFoundError):
            if backup.suspect or self._manager.status(result.key).gaps:
                self._notify_unreliable(result, backup)

    def _notify_unreliable(self, result: JobResult, backup: Backup) -> None:
        reason = suspicion_text(backup, self._hass.config.language)
        if reason is None:
            self._show_incomplete(result, backup.flaws, first=False)
            return
        phrases = loaded_phrases(self._hass)
        self._show(
            result.key,
            phrases("backup_suspect_title", name=result.title),
            phrases("backup_suspect", name=escape_markdown(result.title), reason=escape_markdown(reason)),
        )

    def _show_incomplete(self, result: JobResult, flaws: tuple[Note, ...], *, first: bool) -> None:
        phrases = loaded_phrases(self._hass)
        needs_person = first and any(note.needs_person for note in flaws)
        self._show(
            result.key,
            phrases("backup_incomplete_title", name=result.title),
            phrases(
                "first_needs_person" if needs_person else "backup_incomplete",
                name=escape_markdown(result.title),
                list=listed(flaws, self._hass.config.language),
                entry=entry_path(self._hass, result.key),
            ),
        )

    def _is_running(self, key: DeviceKey) -> bool:
        try:
            return self._manager.status(key).running
        except BackupNotFoundError:
            return False

    def _show(self, key: DeviceKey, title: str, message: str) -> None:
        self._shown.add(key)
        link = page_links(loaded_phrases(self._hass), ("page_link", device_path(key)))
        message = f"{message}\n\n{link}"
        persistent_notification.async_create(self._hass, message, title, notification_id(key))

    def _clear(self, key: DeviceKey) -> None:
        if key in self._shown:
            self._shown.discard(key)
            persistent_notification.async_dismiss(self._hass, notification_id(key))
