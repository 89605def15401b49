"""Forms of the options (schedule, retries, retention, lateness), and the way back from what was entered; pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import voluptuous as vol
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TimeSelector,
)

from ha_device_backup_core import Text
from ha_device_backup_core.host import (
    MAX_ATTEMPTS,
    MAX_HOURS,
    MAX_OVERDUE_DAYS,
    Defaults,
    OverdueDays,
    RetentionPolicy,
    RetryPolicy,
    Schedule,
    ScheduleKind,
    StoreError,
    try_place_for_copy,
)

from ..const import (
    OPTION_ADD_KNOWN,
    OPTION_ADD_KNOWN_SECRETS,
    OPTION_CONCURRENCY,
    OPTION_OVERDUE,
    OPTION_REMIND,
    OPTION_SECOND_COPY,
    OVERDUE_NEVER,
)
from ..options import retention_of, retry_of, schedule_of, to_options
from .default_words import AS_FOR_ALL, WEEKDAYS, DefaultWords

MAX_CONCURRENCY = 32

_USUAL_TIME = time(3, 0)


def device_schema(options: Mapping[str, Any], words: DefaultWords) -> vol.Schema:
    """Return the form of one device's options; what is left empty is as for all devices."""
    schedule, retry, retention = schedule_of(options), retry_of(options), retention_of(options)
    retry_choice = AS_FOR_ALL if retry is None else ("on" if retry.enabled else "off")
    return vol.Schema(
        {
            vol.Required("schedule", default=schedule.kind.value if schedule else AS_FOR_ALL): _labelled(
                words.schedules
            ),
            vol.Optional("retries"): section(
                vol.Schema(
                    {
                        vol.Required("retry", default=retry_choice): _labelled(words.retries),
                        _optional("attempts", retry and retry.attempts): _number(1, MAX_ATTEMPTS),
                    }
                ),
                {"collapsed": retry is None},
            ),
            vol.Optional("keeping"): _keeping_section(retention),
            vol.Optional("lateness"): _lateness_section(options.get(OPTION_OVERDUE)),
        }
    )


def defaults_schema(options: Mapping[str, Any]) -> vol.Schema:
    """Return the form of what holds for all devices."""
    defaults = Defaults()
    schedule, retry = schedule_of(options) or defaults.schedule, retry_of(options) or defaults.retry
    return vol.Schema(
        {
            vol.Required("schedule", default=schedule.kind.value): _select("schedule", tuple(ScheduleKind)),
            vol.Optional("retries"): section(
                vol.Schema(
                    {
                        vol.Required("retry_enabled", default=retry.enabled): BooleanSelector(),
                        _optional("attempts", retry.attempts): _number(1, MAX_ATTEMPTS),
                    }
                ),
                {"collapsed": True},
            ),
            vol.Optional("keeping"): _keeping_section(retention_of(options) or defaults.retention, collapsed=True),
            vol.Optional("lateness"): _lateness_section(options.get(OPTION_OVERDUE)),
            vol.Optional("working"): section(
                vol.Schema(
                    {
                        _optional("concurrency", options.get(OPTION_CONCURRENCY, defaults.concurrency)): _number(
                            1, MAX_CONCURRENCY
                        ),
                        _optional("second_copy", options.get(OPTION_SECOND_COPY)): TextSelector(),
                    }
                ),
                {"collapsed": True},
            ),
            vol.Optional("finding"): section(
                vol.Schema(
                    {
                        vol.Required(name, default=options.get(name, False)): BooleanSelector()
                        for name in (OPTION_ADD_KNOWN, OPTION_ADD_KNOWN_SECRETS)
                    }
                ),
                {"collapsed": not options.get(OPTION_ADD_KNOWN, False)},
            ),
        }
    )


def reminder_schema(days: int) -> vol.Schema:
    """Return the form of after how many days a person is reminded."""
    return vol.Schema({vol.Required(OPTION_REMIND, default=days): _number(0, MAX_OVERDUE_DAYS)})


def device_options(user_input: Mapping[str, Any], defaults: Defaults) -> dict[str, Any]:
    """Return the options of a device, without its schedule; where nothing was entered the default goes on to hold."""
    retries = user_input.get("retries", {})
    choice, attempts = retries.get("retry", AS_FOR_ALL), retries.get("attempts")
    retry = None
    if choice != AS_FOR_ALL or attempts is not None:
        enabled = defaults.retry.enabled if choice == AS_FOR_ALL else choice == "on"
        retry = replace(defaults.retry, enabled=enabled, attempts=int(attempts or defaults.retry.attempts))
    return to_options(
        retry=retry,
        retention=_retention(user_input, defaults.retention),
        overdue_days=_overdue(user_input),
    )


