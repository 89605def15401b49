"""How a restore ended, in words: for forms, notifications and events alike."""

from collections.abc import Callable, Iterator
from datetime import datetime

from homeassistant.core import HomeAssistant

from ha_device_backup_core import RestoreReport, in_language
from ha_device_backup_core.host import RestoreResult

from ..translation import Phrases, error_text, loaded_phrases, loaded_texts, moment
from .gaps import restore_gaps

type Escape = Callable[[str], str]
"""Makes a text of a device fit for the place where it is shown."""


def restore_message(hass: HomeAssistant, result: RestoreResult, shown: Escape = str) -> str:
    """Return what an event or a notification says of the end, in the home's language."""
    language = hass.config.language
    if result.error is not None:
        return shown(error_text(loaded_texts(hass, "exceptions"), result.error, language))
    phrases = loaded_phrases(hass)
    put_back = phrases("restored", date=moment(result.backup.taken_at, phrases))
    return "\n\n".join((put_back, *report_parts(hass, result, phrases, shown)))


def report_parts(hass: HomeAssistant, result: RestoreResult, phrases: Phrases, shown: Escape) -> Iterator[str]:
    """Return what was proven, what was not, what is left to do, and what the backup lacks: a list each."""
    report = result.report or RestoreReport()
    for key, texts in (("proven", report.proven), ("unproven", report.unproven), ("needs", report.needs)):
        if texts:
            listed = "\n".join(f"- {shown(in_language(text, phrases.language))}" for text in texts)
            yield f"{phrases(f'report_{key}')}\n\n{listed}"
    if gaps := restore_gaps(result.backup, phrases, shown):
        yield gaps
    if result.after is not None and result.after.error is not None:
        error = error_text(loaded_texts(hass, "exceptions", phrases.language), result.after.error, phrases.language)
        yield phrases("report_not_backed_up", error=shown(error))


def undo_label(undone: datetime, phrases: Phrases) -> str:
    """Return what lists call the state before the restore of that time."""
    return phrases("mark_undoes", date=moment(undone, phrases))


def undo_text(result: RestoreResult, phrases: Phrases, shown: Escape) -> str | None:
    """Return where the restore is undone, None where that is not possible."""
    undone = None if result.safety_backup is None else result.safety_backup.undoes
    return None if undone is None else phrases("report_undo", label=shown(undo_label(undone, phrases)))
