"""What a person has set: for one device, and for all that say nothing themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ha_device_backup_core.addresses import endpoint_of
from ha_device_backup_core.errors import ConfigError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.text import _

MAX_OVERDUE_DAYS = 3650
REMIND_DAYS = 30

type OverdueDays = int | Literal["never"] | None
"""Days without a fresh backup after which a device is a problem; None: three intervals, at least three days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """One device; None stands for the default."""

    key: DeviceKey
    title: str
    config: Mapping[str, object] = field(repr=False)
    """Raw: it is checked against the handler when a job starts."""
    schedule: Schedule | None = None
    schedule_enabled: bool = True
    retry: RetryPolicy | None = None
    retention: RetentionPolicy | None = None
    overdue_days: OverdueDays = None
    remind_days: int = REMIND_DAYS
    """Age of the newest whole backup at which a person is asked for a fresh one, where it takes a person; 0 never."""
    agent: str | None = None
    """The id of the agent that asks the device; None where it is asked from here."""
    added_at: datetime | None = None
    """A device that never was backed up is overdue counted from here."""

    def __post_init__(self) -> None:
        """Raise ConfigError for what cannot be."""
        _check_overdue(self.overdue_days)
        if not 0 <= self.remind_days <= MAX_OVERDUE_DAYS:
            detail = _("Enter 0 to {max_overdue_days} days.", max_overdue_days=MAX_OVERDUE_DAYS)
            raise ConfigError("remind_days", detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for every device without settings of its own."""

    schedule: Schedule = field(default_factory=lambda: Schedule(kind=ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP))
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    retention: RetentionPolicy = field(default_factory=RetentionPolicy)
    overdue_days: OverdueDays = None
    concurrency: int = 4
    """Jobs at a time."""
    second_copy: Path | None = None
    """A folder that gets a copy of each new backup, best effort."""

    def __post_init__(self) -> None:
        """Raise ConfigError for what cannot be."""
        _check_overdue(self.overdue_days)
        if self.concurrency < 1:
            raise ConfigError("concurrency", _("Enter 1 or more."))

    def of(self, settings: DeviceSettings) -> "EffectiveSettings":
        """Return what holds for the device."""
        return _shared(
            schedule=settings.schedule or self.schedule,
            retry=settings.retry or self.retry,
            retention=settings.retention or self.retention,
            overdue_days=self.overdue_days if settings.overdue_days is None else settings.overdue_days,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveSettings:
    """What holds for one device, defaults filled in."""

    schedule: Schedule
    retry: RetryPolicy
    retention: RetentionPolicy
    overdue_days: OverdueDays


_shared = lru_cache(maxsize=64)(EffectiveSettings)
"""Most devices have the same: one object is enough for them."""


def endpoint(key: DeviceKey, config: Mapping[str, object]) -> str:
    """Return what only one job at a time may talk to: the host with its port, or the device where it has no address."""
    return endpoint_of(config) or str(key)


def _check_overdue(days: OverdueDays) -> None:
    if isinstance(days, int) and not 1 <= days <= MAX_OVERDUE_DAYS:
        detail = _("Enter 1 to {max_overdue_days} days.", max_overdue_days=MAX_OVERDUE_DAYS)
        raise ConfigError("overdue", detail)
