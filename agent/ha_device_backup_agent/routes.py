"""What clients ask, and what they get: HTTP on the outside, jobs and contents within."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ha_device_backup_core.host import HandlerRegistry, HandlerUnavailableError, RegisteredHandler, wire

from . import calls
from .clients import Clients
from .identity import LONGEST_NAME, AgentIdentity
from .jobs import JobRequest, Jobs
from .own_kinds import DISTRIBUTION
from .pairing_window import PairingRequest, PairingWindow
from .refusals import RefusedError, answered, refused
from .spool import Spool
from .trees.repository import Repository

_LOGGER = logging.getLogger(__name__)
_CALLS_AT_A_TIME = 4
_ID = "[0-9a-f]{32}"
_CLIENT: web.RequestKey[str] = web.RequestKey("client", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """All that a request may need."""

    identity: AgentIdentity
    registry: HandlerRegistry
    clients: Clients
    window: PairingWindow
    jobs: Jobs
    spool: Spool
    repository: Repository

    def handler(self, kind: str) -> RegisteredHandler:
        """Return the handler of a kind that is here."""
        try:
            return self.registry.get(kind)
        except HandlerUnavailableError:
            raise RefusedError(wire.Refusal.UNKNOWN_KIND) from None


def application(agent: Agent) -> web.Application:
    """Return the server."""
    app = web.Application(middlewares=[_answer_errors, _let_in(agent)], client_max_size=wire.LARGEST_REQUEST)
    routes = _Routes(agent)
    app.router.add_get("/", routes.hello, allow_head=False)
    app.router.add_post("/v1/pair", routes.pair)
    app.router.add_get("/v1/kinds", routes.kinds, allow_head=False)
    app.router.add_post("/v1/kinds/{kind}/calls", routes.call)
    app.router.add_get("/v1/repository", routes.repository, allow_head=False)
    job = f"/v1/jobs/{{job:{_ID}}}"
    app.router.add_put(job, routes.begin)
    app.router.add_get(job, routes.look, allow_head=False)
    app.router.add_delete(job, routes.end)
    app.router.add_put(f"{job}/steps/{{number:[0-9]{{1,6}}}}", routes.step)
    content = f"/v1/contents/{{sha256:{wire.SHA256}}}"
    app.router.add_put(content, routes.take)
    app.router.add_get(content, routes.give, allow_head=False)
    app.router.add_get(f"{content}/received", routes.received, allow_head=False)
    return app


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusedError as error:
        return refused(error)
    except wire.ProtocolError as error:
        return refused(RefusedError(wire.Refusal.MALFORMED, str(error)))
    except web.HTTPRequestEntityTooLarge:
        return refused(RefusedError(wire.Refusal.TOO_LARGE))
    except web.HTTPException:
        return refused(RefusedError(wire.Refusal.UNKNOWN_PATH))
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - the server goes on; what it was is in the log
        # Where, but not what it says: that may hold what was sent.
        where = "".join(traceback.format_tb(error.__traceback__))
        _LOGGER.error("A request failed unexpectedly: %s\n%s", type(error).__name__, where)  # noqa: TRY400 - as above
        return refused(RefusedError(wire.Refusal.FAULT))


def _let_in(agent: Agent) -> Middleware:
    @web.middleware
    async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.method, request.path) in {("GET", "/"), ("POST", "/v1/pair")}:
            return await handler(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        client = agent.clients.of_token(token) if scheme == "Bearer" else None
        if client is None:
            raise RefusedError(wire.Refusal.UNKNOWN_CLIENT)
        request[_CLIENT] = client.client_id
        return await handler(request)

    return let_in


class _Routes:
    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._calls = asyncio.Semaphore(_CALLS_AT_A_TIME)
        self._pairing = asyncio.Lock()

    async def hello(self, request: web.Request) -> web.Response:
        identity = self._agent.identity
        return answered(
            {
                "agent_id": identity.agent_id,
                "name": identity.name,
                "version": version(DISTRIBUTION),
                "protocols": [wire.PROTOCOL],
                "capabilities": list(wire.Capability),
            }
        )

    async def pair(self, request: web.Request) -> web.Response:
        fields = await _document(request)
        wanted = PairingRequest(
            client=fields.word("client", ".*[^ ].*", longest=LONGEST_NAME),
            nonce=fields.word("nonce", wire.NONCE),
            proof=fields.word("proof", wire.SHA256),
        )
        fields.only_known()
        agent = self._agent
        async with self._pairing:
            admitted = await asyncio.to_thread(agent.window.admit, wanted, agent.clients, agent.identity.sha256)
        if admitted is None:
            _LOGGER.warning("Somebody tried to pair, with a wrong code or without one that is valid")
            raise RefusedError(wire.Refusal.NOT_PAIRED)
        _LOGGER.info("A client was paired")
        return answered({"token": admitted.token, "proof": admitted.proof})

    async def kinds(self, request: web.Request) -> web.Response:
        handlers = self._agent.registry.handlers.values()
        return answered({"kinds": [wire.kind_document(wire.kind_of(registered)) for registered in handlers]})

    async def call(self, request: web.Request) -> web.Response:
        registered = self._agent.handler(request.match_info["kind"])
        fields = await _document(request)
        async with self._calls:
            return answered(await calls.answer(registered, fields, request[_CLIENT], self._agent.spool))

    async def repository(self, request: web.Request) -> web.Response:
        repository = self._agent.repository
        password = await asyncio.to_thread(repository.known_password)
        return answered({"location": repository.location, "password": password})

    async def begin(self, request: web.Request) -> web.Response:
        wanted = JobRequest.of(await _document(request))
        registered = self._agent.handler(wanted.kind)
        self._agent.jobs.begin(request[_CLIENT], request.match_info["job"], registered, wanted)
        return answered({})

    async def look(self, request: web.Request) -> web.Response:
        job = self._agent.jobs.get(request[_CLIENT], request.match_info["job"])
        after = _number(request, "after")
        return answered(await job.state(after, wire.POLL_SECONDS))

    async def end(self, request: web.Request) -> web.Response:
        await self._agent.jobs.end(request[_CLIENT], request.match_info["job"])
        return answered({})

    async def step(self, request: web.Request) -> web.Response:
        job = self._agent.jobs.get(request[_CLIENT], request.match_info["job"])
        fields = await _document(request)
        step = wire.RemoteStep(fields.word("step", "|".join(wire.RemoteStep)))
        artifact = None
        if step in {wire.RemoteStep.PLAN_RESTORE, wire.RemoteStep.RESTORE_BACKUP}:
            described = fields.inner("artifact")
            content = await self._agent.spool.read(request[_CLIENT], wire.content_of(described))
            artifact = wire.artifact_of(described, content)
            described.only_known()
        fields.only_known()
        job.request_step(int(request.match_info["number"]), step, artifact)
        return answered({})

    async def take(self, request: web.Request) -> web.Response:
        if "Content-Encoding" in request.headers:
            raise RefusedError(wire.Refusal.MALFORMED, "Contents are sent as they are.")
        wanted = wire.ContentRef(sha256=request.match_info["sha256"], size=_number(request, "size"))
        chunks: AsyncIterator[bytes] = request.content.iter_chunked(wire.CHUNK)
        received = await self._agent.spool.append(request[_CLIENT], wanted, _number(request, "offset"), chunks)
        return answered({"received": received})

    async def received(self, request: web.Request) -> web.Response:
        received = self._agent.spool.received(request[_CLIENT], request.match_info["sha256"])
        return answered({"received": received})

    async def give(self, request: web.Request) -> web.FileResponse:
        path = self._agent.spool.path(request[_CLIENT], request.match_info["sha256"])
        headers = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
        return web.FileResponse(path, chunk_size=wire.CHUNK, headers=headers)


async def _document(request: web.Request) -> wire.Fields:
    return wire.decode(await request.read(), "the request", largest=wire.LARGEST_REQUEST)


def _number(request: web.Request, name: str) -> int:
    value = request.query.get(name, "")
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise RefusedError(wire.Refusal.MALFORMED, f"{name} is no number.")
    return int(value)
