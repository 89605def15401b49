"""Jobs at an agent: what comes back, what is told meanwhile, and how they end."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_core.agent.client import AgentClient, AgentConnection, PairedAgent
from ha_device_backup_core.agent.kinds import kind_of
from ha_device_backup_core.agent.records import ContentRef
from ha_device_backup_core.agent.remote_handler import remote_handler
from ha_device_backup_core.contract import Artifact, DeviceInfo, Prompt
from ha_device_backup_core.errors import (
    AgentAwayError,
    AgentError,
    AgentNotTrustedError,
    AgentRefusedError,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBusyError,
    HandlerUnavailableError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    UnexpectedResponseError,
    WrongDeviceError,
)
from ha_device_backup_core.hiding import distinguishable
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.testing import run_job, run_probe, run_restore
from ha_device_backup_core.text import Text, in_language
from ha_device_backup_wled import WledHandler
from tests.core.example_device import hang, server_error
from tests.handlers_wled.artifacts import files

from .agents import agent_here, handler_of, revoke_all
from .conftest import EXAMPLE, PASSWORD, REGISTRY, Cellar

KITCHEN = DeviceInfo(unique_id="a1", name="Kitchen", version="1.2")
CONFIG = Artifact(filename="config.json", content=b'{"name": "kitchen", "uptime": 1}', media_type="application/json")


async def test_a_backup(cellar: Cellar) -> None:
    assert await run_probe(cellar.handler, cellar.config) == KITCHEN

    fetched = await run_job(cellar.handler, cellar.config, unique_id="a1")

    assert (fetched.device, fetched.artifact) == (KITCHEN, CONFIG)
    assert cellar.device.requests[-1] == "GET /logout"
    assert list((cellar.folder / "spool").rglob("*.part")) == []


async def test_a_backup_with_progress(cellar: Cellar) -> None:
    heard = asyncio.Event()
    told: list[tuple[float | None, str]] = []

    def progress(share: float | None, text: Text) -> None:
        told.append((share, in_language(text)))
        heard.set()

    async def once_heard(_request: web.Request) -> web.Response:
        await heard.wait()
        return web.Response(body=cellar.device.config)

    cellar.device.faults["/config"] = once_heard
    await run_job(cellar.handler, cellar.config, progress=progress)

    assert told == [(0.5, "Reading with **REDACTED**")]


async def test_a_restore_with_progress(cellar: Cellar) -> None:
    told: list[tuple[float | None, str]] = []

    report = await run_restore(
        cellar.handler,
        cellar.config,
        replace(CONFIG, content=b'{"name": "cellar"}'),
        lambda share, text: told.append((share, in_language(text))),
    )

    assert report == RestoreReport(proven=("config.json",))
    assert cellar.device.config == b'{"name": "cellar"}'
    assert all(PASSWORD not in text for _, text in told)


async def test_another_device_that_comes_while_the_backup_is_on_its_way_is_not_touched(
    cellar: Cellar, monkeypatch: pytest.MonkeyPatch
) -> None:
    attic = replace(CONFIG, content=b'{"name": "attic"}')
    upload = AgentConnection.upload

    async def slow(connection: AgentConnection, content: ContentRef, sent: bytes) -> None:
        await upload(connection, content, sent)
        cellar.device.info["id"] = "b2"

    with monkeypatch.context() as patched:
        patched.setattr(AgentConnection, "upload", slow)
        with pytest.raises(WrongDeviceError):
            await run_restore(cellar.handler, cellar.config, attic, unique_id="a1")
    assert cellar.device.config == CONFIG.content

    cellar.device.info["id"] = "a1"
    report = await run_restore(cellar.handler, cellar.config, attic, unique_id="a1")
    assert (report, cellar.device.config) == (RestoreReport(proven=("config.json",)), attic.content)


async def test_another_device_that_comes_during_a_restore_is_no_success(cellar: Cellar) -> None:
    async def then_is_swapped(request: web.Request) -> web.StreamResponse:
        del cellar.device.faults["/config"]
        cellar.device.info["id"] = "b2"
        return await cellar.device.answer(request)

    cellar.device.faults["/config"] = then_is_swapped
    with pytest.raises(RestoreNotVerifiedError, match="Another device has its address now"):
        await run_restore(cellar.handler, cellar.config, CONFIG, unique_id="a1")

    cellar.device.info["id"] = "a1"
    report = await run_restore(cellar.handler, cellar.config, CONFIG, unique_id="a1")
    assert report == RestoreReport(proven=("config.json",))


async def test_a_person_is_prompted(cellar: Cellar) -> None:
    told: list[Prompt | None] = []

    class Person:
        def show(self, prompt: Prompt | None) -> None:
            told.append(prompt)

    await run_job(cellar.handler, cellar.config, person=Person())

    assert told == [Prompt(text="Press the button, **REDACTED**", seconds=60), None]


async def test_errors_of_the_device_arrive(cellar: Cellar) -> None:
    with pytest.raises(AuthenticationError):
        await run_job(cellar.handler, {**cellar.config, "password": "other"})
    with pytest.raises(ConfigError) as wrong:
        await run_job(cellar.handler, {**cellar.config, "port": 0})
    assert wrong.value.field == "port"
    cellar.device.faults["/config"] = server_error
    with pytest.raises(UnexpectedResponseError) as unexpected:
        await run_job(cellar.handler, cellar.config)
    assert unexpected.value.detail == "HTTP 500"

    cellar.device.faults.clear()
    assert (await run_job(cellar.handler, cellar.config)).artifact == CONFIG


async def test_a_job_that_is_cancelled_ends_at_the_agent(cellar: Cellar) -> None:
    asked = asyncio.Event()

    async def answer(request: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    cellar.device.faults["/config"] = answer  # type: ignore[assignment]
    job = asyncio.create_task(run_job(cellar.handler, cellar.config))
    await asked.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert cellar.device.requests[-1] == "GET /logout"


async def test_a_device_that_hangs(cellar: Cellar) -> None:
    cellar.device.faults["/info"] = hang
    kind = kind_of(EXAMPLE)
    hasty = remote_handler(cellar.client, replace(kind, spec=replace(kind.spec, fetch_timeout=0.3)), EXAMPLE)

    with pytest.raises(CannotConnectError):
        await run_job(hasty, cellar.config)

    assert cellar.device.requests[-1] == "GET /logout"


async def test_a_kind_that_was_uninstalled(cellar: Cellar) -> None:
    kind = kind_of(EXAMPLE)
    gone = remote_handler(cellar.client, replace(kind, spec=replace(kind.spec, kind="gone")))

    with pytest.raises(HandlerUnavailableError) as error:
        await run_probe(gone, cellar.config)

    assert "“gone” at the agent “Cellar”" in str(error.value)
    with pytest.raises(HandlerUnavailableError):
        await asyncio.to_thread(gone.validate, CONFIG)


async def test_too_many_jobs_are_told_to_come_back(cellar: Cellar) -> None:
    cellar.device.faults["/config"] = hang
    jobs = [asyncio.create_task(run_job(cellar.handler, cellar.config)) for _ in range(6)]
    while cellar.device.requests.count("GET /config") < len(jobs):
        await asyncio.sleep(0.01)

    with pytest.raises(DeviceBusyError) as busy:
        await run_probe(cellar.handler, cellar.config)
    assert busy.value.retry_after == 15

    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert await run_probe(cellar.handler, cellar.config) == KITCHEN


async def test_what_only_reads_a_file(cellar: Cellar) -> None:
    """Asked of the agent from a thread, as the product does."""
    handler = remote_handler(cellar.client, kind_of(EXAMPLE))
    here, there = EXAMPLE.handler, handler
    nameless = replace(CONFIG, content=b"{}")

    for artifact in (CONFIG, nameless):
        for method in ("validate", "owner", "configured", "normalize", "redact"):
            assert await asyncio.to_thread(getattr(there, method), artifact) == getattr(here, method)(artifact), method
    described = await asyncio.to_thread(there.describe, CONFIG, KITCHEN)
    assert described == here.describe(CONFIG, KITCHEN)
    with pytest.raises(InvalidArtifactError) as invalid:
        await asyncio.to_thread(there.validate, replace(CONFIG, content=b"<html>"))
    assert invalid.value.detail == "config.json is no JSON."
    assert there.recognizes(CONFIG) is False


async def test_what_only_reads_a_file_of_several(tmp_path: Path) -> None:
    """Of a kind that restores in parts; asked while another event loop runs in this thread, too."""
    async with agent_here(tmp_path / "agent", load_handlers()) as agent:
        client = AgentClient(agent)
        wled = handler_of(client, await client.kinds(), "wled")
        backup = Artifact.bundle(files())
        part = await asyncio.to_thread(wled.part, backup, ["presets.json"])
        assert part == WledHandler.part(backup, ["presets.json"])
        with distinguishable():
            shown = await asyncio.to_thread(wled.redact, backup)
            assert shown == WledHandler.redact(backup)
        with pytest.raises(RestoreRejectedError):
            await asyncio.to_thread(wled.part, backup, ["nothing.json"])


async def test_a_handler_of_the_same_version_here(tmp_path: Path) -> None:
    """It reads files itself: no agent is asked."""
    installed = load_handlers().get("wled")
    away = AgentClient(PairedAgent(agent_id="a", name="Cellar", host="127.0.0.1", port=1, sha256="", token=""))
    wled = remote_handler(away, kind_of(installed), installed)
    backup = Artifact.bundle(files())

    for method in ("validate", "owner", "configured", "normalize", "redact", "recognizes"):
        assert getattr(wled, method)(backup) == getattr(WledHandler, method)(backup)
    assert wled.part(backup, ["presets.json"]) == WledHandler.part(backup, ["presets.json"])
    assert wled.describe(backup, KITCHEN) == WledHandler.describe(backup, KITCHEN)


async def test_a_token_that_was_revoked(cellar: Cellar) -> None:
    revoke_all(cellar.folder)

    with pytest.raises(AgentRefusedError):
        await run_probe(cellar.handler, cellar.config)


async def test_another_certificate_is_sent_nothing(cellar: Cellar) -> None:
    stranger = AgentClient(replace(cellar.agent, sha256="ab" * 32))

    with pytest.raises(AgentNotTrustedError) as error:
        await run_probe(remote_handler(stranger, kind_of(EXAMPLE)), cellar.config)

    assert cellar.agent.sha256 in str(error.value)
    assert cellar.device.requests == []


async def test_another_agent_with_the_same_certificate(cellar: Cellar) -> None:
    with pytest.raises(AgentError):
        await AgentClient(replace(cellar.agent, agent_id="another")).hello()


async def test_an_agent_that_is_away_and_comes_back(cellar: Cellar) -> None:
    away = AgentClient(replace(cellar.agent, port=1))

    with pytest.raises(AgentAwayError) as error:
        await run_probe(remote_handler(away, kind_of(EXAMPLE)), cellar.config)

    assert "“Cellar” does not answer." in str(error.value)
    assert await run_probe(cellar.handler, cellar.config) == KITCHEN


async def test_the_certificate_is_kept_over_a_start(cellar: Cellar) -> None:
    other = cellar.folder.parent / "other"
    async with agent_here(other, REGISTRY) as first:
        pass
    async with agent_here(other, REGISTRY) as second:
        assert (second.sha256, second.agent_id) == (first.sha256, first.agent_id)
        assert second.sha256 != cellar.agent.sha256
    modes = {path.name: path.stat().st_mode & 0o777 for path in other.iterdir()}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert second.token not in "".join(path.read_text() for path in other.iterdir() if path.is_file())
    assert DataFolder(other).read("clients.json") is not None
