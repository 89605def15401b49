"""What is to happen when, behind one timer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.manager.agenda import Agenda
from ha_device_backup_core.manager.device import TrackedDevice
from ha_device_backup_core.manager.settings import Defaults, DeviceSettings
from ha_device_backup_core.records import DeviceKey

from .fakes import Clock, FakeTimers

START = datetime(2025, 1, 15, 12, tzinfo=UTC)


def lamp(number: int) -> TrackedDevice:
    settings = DeviceSettings(key=DeviceKey("lamp", f"a{number}"), title="Lamp", config={})
    return TrackedDevice(settings=settings, effective=Defaults().of(settings), interval=None)


@given(
    orders=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["a", "b"]), st.none() | st.integers(0, 20)), max_size=300
    )
)
def test_each_thing_happens_once_in_the_order_of_time(orders: list[tuple[int, str, int | None]]) -> None:
    timers = FakeTimers(Clock(START))
    agenda = Agenda(timers)
    devices = [lamp(number) for number in range(5)]
    ahead: dict[tuple[int, str], int] = {}
    happened: list[tuple[int, int]] = []
    for number, name, minutes in orders:
        if minutes is None:
            agenda.cancel(devices[number], name)
            ahead.pop((number, name), None)
        else:
            when = START + timedelta(minutes=minutes)
            agenda.set(
                devices[number], name, when, lambda device, at: happened.append((devices.index(device), at.minute))
            )
            ahead[number, name] = minutes
        assert len(timers.waiting) == bool(ahead)
    while timers.waiting:
        timers.fire_next()
    assert [minute for _, minute in happened] == sorted(ahead.values())
    assert sorted(happened) == sorted((number, minutes) for (number, _), minutes in ahead.items())
    assert [device.timers for device in devices] == [{}] * 5


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2025, 10, 26, 2, 30, tzinfo=zone)
    second = datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=zone)
    timers = FakeTimers(Clock(datetime(2025, 10, 25, tzinfo=UTC)))
    agenda = Agenda(timers)
    happened: list[datetime] = []
    for number, when in enumerate((second, first)):
        agenda.set(lamp(number), "runs", when, lambda _, at: happened.append(at))
    while timers.waiting:
        timers.fire_next()
    assert happened == [datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 1, 10, tzinfo=UTC)]


def test_what_fails_holds_nothing_else_back() -> None:
    timers = FakeTimers(Clock(START))
    agenda = Agenda(timers)
    happened: list[datetime] = []
    agenda.set(lamp(1), "fails", START, lambda *_: [].pop())
    agenda.set(lamp(2), "comes", START, lambda _, at: happened.append(at))
    with pytest.raises(IndexError):
        timers.fire_next()
    timers.fire_next()
    assert (happened, timers.waiting) == ([START], {})


def test_many_that_are_planned_again_and_again_are_kept_once() -> None:
    timers = FakeTimers(Clock(START))
    agenda = Agenda(timers)
    device, other = lamp(1), lamp(2)
    agenda.set(other, "first", START, lambda *_: None)
    for number in range(5000):
        agenda.set(device, "later", START + timedelta(hours=number + 1), lambda *_: None)
    assert len(agenda._heap) < 200
    agenda.cancel_all(device)
    agenda.cancel_all(other)
    assert timers.waiting == {}
