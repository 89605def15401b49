"""What the steps that fetch came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ha_device_backup_core import Note
from ha_device_backup_core.toolkit import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How a file came: what the device said of it, and what form it has to have."""

    form: str
    response: Response = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the steps that fetch came to."""

    files: Mapping[str, bytes] = field(repr=False)
    came: Mapping[str, Came] = field(default_factory=dict)
    """How each file came."""
    missing: tuple[Note, ...]
    absent: tuple[str, ...]
    """What some devices do not have, this one among them."""
