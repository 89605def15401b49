"""A restart is over when the device itself shows that it began anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ha_device_backup_core import AuthenticationError, CannotConnectError, RestoreNotVerifiedError
from ha_device_backup_core.text import _
from ha_device_backup_core.toolkit import Restart, RestartPace

QUICK = RestartPace(poll=0.0, overdue=0.0, limit=5.0)
SHORT = RestartPace(poll=0.001, overdue=10.0, limit=0.02)
AWAY = CannotConnectError()


@dataclass(frozen=True)
class Status:
    """What a device says."""

    uptime: float | None
    unique_id: str = "4711"
    starts: int = 1


BEFORE = Status(uptime=100)


class Device:
    """Says one thing after the other, the last one again and again."""

    def __init__(self, *said: Status | Exception, asking: Exception | None = None) -> None:
        self.said: Iterator[Status | Exception] = iter(said)
        self.last: Status | Exception = BEFORE
        self.asking = asking
        self.asked = 0

    async def look(self) -> Status:
        self.last = next(self.said, self.last)
        if isinstance(self.last, Exception):
            raise self.last
        return self.last

    async def ask(self) -> None:
        self.asked += 1
        if self.asking is not None:
            raise self.asking

    def restart(self, pace: RestartPace = QUICK, before: Status = BEFORE) -> Restart[Status]:
        return Restart(
            before,
            look=self.look,
            ask=self.ask,
            not_back="Look for it.",
            pace=pace,
            has_restarted=lambda status: status.starts != BEFORE.starts,
        )


async def test_a_device_that_restarts_by_itself_is_waited_for() -> None:
    device = Device(AWAY, AWAY, Status(uptime=1))
    assert await device.restart().wait() == Status(uptime=1)
    assert device.asked == 0


async def test_one_that_counts_its_starts_need_not_be_young() -> None:
    assert await Device(Status(uptime=100, starts=2)).restart().wait() == Status(uptime=100, starts=2)


async def test_a_restart_that_does_not_come_is_asked_for_until_it_does() -> None:
    device = Device(BEFORE, BEFORE, AWAY, BEFORE, Status(uptime=0), asking=AWAY)
    assert await device.restart().wait() == Status(uptime=0)
    assert device.asked == 3


async def test_a_restart_is_asked_for_and_its_answer_may_be_lost() -> None:
    device = Device(Status(uptime=3), asking=AWAY)
    assert await device.restart().ask_and_wait() == Status(uptime=3)
    assert device.asked == 1


async def test_a_login_that_is_refused_is_not_waited_for() -> None:
    with pytest.raises(AuthenticationError):
        await Device(asking=AuthenticationError()).restart().ask_and_wait()


async def test_another_device_that_comes_back_proves_nothing() -> None:
    with pytest.raises(RestoreNotVerifiedError, match="another device answers"):
        await Device(AWAY, Status(uptime=1, unique_id="0815")).restart().wait()


@pytest.mark.parametrize("said", [AWAY, BEFORE, Status(uptime=None)], ids=["away", "unchanged", "no uptime"])
async def test_a_device_that_stays_away_or_as_it_was_proves_nothing(said: Status | Exception) -> None:
    with pytest.raises(RestoreNotVerifiedError) as caught:
        await Device(said).restart(SHORT).wait()
    told = (
        "Look for it."
        if said is AWAY
        else _("The device answers, but does not show that it has restarted. Restore again.")
    )
    assert caught.value.detail == told


async def test_one_that_told_no_uptime_before_is_seen_to_be_young() -> None:
    device = Device(Status(uptime=50), Status(uptime=0))
    slow = RestartPace(poll=1.1, overdue=10.0, limit=10.0)
    assert await device.restart(slow, Status(uptime=None)).wait() == Status(uptime=0)
