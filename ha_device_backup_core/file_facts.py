"""What a file tells of itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What a file itself tells of the device that made it, and of the time; None where it does not."""

    model: str | None = None
    version: str | None = None
    """Of the firmware, as people know it."""
    made_at: datetime | None = None
    """Without a zone: by the clock on the wall where the device is."""
