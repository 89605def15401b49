"""A simulated box on the loopback network: three ports for applications and files, one for its page."""

import asyncio
import socket
import ssl
from types import TracebackType
from typing import Self

from aiohttp import web

from . import certificates
from .answers import Answers, Way
from .box import Box
from .faults import Faults


class SimulatedFritzBox:
    """A box at `host` while the block of `async with SimulatedFritzBox() as fritz:` runs.

    `plain_port` and `encrypted_port` take actions, `file_port` offers exports, `web_port` is that of its page.
    """

    def __init__(
        self,
        box: Box | None = None,
        *,
        plain_port: int = 0,
        encrypted_port: int = 0,
        host: str = "127.0.0.1",
        url_host: str | None = None,
    ) -> None:
        """Choose the box and its ports, 0 takes a free one; `url_host` is how it calls itself."""
        self.box = box or Box()
        self.host = host
        self.plain_port = plain_port
        self.encrypted_port = encrypted_port
        self.file_port = 0
        self.web_port = 0
        self.url_host = url_host or (f"[{host}]" if ":" in host else host)
        self.exports_are_encrypted = True
        self.requests: list[tuple[str, str, str]] = []
        """Port (`plain`, `encrypted`, `files`, `web`), method, and path or action."""
        self.uses_of_a_nonce = 1000
        self.sha256 = ""
        self.let_go = asyncio.Event()
        """Ends the silence of the answers that hang."""
        self.in_flight = 0
        self.max_in_flight = 0
        self.ways: list[Way] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate = 0
        self._runners: list[web.AppRunner] = []

    async def __aenter__(self) -> Self:
        """Start to answer."""
        self.sha256 = certificates.use(self._tls, self._certificate)
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def faults(self) -> Faults:
        """What goes wrong from now on."""
        return self.box.faults

    @property
    def logins(self) -> int:
        """Requests that carried a login, since the start."""
        return sum(way.digest.logins for way in self.ways)

    def origin(self, name: str) -> str:
        """Return how the box writes the beginning of an address at one of its ports."""
        ports = {"plain": self.plain_port, "encrypted": self.encrypted_port, "files": self.file_port}
        encrypted = name == "encrypted" or (name == "files" and self.exports_are_encrypted)
        return f"http{'s' if encrypted else ''}://{self.url_host}:{ports[name]}"

    def change_certificate(self) -> str:
        """Show another certificate to every new connection, and return its fingerprint."""
        self._certificate += 1
        self.sha256 = certificates.use(self._tls, self._certificate)
        return self.sha256

    async def start(self) -> None:
        """Listen, at the same ports as before."""
        self.plain_port = await self._listen("plain", self.plain_port, encrypted=False)
        self.encrypted_port = await self._listen("encrypted", self.encrypted_port, encrypted=True)
        self.file_port = await self._listen("files", self.file_port, encrypted=self.exports_are_encrypted)
        self.web_port = await self._listen("web", self.web_port, encrypted=False)

    async def stop(self) -> None:
        """Refuse connections and end those there are, as when somebody pulls the plug."""
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        self._runners.clear()

    async def _listen(self, name: str, port: int, *, encrypted: bool) -> int:
        way = Way(name=name, box=self.box, uses_of_a_nonce=self.uses_of_a_nonce)
        self.ways.append(way)
        answers = Answers(self, way)
        application = web.Application(client_max_size=2**20)
        application.router.add_route("*", "/{path:.*}", answers.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, keepalive_timeout=5)
        await runner.setup()
        self._runners.append(runner)
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        opened = socket.create_server((self.host, port), family=family)
        await web.SockSite(runner, opened, ssl_context=self._tls if encrypted else None).start()
        return int(opened.getsockname()[1])
