"""Whatever a client sends, the agent does no more than it may, and goes on."""

import asyncio
import contextlib
import hashlib
import io
import json
import ssl
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp
import pytest

from ha_device_backup_agent import calls, routes
from ha_device_backup_core.agent.client import PairedAgent
from ha_device_backup_core.errors import AgentAwayError
from ha_device_backup_core.testing import run_job

from .agents import paired
from .conftest import Cellar

type Answer = tuple[int, dict[str, object]]


@dataclass
class Client:
    """Says anything."""

    agent: PairedAgent
    session: aiohttp.ClientSession
    token: str | None = field(default=None, repr=False)

    async def say(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        token = self.agent.token if self.token is None else self.token
        async with self.session.request(
            method,
            f"https://127.0.0.1:{self.agent.port}{path}",
            data=None if content is None else io.BytesIO(content),
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            ssl=False,
        ) as response:
            return response.status, await response.json()

    async def refusal(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        status, answer = await self.say(method, path, body)
        return status, answer.get("refused")


@pytest.fixture
async def client(cellar: Cellar) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(cellar.agent, session)


def job_path() -> str:
    return f"/v1/jobs/{uuid.uuid4().hex}"


def request_of(cellar: Cellar, **changed: object) -> dict[str, object]:
    request = {"kind": "example", "config": cellar.config, "attended": False, "seconds": 10, "most_bytes": 1000}
    return {**request, **changed}


def artifact_of(content: bytes, **changed: object) -> dict[str, object]:
    described = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {"filename": "config.json", "media_type": "application/json", "content": described, **changed}


async def upload(client: Client, content: bytes) -> Answer:
    sha256 = hashlib.sha256(content).hexdigest()
    return await client.say("PUT", f"/v1/contents/{sha256}?offset=0&size={len(content)}", content)


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "A" * 43, "A" * 4000])
async def test_who_is_not_paired_gets_nothing(client: Client, token: str) -> None:
    client.token = token
    for method, path in (
        ("GET", "/v1/kinds"),
        ("PUT", job_path()),
        ("GET", f"/v1/contents/{'ab' * 32}"),
        ("GET", "/anything"),
        ("GET", "/v1/../v1/kinds"),
    ):
        with contextlib.suppress(UnicodeEncodeError):
            assert await client.refusal(method, path) == (401, "unknown_client")


async def test_the_first_answer_holds_no_secret(client: Client, cellar: Cellar) -> None:
    client.token = ""
    status, answer = await client.say("GET", "/")
    assert (status, answer["protocols"], answer["agent_id"]) == (200, [1], cellar.agent.agent_id)
    assert set(answer) == {"agent_id", "name", "version", "protocols", "capabilities"}


@pytest.mark.parametrize(
    ("method", "path", "refused"),
    [
        ("GET", "/v2/kinds", (404, "unknown_path")),
        ("DELETE", "/v1/kinds", (404, "unknown_path")),
        ("HEAD", "/v1/nothing", (404, None)),
        ("GET", "/v1/contents/../../clients.json", (404, "unknown_path")),
        ("GET", "/v1/contents/%2e%2e%2fclients.json", (404, "unknown_path")),
        ("GET", f"/v1/contents/{'ab' * 32}", (404, "unknown_content")),
        ("GET", "/v1/jobs/x", (404, "unknown_path")),
        ("GET", f"/v1/jobs/{'0' * 32}?after=0", (404, "unknown_job")),
        ("DELETE", f"/v1/jobs/{'0' * 32}", (404, "unknown_job")),
        ("POST", "/v1/kinds/fridge/calls", (404, "unknown_kind")),
        ("POST", "/v1/kinds/%2e%2e/calls", (404, "unknown_path")),
    ],
)
async def test_what_is_not_there(client: Client, method: str, path: str, refused: object) -> None:
    if method == "HEAD":
        async with client.session.head(
            f"https://127.0.0.1:{client.agent.port}{path}",
            headers={"Authorization": f"Bearer {client.agent.token}"},
            ssl=False,
        ) as response:
            assert response.status == 404
    else:
        assert await client.refusal(method, path) == refused


