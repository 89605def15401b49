"""The count of steps, by which costs are held to what they may grow with."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from tests.steps import steps_of


def in_loops(number: int) -> None:
    for _ in range(number):
        for _ in range(number):
            pass


def in_a_comprehension(number: int) -> None:
    [one * other for one in range(number) for other in range(number)]


def by_looking_in_a_list(number: int) -> None:
    found: list[int] = []
    for each in range(number):
        if not any(one == each for one in found):
            found.append(each)


@pytest.mark.parametrize("quadratic", [in_loops, in_a_comprehension, by_looking_in_a_list])
def test_what_is_quadratic_shows(quadratic: Callable[[int], None]) -> None:
    few, many = (steps_of(lambda number=number: quadratic(number)) for number in (50, 200))  # type: ignore[misc] # mypy sees no default
    assert many > 12 * few


def test_what_is_linear_does_not() -> None:
    few, many = (steps_of(lambda number=number: list(map(str, [n + 1 for n in range(number)]))) for number in (50, 200))  # type: ignore[misc] # mypy sees no default
    assert many < 5 * few


def test_an_error_ends_the_count() -> None:
    def fail() -> None:
        raise LookupError("nothing")

    with pytest.raises(LookupError, match="nothing"):
        steps_of(fail)
    assert steps_of(lambda: None) > 0


def test_other_threads_do_not_count() -> None:
    alone = steps_of(lambda: None)
    ended = Event()

    def other() -> None:
        for _ in range(100_000):
            pass
        ended.set()

    def wait_for_the_other() -> None:
        thread = Thread(target=other)
        thread.start()
        ended.wait()
        thread.join()

    assert steps_of(wait_for_the_other) < alone + 1_000