def default_options(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the service entry, without the schedule; what was left empty is as out of the box."""
    usual = Defaults()
    retries, working = user_input.get("retries", {}), user_input.get("working", {})
    options = to_options(
        retry=RetryPolicy(
            enabled=retries.get("retry_enabled", usual.retry.enabled),
            attempts=int(retries.get("attempts", usual.retry.attempts)),
        ),
        retention=_retention(user_input, usual.retention),
        overdue_days=_overdue(user_input),
    )
    options[OPTION_CONCURRENCY] = int(working.get("concurrency", usual.concurrency))
    if second_copy := str(working.get("second_copy", "")).strip():
        options[OPTION_SECOND_COPY] = second_copy
    finding = user_input.get("finding", {})
    return options | {name: True for name in (OPTION_ADD_KNOWN, OPTION_ADD_KNOWN_SECRETS) if finding.get(name)}


def chosen_schedule(user_input: Mapping[str, Any]) -> ScheduleKind | None:
    """Return the kind of schedule that was chosen, None for the default."""
    return None if user_input["schedule"] == AS_FOR_ALL else ScheduleKind(user_input["schedule"])


def schedule_schema(kind: ScheduleKind, current: Schedule | None) -> vol.Schema:
    """Return the form of what a schedule of that kind needs to know; empty where it needs nothing."""
    at = (current and current.at) or _USUAL_TIME
    time_of_day = {vol.Required("at", default=at.isoformat()): TimeSelector()}
    match kind:
        case ScheduleKind.HOURS:
            return vol.Schema({vol.Required("hours", default=(current and current.hours) or 12): _number(1, MAX_HOURS)})
        case ScheduleKind.DAILY:
            return vol.Schema(time_of_day)
        case ScheduleKind.WEEKLY:
            weekday = WEEKDAYS[(current and current.weekday) or 0]
            return vol.Schema({vol.Required("weekday", default=weekday): _select("weekday", WEEKDAYS), **time_of_day})
        case ScheduleKind.CRON:
            return vol.Schema(
                {vol.Required("cron", default=(current and current.cron) or "30 3 * * *"): TextSelector()}
            )
        case _:
            return vol.Schema({})


def entered_schedule(kind: ScheduleKind, details: Mapping[str, Any]) -> Schedule:
    """Return the schedule; raises ConfigError for a cron expression that cannot be used."""
    return Schedule(
        kind=kind,
        hours=int(details["hours"]) if "hours" in details else None,
        at=time.fromisoformat(details["at"]) if "at" in details else None,
        weekday=WEEKDAYS.index(details["weekday"]) if "weekday" in details else None,
        cron=details.get("cron"),
    )


def unusable_folder(folder: str, config_folder: str) -> tuple[str, Text] | None:
    """Return why no copies can be written there, as the key of an error and what the store says; blocking.

    Below the configuration folder they would be in every snapshot twice.
    """
    path = Path(folder)
    if not path.is_absolute():
        return "second_copy_not_absolute", ""
    try:
        if path.is_dir() and path.resolve().is_relative_to(Path(config_folder).resolve()):
            return "second_copy_inside", ""
        try_place_for_copy(path)
    except StoreError as error:
        return "second_copy_unusable", error.detail or ""
    return None


def _keeping_section(retention: RetentionPolicy | None, *, collapsed: bool | None = None) -> section:
    return section(
        vol.Schema(
            {
                _optional("newest", retention and retention.newest): _number(1, 1000),
                _optional("days", retention and retention.days): _number(1, 3650),
                _optional("monthly", retention and retention.monthly): _number(0, 120),
            }
        ),
        {"collapsed": retention is None if collapsed is None else collapsed},
    )


def _lateness_section(overdue: OverdueDays) -> section:
    never = overdue == OVERDUE_NEVER
    return section(
        vol.Schema(
            {
                _optional("overdue_days", None if never else overdue): _number(1, 3650),
                vol.Required("never_overdue", default=never): BooleanSelector(),
            }
        ),
        {"collapsed": overdue is None},
    )


def _retention(user_input: Mapping[str, Any], defaults: RetentionPolicy) -> RetentionPolicy | None:
    entered = {key: int(value) for key, value in user_input.get("keeping", {}).items()}
    return replace(defaults, **entered) if entered else None


def _overdue(user_input: Mapping[str, Any]) -> OverdueDays:
    lateness = user_input.get("lateness", {})
    if lateness.get("never_overdue"):
        return "never"
    return int(lateness["overdue_days"]) if "overdue_days" in lateness else None


def _optional(name: str, value: object) -> vol.Optional:
    return vol.Optional(name, description={} if value is None else {"suggested_value": value})


def _select(translation_key: str, options: tuple[str, ...]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(option) for option in options],
            translation_key=translation_key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _labelled(labels: Mapping[str, str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in labels.items()],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _number(minimum: int, maximum: int) -> NumberSelector:
    return NumberSelector(NumberSelectorConfig(min=minimum, max=maximum, step=1, mode=NumberSelectorMode.BOX))
