"""A simulated Acme device; `python tests/simulator.py 8080` runs one."""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

PASSWORD = "canary-password-4711"
WIFI_NAME = "Canary-Wifi-4711"
LOGIN = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


class SimulatedAcme:
    """A device that behaves as the real one does; make it as honest as you can, faults included."""

    def __init__(self) -> None:
        """Configure it as after some years of use."""
        self.port = 0
        self.uptime = 0
        self.settings: dict[str, Any] = {"schedule": [6, 22], "wifi_name": WIFI_NAME}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request."""
        if request.headers.get("Authorization") != LOGIN:
            return web.Response(status=401)
        match request.method, request.path:
            case "GET", "/api/info":
                return web.json_response({"serial": "AC-4711", "name": "Cellar", "model": "One", "version": "1.0"})
            case "GET", "/api/settings":
                self.uptime += 1
                return web.json_response(self.settings | {"uptime": self.uptime})
            case "PUT", "/api/settings":
                self.settings = await request.json()
                return web.Response()
        return web.Response(status=404)


@asynccontextmanager
async def running(port: int = 0) -> AsyncIterator[SimulatedAcme]:
    """Run one on 127.0.0.1."""
    device = SimulatedAcme()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", device.answer)
    # A key in an address must be in no log.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        device.port = runner.addresses[0][1]
        yield device
    finally:
        await runner.cleanup()


async def main() -> None:
    """Run until it is stopped."""
    async with running(int(sys.argv[1])):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
