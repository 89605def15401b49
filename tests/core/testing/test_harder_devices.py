"""The handlers of the page run as they are printed, each against a device that is like that."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceInfo,
    InvalidArtifactError,
    Note,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer, run_job, run_probe

PAGE = Path(__file__).parents[3] / "docs/harder-devices.md"
PASSWORD = "canary-password-4711"
SETTINGS = {"zones": [1, 2]}
KEPT = json.dumps(SETTINGS).encode()


def handlers() -> ModuleType:
    """Return what the page prints, as one module."""
    module = ModuleType("handlers")
    source = "\n".join(re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))
    exec(compile(source, PAGE, "exec"), module.__dict__)
    return module


HANDLERS = handlers()


class Boiler(SimulatedServer):
    """Knows one session at a time."""

    token = ""

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        if request.path == "/login":
            if request.form()["password"] != PASSWORD or self.token:
                return SimulatedResponse(401)
            self.token = "token-of-the-boiler"
            return SimulatedResponse.json({"token": self.token})
        if request.headers.get("x-session") != self.token or not self.token:
            return SimulatedResponse(401)
        match request.path:
            case "/info":
                return SimulatedResponse.json({"serial": "B-1", "name": "Boiler"})
            case "/settings":
                return SimulatedResponse.json(SETTINGS)
            case "/logout":
                self.token = ""
        return SimulatedResponse()


class Files(SimulatedServer):
    """Serves what it holds."""

    def __init__(self, **files: dict[str, Any]) -> None:
        super().__init__()
        self.files = {f"/{name}": content for name, content in files.items()}

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        path = request.path.removesuffix(".json")
        return SimulatedResponse.json(self.files[path]) if path in self.files else SimulatedResponse(404)


def config_of(device: SimulatedServer, **more: object) -> dict[str, object]:
    """Return what a person enters."""
    return {"host": device.host, "port": device.port} | more


@pytest.mark.parametrize(
    ("handler", "more"), [("BoilerHandler", {"password": PASSWORD}), ("BlindsHandler", {}), ("SignHandler", {})]
)
async def test_something_else_at_the_address_is_told(handler: str, more: dict[str, object]) -> None:
    async with Boiler() as device:
        device.faults.web_page = 9
        with pytest.raises(UnsupportedDeviceError):
            await run_job(getattr(HANDLERS, handler), config_of(device, **more))


async def test_a_session_is_ended_whatever_becomes_of_the_job() -> None:
    async with Boiler() as device:
        with pytest.raises(AuthenticationError):
            await run_job(HANDLERS.BoilerHandler, config_of(device, password="wrong"))
        device.faults.path, device.faults.web_page = "/settings", 1
        with pytest.raises(InvalidArtifactError):
            await run_job(HANDLERS.BoilerHandler, config_of(device, password=PASSWORD))
        assert device.token == ""
        fetched = await run_job(HANDLERS.BoilerHandler, config_of(device, password=PASSWORD), unique_id="B-1")

    assert (fetched.device, fetched.artifact.content) == (DeviceInfo(unique_id="B-1", name="Boiler"), KEPT)
    assert device.token == ""


async def test_a_bundle_names_what_it_lacks() -> None:
    async with Files(info={"mac": "a1b2c3d4e5f6", "name": "Blinds"}, settings=SETTINGS, timers={}) as device:
        fetched = await run_job(HANDLERS.BlindsHandler, config_of(device))
        assert fetched.artifact.files() == {"settings.json": KEPT, "timers.json": b"{}"}
        assert fetched.artifact.missing == (Note(code="missing:scenes.json", text=""),)

        device.files["/scenes"] = {}
        assert (await run_job(HANDLERS.BlindsHandler, config_of(device))).artifact.missing == ()
        del device.files["/settings"]
        with pytest.raises(UnexpectedResponseError):
            await run_job(HANDLERS.BlindsHandler, config_of(device))


async def test_a_kind_without_identity_says_so_beforehand() -> None:
    async with Files(settings=SETTINGS) as device:
        found = await run_probe(HANDLERS.SignHandler, config_of(device))
        fetched = await run_job(HANDLERS.SignHandler, config_of(device))

    assert (found.unique_id, [note.code for note in found.notices]) == (None, ["no_identity"])
    assert (fetched.artifact.content, fetched.artifact.missing, fetched.doubts) == (KEPT, (), ())


@asynccontextmanager
async def hub() -> AsyncIterator[int]:
    """Serve a device that tells events between its answers."""

    async def talk(request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        asked = await websocket.receive_json()
        await websocket.send_json({"event": "a light was switched on"})
        await websocket.send_json({"info": {"serial": "H-1", "name": "Hub"}, "settings": SETTINGS}[asked["ask"]])
        await websocket.close()
        return websocket

    application = web.Application()
    application.router.add_get("/ws", talk)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_what_comes_over_a_websocket_is_kept(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnectError):
        await run_job(HANDLERS.HubHandler, {"host": "127.0.0.1", "port": unused_tcp_port})
    async with hub() as port:
        fetched = await run_job(HANDLERS.HubHandler, {"host": "127.0.0.1", "port": port}, unique_id="H-1")

    assert (fetched.device, fetched.artifact.content) == (DeviceInfo(unique_id="H-1", name="Hub"), KEPT)
