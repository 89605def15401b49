"""The Supervisor of Home Assistant, as far as an app asks it: it takes messages of who may send them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "canary-of-the-supervisor"


@dataclass
class FakeSupervisor:
    """Answers as the Supervisor does, faults included."""

    port: int = 0
    allowed: tuple[str, ...] = ("ha_device_backups",)
    """What the app's own configuration names under `discovery`."""
    statuses: list[int] = field(default_factory=list)
    """What it answers before it is ready."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    told: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def discovery(self, request: web.Request) -> web.Response:
        self.asked += 1
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"result": "error"}, status=401)
        if self.statuses:
            return web.json_response({"result": "error"}, status=self.statuses.pop(0))
        message = await request.json()
        if set(message) != {"service", "config"} or message["service"] not in self.allowed:
            return web.json_response({"result": "error"}, status=403)
        self.messages.append(message)
        self.told.set()
        return web.json_response({"result": "ok", "data": {"uuid": "4711"}})


@asynccontextmanager
async def supervisor_here() -> AsyncIterator[FakeSupervisor]:
    """Run one on a free port."""
    supervisor = FakeSupervisor()
    application = web.Application()
    application.router.add_post("/discovery", supervisor.discovery)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        supervisor.port = runner.addresses[0][1]
        yield supervisor
    finally:
        await runner.cleanup()
