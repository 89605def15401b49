"""What is handed on of many devices, and how long nothing else may run meanwhile."""

import asyncio
from collections.abc import Iterator

import pytest
from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.coordinator import AT_A_TIME, Coordinator, DeviceChange
from ha_device_backup_core.manager import DeviceBackupManager, Health
from ha_device_backup_core.manager.device_state import DeviceState
from ha_device_backup_core.manager.events import JobResult, StatusChanged
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add

MANY = 5 * AT_A_TIME + 1


class Follower:
    """Notes what it hears, in the order of the turns of the event loop."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.turn = 0
        self.changes: list[tuple[int, DeviceChange]] = []
        self.told: list[int] = []
        self.hass = hass

    def handle(self, change: DeviceChange) -> None:
        self.changes.append((self.turn, change))

    def publish(self) -> None:
        self.told.append(self.turn)

    async def turns(self, number: int) -> None:
        for _ in range(number):
            self.turn += 1
            await asyncio.sleep(0)


@pytest.fixture
def coordinator(hass: HomeAssistant, manager: DeviceBackupManager) -> Iterator[Coordinator]:
    """Return a coordinator of its own beside the one of the entities."""
    coordinator = Coordinator(hass, manager)
    yield coordinator
    coordinator._update_overview.async_shutdown()


def keys() -> list[DeviceKey]:
    return [KEY, *(DeviceKey("wled", f"{number:012x}") for number in range(MANY - 1))]


async def test_many_are_told_a_few_at_a_time(hass: HomeAssistant, coordinator: Coordinator) -> None:
    follower = Follower(hass)
    coordinator.watch(follower)
    for key in keys():
        coordinator.handle(StatusChanged(key=key))
        coordinator.handle(StatusChanged(key=key))
    assert follower.changes == []  # Not inside the event that the manager is told of.

    await follower.turns(MANY)

    assert [change.key for _, change in follower.changes] == keys()
    in_one_turn = [sum(turn == other for other, _ in follower.changes) for turn in range(MANY)]
    assert max(in_one_turn) == AT_A_TIME
    assert len(follower.told) == -(-MANY // AT_A_TIME)
    shown = coordinator.shown
    assert {key: one.state for key, one in shown.items()} == {KEY: DeviceState.OK}


async def test_results_of_one_device_keep_their_order(hass: HomeAssistant, coordinator: Coordinator) -> None:
    heard: list[DeviceChange] = []
    others: list[DeviceChange] = []
    stop = coordinator.listen(KEY, heard.append)
    coordinator.listen(DeviceKey("wled", "0"), others.append)
    results = tuple(
        JobResult(key=KEY, title="Shelf", outcome=outcome, trigger=Trigger.MANUAL)
        for outcome in (Outcome.STORED, Outcome.UNCHANGED)
    )
    for event in (results[0], StatusChanged(key=None), results[1]):
        coordinator.handle(event)
    await Follower(hass).turns(2)
    assert [change.events for change in heard] == [results]
    assert [change.shown is not None and change.shown.status.health for change in heard] == [Health.OK]
    assert others == []

    stop()
    coordinator.refresh(KEY)
    await Follower(hass).turns(2)
    assert len(heard) == 1


async def test_one_that_fails_hurts_nobody_else(
    hass: HomeAssistant, coordinator: Coordinator, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[DeviceChange] = []

    def fail(_: DeviceChange) -> None:
        raise ValueError("no")

    coordinator.listen(KEY, fail)
    coordinator.listen(KEY, heard.append)
    coordinator.refresh(KEY)
    await Follower(hass).turns(2)
    assert len(heard) == 1
    assert "What is new about a device could not be shown" in caplog.text
    caplog.clear()


async def test_an_entity_writes_only_what_is_new(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5", name="Desk") as desk:
        await add(hass, desk)
        reported = hass.states.get("sensor.desk_backup_state")
        assert reported is not None
        at = reported.last_reported
        await manager.back_up(KEY)
        for _ in range(5):
            await asyncio.sleep(0)
        now = hass.states.get("sensor.desk_backup_state")
        assert now is not None
        assert now.last_reported == at
