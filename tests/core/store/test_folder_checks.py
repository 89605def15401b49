"""A folder on a network share that hangs is told after a while, and holds up no other."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.store import folder_checks
from ha_device_backup_core.store.folder_checks import FolderChecks

LATE = "/mnt/share: The network share does not answer."


class Share:
    """A mount that hangs until its server is back."""

    def __init__(self) -> None:
        self.is_back = threading.Event()
        self.threads: list[threading.Thread] = []

    def look(self) -> str:
        self.threads.append(threading.current_thread())
        self.is_back.wait()
        return "empty"

    async def comes_back(self) -> None:
        self.is_back.set()
        while any(thread.is_alive() for thread in self.threads):
            await asyncio.sleep(0)


@pytest.fixture
def share() -> Iterator[Share]:
    share = Share()
    yield share
    share.is_back.set()
    for thread in share.threads:
        thread.join()


async def test_one_that_hangs_is_told_and_keeps_one_thread(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = FolderChecks()
    with monkeypatch.context() as patched:
        patched.setattr(folder_checks, "ANSWER_SECONDS", 0.01)
        for _ in range(3):
            with pytest.raises(StoreError) as raised:
                await checks.run("/mnt/share", share.look)
            assert str(raised.value.detail) == LATE
    assert len(share.threads) == 1
    assert await checks.run("/mnt/other", lambda: "mine") == "mine"

    await share.comes_back()
    assert await checks.run("/mnt/share", share.look) == "empty"


async def test_what_is_wrong_with_a_folder_is_told(share: Share) -> None:
    checks = FolderChecks()

    def refuse() -> None:
        raise PermissionError("/mnt/share")

    with pytest.raises(PermissionError):
        await checks.run("/mnt/share", refuse)
    share.is_back.set()
    assert await checks.run("/mnt/share", share.look) == "empty"


async def test_two_who_look_at_the_same_time_both_learn(share: Share) -> None:
    checks = FolderChecks()
    looks = [asyncio.create_task(checks.run("/mnt/share", share.look)) for _ in range(2)]
    while not share.threads:
        await asyncio.sleep(0)
    share.is_back.set()
    assert await asyncio.gather(*looks) == ["empty", "empty"]


async def test_who_gives_up_leaves_the_folder_to_others(share: Share) -> None:
    checks = FolderChecks()
    impatient = asyncio.create_task(checks.run("/mnt/share", share.look))
    while not share.threads:
        await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait([impatient])
    share.is_back.set()
    assert await checks.run("/mnt/share", share.look) == "empty"


def test_an_answer_after_the_end_of_the_loop_is_nobody_s(share: Share) -> None:
    async def begin() -> None:
        looking = asyncio.create_task(FolderChecks().run("/mnt/share", share.look))
        while not share.threads:
            await asyncio.sleep(0)
        looking.cancel()

    asyncio.run(begin())
    share.is_back.set()
    share.threads[0].join()
