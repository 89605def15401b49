"""A handler that keeps the whole contract, and its device; the broken ones are made of it."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from aiohttp import web

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    AuthenticationError,
    ConfigField,
    DeviceBackupHandler,
    DeviceError,
    DeviceInfo,
    FieldKind,
    HandlerSpec,
    InvalidArtifactError,
    Note,
    Progress,
    RestoreNotVerifiedError,
    RestoreReport,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    Zeroconf,
    base_url,
    client_errors,
    hookimpl,
)
from ha_device_backup_core.testing import Simulated

PASSWORD = "canary-clock-password"
WIFI = "Canary-Wifi-Of-The-Clock"
SPEC = HandlerSpec(
    kind="clock",
    name="Clock",
    api_version=ApiVersion(1, 0),
    fields=(
        ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
        ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
        ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
    ),
    discovery=(Zeroconf(type="_clock._tcp.local.", fields={"host": "host"}, unique_id="properties.serial"),),
)


class ClockHandler(DeviceBackupHandler):
    spec: ClassVar[HandlerSpec] = SPEC

    async def test_connection(self) -> DeviceInfo:
        info = self.read_json(await self.ask("GET", "/info"))
        if "serial" not in info:
            raise UnsupportedDeviceError("This is no clock.")
        return DeviceInfo(unique_id=info["serial"], name="Clock", version=info.get("version"))

    async def fetch_backup(self) -> Artifact:
        return Artifact(filename="clock.json", content=await self.ask("GET", "/settings"))

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        progress(None, "Sending")
        await self.ask("PUT", "/settings", artifact.content)
        held = await self.fetch_backup()
        if self.normalize(held) != self.normalize(artifact):
            raise RestoreNotVerifiedError("The clock holds other settings.")
        return RestoreReport(proven=("All settings were read back.",))

    async def close(self) -> None:
        try:
            await self.ask("GET", "/logout")
        except DeviceError:
            self.context.logger.debug("No logout")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        cls.settings(artifact)
        return ()

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        counted = {key: value for key, value in cls.settings(artifact).items() if key != "uptime"}
        return {artifact.filename: json.dumps(counted, sort_keys=True).encode()}

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {artifact.filename: json.dumps(cls.settings(artifact) | {"wifi": "***"}, indent=2)}

    @classmethod
    def settings(cls, artifact: Artifact) -> dict[str, Any]:
        try:
            settings = json.loads(artifact.content)
        except (ValueError, RecursionError) as error:
            raise InvalidArtifactError(f"{artifact.filename} is no JSON.") from error
        if not isinstance(settings, dict) or "face" not in settings:
            raise InvalidArtifactError(f"{artifact.filename} has no face.")
        return settings

    def read_json(self, body: bytes) -> dict[str, Any]:
        try:
            value = json.loads(body)
        except ValueError as error:
            raise UnsupportedDeviceError("This is no clock.") from error
        return value if isinstance(value, dict) else {}

    def url(self, path: str) -> str:
        return base_url(self.config["host"], self.config["port"]) + path

    def headers(self) -> dict[str, str]:
        login = b64encode(f":{self.config['password'] or ''}".encode()).decode()
        return {"Authorization": f"Basic {login}"}

    async def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        with client_errors():
            async with self.context.http.request(method, self.url(path), data=data, headers=self.headers()) as response:
                if response.status == 401:
                    raise AuthenticationError
                if response.status != 200:
                    raise UnexpectedResponseError(f"HTTP {response.status}")
                return await self.context.read(response)


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    return [ClockHandler]


class SimulatedClock:
    def __init__(self) -> None:
        self.port = 0
        self.settings: dict[str, Any] = {"face": "round", "alarm": 0, "wifi": WIFI}
        self.serial = "clock-4711"
        self.reads = 0

    async def tell(self, request: web.Request) -> web.WebSocketResponse:
        """Send the settings over a websocket."""
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        await websocket.send_json(self.settings)
        return websocket

    async def answer(self, request: web.Request) -> web.StreamResponse:
        login = b64encode(f":{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {login}":
            return web.Response(status=401, text="Who is there?")
        if request.path == "/info":
            return web.json_response({"serial": self.serial, "version": "1.2"})
        if request.path == "/websocket":
            return await self.tell(request)
        if request.path != "/settings":
            return web.Response()
        if request.method == "PUT":
            self.settings = await request.json()
            return web.Response()
        self.reads += 1
        await asyncio.sleep(0)
        return web.json_response(self.settings | {"uptime": self.reads})


@asynccontextmanager
async def simulated_clock() -> AsyncIterator[Simulated]:
    clock = SimulatedClock()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", clock.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async def change() -> None:
        clock.settings["alarm"] += 1

    async def swap() -> None:
        clock.serial, clock.settings = "clock-0815", {"face": "square", "alarm": 7, "wifi": WIFI}

    config = {"host": "127.0.0.1", "port": runner.addresses[0][1], "password": PASSWORD}
    try:
        yield Simulated(config=config, change=change, swap=swap, secrets=(WIFI,))
    finally:
        await runner.cleanup()
