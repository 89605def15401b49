"""Syncthing, encrypted with a certificate of its own; it talks to nobody else."""

import asyncio
import re
import ssl
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from .process import RealServer, free_port, from_debian

KEY = "canarySyncthingKey4711canaryKey0"
_ALONE = ("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled", "crashReportingEnabled")


class Syncthing(RealServer):
    """Syncthing without a folder to share."""

    @property
    def command(self) -> Sequence[str | Path]:
        return [*from_debian("usr/bin/syncthing"), "serve", f"--home={self.home}", "--no-browser", "--no-restart"]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, with a configuration of its own the first time."""
        if not self.home.is_dir():
            await self._configure()
        await super().start()

    @property
    def environment(self) -> dict[str, str]:
        # It would start itself again to watch over itself, and would find the program that loads libraries.
        return {**super().environment, "STMONITORED": "yes"}

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, self._asked(http) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def rename(self, name: str) -> None:
        """Give the device another name, as its page does."""
        async with aiohttp.ClientSession(headers={"X-API-Key": KEY}, raise_for_status=True) as http:
            async with http.get(f"{self.origin}/rest/config/devices", ssl=False) as answer:
                (device,) = await answer.json()
            address = f"{self.origin}/rest/config/devices/{device['deviceID']}"
            async with http.patch(address, json={"name": name}, ssl=False):
                pass

    async def put_back(self, content: bytes) -> None:
        """Send it a whole configuration, as the README says."""
        async with (
            aiohttp.ClientSession(headers={"X-API-Key": KEY}, raise_for_status=True) as http,
            http.put(f"{self.origin}/rest/config", data=content, ssl=False),
        ):
            pass

    def shown_certificate(self) -> bytes:
        """Return the certificate that it shows, as Python reads it from the file."""
        return ssl.PEM_cert_to_DER_cert((self.home / "https-cert.pem").read_text())

    def forget_certificate(self) -> None:
        """Have it make another certificate at its next start."""
        for name in ("https-cert.pem", "https-key.pem"):
            (self.home / name).unlink()

    def _asked(self, http: aiohttp.ClientSession) -> aiohttp.client._RequestContextManager:
        return http.get(f"{self.origin}/rest/noauth/health", ssl=False)

    async def _configure(self) -> None:
        generate = [*from_debian("usr/bin/syncthing"), "generate", f"--home={self.home}", "--no-default-folder"]
        process = await asyncio.create_subprocess_exec(
            *map(str, [*generate, "--skip-port-probing"]),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        assert process.returncode == 0, told
        file = self.home / "config.xml"
        text = file.read_text()
        for name in _ALONE:
            text = re.sub(f"<{name}>true</{name}>", f"<{name}>false</{name}>", text)
        for old, new in (
            (r'<gui enabled="true" tls="false"', '<gui enabled="true" tls="true"'),
            (r"<address>127.0.0.1:\d+</address>", f"<address>127.0.0.1:{self.port}</address>"),
            (r"<apikey>\w+</apikey>", f"<apikey>{KEY}</apikey>"),
            (
                r"<listenAddress>\w+</listenAddress>",
                f"<listenAddress>tcp://127.0.0.1:{free_port()}</listenAddress>",
            ),
            (r"<urAccepted>0</urAccepted>", "<urAccepted>-1</urAccepted>"),
            (r"<autoUpgradeIntervalH>\d+<", "<autoUpgradeIntervalH>0<"),
        ):
            text, count = re.subn(old, new, text)
            assert count == 1, old
        file.write_text(text)
