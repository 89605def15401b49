"""What a backup does not hold, and why it may be wrong, in the same words everywhere."""

from collections.abc import Callable, Iterable

from ha_device_backup_core import Note, in_language
from ha_device_backup_core.host import Backup

from ..translation import Phrases, bullets, escape_markdown, moment


def note_texts(notes: Iterable[Note], language: str) -> list[str]:
    """Return what notes say."""
    return [in_language(note.text, language) for note in notes]


def listed(notes: Iterable[Note], language: str) -> str:
    """Return what notes say as a list, for Markdown."""
    return bullets(map(escape_markdown, note_texts(notes, language)))


def gap_attributes(backup: Backup | None, language: str) -> dict[str, list[str]]:
    """Return as attributes what a backup lacks, and what is in doubt in it."""
    return {
        "missing": [] if backup is None else note_texts(backup.artifact.missing, language),
        "doubts": [] if backup is None else note_texts(backup.artifact.doubts, language),
    }


def suspicion_text(backup: Backup | None, language: str) -> str | None:
    """Return why a backup may be wrong, None where nothing does; the state before a restore is as it was."""
    if backup is None or backup.why_suspect is None or backup.undoes is not None:
        return None
    return in_language(backup.why_suspect, language)


def recommended_sentence(backup: Backup | None, phrases: Phrases) -> str:
    """Return which backup is recommended instead of one that may be wrong, and where that is decided."""
    if backup is None:
        return phrases("nothing_recommended")
    return phrases("recommended_is", date=moment(backup.taken_at, phrases))


def incomplete_sentence(notes: Iterable[Note], phrases: Phrases, language: str) -> str:
    """Return in a line that a backup is incomplete, and what it lacks."""
    return phrases("is_incomplete", texts=" ".join(note_texts(notes, language)))


def unreliable_reason(backup: Backup, phrases: Phrases, language: str) -> str | None:
    """Return in a line why nobody should rely on a backup, None where it is whole and nothing speaks against it."""
    if (suspicion := suspicion_text(backup, language)) is not None:
        return phrases("may_be_wrong", reason=suspicion)
    return None if backup.whole else incomplete_sentence(backup.flaws, phrases, language)


def restore_gaps(backup: Backup | None, phrases: Phrases, shown: Callable[[str], str] = escape_markdown) -> str:
    """Return what a restore of a backup does not bring back for certain, nothing where it is all there.

    What a person accepted is named, too: they live with it in a backup, but have to set it by hand after a restore.
    """
    if backup is None:
        return ""
    artifact = backup.artifact
    parts = (("restore_missing", artifact.missing), ("restore_doubts", artifact.doubts))
    return "\n\n".join(
        phrases(key, list=bullets(map(shown, note_texts(notes, phrases.language)))) for key, notes in parts if notes
    )