@pytest.mark.parametrize(
    "changed",
    [
        {"unknown": 1},
        {"kind": 1},
        {"kind": None},
        {"config": []},
        {"config": None, "extra": None},
        {"attended": "yes"},
        {"seconds": -1},
        {"seconds": 1e300},
        {"seconds": True},
        {"most_bytes": 0},
        {"most_bytes": "1000"},
    ],
)
async def test_a_request_that_is_none(client: Client, cellar: Cellar, changed: Mapping[str, object]) -> None:
    assert await client.refusal("PUT", job_path(), request_of(cellar, **changed)) == (400, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"kind": NaN}',
        b'{"kind": "example", "kind": "example"}',
        b"[" * 100_000,
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
async def test_a_body_that_is_none(client: Client, body: bytes) -> None:
    assert await client.refusal("PUT", job_path(), body) == (400, "malformed")


async def test_a_body_that_is_too_long(client: Client) -> None:
    assert await client.refusal("PUT", job_path(), b" " * (2 * 1024 * 1024)) == (413, "too_large")


async def test_a_packed_body_is_not_unpacked(client: Client) -> None:
    packed = {"Content-Encoding": "gzip"}
    path = f"/v1/contents/{'ab' * 32}?offset=0&size=5"
    status, answer = await client.say("PUT", path, b"\x1f\x8b\x08\x00\x00", packed)
    assert (status, answer["refused"]) == (400, "malformed")
    status, answer = await client.say("PUT", job_path(), b"\x1f\x8b\x08\x00\x00", packed)
    assert (status, answer["refused"]) == (400, "malformed")


async def test_steps_out_of_turn(client: Client, cellar: Cellar) -> None:
    path = job_path()
    assert await client.say("PUT", path, request_of(cellar)) == (200, {})
    assert await client.refusal("PUT", f"{path}/steps/2", {"step": "test_connection"}) == (409, "wrong_step")
    assert await client.refusal("PUT", f"{path}/steps/0", {"step": "test_connection"}) == (409, "wrong_step")
    assert await client.refusal("PUT", f"{path}/steps/1", {"step": "close"}) == (400, "malformed")
    assert await client.refusal("PUT", f"{path}/steps/1", {"step": "__init__"}) == (400, "malformed")
    assert await client.refusal("PUT", f"{path}/steps/1", {"step": "restore_backup"}) == (400, "malformed")
    step = {"step": "test_connection"}
    assert await client.say("PUT", f"{path}/steps/1", step) == (200, {})
    assert await client.say("PUT", f"{path}/steps/1", step) == (200, {})
    status, state = await client.say("GET", f"{path}?after=0")
    assert (status, state["done"]) == (200, 1)
    assert await client.say("DELETE", path) == (200, {})
    assert await client.refusal("GET", f"{path}?after=0") == (404, "unknown_job")
    assert cellar.device.requests == ["GET /info", "GET /logout"]


async def test_after_an_error_a_job_only_tells_that(client: Client, cellar: Cellar) -> None:
    path = job_path()
    await client.say("PUT", path, request_of(cellar, config={"host": "127.0.0.1", "port": 0, "password": None}))
    for number in (1, 2):
        await client.say("PUT", f"{path}/steps/{number}", {"step": "test_connection"})
        state: dict[str, object] = {"revision": 0, "done": 0}
        while state["done"] != number:
            _, state = await client.say("GET", f"{path}?after={state['revision']}")
        error = state["error"]
        assert isinstance(error, dict)
        assert (error["code"], error["field"]) == ("config", "port")
    await client.say("DELETE", path)


async def test_contents_that_are_not_what_was_announced(client: Client) -> None:
    sha256 = hashlib.sha256(b"content").hexdigest()
    path = f"/v1/contents/{sha256}"
    assert await client.refusal("PUT", f"{path}?offset=0&size=7", b"CONTENT") == (422, "wrong_digest")
    assert await client.refusal("GET", path) == (404, "unknown_content")
    assert await client.refusal("PUT", f"{path}?offset=3&size=7", b"tent") == (409, "wrong_offset")
    assert await client.refusal("PUT", f"{path}?offset=0&size=7", b"content and more") == (413, "too_large")
    assert await client.refusal("PUT", f"{path}?offset=-1&size=7", b"") == (400, "malformed")
    assert await client.refusal("PUT", f"{path}?offset=0&size={10**12}", b"") == (413, "too_large")
    assert await client.refusal("PUT", f"{path}?offset=0&size=" + "9" * 30, b"") == (400, "malformed")
    assert await client.say("GET", f"{path}/received") == (200, {"received": -1})

    assert await client.say("PUT", f"{path}?offset=0&size=7", b"con") == (200, {"received": 3})
    assert await client.say("PUT", f"{path}?offset=3&size=7", b"tent") == (200, {"received": 7})
    assert await client.say("PUT", f"{path}?offset=0&size=7", b"anything") == (200, {"received": 7})
    async with client.session.get(
        f"https://127.0.0.1:{client.agent.port}{path}",
        headers={"Authorization": f"Bearer {client.agent.token}", "Range": "bytes=3-"},
        ssl=False,
    ) as response:
        assert (response.status, await response.read()) == (206, b"tent")


