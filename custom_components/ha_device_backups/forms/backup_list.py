"""The list in which a person chooses a backup, to put it back or to download it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import voluptuous as vol
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ha_device_backup_core.host import Backup

from ..translation import Phrases, moment
from ..wording.restore_report import undo_label

CONF_BACKUP = "backup"
LISTED_BACKUPS = 50


def backup_schema(backups: Sequence[Backup], offered: Backup | None, phrases: Phrases) -> vol.Schema:
    """Return the form for all backups of a device, newest first; the one that is offered is chosen to begin with."""
    listed = [*backups[:LISTED_BACKUPS]]
    if offered is not None and offered not in listed:
        listed.append(offered)
    times = [backup.taken_at for backup in listed]
    options = [
        SelectOptionDict(
            value=backup.id, label=_label(backup, _neighbours(times, index), offered=offered, phrases=phrases)
        )
        for index, backup in enumerate(listed)
    ]
    selector = SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST))
    return vol.Schema({vol.Required(CONF_BACKUP, default=(offered or backups[0]).id): selector})


def _neighbours(times: Sequence[datetime], index: int) -> Sequence[datetime]:
    """Return the times before and after one: whatever was in the same minute stands beside it."""
    return times[max(index - 1, 0) : index + 2]


def _label(backup: Backup, others: Sequence[datetime], *, offered: Backup | None, phrases: Phrases) -> str:
    when = moment(backup.taken_at, phrases, *others)
    return " · ".join((when, *filter(None, (backup.device.version,)), *_marks(backup, offered, phrases)))


def _marks(backup: Backup, offered: Backup | None, phrases: Phrases) -> Iterator[str]:
    """Return what stands out about a backup; nobody has to judge whether the state before a restore is right."""
    if backup.is_recommended(offered):
        yield phrases("mark_recommended")
    if backup.undoes is not None:
        yield undo_label(backup.undoes, phrases)
    elif backup.suspect:
        yield phrases("mark_suspect")
    if not backup.whole:
        yield phrases("mark_not_whole")
    if backup.protected:
        yield phrases("mark_protected")
