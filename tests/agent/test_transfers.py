"""Bytes on their way: they go on where a connection broke off, and take no more room than they may."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import aiohttp
import pytest

from ha_device_backup_agent import spool as spool_module
from ha_device_backup_agent.refusals import RefusedError
from ha_device_backup_agent.spool import KEPT_SECONDS, Spool
from ha_device_backup_core.agent import client as client_module
from ha_device_backup_core.agent.client import AgentConnection, open_session
from ha_device_backup_core.agent.protocol import Refusal
from ha_device_backup_core.agent.records import ContentRef
from ha_device_backup_core.errors import AgentAwayError, AgentError

from .agents import HOST
from .conftest import Cellar
from .flaky import FlakyProxy

LARGE = Random(1).randbytes(6 * 1024 * 1024)
LARGE_REF = ContentRef(sha256=hashlib.sha256(LARGE).hexdigest(), size=len(LARGE))
SMALL = b"content"
SMALL_REF = ContentRef(sha256=hashlib.sha256(SMALL).hexdigest(), size=len(SMALL))
NOTHING = ContentRef(sha256=hashlib.sha256(b"").hexdigest(), size=0)


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_PAUSE", 0.01)


async def test_all_is_asked_over_one_connection(cellar: Cellar) -> None:
    made: list[object] = []

    async def note(_: aiohttp.ClientSession, *about: object) -> None:
        made.append(about)

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_create_end.append(note)
    async with aiohttp.ClientSession(trace_configs=[tracing]) as session:
        connection = AgentConnection(session, cellar.agent)
        await connection.greet()
        await connection.upload(SMALL_REF, SMALL)
        assert await connection.download(SMALL_REF) == SMALL
    assert len(made) == 1


async def test_there_and_back_over_a_line_that_breaks(cellar: Cellar) -> None:
    async with FlakyProxy(HOST, cellar.agent.port, every=2_000_000) as line, open_session() as session:
        connection = AgentConnection(session, replace(cellar.agent, port=line.port))

        await connection.upload(LARGE_REF, LARGE)
        assert line.broken > 1
        sent = line.broken
        assert await connection.download(LARGE_REF) == LARGE
        assert line.broken > sent + 1
        # What is here already is not sent again.
        line.every = 100_000
        await connection.upload(LARGE_REF, LARGE)

    assert [path.name for path in (cellar.folder / "spool").rglob("*") if path.is_file()] == [LARGE_REF.sha256]


async def test_a_line_that_lets_nothing_through(cellar: Cellar) -> None:
    async with FlakyProxy(HOST, cellar.agent.port, every=100) as line, open_session() as session:
        connection = AgentConnection(session, replace(cellar.agent, port=line.port))
        with pytest.raises(AgentAwayError):
            await connection.upload(LARGE_REF, LARGE)
        with pytest.raises(AgentAwayError):
            await connection.download(LARGE_REF)


async def test_nothing_goes_too(cellar: Cellar) -> None:
    async with cellar.client.connected() as connection:
        await connection.upload(NOTHING, b"")
        assert await connection.download(NOTHING) == b""


async def test_what_was_announced_wrongly_is_not_kept(cellar: Cellar, caplog: pytest.LogCaptureFixture) -> None:
    wrong = replace(NOTHING, sha256="ab" * 32, size=3)
    async with cellar.client.connected() as connection:
        with pytest.raises(AgentError, match="the log tells more"), connection.understood():
            await connection.upload(wrong, b"abc")
        with pytest.raises(AgentError, match="the log tells more"), connection.understood():
            await connection.download(wrong)
    assert [record.message.rpartition(": ")[2] for record in caplog.records] == ["wrong_digest", "unknown_content"]


async def chunks(*content: bytes) -> AsyncIterator[bytes]:
    for chunk in content:
        yield chunk


def ref(content: bytes) -> ContentRef:
    return ContentRef(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def spool(tmp_path: Path, now: list[float]) -> Spool:
    spool = Spool(tmp_path, clock=lambda: now[0])
    spool.sweep_all()
    return spool


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def test_what_nobody_asks_for_goes(spool: Spool, tmp_path: Path, now: list[float]) -> None:
    await spool.store("a", b"one")
    await spool.append("a", ref(b"two and three"), 0, chunks(b"two"))
    now[0] += KEPT_SECONDS / 2
    assert spool.received("a", ref(b"one").sha256) == 3
    now[0] += KEPT_SECONDS / 2 + 1
    await spool.sweep()
    assert files(tmp_path) == {ref(b"one").sha256}
    await spool.forget("a")
    assert files(tmp_path) == set()


async def test_the_oldest_makes_room(
    spool: Spool, tmp_path: Path, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", 10)
    for content in (b"aaaa", b"bbbb", b"cccc"):
        now[0] += 1
        await spool.store("a", content)
    await spool.store("b", b"aaaa")

    assert files(tmp_path) == {ref(content).sha256 for content in (b"aaaa", b"bbbb", b"cccc")}
    with pytest.raises(RefusedError) as refused:
        spool.path("a", ref(b"aaaa").sha256)
    assert refused.value.refusal is Refusal.UNKNOWN_CONTENT
    with pytest.raises(RefusedError) as refused:
        await spool.store("a", b"x" * 11)
    assert refused.value.refusal is Refusal.NO_ROOM


async def test_a_full_disk(spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(spool_module, "_write_at", full)
        with pytest.raises(RefusedError) as refused:
            await spool.store("a", b"one")
        assert refused.value.refusal is Refusal.NO_ROOM

    assert await spool.store("a", b"one") == ref(b"one")
    assert files(tmp_path) == {ref(b"one").sha256}


async def test_a_start_begins_empty(spool: Spool, tmp_path: Path) -> None:
    await spool.store("a", b"one")
    await spool.append("a", ref(b"two and three"), 0, chunks(b"two"))

    Spool(tmp_path).sweep_all()

    assert files(tmp_path) == set()
