"""Between the options of config entries (plain JSON values) and the values of core."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ha_device_backup_core.host import (
    REMIND_DAYS,
    Defaults,
    DeviceSettings,
    OverdueDays,
    RetentionPolicy,
    RetryPolicy,
    Schedule,
    shown_name,
)

from .const import (
    CONF_DEVICE_CONFIG,
    OPTION_CONCURRENCY,
    OPTION_OVERDUE,
    OPTION_REMIND,
    OPTION_RETENTION,
    OPTION_RETRY,
    OPTION_SCHEDULE,
    OPTION_SCHEDULE_ENABLED,
    OPTION_SECOND_COPY,
)
from .entries import DeviceBackupsConfigEntry, agent_of, device_key


def settings_of(entry: DeviceBackupsConfigEntry) -> DeviceSettings:
    """Return what the manager has to know about the device of an entry."""
    options, key = entry.options, device_key(entry)
    return DeviceSettings(
        key=key,
        title=shown_name(entry.title, key.unique_id),
        config=entry.data[CONF_DEVICE_CONFIG],
        schedule=schedule_of(options),
        schedule_enabled=options.get(OPTION_SCHEDULE_ENABLED, True),
        retry=retry_of(options),
        retention=retention_of(options),
        overdue_days=options.get(OPTION_OVERDUE),
        remind_days=options.get(OPTION_REMIND, REMIND_DAYS),
        agent=agent_of(entry),
        added_at=entry.created_at,
    )


def defaults_of(entry: DeviceBackupsConfigEntry | None) -> Defaults:
    """Return what holds for all devices, from the service entry; without one, what holds out of the box."""
    defaults = Defaults()
    if entry is None:
        return defaults
    options = entry.options
    second_copy = options.get(OPTION_SECOND_COPY)
    return replace(
        defaults,
        schedule=schedule_of(options) or defaults.schedule,
        retry=retry_of(options) or defaults.retry,
        retention=retention_of(options) or defaults.retention,
        overdue_days=options.get(OPTION_OVERDUE),
        concurrency=options.get(OPTION_CONCURRENCY, defaults.concurrency),
        second_copy=Path(second_copy) if second_copy else None,
    )


def schedule_of(options: Mapping[str, Any]) -> Schedule | None:
    """Return the schedule, None where the default holds."""
    return Schedule.from_dict(options[OPTION_SCHEDULE]) if OPTION_SCHEDULE in options else None


def retry_of(options: Mapping[str, Any]) -> RetryPolicy | None:
    """Return when failed backups are tried again, None where the default holds."""
    return RetryPolicy.from_dict(options[OPTION_RETRY]) if OPTION_RETRY in options else None


def retention_of(options: Mapping[str, Any]) -> RetentionPolicy | None:
    """Return which backups are kept, None where the default holds."""
    return RetentionPolicy(**options[OPTION_RETENTION]) if OPTION_RETENTION in options else None


def to_options(
    *,
    retry: RetryPolicy | None = None,
    retention: RetentionPolicy | None = None,
    overdue_days: OverdueDays = None,
) -> dict[str, Any]:
    """Return the options that say this, without a schedule; what is None is left out, so that the default holds."""
    options: dict[str, Any] = {}
    if retry is not None:
        options[OPTION_RETRY] = retry.to_dict()
    if retention is not None:
        options[OPTION_RETENTION] = asdict(retention)
    if overdue_days is not None:
        options[OPTION_OVERDUE] = overdue_days
    return options
