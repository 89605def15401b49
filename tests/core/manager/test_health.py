from datetime import UTC, datetime, timedelta

import pytest

from ha_device_backup_core.manager.health import Health, health_of, overdue_limit
from ha_device_backup_core.manager.settings import OverdueDays
from ha_device_backup_core.records import Attempt, Outcome

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STORED = Attempt(at=NOW, outcome=Outcome.STORED)
UNREACHABLE = Attempt(at=NOW, outcome=Outcome.FAILED, error="cannot_connect")
BUSY = Attempt(at=NOW, outcome=Outcome.FAILED, error="device_busy")
UNCONFIRMED = Attempt(at=NOW, outcome=Outcome.FAILED, error="person_required")
BROKEN = Attempt(at=NOW, outcome=Outcome.FAILED, error="invalid_artifact")


@pytest.mark.parametrize(
    ("fresh", "added", "last_attempt", "blocked", "retrying", "limit", "expected"),
    [
        (HOUR, None, STORED, False, False, 3 * DAY, Health.OK),
        (HOUR, None, None, False, False, 3 * DAY, Health.OK),
        (None, None, None, False, False, 3 * DAY, Health.NEVER),
        (None, HOUR, UNREACHABLE, False, False, 3 * DAY, Health.NEVER),
        (None, 4 * DAY, UNREACHABLE, False, False, 3 * DAY, Health.OVERDUE),
        (None, 4 * DAY, UNREACHABLE, False, False, None, Health.NEVER),
        (HOUR, None, UNREACHABLE, False, False, 3 * DAY, Health.LATE),
        (HOUR, None, BUSY, False, False, 3 * DAY, Health.LATE),
        (HOUR, None, BROKEN, False, True, 3 * DAY, Health.LATE),
        (HOUR, None, BROKEN, False, False, 3 * DAY, Health.FAILING),
        (4 * DAY, None, BROKEN, False, False, 3 * DAY, Health.FAILING),
        (4 * DAY, None, UNREACHABLE, False, False, 3 * DAY, Health.OVERDUE),
        (3 * DAY, None, UNREACHABLE, False, False, 3 * DAY, Health.LATE),
        (400 * DAY, None, UNREACHABLE, False, False, None, Health.LATE),
        (4 * DAY, None, STORED, False, False, 3 * DAY, Health.OVERDUE),
        (HOUR, None, UNREACHABLE, True, False, 3 * DAY, Health.BLOCKED),
        (HOUR, None, UNCONFIRMED, False, False, 3 * DAY, Health.LATE),
        (None, HOUR, UNCONFIRMED, False, False, 3 * DAY, Health.PERSON_NEEDED),
    ],
)
def test_health(
    fresh: timedelta | None,
    added: timedelta | None,
    last_attempt: Attempt | None,
    blocked: bool,
    retrying: bool,
    limit: timedelta | None,
    expected: Health,
) -> None:
    health = health_of(
        fresh=None if fresh is None else NOW - fresh,
        added_at=None if added is None else NOW - added,
        last_attempt=last_attempt,
        blocked=blocked,
        retrying=retrying,
        limit=limit,
        now=NOW,
    )
    assert health is expected
    assert health.is_problem is (expected in {Health.OVERDUE, Health.BLOCKED, Health.FAILING, Health.PERSON_NEEDED})


@pytest.mark.parametrize(
    ("due", "last_attempt", "blocked", "expected"),
    [
        (-HOUR, STORED, False, Health.PERSON_NEEDED),
        (-HOUR, UNCONFIRMED, False, Health.PERSON_NEEDED),
        (-HOUR, UNREACHABLE, False, Health.PERSON_NEEDED),
        (-HOUR, BROKEN, False, Health.FAILING),
        (-HOUR, STORED, True, Health.BLOCKED),
        (HOUR, STORED, False, Health.OK),
        (HOUR, UNCONFIRMED, False, Health.LATE),
    ],
)
def test_a_person_is_needed(due: timedelta, last_attempt: Attempt, blocked: bool, expected: Health) -> None:
    assert (
        health_of(
            fresh=NOW - HOUR,
            added_at=None,
            last_attempt=last_attempt,
            blocked=blocked,
            retrying=False,
            limit=3 * DAY,
            now=NOW,
            due=NOW + due,
        )
        is expected
    )


@pytest.mark.parametrize(
    ("overdue_days", "interval", "expected"),
    [
        (None, HOUR, 3 * DAY),
        (None, DAY, 3 * DAY),
        (None, 7 * DAY, 21 * DAY),
        (None, None, None),
        (1, 7 * DAY, DAY),
        (10, None, 10 * DAY),
        ("never", HOUR, None),
    ],
)
def test_the_limit(overdue_days: OverdueDays, interval: timedelta | None, expected: timedelta | None) -> None:
    assert overdue_limit(overdue_days, interval) == expected
