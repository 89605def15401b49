"""Serves files behind a login on 127.0.0.1."""

import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from yarl import URL

from tests.simulators.fritzbox import certificates

from .logins import KEY, LOGIN_PATH, PASSWORD, TOKEN_PATH, Logins, LoginStyle

SETTINGS_PATH = "/api/settings"
WIFI_PASSWORD = "canary-wifi-4711"
CANARIES = (PASSWORD, KEY, WIFI_PASSWORD)

type Answer = Callable[[web.Request], web.StreamResponse]


class SimulatedService:
    """One service; what a test puts into `answers` comes instead of the settings and files."""

    def __init__(
        self, style: LoginStyle = LoginStyle.NONE, *, tls: bool = False, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        """Configure it as after some years of use."""
        self.host = host
        self.logins = Logins(style)
        self.settings: dict[str, Any] = {
            "name": "pump",
            "uptime": 0,
            "wifi": {"ssid": "home", "password": WIFI_PASSWORD},
            "times": [{"hour": 6, "last_run": 0}, {"hour": 22, "last_run": 0}],
        }
        self.files: dict[str, web.Response] = {}
        self.answers: dict[str, Answer] = {}
        self.streams: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        """As `answers`, for what takes its time."""
        self.requests: list[str] = []
        self.bodies: list[tuple[str, bytes]] = []
        self.seen_headers: list[dict[str, str]] = []
        self.sha256 = ""
        self.port = port
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        """The address."""
        return str(URL.build(scheme="https" if self._tls else "http", host=self.host, port=self.port))

    async def __aenter__(self) -> Self:
        """Start it."""
        if self._tls is not None:
            self.change_certificate(0)
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        await self.stop()

    async def start(self) -> None:
        """Listen, on the same port again after a stop."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port, ssl_context=self._tls, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Do not listen any more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def change_certificate(self, number: int) -> None:
        """Show another certificate from now on."""
        assert self._tls is not None
        self.sha256 = certificates.use(self._tls, number)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        self.bodies.append((request.content_type, await request.read()))
        self.seen_headers.append(dict(request.headers))
        if request.path in self.answers:
            return self.answers[request.path](request)
        if request.path in self.streams:
            return await self.streams[request.path](request)
        if request.path == LOGIN_PATH:
            return await self.logins.log_in(request)
        if request.path == TOKEN_PATH:
            return await self.logins.give_token(request)
        if (refusal := self.logins.refuse(request)) is not None:
            return refusal
        return self._file(request.path)

    def _file(self, path: str) -> web.StreamResponse:
        if path == SETTINGS_PATH:
            self.settings["uptime"] += 1
            for time in self.settings["times"]:
                time["last_run"] += 1
            return web.json_response(self.settings)
        if path in self.files:
            kept = self.files[path]
            return web.Response(body=kept.body, status=kept.status, headers=kept.headers)
        return web.Response(status=404, text="Not found")
