"""How patiently a device is asked."""

from ha_device_backup_core.toolkit import Pace

PACE = Pace(connect=2.0, silence=5.0, total=60.0, bytes_per_second=1000.0, tries=4, pause=1.0, longest_pause=3.0)


def test_time_grows_with_the_size() -> None:
    assert PACE.for_bytes(0) == PACE
    assert PACE.for_bytes(20_000).total == 80.0
    assert PACE.for_bytes(20_000, left=70.0).total == 70.0
    assert PACE.for_bytes(20_000, left=0.1).total == PACE.connect


def test_without_a_limit_only_what_is_left_counts() -> None:
    assert Pace().for_bytes(20_000).total is None
    assert Pace(connect=2.0).for_bytes(20_000, left=9.0).total == 9.0


def test_pauses_grow_up_to_the_longest() -> None:
    assert [PACE.pause_after(tries) for tries in (1, 2, 3)] == [1.0, 2.0, 3.0]
    assert [PACE.pause_after(1, asked) for asked in (0.0, 2.5, 600.0)] == [0.0, 2.5, 3.0]


def test_what_is_asked_once_or_shortly() -> None:
    assert PACE.once().tries == 1
    hurried = PACE.impatient(0.5)
    assert (hurried.tries, hurried.total, hurried.silence, hurried.connect) == (1, 0.5, 0.5, 2.0)
