from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core.errors import ConfigError
from ha_device_backup_core.manager.settings import Defaults, DeviceSettings, EffectiveSettings, OverdueDays
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.records import DeviceKey

KEY = DeviceKey("lamp", "a1")
HOURS = Schedule(kind=ScheduleKind.HOURS, hours=6)


def test_out_of_the_box() -> None:
    assert Defaults() == Defaults(
        schedule=Schedule(kind=ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP),
        retry=RetryPolicy(),
        retention=RetentionPolicy(),
        overdue_days=None,
        concurrency=4,
        second_copy=None,
    )


def test_what_a_device_does_not_say_is_the_default() -> None:
    defaults = Defaults(schedule=HOURS, overdue_days=5, second_copy=Path("/share"))
    silent = DeviceSettings(key=KEY, title="Lamp", config={})
    assert defaults.of(silent) == EffectiveSettings(
        schedule=HOURS, retry=RetryPolicy(), retention=RetentionPolicy(), overdue_days=5
    )


@pytest.mark.parametrize("overdue_days", [1, "never"])
def test_what_a_device_says_wins(overdue_days: OverdueDays) -> None:
    own = DeviceSettings(
        key=KEY,
        title="Lamp",
        config={},
        schedule=HOURS,
        retry=RetryPolicy(enabled=False),
        retention=RetentionPolicy(newest=3),
        overdue_days=overdue_days,
    )
    assert Defaults(overdue_days=9).of(own) == EffectiveSettings(
        schedule=HOURS,
        retry=RetryPolicy(enabled=False),
        retention=RetentionPolicy(newest=3),
        overdue_days=overdue_days,
    )


@pytest.mark.parametrize(
    ("values", "field", "corrected"),
    [
        ({"concurrency": 0}, "concurrency", {"concurrency": 1}),
        ({"overdue_days": 0}, "overdue", {"overdue_days": 1}),
        ({"overdue_days": 10**9}, "overdue", {"overdue_days": 3650}),
        ({"overdue_days": -3}, "overdue", {"overdue_days": "never"}),
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, Any], field: str, corrected: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refused:
        Defaults(**values)
    assert refused.value.field == field
    Defaults(**corrected)


def test_a_device_cannot_be_overdue_at_once() -> None:
    with pytest.raises(ConfigError):
        DeviceSettings(key=KEY, title="Lamp", config={}, overdue_days=0)
    assert DeviceSettings(key=KEY, title="Lamp", config={}, overdue_days=1).overdue_days == 1


def test_settings_show_no_configuration() -> None:
    assert "canary" not in repr(DeviceSettings(key=KEY, title="Lamp", config={"pin": "canary"}))
