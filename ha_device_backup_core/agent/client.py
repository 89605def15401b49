"""The connection to one agent: pinned certificate, token, bounded answers; what goes wrong is an AgentError."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

import aiohttp
from yarl import URL

from ..errors import (
    AgentAwayError,
    AgentError,
    AgentNotTrustedError,
    AgentRefusedError,
    AgentVersionError,
    DeviceBusyError,
)
from ..text import Message, _, plain
from .failures import NOT_KEPT
from .fields import LONGEST_TEXT, Fields, ProtocolError, decode, encode
from .kinds import RemoteKind, kinds_from
from .protocol import CHUNK, LARGEST_DOCUMENT, LARGEST_LIST, PROTOCOL, Capability, Refusal
from .records import ContentRef

_LOGGER = logging.getLogger(__name__)
_SECONDS = 30.0
_CONNECT_SECONDS = 10.0
_TRIES = 4
"""Of a transfer that does not get on."""
_PAUSE = 0.25
_MOST_PROTOCOLS = 1000
_UNAUTHORIZED, _TOO_MANY = 401, 429
_JSON = {"Content-Type": "application/json"}


class RequestRefusedError(Exception):
    """The agent refused a request in the words of the protocol."""

    def __init__(self, refusal: str) -> None:
        """Keep the word."""
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedAgent:
    """An agent that this side is paired with."""

    agent_id: str
    name: str
    host: str
    port: int
    sha256: str
    """Of its certificate."""
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHello:
    """What an agent says first, to anybody."""

    agent_id: str
    name: str
    version: str
    capabilities: frozenset[str]

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return it, if both sides have a version of the protocol in common."""
        protocols = [one for one in fields.items("protocols", _MOST_PROTOCOLS) if isinstance(one, int)]
        name, version = fields.word("name"), fields.word("version")
        if PROTOCOL not in protocols:
            older = max(protocols, default=0) < PROTOCOL
            raise AgentVersionError(_update_agent(name, version) if older else _update_this(name, version))
        return cls(
            agent_id=fields.word("agent_id"),
            name=name,
            version=version,
            capabilities=frozenset(fields.words("capabilities")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRepository:
    """Where an agent keeps large data, and what opens it without the agent."""

    location: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLook:
    """How an agent is found."""

    hello: AgentHello
    kinds: tuple[RemoteKind, ...]
    repository: AgentRepository | None
    """None where it keeps no large data yet, or does not tell."""


class AgentClient:
    """Opens connections to one agent."""

    def __init__(self, paired: PairedAgent) -> None:
        """Take where it is and what it is known by."""
        self.paired = paired

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator["AgentConnection"]:
        """Connect for the block, and learn who answers."""
        async with open_session() as session:
            connection = AgentConnection(session, self.paired)
            await connection.greet()
            yield connection

    async def hello(self) -> AgentHello:
        """Return what the agent says of itself."""
        async with self.connected() as connection:
            return await connection.greet()

    async def kinds(self) -> tuple[RemoteKind, ...]:
        """Return the kinds that the agent has; one that cannot be used is left out."""
        async with self.connected() as connection:
            return await connection.kinds()

    async def look(self) -> AgentLook:
        """Return what the agent says of itself, and what it has."""
        async with open_session() as session:
            connection = AgentConnection(session, self.paired)
            hello, kinds = await connection.greet(), await connection.kinds()
            has_one = Capability.REPOSITORY in hello.capabilities
            return AgentLook(hello=hello, kinds=kinds, repository=await connection.repository() if has_one else None)


def open_session() -> aiohttp.ClientSession:
    """Return a session for one agent; what it packs is not unpacked."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SECONDS)
    return aiohttp.ClientSession(
        timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    )


class AgentConnection:
    """Asks one agent."""

    def __init__(self, session: aiohttp.ClientSession, paired: PairedAgent) -> None:
        """Take the session, and whom to ask."""
        self._session = session
        self._paired = paired
        # One for all requests: aiohttp uses a connection again only for what asks with the very same one.
        self._fingerprint = aiohttp.Fingerprint(bytes.fromhex(paired.sha256))

    async def greet(self) -> AgentHello:
        """Return what the agent says of itself; raises AgentVersionError, AgentError for another one."""
        with self.understood():
            hello = AgentHello.of(await self.ask("GET", "/"))
            if hello.agent_id != self._paired.agent_id:
                raise AgentError(_("Another agent than “{agent}” answers there.", agent=self._paired.name))
            return hello

    async def kinds(self) -> tuple[RemoteKind, ...]:
        """Return the kinds that the agent has; one that cannot be used is left out."""
        with self.understood():
            return kinds_from(await self.ask("GET", "/v1/kinds", largest=LARGEST_LIST))

    async def repository(self) -> AgentRepository | None:
        """Return where the agent keeps large data, and the password of that, None where it keeps none yet."""
        with self.understood():
            response = await self.ask("GET", "/v1/repository")
            if not response.has("password"):
                return None
            location = response.word("location", longest=LONGEST_TEXT)
            # A person may have put any into its file.
            return AgentRepository(location=location, password=response.word("password", r"[^\x00-\x1f\x7f]+"))

    async def ask(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        largest: int = LARGEST_DOCUMENT,
        seconds: float = _SECONDS,
    ) -> Fields:
        """Return the answer to a request.

        Raises RequestRefusedError in the words of the agent, ProtocolError for what is no answer, AgentError.
        """
        body = None if document is None else encode(document)
        async with self._request(method, path, body, query=query, seconds=seconds) as response:
            content = await _bounded(response, largest)
        return self._answer(response.status, content, largest)

    async def download(self, content: ContentRef) -> bytes:
        """Return the bytes that the agent has; goes on where a connection broke off."""
        received = bytearray()
        idle = 0
        while len(received) < content.size:
            before = len(received)
            try:
                await self._receive(content, received)
            except AgentAwayError:
                idle = 0 if len(received) > before else idle + 1
                if idle >= _TRIES:
                    raise
                await asyncio.sleep(_PAUSE * 2**idle)
            else:
                if len(received) < content.size:
                    raise self._altered()
        found = bytes(received)
        if hashlib.sha256(found).hexdigest() != content.sha256:
            raise self._altered()
        return found

    async def upload(self, content: ContentRef, data: bytes) -> None:
        """Give bytes to the agent; goes on where a connection broke off."""
        path, idle, before = f"/v1/contents/{content.sha256}", 0, -1
        while True:
            try:
                query = {"size": str(content.size)}
                received = (await self.ask("GET", f"{path}/received", query=query)).integer(
                    "received", -1, content.size
                )
                if received == content.size:
                    return
                idle, before = (0 if received > before else idle + 1), received
                if idle >= _TRIES:
                    raise AgentError(NOT_KEPT)
                await self._send(path, data, max(received, 0))
            except AgentAwayError:
                idle += 1
                if idle >= _TRIES:
                    raise
                await asyncio.sleep(_PAUSE * 2**idle)

    @contextlib.contextmanager
    def understood(self) -> Iterator[None]:
        """Turn what is no answer, and what was refused, into the error that people see."""
        try:
            yield
        except ProtocolError as error:
            raise self._wrong(str(error)) from None
        except RequestRefusedError as error:
            raise self._refused(error.refusal) from None

    def _refused(self, refusal: str) -> AgentError:
        if refusal == Refusal.NO_ROOM:
            return AgentError(NOT_KEPT)
        if refusal == Refusal.FAULT:
            return AgentError(_("“{agent}” failed at it; its own log tells more.", agent=self._paired.name))
        return self._wrong(f"it refuses the request: {refusal}")

    def _wrong(self, what: str) -> AgentError:
        """Return the error for an agent that does not keep the protocol; what it is only a programmer understands."""
        _LOGGER.warning("The agent %s does not keep the protocol: %s", plain(self._paired.name), what)
        return AgentError(
            _("What “{agent}” answered is not what was agreed; the log tells more.", agent=self._paired.name)
        )

    def _altered(self) -> AgentError:
        return AgentError(_("What “{agent}” sent is not what it had announced.", agent=self._paired.name))

    async def _send(self, path: str, data: bytes, offset: int) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for start in range(offset, len(data), CHUNK):
                yield data[start : start + CHUNK]

        query = {"offset": str(offset), "size": str(len(data))}
        async with self._request("PUT", path, chunks(), query=query, seconds=None) as response:
            answer = await _bounded(response, LARGEST_DOCUMENT)
        try:
            self._answer(response.status, answer, LARGEST_DOCUMENT)
        except RequestRefusedError as error:
            # Another transfer of the same bytes was faster, or is; how far it is, is asked next.
            if error.refusal != Refusal.WRONG_OFFSET:
                raise

    async def _receive(self, content: ContentRef, received: bytearray) -> None:
        path = f"/v1/contents/{content.sha256}"
        headers = {"Range": f"bytes={len(received)}-"} if received else {}
        async with self._request("GET", path, None, headers=headers, seconds=None) as response:
            if response.status != (206 if received else 200):
                self._answer(response.status, await _bounded(response, LARGEST_DOCUMENT), LARGEST_DOCUMENT)
                raise ProtocolError("the answer is no part of what was asked for")
            async for chunk in response.content.iter_chunked(CHUNK):
                if len(received) + len(chunk) > content.size:
                    raise self._altered()
                received += chunk

    def _answer(self, status: int, content: bytes, largest: int) -> Fields:
        if status == _UNAUTHORIZED:
            raise AgentRefusedError
        answer = decode(content, "the answer", largest=largest)
        if status == _TOO_MANY:
            pause = answer.number("retry_after", 0, 3600) if answer.has("retry_after") else None
            busy = _("The agent “{agent}” has as much to do as it can.", agent=self._paired.name)
            raise DeviceBusyError(busy, retry_after=pause)
        if not 200 <= status < 300:
            raise RequestRefusedError(answer.word("refused", "[a-z_]+"))
        return answer

    @contextlib.asynccontextmanager
    async def _request(
        self,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] | None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        url = URL.build(
            scheme="https", host=self._paired.host, port=self._paired.port, path=path, query=dict(query or {})
        )
        with agent_errors(self._paired.name):
            async with self._session.request(
                method,
                url,
                data=body,
                headers={
                    "Authorization": f"Bearer {self._paired.token}",
                    "Accept-Encoding": "identity",
                    **(_JSON if isinstance(body, bytes) else {}),
                    **(headers or {}),
                },
                ssl=self._fingerprint,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS, sock_read=_SECONDS),
            ) as response:
                yield response


@contextlib.contextmanager
def agent_errors(name: str) -> Iterator[None]:
    """Turn what aiohttp raises while an agent is asked into the errors that people see."""
    try:
        yield
    except aiohttp.ServerFingerprintMismatch as error:
        raise AgentNotTrustedError(
            _("The SHA-256 fingerprint of what was shown is {sha256}.", sha256=error.got.hex())
        ) from None
    except (aiohttp.ClientResponseError, aiohttp.InvalidURL) as error:
        raise AgentError(_("What “{agent}” answers is no HTTP.", agent=name)) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise AgentAwayError(_("“{agent}” does not answer.", agent=name)) from error


async def _bounded(response: aiohttp.ClientResponse, largest: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        content += chunk
        if len(content) > largest:
            response.close()
            raise ProtocolError("the answer is too long")
    return bytes(content)


def _update_agent(name: str, version: str) -> Message:
    return _("Update the agent “{agent}”: its version {version} is too old.", agent=name, version=version)


def _update_this(name: str, version: str) -> Message:
    return _("Update Device Backups: the agent “{agent}” has version {version} already.", agent=name, version=version)
