"""A simulated Acme device; `python tests/simulator.py 8080` runs one."""

import asyncio
import json
import sys
from typing import Any

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer, serve
from ha_device_backup_core.toolkit import basic_login

PASSWORD = "canary-password-4711"
WIFI_NAME = "Canary-Wifi-4711"
LOGIN = basic_login("admin", PASSWORD)["Authorization"]


class SimulatedAcme(SimulatedServer):
    """A device that behaves as the real one does; make it as honest as you can, faults included."""

    def __init__(self, port: int = 0) -> None:
        """Configure it as after some years of use."""
        super().__init__(port=port)
        self.serial = "AC-4711"
        self.settings: dict[str, Any] = {"schedule": [6, 22], "wifi_name": WIFI_NAME}

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        """Answer one request."""
        if request.headers.get("authorization") != LOGIN:
            return SimulatedResponse(401)
        match request.method, request.path:
            case "GET", "/api/info":
                info = {"serial": self.serial, "name": "Cellar", "model": "One", "version": "1.0"}
                return SimulatedResponse.json(info)
            case "GET", "/api/settings":
                return SimulatedResponse.json(self.settings | {"uptime": self.uptime})
            case "PUT", "/api/settings":
                self.settings = json.loads(request.body)
                return SimulatedResponse()
        return SimulatedResponse(404)


if __name__ == "__main__":
    asyncio.run(serve(SimulatedAcme(int(sys.argv[1]))))
