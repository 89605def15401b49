"""A restore by a recipe asks before each change whether it is the same device, and before it reads back."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from ha_device_backup_core import Artifact, RestoreNotVerifiedError, WrongDeviceError
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, run_job, run_restore

from .conftest import Device, handler
from .conftest import device as device_with

PUMP = handler("""
[[identify]]
request = "GET /who"
capture.id = "json:/id"
[[identify]]
request = "GET /model"
capture.model = "json:/model"
[device]
unique_id = "{id}"
model = "{model}"
[[fetch]]
request = "GET /rules"
save = "rules.json"
[restore]
covers = "rules.json"
[[restore.value]]
file = "rules.json"
capture.rules = "json:/*"
[[restore.step]]
request = "GET /place"
capture.id = "json:/place"
[[restore.step]]
puts_back = "rules.json"
request = "DELETE /rules"
[[restore.step]]
each = { rule = "rules" }
request = "POST /rules/{id}"
json = "{rule}"
""")
ASK = "GET /who"


@dataclass
class Pump:
    """Has an id and rules; another one can take its address at any request."""

    unique_id: str = "a1"
    rules: list[str] = field(default_factory=lambda: ["a", "b"])
    swapped_after: int | None = None
    """After how many requests another one answers."""

    def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        """Answer as the one that has the address now."""
        if self.swapped_after is not None:
            self.swapped_after -= 1
            if self.swapped_after < 0:
                self.swap("b2", ["precious"])
        match request.method, request.path:
            case "GET", "/who":
                return SimulatedResponse.json({"id": self.unique_id})
            case "GET", "/model":
                return SimulatedResponse.json({"model": "P"})
            case "GET", "/place":
                return SimulatedResponse.json({"place": 7})
            case "DELETE", "/rules":
                self.rules = []
            case "POST", "/rules/7":
                self.rules.append(json.loads(request.body))
        return SimulatedResponse.json(self.rules)

    def swap(self, unique_id: str, rules: list[str]) -> None:
        """Let another one have the address."""
        self.unique_id, self.rules, self.swapped_after = unique_id, list(rules), None


@pytest.fixture
def pump() -> Pump:
    return Pump()


@pytest.fixture
async def device(pump: Pump) -> AsyncIterator[Device]:
    async with device_with(pump.answer) as started:
        yield started


async def backup(device: Device) -> Artifact:
    return (await run_job(PUMP, {"url": device.url}, unique_id="a1")).artifact


async def test_it_asks_before_each_change_only_for_what_the_id_is_made_of(pump: Pump, device: Device) -> None:
    artifact = await backup(device)
    pump.rules = ["c"]
    device.asked.clear()
    await run_restore(PUMP, {"url": device.url}, artifact, unique_id="a1")
    assert device.lines == [
        *(ASK, "GET /model", "GET /place"),
        *(ASK, "DELETE /rules"),
        *(ASK, "POST /rules/7"),
        *(ASK, "POST /rules/7"),
        *(ASK, "GET /rules"),
        *(ASK, "GET /model"),
    ]
    assert pump.rules == ["a", "b"]


@pytest.mark.parametrize("asked", [2, 3])
async def test_another_device_before_the_first_change_is_not_touched(pump: Pump, device: Device, asked: int) -> None:
    artifact = await backup(device)
    pump.swapped_after = asked
    with pytest.raises(WrongDeviceError):
        await run_restore(PUMP, {"url": device.url}, artifact, unique_id="a1")
    assert pump.rules == ["precious"]

    pump.swap("a1", ["c"])
    await run_restore(PUMP, {"url": device.url}, artifact, unique_id="a1")
    assert pump.rules == ["a", "b"]


@pytest.mark.parametrize("asked", [5, 7, 9])
async def test_another_device_after_that_gets_nothing_more(pump: Pump, device: Device, asked: int) -> None:
    artifact = await backup(device)
    pump.swapped_after = asked
    with pytest.raises(RestoreNotVerifiedError) as caught:
        await run_restore(PUMP, {"url": device.url}, artifact, unique_id="a1")
    assert caught.value.detail_in().startswith(
        "It may hold all of the backup, a part of it or nothing: restore again. Another device answers at this address."
    )
    assert pump.rules == ["precious"]

    pump.swap("a1", ["c"])
    await run_restore(PUMP, {"url": device.url}, artifact, unique_id="a1")
    assert pump.rules == ["a", "b"]
