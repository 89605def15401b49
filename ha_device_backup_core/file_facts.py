"""What a file tells of itself."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import chain

POSSIBLE_YEARS = range(2000, 3000)
"""A clock that shows another year was never set."""

_BY_DEVICE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d(?!\d)", re.ASCII)
"""As TasmoBackup and devices write it: by the clock on the wall."""
_BY_US = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(?!\d)", re.ASCII)
"""As the id of a backup is written, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What a file itself tells of the device that made it, and of the time; None where it does not."""

    model: str | None = None
    version: str | None = None
    """Of the firmware, as people know it."""
    made_at: datetime | None = None
    """Without a zone: by the clock on the wall where the device is."""


def time_in_name(name: str, zone: tzinfo | None) -> datetime | None:
    """Return when a file was made by its name, None where that tells none; a clock on the wall is one of the zone."""
    by_us = (_read(stamp, "%Y-%m-%d_%H-%M-%S", UTC) for stamp in _BY_US.findall(name))
    by_device = (_read(stamp, "%Y-%m-%d_%H_%M_%S", zone) for stamp in _BY_DEVICE.findall(name))
    return next(filter(None, chain(by_us, by_device)), None)


def _read(stamp: str, form: str, zone: tzinfo | None) -> datetime | None:
    """Return the time, None for one that no clock that was set has shown."""
    try:
        at = datetime.strptime(stamp, form)  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return at.replace(tzinfo=zone).astimezone() if at.year in POSSIBLE_YEARS else None
