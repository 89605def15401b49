"""A simulated pump; `python tests/simulator.py 8080` runs one."""

import asyncio
import sys

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer, serve
from ha_device_backup_core.toolkit import basic_login

PASSWORD = "canary-password-4711"
WIFI_PASSWORD = "canary-wifi-4711"
LOGIN = basic_login("admin", PASSWORD)["Authorization"]


class SimulatedPump(SimulatedServer):
    """A device that behaves as the real one does; make it as honest as you can, errors included."""

    def __init__(self, port: int = 0) -> None:
        """Configure it as after some years of use."""
        super().__init__(port=port)
        self.serial = "AC-4711"
        self.schedule = [6, 22]

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse:
        """Answer one request."""
        if request.headers.get("authorization") != LOGIN:
            return SimulatedResponse(401)
        match request.path:
            case "/api/info":
                return SimulatedResponse.json({"serial": self.serial, "version": "1.4"})
            case "/api/settings":
                settings = {"schedule": self.schedule, "wifi": {"password": WIFI_PASSWORD}, "uptime": self.uptime}
                return SimulatedResponse.json(settings)
        return SimulatedResponse(404)


if __name__ == "__main__":
    asyncio.run(serve(SimulatedPump(int(sys.argv[1]))))
