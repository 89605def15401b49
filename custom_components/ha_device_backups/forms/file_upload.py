"""The form in which a person hands in a backup file, and what becomes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import voluptuous as vol
from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import DateTimeSelector, FileSelector, FileSelectorConfig
from homeassistant.util import dt as dt_util

from ha_device_backup_core.host import (
    MAX_ARTIFACT_BYTES,
    MEBIBYTE,
    DeviceBackupManager,
    DeviceKey,
    JobResult,
    UnreadableFileError,
    UnusableFileError,
    artifact_of_file,
    why_file_is_no_backup_of_device,
)

from ..translation import Phrases, async_person_language, async_phrases

CONF_FILE = "file"
CONF_MADE_AT = "made_at"


def file_schema(made_at: str | None = None) -> vol.Schema:
    """Return the form; without a time the file counts as made when it says itself, or now."""
    suggested = None if made_at is None else {"suggested_value": made_at}
    return vol.Schema(
        {
            vol.Required(CONF_FILE): FileSelector(FileSelectorConfig(accept="*/*")),
            vol.Optional(CONF_MADE_AT, description=suggested): DateTimeSelector(),
        }
    )


async def async_import_file(
    hass: HomeAssistant, manager: DeviceBackupManager, key: DeviceKey, user_input: Mapping[str, Any]
) -> JobResult:
    """Keep the file as a backup of the device; raises DeviceBackupError."""
    phrases = await async_phrases(hass, await async_person_language(hass))
    name, content = await hass.async_add_executor_job(_read_backup, hass, user_input[CONF_FILE], phrases)
    return await manager.import_backup(key, artifact_of_file(name, content), made_at=_made_at(user_input))


def _made_at(user_input: Mapping[str, Any]) -> datetime | None:
    entered = dt_util.parse_datetime(str(user_input.get(CONF_MADE_AT, "")))
    return None if entered is None else dt_util.as_utc(entered)


def _read_backup(hass: HomeAssistant, file_id: str, phrases: Phrases) -> tuple[str, bytes]:
    return read_upload(hass, file_id, phrases, MAX_ARTIFACT_BYTES)


def read_upload(hass: HomeAssistant, file_id: str, phrases: Phrases, most: int) -> tuple[str, bytes]:
    """Return name and content of an uploaded file, which is gone then; blocking.

    Raises UnreadableFileError, also for more bytes than that.
    """
    try:
        with process_uploaded_file(hass, file_id) as path:
            if path.stat().st_size > most:
                if (way_on := why_file_is_no_backup_of_device(path)) is not None:
                    raise UnusableFileError(way_on)
                raise UnreadableFileError(phrases("file_too_large", limit=str(most // MEBIBYTE)))
            return path.name, path.read_bytes()
    except ValueError as error:
        raise UnreadableFileError(phrases("file_not_arrived")) from error
