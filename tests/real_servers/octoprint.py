"""OctoPrint without a printer, with one administrator; it asks nobody on the internet."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer

KEY = "canaryOctoPrintKey4711canaryKey0"
_CURIOUS = ("softwareupdate", "tracking", "announcements", "discovery", "errortracking", "health_check")
_SETTINGS = {
    "accessControl": {"salt": "only for this test"},
    "plugins": {"_disabled": [*_CURIOUS, "pluginmanager", "achievements"]},
    "server": {"firstRun": False, "onlineCheck": {"enabled": False}, "pluginBlacklist": {"enabled": False}},
}
_USER = {"active": True, "apikey": KEY, "groups": ["users", "admins"], "password": "none", "permissions": []}


class OctoPrint(RealServer):
    """OctoPrint in its folder."""

    @property
    def command(self) -> Sequence[str | Path]:
        base = self.folder / "base"
        if not base.exists():
            base.mkdir()
            # JSON is YAML.
            (base / "config.yaml").write_text(json.dumps(_SETTINGS))
            (base / "users.yaml").write_text(json.dumps({"keeper": _USER}))
        own = ("--basedir", base, "--host", "127.0.0.1", "--port", str(self.port), "--iknowwhatimdoing")
        return [sys.executable, "-m", "octoprint", "serve", *own]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PYTHONPATH": str(SERVERS / "octoprint")}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, self._asked(http, "/api/version") as answer:
                return answer.status == 200 and "octoprint" in (await answer.text()).lower()
        except aiohttp.ClientError:
            return False

    async def rename(self, name: str) -> None:
        """Give it another name, as its page does."""
        headers = {"X-Api-Key": KEY}
        async with (
            aiohttp.ClientSession(headers=headers, raise_for_status=True) as http,
            http.post(f"{self.origin}/api/settings", json={"appearance": {"name": name}}),
        ):
            pass

    async def kept(self) -> list[dict[str, Any]]:
        """Return the backups that lie on it."""
        async with aiohttp.ClientSession() as http, self._asked(http, "/plugin/backup/backup") as answer:
            found: list[dict[str, Any]] = (await answer.json())["backups"]
            return found

    def _asked(self, http: aiohttp.ClientSession, path: str) -> aiohttp.client._RequestContextManager:
        return http.get(f"{self.origin}{path}", headers={"X-Api-Key": KEY})
