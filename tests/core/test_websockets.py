"""Whatever comes over a websocket ends in an error of the contract."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSCloseCode, web

from ha_device_backup_core.errors import (
    ArtifactTooLargeError,
    CannotConnectError,
    DeviceBackupError,
    UnexpectedResponseError,
)
from ha_device_backup_core.http_errors import client_errors
from ha_device_backup_core.jobs.http_session import open_session
from ha_device_backup_core.websockets import receive_text

type Answer = Callable[[web.WebSocketResponse, web.Request], Awaitable[None]]


async def closes(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await websocket.close()


async def closes_as_too_big(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await websocket.close(code=WSCloseCode.MESSAGE_TOO_BIG)


async def breaks_off(websocket: web.WebSocketResponse, request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()


async def sends_bytes(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await websocket.send_bytes(b"{}")


async def sends_too_much(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await websocket.send_str("x" * 2000)


async def breaks_the_protocol(websocket: web.WebSocketResponse, request: web.Request) -> None:
    assert request.transport is not None
    request.transport.write(b"\xff\xff\xff\xff")
    await asyncio.Event().wait()


async def is_silent(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await asyncio.Event().wait()


async def is_well(websocket: web.WebSocketResponse, request: web.Request) -> None:
    await websocket.send_str(json.dumps({"name": "kitchen"}))


@asynccontextmanager
async def device(answer: Answer) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        await answer(websocket, request)
        return websocket

    application = web.Application()
    application.router.add_get("/ws", handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def asked(url: str, *, ours: bool = True) -> str:
    async with open_session(None) as http:
        with client_errors():
            async with http.ws_connect(url, max_msg_size=1000) as websocket:
                if ours:
                    return await receive_text(websocket, seconds=0.5)
                return str(await websocket.receive_str(timeout=0.5))


CASES = [
    (closes, CannotConnectError),
    (closes_as_too_big, ArtifactTooLargeError),
    (breaks_off, CannotConnectError),
    (sends_bytes, UnexpectedResponseError),
    (sends_too_much, ArtifactTooLargeError),
    (breaks_the_protocol, UnexpectedResponseError),
    (is_silent, CannotConnectError),
]


@pytest.mark.parametrize(("answer", "expected"), CASES, ids=[answer.__name__ for answer, _ in CASES])
async def test_what_is_no_message(answer: Answer, expected: type[DeviceBackupError]) -> None:
    async with device(answer) as url:
        with pytest.raises(expected) as caught:
            await asked(f"{url}/ws")
        assert caught.value.detail_in("de") not in {"", caught.value.detail_in("en")}
        with pytest.raises(DeviceBackupError):
            await asked(f"{url}/ws", ours=False)
    async with device(is_well) as url:
        assert await asked(f"{url}/ws") == await asked(f"{url}/ws", ours=False) == '{"name": "kitchen"}'


async def test_what_speaks_no_websocket() -> None:
    async with device(is_well) as url:
        with pytest.raises(UnexpectedResponseError, match="HTTP 404"):
            await asked(f"{url}/other")


async def test_a_websocket_that_is_closed_cannot_be_written_to() -> None:
    async with device(closes) as url, open_session(None) as http, http.ws_connect(f"{url}/ws") as websocket:
        await websocket.receive()
        with pytest.raises(CannotConnectError), client_errors():
            await websocket.send_str("again")
