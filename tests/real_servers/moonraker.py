"""Moonraker without a printer; Klipper is not needed to read its configuration."""

import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer


class Moonraker(RealServer):
    """Moonraker that trusts this computer."""

    @property
    def command(self) -> Sequence[str | Path]:
        self.configuration.mkdir(exist_ok=True)
        trusted = "[authorization]\ntrusted_clients:\n  127.0.0.1\n"
        (self.configuration / "moonraker.conf").write_text(f"[server]\nhost: 127.0.0.1\nport: {self.port}\n{trusted}")
        return [sys.executable, "-m", "moonraker", "-d", self.folder, "-n"]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PYTHONPATH": str(SERVERS / "moonraker")}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configuration(self) -> Path:
        return self.folder / "config"

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/server/info") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def keep(self, namespace: str, name: str, value: object) -> None:
        """Keep something in its database, as the pages for it do."""
        item = {"namespace": namespace, "key": name, "value": value}
        async with (
            aiohttp.ClientSession(raise_for_status=True) as http,
            http.post(f"{self.origin}/server/database/item", json=item),
        ):
            pass
