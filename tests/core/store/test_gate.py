"""The gate: one step at a time, none while it is shut."""

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.store.gate import Gate, StepGuard, shut_within


class Step:
    """A step on a thread of its own, that ends when it is told to."""

    def __init__(self, guard: StepGuard, threads: ThreadPoolExecutor) -> None:
        self.began = threading.Event()
        self.go_on = threading.Event()
        self.result: Future[None] = threads.submit(self._make, guard)

    def _make(self, guard: StepGuard) -> None:
        with guard.step():
            self.began.set()
            assert self.go_on.wait(60)

    def end(self) -> None:
        self.go_on.set()
        self.result.result(60)

    @property
    def waits(self) -> bool:
        return not self.began.wait(0.05)


@pytest.fixture
def threads() -> Generator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as executor:
        yield executor


@pytest.fixture
def gate() -> Gate:
    return Gate()


def nothing() -> None:
    """Do nothing when the gate is quiet."""


def test_one_step_at_a_time(gate: Gate, threads: ThreadPoolExecutor) -> None:
    first = Step(gate, threads)
    assert first.began.wait(60)
    second = Step(gate, threads)
    assert second.waits
    first.end()
    assert second.began.wait(60)
    second.end()


def test_a_failed_step_lets_the_next_one_in(gate: Gate) -> None:
    with pytest.raises(OSError, match="full"), gate.step():
        raise OSError("full")
    with gate.step():
        pass


def test_nothing_begins_while_it_is_shut(gate: Gate, threads: ThreadPoolExecutor) -> None:
    gate.shut(nothing)
    step = Step(gate, threads)
    assert gate.is_shut
    assert step.waits
    gate.open()
    assert step.began.wait(60)
    assert not gate.is_shut
    step.end()


async def test_shutting_waits_for_the_step_under_way(gate: Gate, threads: ThreadPoolExecutor) -> None:
    step = Step(gate, threads)
    assert step.began.wait(60)
    shutting = asyncio.create_task(shut_within(gate, 60))
    await asyncio.sleep(0.05)
    assert not shutting.done()
    step.end()
    assert await shutting is True
    assert await shut_within(gate, 60) is True


async def test_when_the_time_is_up_it_is_shut_all_the_same(gate: Gate, threads: ThreadPoolExecutor) -> None:
    late = Step(gate, threads)
    assert late.began.wait(60)
    assert await shut_within(gate, 0.01) is False
    late.end()
    step = Step(gate, threads)
    assert step.waits
    assert await shut_within(gate, 60) is True
    gate.open()
    step.end()


def test_a_loop_that_is_gone_hurts_no_step(gate: Gate, threads: ThreadPoolExecutor) -> None:
    step = Step(gate, threads)
    assert step.began.wait(60)
    assert asyncio.run(shut_within(gate, 0.01)) is False
    step.end()
    gate.open()
    Step(gate, threads).end()


def test_abandoned_for_who_waits_and_who_comes_after(gate: Gate, threads: ThreadPoolExecutor) -> None:
    gate.shut(nothing)
    waiting = Step(gate, threads)
    assert waiting.waits
    gate.close()
    for step in (waiting, Step(gate, threads)):
        with pytest.raises(StoreError, match="closed before this was done"):
            step.result.result(60)
        assert not step.began.is_set()
    with pytest.raises(StoreError), gate.bypass().step():
        pytest.fail("a step was made")


def test_a_permit_passes_until_it_is_revoked(gate: Gate) -> None:
    gate.shut(nothing)
    bypass = gate.bypass()
    with bypass.step():
        pass
    gate.revoke(bypass)
    with pytest.raises(StoreError, match="too late"), bypass.step():
        pytest.fail("a step was made")
    with gate.bypass().step():
        pass


async def test_a_permitted_step_counts_as_under_way(gate: Gate, threads: ThreadPoolExecutor) -> None:
    step = Step(gate.bypass(), threads)
    assert step.began.wait(60)
    assert await shut_within(gate, 0.01) is False
    step.end()
    assert await shut_within(gate, 60) is True
