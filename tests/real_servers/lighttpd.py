"""lighttpd, which serves files behind Basic and Digest."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer, from_debian

USERNAME = "keeper"
PASSWORD = "canary lighttpd/4711"
REALM = "box"


class Lighttpd(RealServer):
    """lighttpd with the files in `site`."""

    @property
    def command(self) -> Sequence[str | Path]:
        self.set_password(PASSWORD)
        configuration = self.folder / "lighttpd.conf"
        configuration.write_text(self._configuration())
        unpacked = SERVERS / "debian/usr/lib/lighttpd"
        modules: list[str | Path] = ["-m", unpacked] if unpacked.is_dir() else []
        return [*from_debian("usr/sbin/lighttpd"), "-D", *modules, "-f", configuration]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def site(self) -> Path:
        folder = self.folder / "site"
        for name in ("basic", "digest", "open"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return folder

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/open/") as answer:
                return answer.status in {200, 403, 404}
        except aiohttp.ClientError:
            return False

    def set_password(self, password: str) -> None:
        """Let that password in; files of users are read for each request."""
        digest = hashlib.md5(f"{USERNAME}:{REALM}:{password}".encode()).hexdigest()
        (self.folder / "users").write_text(f"{USERNAME}:{REALM}:{digest}\n")

    def _configuration(self) -> str:
        return f"""
            server.document-root = "{self.site}"
            server.bind = "127.0.0.1"
            server.port = {self.port}
            server.modules = ("mod_auth", "mod_authn_file")
            server.stat-cache-engine = "disable"
            server.upload-dirs = ("{self.folder}")
            mimetype.assign = (".json" => "application/json", ".xml" => "application/xml", ".ini" => "text/plain")
            auth.backend = "htdigest"
            auth.backend.htdigest.userfile = "{self.folder}/users"
            auth.require = (
              "/basic/" => ("method" => "basic", "realm" => "{REALM}", "require" => "valid-user"),
              "/digest/" => ("method" => "digest", "realm" => "{REALM}", "require" => "valid-user")
            )
        """
