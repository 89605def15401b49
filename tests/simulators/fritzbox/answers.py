"""What the box answers at one of its ports, faults included."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from . import descriptions, soap
from .box import Box, FaultError, Origin
from .login import Digest, User
from .phone import DEFAULT_MOST
from .services import Action

if TYPE_CHECKING:
    from .server import SimulatedFritzBox

_REFUSED = "<HTML><HEAD><TITLE>401 Unauthorized (ERR_NONE)</TITLE></HEAD><BODY><H1>401 Unauthorized</H1></BODY></HTML>"
_PAGE = "<!DOCTYPE html><html><head><title>FRITZ!Box</title></head><body>FRITZ!Box</body></html>"
_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'
)
_WRONG_ANSWERS: Mapping[str, Callable[[], web.Response]] = {
    "web_page": lambda: _page(_PAGE),
    "redirect": lambda: web.Response(status=302, headers={"Location": "http://other.example/"}),
    "busy": lambda: web.Response(status=503, text="Service Unavailable"),
    "proxy": lambda: web.Response(status=401),
    "gone": lambda: web.Response(status=500),
    "entities": lambda: web.Response(body=_ENTITIES, content_type="text/xml"),
}
_HUGE_CHUNKS = 80
_NOBODY = User(password="", rights=frozenset())


class Way:
    """One port of the box, with the logins at it."""

    def __init__(self, *, name: str, box: Box, uses_of_a_nonce: int) -> None:
        self.name = name
        self.box = box
        self.digest = Digest(users=box.users, lockout=box.lockout, uses_of_a_nonce=uses_of_a_nonce)


class Answers:
    """Answers requests at one port."""

    def __init__(self, fritz: "SimulatedFritzBox", way: Way) -> None:
        self._fritz = fritz
        self._way = way
        self._box = way.box

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self._fritz.in_flight += 1
        self._fritz.max_in_flight = max(self._fritz.max_in_flight, self._fritz.in_flight)
        try:
            return await self._handle(request)
        finally:
            self._fritz.in_flight -= 1

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        asked = soap.parse(body) if request.method == "POST" else None
        target = asked.action if asked else request.path
        self._fritz.requests.append((self._way.name, request.method, target))
        if (broken := await self._broken(request, target)) is not None:
            return broken
        if request.method == "POST":
            return await self._spoil(request, target, self._perform(request, asked))
        return await self._spoil(request, target, self._file(request))

    async def _broken(self, request: web.Request, target: str) -> web.StreamResponse | None:
        faults = self._box.faults
        if faults.take("hang", target):
            await self._fritz.let_go.wait()
        if faults.take("drop", target):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if faults.take("huge", target):
            return await self._huge(request)
        return next((make() for name, make in _WRONG_ANSWERS.items() if faults.take(name, target)), None)

    async def _huge(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(_HUGE_CHUNKS):
                await response.write(b"<a>" * 2**18 + b"." * 2**18)
        except ConnectionError:
            pass
        return response

    async def _spoil(self, request: web.Request, target: str, response: web.Response) -> web.StreamResponse:
        faults, body = self._box.faults, response.body
        if response.status != 200 or not isinstance(body, bytes):
            return response
        if faults.take("empty", target):
            return web.Response()
        if faults.take("truncate", target):
            response.body = body[: len(body) // 2]
        if faults.take("flip", target):
            response.body = body.replace(b"dsldmode_router", b"dsldmode_bridge")
        if faults.take("break_off", target):
            return await _break_off(request, body)
        return response

    def _perform(self, request: web.Request, asked: soap.Request | None) -> web.Response:
        service = self._box.service(asked.service) if asked else None
        if not self._box.allows_applications or asked is None or service is None:
            return self._fault(401, "urn:schemas-upnp-org:control-1-0")
        if request.path != service.control_url or asked.action not in service.actions:
            return self._fault(401)
        action = service.actions[asked.action]
        user: User | str = _NOBODY if action.is_free else self._login(request)
        if isinstance(user, str):
            return _refused(user)
        try:
            return _xml(soap.answer(asked, self._given(asked, action, user)))
        except FaultError as error:
            return self._fault(error.code)

    def _given(self, asked: soap.Request, action: Action, user: User) -> Mapping[str, str]:
        if self._box.faults.take("fault", asked.action):
            raise FaultError(self._box.faults.code)
        # Clients spell arguments differently, and the box takes it.
        spelled = {name.lower(): value for name, value in asked.arguments.items()}
        if set(spelled) != {name.lower() for name in action.takes}:
            raise FaultError(402)
        arguments = {name: spelled[name.lower()] for name in action.takes}
        at = Origin(
            asked=self._fritz.origin(self._way.name),
            files=self._fritz.origin("files"),
            encrypted_port=self._fritz.encrypted_port,
        )
        return self._box.perform(asked.service, asked.action, arguments, asked.token, user, at)

    def _file(self, request: web.Request) -> web.Response:
        if self._way.name == "web":
            return self._page(request)
        if (described := self._description(request.path)) is not None:
            return _xml(described)
        if request.path == "/phonebook.lua" and request.query.get("sid") in self._box.sessions:
            content = self._box.phonebook(request.query["pbid"], int(request.query.get("max", DEFAULT_MOST)))
            return _xml(content) if content else _not_found()
        return self._export(request) if self._way.name == "files" else _not_found()

    def _page(self, request: web.Request) -> web.Response:
        return _xml(self._box.login_page()) if request.path == "/login_sid.lua" else _page(_PAGE)

    def _description(self, path: str) -> bytes | None:
        box = self._box
        if path == "/igddesc.xml":
            return descriptions.gateway_description(box.manufacturer, box.model)
        if not box.allows_applications:
            return None
        if path == "/tr64desc.xml":
            return descriptions.device_description(box.manufacturer, box.model, box.software, box.serial, box.services)
        service = next((service for service in box.services if service.scpd_url == path), None)
        return descriptions.service_description(service) if service else None

    def _export(self, request: web.Request) -> web.Response:
        user = self._login(request)
        if isinstance(user, str):
            return _refused(user)
        if self._box.faults.take("expire", request.path):
            self._box.exports.pop(request.raw_path, None)
        content = self._box.take_export(request.raw_path)
        if content is None:
            return _not_found()
        disposition = f'attachment; filename="{self._box.export_name}"'
        return web.Response(
            body=content, content_type="application/octet-stream", headers={"Content-Disposition": disposition}
        )

    def _login(self, request: web.Request) -> User | str:
        return self._way.digest.check(request.headers.get("Authorization"), request.method, request.raw_path)

    def _fault(self, code: int, namespace: str = "urn:dslforum-org:control-1-0") -> web.Response:
        return _xml(soap.fault(code, namespace), status=self._box.faults.fault_status)


async def _break_off(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _xml(body: bytes, status: int = 200) -> web.Response:
    return web.Response(status=status, body=body, content_type="text/xml", charset="utf-8")


def _page(content: str, status: int = 200) -> web.Response:
    return web.Response(status=status, body=content.encode(), content_type="text/html")


def _not_found() -> web.Response:
    return _page("<HTML><HEAD><TITLE>404 Not Found (ERR_NOT_FOUND)</TITLE></HEAD></HTML>", 404)


def _refused(challenge: str) -> web.Response:
    response = _page(_REFUSED, 401)
    response.headers["WWW-Authenticate"] = challenge
    response.force_close()
    return response
