from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    InvalidArtifactError,
    StoreFullError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.policies.retry import LONGEST_ASKED_FOR, RetryPolicy, next_delay

POLICY = RetryPolicy(attempts=6, first_delay=60, maximum_delay=600)


def test_delays_double_up_to_the_maximum_within_their_jitter() -> None:
    for attempt, longest in ((1, 60), (2, 120), (3, 240), (4, 480), (5, 600)):
        delays = [next_delay(POLICY, attempt, CannotConnectError(), random=Random(seed)) for seed in range(200)]
        assert all(delay is not None and longest / 2 <= delay <= longest for delay in delays)
        assert len(set(delays)) > 150


def test_the_last_try_is_the_last() -> None:
    assert next_delay(POLICY, 6, CannotConnectError(), random=Random(0)) is None
    assert next_delay(RetryPolicy(attempts=1), 1, CannotConnectError(), random=Random(0)) is None


def test_switched_off() -> None:
    assert next_delay(RetryPolicy(enabled=False), 1, CannotConnectError(), random=Random(0)) is None


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (CannotConnectError(), True),
        (DeviceBusyError(), True),
        (InvalidArtifactError("cut off"), True),
        (AuthenticationError(), False),
        (WrongDeviceError(), False),
        (UnsupportedDeviceError(), False),
        (StoreFullError(), False),
        (DeviceBackupError(), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: DeviceBackupError, again: bool) -> None:
    assert (next_delay(POLICY, 1, error, random=Random(0)) is not None) is again


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        (900.0, 900.0),
        (1e12, LONGEST_ASKED_FOR),
        (float("inf"), LONGEST_ASKED_FOR),
    ],
)
def test_a_device_that_asks_for_more_time_gets_it(asked_for: float, expected: float) -> None:
    assert next_delay(POLICY, 1, DeviceBusyError(retry_after=asked_for), random=Random(0)) == expected


@pytest.mark.parametrize("asked_for", [None, 0.0, 1.0, -5.0, float("nan")])
def test_a_device_that_asks_for_less_changes_nothing(asked_for: float | None) -> None:
    delay = next_delay(POLICY, 1, DeviceBusyError(retry_after=asked_for), random=Random(0))
    assert delay is not None
    assert 30 <= delay <= 60


@given(
    attempt=st.integers(1, 20),
    attempts=st.integers(1, 20),
    first=st.floats(1, 86400),
    maximum=st.floats(1, 86400),
    seed=st.integers(),
)
def test_every_delay_is_bounded(attempt: int, attempts: int, first: float, maximum: float, seed: int) -> None:
    policy = RetryPolicy(attempts=attempts, first_delay=first, maximum_delay=max(first, maximum))
    delay = next_delay(policy, attempt, CannotConnectError(), random=Random(seed))
    assert delay is None if attempt >= attempts else delay is not None and first / 2 <= delay <= policy.maximum_delay


def test_a_policy_survives_its_plain_values() -> None:
    assert RetryPolicy.from_dict(POLICY.to_dict()) == POLICY
    assert RetryPolicy.from_dict({}) == RetryPolicy()
    assert RetryPolicy.from_dict({"enabled": False, "attempts": 3.0}) == RetryPolicy(enabled=False, attempts=3)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"attempts": 0}, "attempts"),
        ({"attempts": 21}, "attempts"),
        ({"attempts": "many"}, "attempts"),
        ({"attempts": float("nan")}, "attempts"),
        ({"first_delay": 0}, "first_delay"),
        ({"first_delay": True}, "first_delay"),
        ({"first_delay": 120, "maximum_delay": 60}, "maximum_delay"),
        ({"maximum_delay": 100_000}, "maximum_delay"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(values: dict[str, object], field: str) -> None:
    with pytest.raises(ConfigError) as refused:
        RetryPolicy.from_dict(values)
    assert refused.value.field == field
