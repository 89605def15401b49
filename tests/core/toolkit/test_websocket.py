"""A websocket to a device: whatever happens is an error of the contract."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import DeviceClient, basic_login

from .devices import context

LOGIN = basic_login("admin", "4711")
type Answer = Callable[[web.WebSocketResponse], Awaitable[None]]


async def answers(websocket: web.WebSocketResponse) -> None:
    asked = await websocket.receive_json()
    await websocket.send_json({"id": asked["id"], "result": "ü"})


async def closes(websocket: web.WebSocketResponse) -> None:
    await websocket.close()


async def talks_nonsense(websocket: web.WebSocketResponse) -> None:
    await websocket.send_str("{")


async def says_too_much(websocket: web.WebSocketResponse) -> None:
    await websocket.send_str("x" * 2000)


async def is_silent(websocket: web.WebSocketResponse) -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def client_of(answer: Answer, login: dict[str, str] = LOGIN) -> AsyncIterator[DeviceClient]:
    """Return a client for a device that answers so."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != LOGIN["Authorization"]:
            return web.Response(status=401)
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        await answer(websocket)
        return websocket

    application = web.Application()
    application.router.add_get("/ws", handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with context() as given:
            yield DeviceClient(given, "127.0.0.1", runner.addresses[0][1], headers=login)
    finally:
        await runner.cleanup()


async def ask(client: DeviceClient, *, seconds: float = 10.0) -> object:
    """Ask something over a websocket."""
    async with client.websocket("/ws", {"v": "1"}, longest=1000) as websocket:
        await websocket.send_json({"id": 1})
        return await websocket.receive_json(seconds=seconds)


async def test_a_device_is_asked_over_a_websocket() -> None:
    async with client_of(answers) as client:
        assert await ask(client) == {"id": 1, "result": "ü"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (closes, CannotConnectError),
        (is_silent, CannotConnectError),
        (talks_nonsense, UnexpectedResponseError),
        (says_too_much, ArtifactTooLargeError),
    ],
)
async def test_what_goes_wrong_is_an_error_of_the_contract(answer: Answer, error: type[DeviceBackupError]) -> None:
    async with client_of(answer) as client:
        with pytest.raises(error):
            await ask(client, seconds=0.1 if answer is is_silent else 10.0)


async def test_a_login_that_is_refused() -> None:
    async with client_of(answers, {}) as client:
        with pytest.raises(AuthenticationError):
            await ask(client)


async def test_what_is_no_websocket() -> None:
    async with client_of(answers) as client:
        with pytest.raises(UnexpectedResponseError):
            async with client.websocket("/other"):
                pass


async def test_nobody_is_there(unused_tcp_port: int) -> None:
    async with context() as given:
        with pytest.raises(CannotConnectError):
            await ask(DeviceClient(given, "127.0.0.1", unused_tcp_port))
