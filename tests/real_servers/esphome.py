"""ESPHome Device Builder with one device and a login; it listens on this computer alone."""

import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer, free_port

USERNAME = "keeper"
PASSWORD = "canary esphome 4711"
SECRETS = "wifi_password: canary-wifi-4711\n"


class EsphomeDeviceBuilder(RealServer):
    """Device Builder in its folder."""

    is_open = False
    """Whether it asks for no login."""

    @property
    def command(self) -> Sequence[str | Path]:
        if not self.configurations.exists():
            self.configurations.mkdir()
            self.configure("A lamp")
            (self.configurations / "secrets.yaml").write_text(SECRETS)
        own = ("--host", "127.0.0.1", "--port", str(self.port))
        inner = ("--remote-build-host", "127.0.0.1", "--remote-build-port", str(free_port()))
        return [sys.executable, "-m", "esphome_device_builder", self.configurations, *own, *inner]

    @property
    def environment(self) -> dict[str, str]:
        login = {} if self.is_open else {"ESPHOME_USERNAME": USERNAME, "ESPHOME_PASSWORD": PASSWORD}
        return {**super().environment, **login, "PYTHONPATH": str(SERVERS / "esphome")}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configurations(self) -> Path:
        return self.folder / "configurations"

    def configure(self, comment: str) -> None:
        """Write the configuration of the device."""
        head = f"esphome:\n  name: lamp\n  comment: {comment}\nesp8266:\n  board: d1_mini\n"
        (self.configurations / "lamp.yaml").write_text(
            f"{head}wifi:\n  ssid: Home\n  password: !secret wifi_password\n"
        )

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
