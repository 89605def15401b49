"""What a file tells of itself."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

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
    try:
        if (stamp := _BY_US.search(name)) is not None:
            return datetime.strptime(stamp[0], "%Y-%m-%d_%H-%M-%S").replace(tzinfo=UTC)
        if (stamp := _BY_DEVICE.search(name)) is not None:
            return datetime.strptime(stamp[0], "%Y-%m-%d_%H_%M_%S").replace(tzinfo=zone).astimezone()
    except (ValueError, OverflowError):
        return None
    return None
