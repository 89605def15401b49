"""What all stand-ins share: routes with their state, faults by name, a login, sessions that have to be given back."""

import asyncio
import base64
import hashlib
import inspect
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ha_device_backup_core import ConfigValue, DeviceBackupError
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer
from ha_device_backup_core.testing.simulated_http import Head

from .websocket import talk

PASSWORD = "canary pass/wörd+4711"
"""Has what a careless encoding breaks."""

type Answer = SimulatedResponse | None
type Route = Callable[..., Any]

_DIGEST = re.compile(r'(\w+)="?([^",]+)"?')
_GAP = re.compile(r"\{(\w+)(\*?)\}")


def route(line: str) -> Callable[[Route], Route]:
    """Let a method answer requests such as `GET /scripts/{id}`; what the gaps stand for comes after the request."""

    def mark(method: Route) -> Route:
        lines = [*getattr(method, "routes", ()), line]
        method.routes = lines  # type: ignore[attr-defined]
        return method

    return mark


class StandIn(SimulatedServer):
    """A device of one kind; a subclass has `kind`, `entered`, routes, and what a test may do with it."""

    kind: ClassVar[str]
    variant: ClassVar[str] = ""
    """Set in a subclass that answers as another version does."""
    entered: ClassVar[Mapping[str, ConfigValue]] = {"password": PASSWORD}
    """What a person enters beside the address."""
    wrong_login: ClassVar[Mapping[str, ConfigValue]] = {}
    """A login that the device refuses; without one the suite makes up a secret."""
    secrets: ClassVar[tuple[str, ...]] = ()
    """What is in its files and nobody may see."""
    essential: ClassVar[tuple[str, ...]] = ()
    """Files of the bundle without which it is no backup."""
    errors: ClassVar[Mapping[str, type[DeviceBackupError] | str]] = {}
    """Each fault by its name, and the error that it ends with; or the code of what is missing in the backup then."""
    relaxed: ClassVar[Mapping[str, str]] = {}
    """Checks of the suite that do not apply, and why."""
    _routes: ClassVar[Sequence[tuple[str, re.Pattern[str], Route]]] = ()

    def __init_subclass__(cls) -> None:
        """Find the routes of a kind once for all devices of it."""
        super().__init_subclass__()
        cls._routes = _routes_of(cls)

    def __init__(self, port: int = 0) -> None:
        """Begin as after some years of use."""
        super().__init__(port=port)
        self.fault = ""
        """The fault that is on."""
        self.refused = 0
        """How many logins were refused."""
        self.sessions: set[str] = set()
        """Logins that were not given back."""
        self.number = 1
        """A setting that a person changes, to another value each time."""
        self.serial = "0815"
        """What tells it from another one, where it has that."""
        self._counter = itertools.count(1)

    @classmethod
    def name(cls) -> str:
        """Return what tests call it."""
        return f"{cls.kind}_{cls.variant}".rstrip("_")

    def change(self) -> None:
        """Change a setting."""
        self.number += 1

    def swap(self) -> None:
        """Become another device of the kind."""
        self.serial, self.number = "4711", self.number + 1000

    def noise(self) -> int:
        """Return another number each time: what changes by itself."""
        return next(self._counter)

    def left(self) -> object:
        """Return what a job has left on the device; it has to be empty afterwards."""
        return self.sessions

    def log_in(self, *, is_right: bool, form: str = "canary-session/{}+=") -> str | None:
        """Return a new session, None for a wrong login."""
        if not is_right:
            self.refused += 1
            return None
        session = form.format(self.noise())
        self.sessions.add(session)
        return session

    def has_basic_login(self, request: SimulatedRequest, username: str, password: str = PASSWORD) -> bool:
        """Return whether a request has that login."""
        given = request.headers.get("authorization", "")
        is_right = given == "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        self.refused += bool(given) and not is_right
        return is_right

    def ask_for_digest(
        self, request: SimulatedRequest, username: str, *, realm: str, algorithm: str = "SHA-256"
    ) -> Answer:
        """Return the challenge of a Digest login, None where it was answered."""
        given = dict(_DIGEST.findall(request.headers.get("authorization", "")))
        if given:
            name = algorithm.lower().replace("-", "")

            def digest(*parts: str) -> str:
                return hashlib.new(name, ":".join(parts).encode()).hexdigest()

            who, what = digest(username, realm, PASSWORD), digest(request.method, given["uri"])
            if given["response"] == digest(who, "abc", given["nc"], given["cnonce"], "auth", what):
                return None
            self.refused += 1
        challenge = f'Digest qop="auth", realm="{realm}", nonce="abc", algorithm={algorithm}'
        return empty(401, WWW_Authenticate=challenge)

    def before(self, request: SimulatedRequest) -> Answer:
        """Return what is answered whatever was asked for; None goes on to the routes."""
        return None

    def unknown(self, request: SimulatedRequest) -> Answer:
        """Return what is answered where there is nothing."""
        return SimulatedResponse(404)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: Head) -> None:
        """Answer, also a websocket: its methods are routed as `WS /path` and get each message, None at first."""
        request = SimulatedRequest.of(head.method, head.target, head.headers)
        if head.headers.get("upgrade", "").lower() == "websocket":
            for method, pattern, handle in self._routes:
                if method == "WS" and pattern.fullmatch(request.path):
                    await talk(reader, writer, request, partial(handle, self))
                    return
        await super()._answer(reader, writer, head)

    async def answer(self, request: SimulatedRequest) -> Answer:
        """Answer by the first route that fits."""
        if (early := self.before(request)) is not None:
            return early
        for method, pattern, handle in self._routes:
            if method == request.method and (found := pattern.fullmatch(request.path)):
                answered: Answer = handle(self, request, *found.groups())
                return answered
        return self.unknown(request)


def _routes_of(stand_in: type[StandIn]) -> Sequence[tuple[str, re.Pattern[str], Route]]:
    routes = []
    for _name, method in inspect.getmembers(stand_in, inspect.isfunction):
        for line in getattr(method, "routes", ()):
            verb, _blank, path = line.partition(" ")
            routes.append((verb, re.compile(_GAP.sub(lambda gap: "(.+)" if gap[2] else "([^/]+)", path)), method))
    return routes


def json(value: object, status: int = 200, **headers: str) -> SimulatedResponse:
    """Return JSON; headers are named with _ for -."""
    response = SimulatedResponse.json(value, status)
    return SimulatedResponse(status, response.content_type, response.body, _named(headers))


def text(body: str | bytes, status: int = 200, content_type: str = "text/plain", **headers: str) -> SimulatedResponse:
    """Return a text or bytes."""
    content = body.encode() if isinstance(body, str) else body
    return SimulatedResponse(status, content_type, content, _named(headers))


def page(body: str, status: int = 200, **headers: str) -> SimulatedResponse:
    """Return a web page."""
    return text(f"<!DOCTYPE html><html><body>{body}</body></html>", status, "text/html", **headers)


def empty(status: int = 200, **headers: str) -> SimulatedResponse:
    """Return an answer without a body."""
    return SimulatedResponse(status, "", b"", _named(headers))


def _named(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name.replace("_", "-"): str(value) for name, value in headers.items()}
