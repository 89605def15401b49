"""Packed files: whole ones, damaged ones, and such as cost too much."""

import gzip
import random

import pytest

from ha_device_backup_http.gzip_files import Budget, TooMuchError, gunzip, is_gzip

PLAIN = b"a" * 3_000_000
WHOLE = gzip.compress(PLAIN)
NOISE = random.Random(4711).randbytes(200_000)
EMPTY = gzip.compress(b"")


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (WHOLE, PLAIN),
        (WHOLE + WHOLE + b"\0\0", PLAIN * 2),
        (WHOLE + gzip.compress(NOISE) + EMPTY + bytes(100_000), PLAIN + NOISE),
        (EMPTY, b""),
        (EMPTY * 500, b""),
        (WHOLE[:-1], None),
        (WHOLE[: len(WHOLE) // 2], None),
        (gzip.compress(NOISE)[:100_000], None),
        (WHOLE[:3], None),
        (WHOLE[:-6] + b"wrong!", None),
        (WHOLE + b"more", None),
        (WHOLE + bytes(50_000) + b"more", None),
        (PLAIN, None),
        (b"", None),
    ],
)
def test_unpacking(content: bytes, plain: bytes | None) -> None:
    assert gunzip(content, Budget()) == plain
    assert is_gzip(content) == (plain is not None)


@pytest.mark.parametrize(
    ("content", "budget"),
    [(WHOLE, Budget(unpacked=len(PLAIN) - 1)), (EMPTY * 500, Budget(members=499)), (EMPTY * 1_000_000, Budget())],
)
def test_what_costs_too_much(content: bytes, budget: Budget) -> None:
    with pytest.raises(TooMuchError):
        gunzip(content, budget)
    assert not is_gzip(content, budget)
    assert gunzip(WHOLE, Budget()) == PLAIN


def test_many_members_cost_as_many() -> None:
    """Their number is what is bounded: each takes a piece of the input and no more."""
    costs = []
    for number in (1_000, 2_000):
        budget = Budget()
        gunzip(EMPTY * number, budget)
        costs.append(Budget().members - budget.members)
    assert costs == [1_000, 2_000]