async def test_of_another_client_there_is_nothing(client: Client, cellar: Cellar) -> None:
    other = Client(await paired(cellar.folder, cellar.agent.port, client="Another"), client.session)
    await upload(client, b"{}")
    path = job_path()
    await client.say("PUT", path, request_of(cellar))

    sha256 = hashlib.sha256(b"{}").hexdigest()
    assert await other.refusal("GET", f"/v1/contents/{sha256}") == (404, "unknown_content")
    assert await other.say("GET", f"/v1/contents/{sha256}/received") == (200, {"received": -1})
    call = {"call": "validate", "artifact": artifact_of(b"{}")}
    assert await other.refusal("POST", "/v1/kinds/example/calls", call) == (404, "unknown_content")
    assert await other.refusal("GET", f"{path}?after=0") == (404, "unknown_job")
    assert await other.refusal("DELETE", path) == (404, "unknown_job")
    assert (await client.say("POST", "/v1/kinds/example/calls", call))[0] == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"call": "close"},
        {"call": "recognizes"},
        {"call": "__class__"},
        {"call": "validate|owner"},
        {"artifact": {}},
        {"artifact": artifact_of(b"{}", filename="../x")},
        {"artifact": artifact_of(b"{}", attributes={"a": 1})},
        {"artifact": artifact_of(b"{}", unknown=1)},
        {"artifact": artifact_of(b"{}", missing=[{"code": "x", "text": {"message": 1}}])},
        {"artifact": artifact_of(b"{}", missing=[{"code": "x", "text": 7}])},
        {"call": "redact", "key": "xyz"},
        {"unknown": 1},
    ],
)
async def test_calls_that_are_none(client: Client, changed: Mapping[str, object]) -> None:
    await upload(client, b"{}")
    call = {"call": "validate", "artifact": artifact_of(b"{}"), **changed}
    assert await client.refusal("POST", "/v1/kinds/example/calls", call) == (400, "malformed")


async def test_the_agent_goes_on(client: Client, cellar: Cellar) -> None:
    """Connections that say nothing, or half of something, keep nobody else out."""
    idle = [await asyncio.open_connection("127.0.0.1", cellar.agent.port) for _ in range(20)]
    for _, writer in idle:
        writer.write(b"\x16\x03\x01" + b"\x00" * 50)
        await writer.drain()

    assert (await run_job(cellar.handler, cellar.config)).device.name == "Kitchen"

    for _, writer in idle:
        writer.close()


async def test_connections_without_end(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than there may be is closed; when they have gone, everything goes on."""
    monkeypatch.setattr("ha_device_backup_agent.server.MOST_CONNECTIONS", 5)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    idle = [await asyncio.open_connection("127.0.0.1", cellar.agent.port, ssl=tls) for _ in range(5)]

    reader, writer = await asyncio.open_connection("127.0.0.1", cellar.agent.port, ssl=tls)
    assert await reader.read() == b""
    with pytest.raises(AgentAwayError):
        await cellar.client.hello()

    for _, one in (*idle, (reader, writer)):
        one.close()
        await one.wait_closed()
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(AgentAwayError):
                assert (await cellar.client.hello()).name == "Cellar"
                break


async def test_what_nobody_expected_is_logged_without_what_was_sent(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "canary-secret-of-the-config"

    async def answer(*_: object) -> dict[str, object]:
        raise ValueError(secret)

    path = "/v1/kinds/example/calls"
    with monkeypatch.context() as patched:
        patched.setattr(calls, "answer", answer)
        assert await client.refusal("POST", path, {}) == (500, "fault")
    (record,) = [record for record in caplog.records if record.name == routes.__name__]
    assert "ValueError" in record.getMessage()
    assert "test_hostile_client.py" in record.getMessage()
    assert secret not in caplog.text
    status, refused = await client.refusal("POST", path, {})
    assert (status, refused) != (500, "fault")
