"""Websockets: one message is sent, and one of those that come is the answer."""

import base64
from collections.abc import AsyncIterator, Iterable
from typing import Any, ClassVar

import pytest

from ha_device_backup_core import AuthenticationError, CannotConnectError, DeviceBusyError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest, run_job
from tests.simulators.recipes.stand_in import StandIn, route
from tests.simulators.recipes.websocket import CloseError

from .conftest import HEAD, files, handler

STEPS = """
[[open]]
request = "WS /api?token={password}"
send = { command = "login", password = "{password}" }
until = { "/topic" = "login" }
expect.json = { "/ok" = true }
timeout = 2
[[fetch]]
request = "WS /api?token={password}"
send = { topic = "backup", payload = {} }
until = { json = { "/topic" = "backup" } }
content = "/zip"
decode = "base64"
save = "settings.txt"
timeout = 2
[[fetch.error]]
json = { "/topic" = "error" }
means = "busy"
[[error]]
closed = 4401
means = "auth"
"""


class Bridge(StandIn):
    """Tells all states to whoever listens, and answers among them."""

    opened: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    @route("WS /api")
    def talk(self, request: SimulatedRequest, message: dict[str, Any] | None) -> Iterable[object]:
        self.heard.append(message)
        if message is None:
            if request.query.get("token") != "right":
                raise CloseError(4401)
            return [{"topic": "state", "value": 1}]
        if message.get("command") == "login":
            return [{"topic": "state"}, {"topic": "login", "ok": True}]
        if self.fault == "error":
            return [{"topic": "state"}, {"topic": "error"}]
        if self.fault == "closed":
            raise CloseError(1001)
        if self.fault == "silent":
            return [{"topic": "state"}]
        content = b"lamp = 1\n" * 20_000
        return [{"topic": "state"}, {"topic": "backup", "zip": base64.b64encode(content).decode()}]


@pytest.fixture
async def bridge() -> AsyncIterator[Bridge]:
    async with Bridge() as started:
        yield started


async def backup(bridge: Bridge, password: str = "right") -> dict[str, bytes]:
    return files(await run_job(handler(STEPS, HEAD), {"url": bridge.url, "password": password}))


async def test_answer_is_found_among_others_on_one_connection(bridge: Bridge) -> None:
    assert await backup(bridge) == {"settings.txt": b"lamp = 1\n" * 20_000}
    assert bridge.heard == [None, {"command": "login", "password": "right"}, {"topic": "backup", "payload": {}}]


@pytest.mark.parametrize(
    ("fault", "error"), [("error", DeviceBusyError), ("closed", CannotConnectError), ("silent", CannotConnectError)]
)
async def test_fault_is_told_and_over(bridge: Bridge, fault: str, error: type[Exception]) -> None:
    bridge.fault = fault
    with pytest.raises(error):
        await backup(bridge)

    bridge.fault = ""
    assert await backup(bridge)


async def test_code_of_a_close_has_a_meaning(bridge: Bridge) -> None:
    with pytest.raises(AuthenticationError):
        await backup(bridge, "wrong")


async def test_what_is_no_websocket_is_unexpected(bridge: Bridge) -> None:
    with pytest.raises(UnexpectedResponseError):
        await run_job(handler(STEPS.replace("/api", "/other"), HEAD), {"url": bridge.url, "password": "right"})


async def test_what_comes_unasked_is_heard_each_time(bridge: Bridge) -> None:
    unasked = """
    [[identify]]
    request = "WS /api?token={password}"
    until = { "/topic" = "state" }
    capture.value = "json:/value"
    timeout = 2
    [device]
    name = "{value}"
    """
    fetched = await run_job(handler(STEPS + unasked, HEAD), {"url": bridge.url, "password": "right"})
    assert fetched.device.name == "1"
    assert bridge.heard.count(None) == 2
