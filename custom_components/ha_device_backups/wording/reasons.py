"""Why a device is not well, in the same words everywhere."""

from homeassistant.core import HomeAssistant

from ha_device_backup_core import in_language
from ha_device_backup_core.host import DeviceState, DeviceStatus, Health, Outcome

from ..coordinator import ShownDevice
from ..translation import Phrases, attempt_text, day, loaded_phrases, loaded_texts
from .gaps import note_texts, suspicion_text


def reason_of(hass: HomeAssistant, shown: ShownDevice, language: str | None = None) -> str | None:
    """Return why the device is in its state, None where all is well; in the home's language if not in a person's.

    What is said in a person's language has to be loaded before: see `async_load_language`.
    """
    language = language or hass.config.language
    status, phrases = shown.status, loaded_phrases(hass, language)
    match shown.state:
        case DeviceState.OK:
            text = None
        case DeviceState.HANDLER_MISSING:
            text = phrases("reason_handler_missing")
        case DeviceState.SUSPECT:
            text = suspicion_text(status.latest, language)
        case DeviceState.NEEDS_YOU if status.prompt is not None:
            text = in_language(status.prompt.text, language)
        case DeviceState.NEEDS_YOU if status.unfinished_restore is not None:
            waits = status.unfinished_restore.awaits_replacement
            text = phrases("reason_replaced" if waits else "reason_unfinished_restore")
        case DeviceState.INCOMPLETE:
            text = " ".join(note_texts(status.gaps, language))
        case DeviceState.NEEDS_YOU if status.health is Health.PERSON_NEEDED:
            text = phrases("reason_reminder_due", since=backup_age_text(phrases, status))
        case _ if status.last_attempt is not None and status.last_attempt.outcome is Outcome.FAILED:
            text = attempt_text(loaded_texts(hass, "exceptions", language), status.last_attempt, language)
        case DeviceState.NO_BACKUP_YET:
            text = phrases("reason_no_backup_yet")
        case _:
            text = backup_age_text(phrases, status)
    return text


def backup_age_text(phrases: Phrases, status: DeviceStatus) -> str:
    """Return how old the newest complete backup is, in words."""
    if status.confirmed is None or status.recommended is None or not status.recommended.whole:
        return phrases("never_whole")
    return phrases("newest_whole", date=day(status.confirmed, phrases))
