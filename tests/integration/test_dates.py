"""Dates inside sentences."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from homeassistant.util import dt as dt_util

from custom_components.ha_device_backups.dates import day, moment

AT = datetime(2026, 1, 5, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "on", "at"),
    [
        ("en", "2026-01-06", "2026-01-06 00:07"),
        ("de", "06.01.2026", "06.01.2026 um 00:07 Uhr"),
        ("de-CH", "06.01.2026", "06.01.2026 um 00:07 Uhr"),
        ("nl", "06-01-2026", "06-01-2026 om 00:07"),
        ("fr", "2026-01-06", "2026-01-06 00:07"),
    ],
)
def test_in_the_form_of_the_language_and_the_time_at_home(language: str, on: str, at: str) -> None:
    before = dt_util.get_default_time_zone()
    dt_util.set_default_time_zone(ZoneInfo("Europe/Berlin"))
    try:
        assert (day(AT, language), moment(AT, language)) == (on, at)
    finally:
        dt_util.set_default_time_zone(before)
