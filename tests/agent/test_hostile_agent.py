"""Whatever an agent answers, this side is not harmed: it ends with an error, in bounded time and memory."""

import asyncio
import hashlib
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web

from ha_device_backup_core.agent import remote_job
from ha_device_backup_core.agent.client import AgentClient, PairedAgent
from ha_device_backup_core.agent.kinds import kind_of
from ha_device_backup_core.agent.remote_handler import RemoteHandler, remote_handler
from ha_device_backup_core.contract import MEBIBYTE
from ha_device_backup_core.errors import (
    AgentAwayError,
    AgentError,
    AgentVersionError,
    CannotConnectError,
    DeviceBackupError,
    RestoreNotVerifiedError,
)
from ha_device_backup_core.testing import run_job, run_probe, run_restore
from tests.core.example_device import certificate

from .conftest import EXAMPLE, PASSWORD
from .test_jobs import CONFIG

HELLO = {"agent_id": "a", "name": "Cellar", "version": "9", "protocols": [1], "capabilities": ["jobs"]}
DEVICE = {"unique_id": "a1", "name": "Kitchen"}
CONTENT = CONFIG.content
ARTIFACT = {
    "filename": "config.json",
    "media_type": "application/json",
    "content": {"sha256": hashlib.sha256(CONTENT).hexdigest(), "size": len(CONTENT)},
}
BOMB = {
    "message": "{a}{a}{a}{a}{a}{a}{a}{a}",
    "package": "",
    "en": "",
    "values": {"a": {"message": "{b}" * 300, "package": "", "en": "", "values": {"b": "x" * 1000}}},
}
type Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]
ENDED = (AgentError, CannotConnectError)
SECONDS = 2.0
"""That a job has."""


@dataclass
class Liar:
    """An agent that answers what a test wants."""

    hello: object = field(default_factory=lambda: HELLO)
    results: Mapping[str, object] = field(default_factory=lambda: {"test_connection": DEVICE, "fetch_backup": ARTIFACT})
    state: Mapping[str, object] = field(default_factory=dict)
    responds: dict[str, Respond] = field(default_factory=dict)
    content: bytes = CONTENT
    asked: list[str] = field(default_factory=list)
    step: str = ""
    number: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        what = request.path.split("/")[2] if request.path != "/" else "hello"
        self.asked.append(f"{request.method} {what}")
        if what in self.responds:
            return await self.responds[what](request)
        if what == "hello":
            return web.json_response(self.hello)
        if what == "contents":
            if request.path.endswith("received"):
                return web.json_response({"received": int(request.query["size"])})
            return web.Response(body=self.content)
        if "steps" in request.path:
            self.step, self.number = json.loads(await request.read())["step"], int(request.path.rpartition("/")[2])
        if request.method != "GET":
            return web.json_response({})
        result = self.results.get(self.step, {})
        return web.json_response({"revision": 1, "done": self.number, "result": result, **self.state})


@pytest.fixture
async def liar(tmp_path: Path) -> AsyncIterator[tuple[Liar, type[RemoteHandler]]]:
    liar = Liar()
    tls, sha256 = certificate(tmp_path)
    application = web.Application(client_max_size=2**30)
    application.router.add_route("*", "/{path:.*}", liar.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    agent = PairedAgent(
        agent_id="a", name="Cellar", host="127.0.0.1", port=runner.addresses[0][1], sha256=sha256, token="t" * 43
    )
    kind = kind_of(EXAMPLE)
    hasty = replace(kind, spec=replace(kind.spec, fetch_timeout=SECONDS))
    yield liar, remote_handler(AgentClient(agent), hasty, EXAMPLE)
    await runner.cleanup()


CONFIGURATION = {"host": "127.0.0.1", "port": 1, "password": PASSWORD}


async def test_an_honest_one(liar: tuple[Liar, type[RemoteHandler]]) -> None:
    assert (await run_job(liar[1], CONFIGURATION)).artifact == CONFIG


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)
        # Who hung up is heard of only then; what is written meanwhile would count as read.
        await asyncio.sleep(0)


async def _drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.01)


