"""Jupyter Server, whose login page has a form with a hidden field."""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer

PASSWORD = "canary-jupyter-4711"
_SALT = "0123456789ab"


class Jupyter(RealServer):
    """Jupyter Server with the files in `files`."""

    @property
    def command(self) -> Sequence[str | Path]:
        self.files.mkdir(exist_ok=True)
        digest = hashlib.sha256((PASSWORD + _SALT).encode()).hexdigest()
        return [
            *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ip=127.0.0.1"),
            *(f"--port={self.port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.files}"),
            f"--PasswordIdentityProvider.hashed_password=sha256:{_SALT}:{digest}",
        ]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PYTHONPATH": str(SERVERS / "jupyter"), "JUPYTER_PLATFORM_DIRS": "1"}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/login") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
