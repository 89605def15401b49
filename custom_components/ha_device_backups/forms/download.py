"""The form in which a person chooses the backup to download."""

from collections.abc import Sequence

import voluptuous as vol
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util import dt as dt_util

from ha_device_backup_core.records import Backup

from ..translation import Phrases

CONF_BACKUP = "backup"
LISTED_BACKUPS = 50


def download_schema(backups: Sequence[Backup], recommended: Backup, phrases: Phrases) -> vol.Schema:
    """Return the form; the recommended backup is chosen unless the person says otherwise."""
    options = [SelectOptionDict(value=backup.id, label=_label(backup, recommended, phrases)) for backup in backups]
    selector = SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST))
    return vol.Schema({vol.Required(CONF_BACKUP, default=recommended.id): selector})


def _label(backup: Backup, recommended: Backup, phrases: Phrases) -> str:
    marks = [
        phrases(f"mark_{mark}")
        for mark, is_so in (
            ("recommended", backup.id == recommended.id),
            ("suspect", backup.suspect),
            ("not_whole", not backup.whole),
            ("protected", backup.protected),
        )
        if is_so
    ]
    when = dt_util.as_local(backup.taken_at).strftime("%Y-%m-%d %H:%M")
    return " · ".join((when, *filter(None, (backup.device.version,)), *marks))