async def _silent(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


def _says(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Respond:
    async def respond(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=dict(headers or {}))

    return respond


RESPONDS: Mapping[str, Respond] = {
    "endless": _endless,
    "drip": _drip,
    "silent": _silent,
    "empty": _says(b""),
    "page": _says(b"<html>Log in</html>"),
    "list": _says(b"[]"),
    "deep": _says(b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "number": _says(b'{"revision": ' + b"9" * 100_000 + b"}"),
    "garbage": _says(b"\xff\xfe\x00"),
    "redirect": _says(b"", 302, {"Location": "http://127.0.0.1:1/"}),
    "refusal": _says(b'{"refused": "anything_at_all"}', 400),
    "long refusal": _says(b'{"refused": "' + b"a" * 100_000 + b'"}', 404),
    "unknown job": _says(b'{"refused": "unknown_job"}', 404),
    "error": _says(b"", 500),
    "bomb": _says(b"\x1f\x8b" + b"\x00" * 100, 200, {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("where", ["hello", "jobs", "contents"])
@pytest.mark.parametrize("how", RESPONDS)
async def test_answers_of_any_kind(liar: tuple[Liar, type[RemoteHandler]], where: str, how: str) -> None:
    liar[0].responds[where] = RESPONDS[how]

    tracemalloc.start()
    with pytest.raises(ENDED):
        await run_job(liar[1], CONFIGURATION)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40 * MEBIBYTE

    liar[0].responds.clear()
    assert (await run_job(liar[1], CONFIGURATION)).artifact == CONFIG


LIES: Mapping[str, Mapping[str, object]] = {
    "no device": {"test_connection": {}},
    "a number as a name": {"test_connection": {**DEVICE, "name": 7}},
    "an id without end": {"test_connection": {**DEVICE, "unique_id": "x" * 100_000}},
    "connections": {"test_connection": {**DEVICE, "connections": [["mac"]]}},
    "a text that grows": {"test_connection": {**DEVICE, "notices": [{"code": "x", "text": BOMB}]}},
    "a name with a folder": {"fetch_backup": {**ARTIFACT, "filename": "../../x"}},
    "no content": {"fetch_backup": {**ARTIFACT, "content": None}},
    "a content too large": {"fetch_backup": {**ARTIFACT, "content": {**ARTIFACT["content"], "size": 2**40}}},  # type: ignore[dict-item]
    "another digest": {"fetch_backup": {**ARTIFACT, "content": {"sha256": "ab" * 32, "size": len(CONTENT)}}},
    "a shorter one": {"fetch_backup": {**ARTIFACT, "content": {**ARTIFACT["content"], "size": 5}}},  # type: ignore[dict-item]
    "a longer one": {"fetch_backup": {**ARTIFACT, "content": {**ARTIFACT["content"], "size": 500}}},  # type: ignore[dict-item]
    "attributes": {"fetch_backup": {**ARTIFACT, "attributes": {"a": ["b"]}}},
}


@pytest.mark.parametrize("lie", LIES)
async def test_results_that_are_none(liar: tuple[Liar, type[RemoteHandler]], lie: str) -> None:
    liar[0].results = {**liar[0].results, **LIES[lie]}

    with pytest.raises(ENDED):
        await run_job(liar[1], CONFIGURATION)


STATES: Mapping[str, Mapping[str, object]] = {
    "a step that was never told": {"done": 7},
    "none at all": {"done": None},
    "a revision that is none": {"revision": "x"},
    "an unknown error": {"error": {"code": "store_full"}},
    "an error of this side": {"error": {"code": "agent_refused"}},
    "an error that is none": {"error": {"code": 5}},
    "a certificate that is none": {"error": {"code": "certificate_not_trusted", "sha256": "x"}},
    "an error whose text grows": {"error": {"code": "device_busy", "detail": BOMB}},
    "neither": {"result": None},
    "a prompt of years": {"prompt": {"text": "x", "seconds": 1e9}},
    "the same forever": {"done": 0},
}


@pytest.mark.parametrize("state", STATES)
async def test_states_that_are_none(liar: tuple[Liar, type[RemoteHandler]], state: str) -> None:
    liar[0].state = STATES[state]

    with pytest.raises(ENDED):
        await run_probe(liar[1], CONFIGURATION)


async def test_an_agent_that_polls_are_answered_at_once_by(liar: tuple[Liar, type[RemoteHandler]]) -> None:
    """It costs a few requests, and ends with the time of the job."""
    liar[0].state = {"done": 0, "progress": {"share": 0.5, "text": "x"}}
    with pytest.raises(CannotConnectError):
        await run_probe(liar[1], CONFIGURATION)
    assert 1 < liar[0].asked.count("GET jobs") <= 2 + SECONDS / remote_job._PAUSE


async def test_a_restore_is_not_verified_when_the_agent_lies(liar: tuple[Liar, type[RemoteHandler]]) -> None:
    liar[0].results = {**liar[0].results, "restore_backup": {"proven": 5}}
    with pytest.raises(RestoreNotVerifiedError) as error:
        await run_restore(liar[1], CONFIGURATION, CONFIG)
    assert "“Cellar”" in str(error.value)


@pytest.mark.parametrize(
    ("protocols", "who"),
    [
        ([], "Update the agent"),
        ([0], "Update the agent"),
        ([2, 3], "Update Device Backups"),
        (["1"], "Update the agent"),
    ],
)
async def test_another_version(liar: tuple[Liar, type[RemoteHandler]], protocols: list[object], who: str) -> None:
    liar[0].hello = {**HELLO, "protocols": protocols}

    with pytest.raises(AgentVersionError, match=who):
        await run_probe(liar[1], CONFIGURATION)

    assert set(liar[0].asked) == {"GET hello"}
    liar[0].hello = {**HELLO, "protocols": [1, 2, 3], "capabilities": ["jobs", "dreams"], "new": {"field": 1}}
    assert (await run_probe(liar[1], CONFIGURATION)).name == "Kitchen"


KIND = {
    "kind": "lamp",
    "name": "Lamp",
    "fetch_timeout": 10,
    "max_artifact_bytes": 100,
    "distribution": "x",
    "version": "1",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "../../x"},
        {"fetch_timeout": 1e12},
        {"max_artifact_bytes": 2**40},
        {"name": BOMB},
        {"documentation": "javascript:alert(1)"},
        {"fields": [{"key": "host", "kind": "host", "label": "Host"}] * 2},
        {"fields": [{"key": "host", "kind": "unknown", "label": "Host"}]},
        {"fields": [{"key": "p", "kind": "secret", "label": "P", "default": "x"}]},
        {"fields": [{"key": "p", "kind": "text", "label": "P", "default": {}}]},
        {"fields": [{"key": "p", "kind": "choice", "label": "P", "choices": [1]}]},
    ],
)
async def test_kinds_that_cannot_be_used_are_left_out(
    liar: tuple[Liar, type[RemoteHandler]], changed: Mapping[str, object]
) -> None:
    listed = [{**KIND, **changed}, {**KIND, "kind": "other", "unique_id_form": "(a+)+$"}, "nothing"]
    liar[0].responds["kinds"] = _says(json.dumps({"kinds": listed[:2]}).encode())

    (kind,) = await liar[1].agent.kinds()

    assert (kind.spec.kind, kind.spec.unique_id_form, kind.spec.discovery) == ("other", "", ())
    liar[0].responds["kinds"] = _says(json.dumps({"kinds": listed}).encode())
    with pytest.raises(AgentError):
        await liar[1].agent.kinds()


LOGGED = "Was „Cellar“ geantwortet hat, entspricht nicht der Absprache; das Protokoll sagt mehr."
NOT_KEPT = "Der Agent konnte das Backup unterwegs nicht ablegen. Ist sein Datenträger voll?"


@pytest.mark.parametrize(
    ("respond", "told", "logged"),
    [
        (_says(b"[]"), LOGGED, ["the answer is no object"]),
        (_says(b'{"refused": "wrong_step"}', 409), LOGGED, ["it refuses the request: wrong_step"]),
        (_says(b'{"refused": "no_room"}', 507), NOT_KEPT, []),
        (
            _says(b'{"refused": "fault"}', 500),
            "„Cellar“ ist daran gescheitert; mehr sagt das Protokoll des Agenten.",
            [],
        ),
        (
            _says(json.dumps({**HELLO, "agent_id": "b"}).encode()),
            "Dort antwortet ein anderer Agent als „Cellar“.",
            [],
        ),
    ],
)
async def test_a_person_is_told_in_one_language(
    liar: tuple[Liar, type[RemoteHandler]],
    respond: Respond,
    told: str,
    logged: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What only a programmer understands is in the log."""
    liar[0].responds["hello"] = respond
    with pytest.raises(AgentError) as error:
        await run_probe(liar[1], CONFIGURATION)
    assert error.value.detail_in("de") == told
    said = "The agent Cellar does not keep the protocol: "
    assert [one.message for one in caplog.records if said in one.message] == [said + what for what in logged]


@pytest.mark.parametrize("lie", ["another digest", "a shorter one", "a longer one"])
async def test_content_that_was_altered(liar: tuple[Liar, type[RemoteHandler]], lie: str) -> None:
    liar[0].results = {**liar[0].results, **LIES[lie]}
    with pytest.raises(AgentError) as error:
        await run_job(liar[1], CONFIGURATION)
    assert error.value.detail_in("de") == "Was „Cellar“ gesendet hat, ist nicht das, was angekündigt war."


async def test_an_upload_that_is_never_kept(liar: tuple[Liar, type[RemoteHandler]]) -> None:
    liar[0].responds["contents"] = _says(b'{"received": -1}')
    with pytest.raises(DeviceBackupError) as error:
        await run_restore(liar[1], CONFIGURATION, CONFIG)
    assert type(error.value) in {AgentError, AgentAwayError}
