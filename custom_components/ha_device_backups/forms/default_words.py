"""What holds for all devices, in words for the form of one device."""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ha_device_backup_core.host import Defaults, Schedule, ScheduleKind

from ..const import DOMAIN, OVERDUE_NEVER
from ..translation import Phrases, async_phrases

AS_FOR_ALL = "default"
"""The choice of what holds for all devices."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class DefaultWords:
    """The labels and helps of a device's options in one language."""

    schedules: dict[str, str]
    """Choice of a schedule to its label, the default first."""
    retries: dict[str, str]
    placeholders: dict[str, str]
    """What the helps of the fields fill in."""


async def async_default_words(hass: HomeAssistant, defaults: Defaults, language: str) -> DefaultWords:
    """Return how the form of one device words its choices and what is left empty."""
    phrases = await async_phrases(hass, language)
    texts = await async_get_translations(hass, language, "selector", {DOMAIN})

    def option(of: str, value: str) -> str:
        return texts[f"component.{DOMAIN}.selector.{of}.options.{value}"]

    weekday = option("weekday", WEEKDAYS[defaults.schedule.weekday or 0])
    retry = phrases("default_retry_on" if defaults.retry.enabled else "default_retry_off")
    return DefaultWords(
        schedules={
            AS_FOR_ALL: phrases("as_for_all", default=_schedule(phrases, defaults.schedule, weekday)),
            **{kind.value: option("schedule", kind) for kind in ScheduleKind},
        },
        retries={
            AS_FOR_ALL: phrases("as_for_all", default=retry),
            **{choice: option("retry", choice) for choice in ("on", "off")},
        },
        placeholders={
            "default_attempts": str(defaults.retry.attempts),
            "default_newest": str(defaults.retention.newest),
            "default_days": str(defaults.retention.days or "–"),
            "default_monthly": str(defaults.retention.monthly),
            "default_overdue": _overdue(phrases, defaults),
        },
    )


def _schedule(phrases: Phrases, schedule: Schedule, weekday: str) -> str:
    at = "" if schedule.at is None else f"{schedule.at:%H:%M}"
    return phrases(
        f"default_schedule_{schedule.kind}",
        hours=str(schedule.hours),
        at=at,
        weekday=weekday,
        cron=str(schedule.cron),
    )


def _overdue(phrases: Phrases, defaults: Defaults) -> str:
    match defaults.overdue_days:
        case None:
            return phrases("default_overdue_usual")
        case days if days == OVERDUE_NEVER:
            return phrases("default_overdue_never")
        case days:
            return phrases("default_overdue_days", days=str(days))
