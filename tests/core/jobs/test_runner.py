import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler, DeviceInfo, Note, Progress, Prompt
from ha_device_backup_core.errors import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerCrashedError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreUnsupportedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.file_forms import FileForm
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.suspicion import Extent, FileExtent
from ha_device_backup_core.text import Message, Text

from .. import example_device
from ..example_device import ExampleDevice, running
from ..example_handler import DOUBT, ExampleHandler

CANARY = "c4nary/ se+cret"
DEVICE = DeviceInfo(unique_id="a1", name="Kitchen", version="1.2")
ARTIFACT = Artifact(filename="config.json", content=b'{"name": "kitchen", "uptime": 1}', media_type="application/json")


def registered(handler: type[DeviceBackupHandler] = ExampleHandler) -> RegisteredHandler:
    return RegisteredHandler(handler=handler, distribution="ha-device-backup-example", version="3.1")


EXAMPLE = registered()


def hurried(handler: type[ExampleHandler] = ExampleHandler, *, seconds: float = 0.2) -> RegisteredHandler:
    class Hurried(handler):  # type: ignore[misc, valid-type] # a class made for one test
        spec = replace(handler.spec, fetch_timeout=seconds)

    return registered(Hurried)


def config(device: ExampleDevice, **more: object) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": device.port, "password": CANARY, **more}


class Listener:
    def __init__(self) -> None:
        self.told: list[Prompt | None] = []

    def tell(self, prompt: Prompt | None) -> None:
        self.told.append(prompt)


@pytest.fixture
async def device() -> AsyncIterator[ExampleDevice]:
    async with running(ExampleDevice(password=CANARY)) as started:
        yield started


@pytest.fixture(autouse=True)
def no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert CANARY not in caplog.text
    assert not any(CANARY in repr(vars(record)) for record in caplog.records)


async def fetched(device: ExampleDevice, handler: RegisteredHandler = EXAMPLE, **more: object) -> Fetched:
    return await runner.fetch(handler, config(device, **more), expected_unique_id="a1")


async def refused(device: ExampleDevice, handler: RegisteredHandler = EXAMPLE) -> DeviceBackupError:
    with pytest.raises(DeviceBackupError) as caught:
        await fetched(device, handler)
    assert CANARY not in f"{caught.value} {caught.value!r} {caught.value.args} {caught.value.detail_in('de')}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


async def test_probe(device: ExampleDevice) -> None:
    assert await runner.probe(EXAMPLE, config(device)) == DEVICE
    assert device.requests == ["GET /info", "GET /logout"]


async def test_fetch(device: ExampleDevice) -> None:
    first = await fetched(device)

    assert first == Fetched(
        device=DEVICE,
        artifact=ARTIFACT,
        doubts=(),
        remarks=(),
        fingerprint=first.fingerprint,
        extent=Extent(configured=None, by_name={"": FileExtent(size=len(ARTIFACT.content), form=FileForm.JSON)}),
    )
    assert device.requests == ["GET /info", "GET /config", "GET /info", "GET /logout"]
    assert await artifact_jobs.fingerprint_of(EXAMPLE, first.artifact, ()) == first.fingerprint

    device.config = b'{"uptime": 2, "name": "kitchen"}'
    second = await fetched(device)
    assert second.artifact != first.artifact
    assert second.fingerprint == first.fingerprint

    device.config = b'{"uptime": 2}'
    third = await fetched(device)
    assert third.doubts == (DOUBT,)
    assert third.fingerprint != await artifact_jobs.fingerprint_of(EXAMPLE, third.artifact, ())


async def test_configuration_is_checked_before_any_contact(device: ExampleDevice) -> None:
    with pytest.raises(ConfigError):
        await fetched(device, host="http://127.0.0.1")
    assert device.requests == []


@pytest.mark.parametrize(
    ("path", "fault", "expected", "detail"),
    [
        ("/info", example_device.server_error, UnexpectedResponseError, "HTTP 500"),
        ("/config", example_device.login_page, InvalidArtifactError, "config.json is no JSON."),
        ("/config", example_device.broken_off, UnexpectedResponseError, "The answer ended too early."),
        ("/config", example_device.endless, ArtifactTooLargeError, "More than 65536 bytes were sent."),
        (
            "/config",
            example_device.redirect("http://localhost:1/config"),
            UnexpectedResponseError,
            "It redirects to another address, which is not followed.",
        ),
        (
            "/config",
            example_device.redirect("//evil.example/config"),
            UnexpectedResponseError,
            "It redirects to another address, which is not followed.",
        ),
        (
            "/config",
            example_device.redirect("http://[::1/"),
            UnexpectedResponseError,
            "It redirects to another address, which is not followed.",
        ),
    ],
)
async def test_fault_of_the_device_and_its_end(
    device: ExampleDevice,
    path: str,
    fault: example_device.Answer,
    expected: type[DeviceBackupError],
    detail: str,
) -> None:
    device.faults[path] = fault

    error = await refused(device)

    assert (type(error), error.detail_in()) == (expected, detail)
    assert device.requests[-1] == "GET /logout"

    device.faults.clear()
    assert (await fetched(device)).artifact == ARTIFACT


async def test_compressed_body_counts_as_what_it_unpacks_to(device: ExampleDevice) -> None:
    async def bomb(request: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"})

    device.faults["/config"] = bomb
    assert isinstance(await refused(device), ArtifactTooLargeError)


async def test_redirect_on_the_same_host_is_followed(device: ExampleDevice) -> None:
    device.faults["/config"] = example_device.redirect("/info")
    assert json.loads((await fetched(device)).artifact.content) == device.info


async def test_refused_login(device: ExampleDevice) -> None:
    device.password = "another"
    assert isinstance(await refused(device), AuthenticationError)

    device.password = CANARY
    assert (await fetched(device)).artifact == ARTIFACT


async def test_nobody_there(device: ExampleDevice) -> None:
    async with running(ExampleDevice(password=CANARY)) as other:
        pass
    error = await refused(other)
    assert isinstance(error, CannotConnectError)
    assert str(error).startswith("The device cannot be reached.")


async def test_other_device_at_the_address(device: ExampleDevice) -> None:
    device.info["id"] = "b2"
    error = await refused(device)
    assert (type(error), error.detail) == (WrongDeviceError, None)
    assert device.requests == ["GET /info", "GET /logout"]

    device.info["id"] = "a1"
    assert (await fetched(device)).device == DEVICE


async def test_other_kind_of_device(device: ExampleDevice) -> None:
    device.info.clear()
    assert isinstance(await refused(device), UnsupportedDeviceError)


async def test_device_that_hangs(device: ExampleDevice) -> None:
    device.faults["/config"] = example_device.hang

    error = await refused(device, hurried())

    assert isinstance(error, CannotConnectError)
    assert error.detail_in() == "It did not finish within 0 seconds."
    assert device.requests[-1] == "GET /logout"

    device.faults.clear()
    assert (await fetched(device)).artifact == ARTIFACT


async def test_cookies_live_for_one_job(device: ExampleDevice) -> None:
    seen: list[str | None] = []

    async def session_cookie(request: web.Request) -> web.StreamResponse:
        seen.append(request.cookies.get("session"))
        response = web.Response(body=json.dumps(device.info).encode())
        response.set_cookie("session", "s3")
        return response

    device.faults["/info"] = device.faults["/config"] = session_cookie
    await fetched(device)
    await fetched(device)
    assert seen == [None, "s3", "s3", None, "s3", "s3"]


async def test_session_of_the_host(device: ExampleDevice) -> None:
    async with aiohttp.TCPConnector() as shared:
        made: list[aiohttp.ClientSession] = []

        def sessions(**options: object) -> aiohttp.ClientSession:
            session = aiohttp.ClientSession(connector=shared, connector_owner=False, **options)  # type: ignore[arg-type] # passed through
            made.append(session)
            return session

        assert await runner.probe(EXAMPLE, config(device), sessions=sessions) == DEVICE
        assert [session.closed for session in made] == [True]
        assert not shared.closed


# TLS


async def test_certificate_is_pinned(tmp_path: Path) -> None:
    context, sha256 = example_device.certificate(tmp_path)
    async with running(ExampleDevice(password=CANARY), context) as device:
        for pinned in (None, "ab" * 32):
            with pytest.raises(CertificateNotTrustedError) as caught:
                await fetched(device, secure=True, certificate=pinned)
            assert caught.value.sha256 == sha256
            assert caught.value.detail_in() == f"Its SHA-256 fingerprint is {sha256}."
            assert device.requests == []

        assert (await fetched(device, secure=True, certificate=sha256)).artifact == ARTIFACT


async def test_no_step_down_from_tls(tmp_path: Path) -> None:
    context, sha256 = example_device.certificate(tmp_path)
    async with running(ExampleDevice(password=CANARY), context) as device:
        device.faults["/config"] = example_device.redirect(f"http://127.0.0.1:{device.port}/config")
        with pytest.raises(UnexpectedResponseError):
            await fetched(device, secure=True, certificate=sha256)


# Handlers that break their contract


class Raising(ExampleHandler):
    error: BaseException

    async def fetch_backup(self) -> Artifact:
        raise self.error


@pytest.mark.parametrize(
    ("raised", "detail"),
    [
        (KeyError(CANARY), "KeyError: '**REDACTED**'"),
        (RuntimeError(f"http://x/?p={CANARY}"), "RuntimeError: http://x/?p=**REDACTED**"),
        (SystemExit(3), "SystemExit: 3"),
        (ValueError(), "ValueError"),
        (aiohttp.ClientConnectionError("connection"), "ClientConnectionError: connection"),
        (ExceptionGroup("two", [ValueError("a"), ValueError("b")]), "ExceptionGroup: two (2 sub-exceptions)"),
        (OSError(28, "No space left"), "OSError: [Errno 28] No space left"),
    ],
)
async def test_anything_else_is_a_crash_of_the_handler(
    device: ExampleDevice, raised: BaseException, detail: str
) -> None:
    class Crashing(Raising):
        error = raised

    error = await refused(device, registered(Crashing))

    assert isinstance(error, HandlerCrashedError)
    assert (error.distribution, error.version, error.detail_in()) == ("ha-device-backup-example", "3.1", detail)
    assert str(error) == (f"The package ha-device-backup-example 3.1 has a fault. Report it to its author. {detail}")
    assert device.requests[-1] == "GET /logout"
    assert (await fetched(device)).artifact == ARTIFACT


@pytest.mark.parametrize(
    ("raised", "expected", "detail"),
    [
        (TimeoutError(CANARY), CannotConnectError, "It did not answer in time."),
        (aiohttp.ServerTimeoutError(), CannotConnectError, "It did not answer in time."),
        (DeviceBusyError(f"login {CANARY}"), DeviceBusyError, "login **REDACTED**"),
        (DeviceBusyError(Message("{it}", {"it": CANARY})), DeviceBusyError, "**REDACTED**"),
        (DeviceBusyError({"it": CANARY}), DeviceBusyError, "{'it': '**REDACTED**'}"),  # type: ignore[arg-type] # as above
        (DeviceBusyError(OSError("no text")), DeviceBusyError, "no text"),  # type: ignore[arg-type] # a mistake of authors
        (DeviceBusyError({}), DeviceBusyError, "{}"),  # type: ignore[arg-type] # as above
        (ExceptionGroup("one", [ExceptionGroup("one", [DeviceBusyError("in a task")])]), DeviceBusyError, "in a task"),
    ],
)
async def test_errors_of_the_contract_pass_without_secrets(
    device: ExampleDevice, raised: BaseException, expected: type[DeviceBackupError], detail: str
) -> None:
    class Failing(Raising):
        error = raised

    error = await refused(device, registered(Failing))
    assert (type(error), error.detail_in()) == (expected, detail)


async def test_what_the_device_asked_for_is_kept(device: ExampleDevice) -> None:
    class Busy(Raising):
        error = DeviceBusyError(retry_after=30)

    error = await refused(device, registered(Busy))
    assert isinstance(error, DeviceBusyError)
    assert error.retry_after == 30


async def test_errors_that_a_handler_made_wrongly(device: ExampleDevice) -> None:
    class QuietError(DeviceBusyError):
        def __init__(self) -> None:
            Exception.__init__(self, CANARY)

    class Quiet(Raising):
        error = QuietError()

    class Worded(Raising):
        error = DeviceBusyError(retry_after="30")  # type: ignore[arg-type] # a mistake of authors

    for handler in (Quiet, Worded):
        error = await refused(device, registered(handler))
        assert isinstance(error, DeviceBusyError)
        assert (error.code, error.detail, error.retry_after) == ("device_busy", None, None)


async def test_crash_in_the_constructor(device: ExampleDevice) -> None:
    class Unborn(ExampleHandler):
        def __init__(self, *arguments: object) -> None:
            raise ZeroDivisionError

    assert isinstance(await refused(device, registered(Unborn)), HandlerCrashedError)
    assert device.requests == []


class WrongResults(ExampleHandler):
    device_info: object = DEVICE
    artifact: object = ARTIFACT
    doubts: object = ()
    normal: object = {"config.json": b"{}"}

    async def test_connection(self) -> DeviceInfo:
        return self.device_info  # type: ignore[return-value] # what is tested

    async def fetch_backup(self) -> Artifact:
        return self.artifact  # type: ignore[return-value] # what is tested

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return cls.doubts  # type: ignore[return-value] # what is tested

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return cls.normal  # type: ignore[return-value] # what is tested


@pytest.mark.parametrize(
    ("attribute", "value", "detail"),
    [
        ("device_info", None, "test_connection returned no DeviceInfo"),
        ("artifact", b"{}", "fetch_backup returned no Artifact"),
        ("doubts", None, "validate returned something else than notes"),
        ("doubts", ["doubt"], "validate returned something else than notes"),
        ("normal", {"config.json": "text"}, None),
        ("normal", None, None),
    ],
)
async def test_wrong_results_are_crashes(
    device: ExampleDevice, attribute: str, value: object, detail: str | None
) -> None:
    broken = type("Broken", (WrongResults,), {attribute: value})
    error = await refused(device, registered(broken))
    assert isinstance(error, HandlerCrashedError)
    assert detail is None or error.detail_in() == detail


async def test_kind_without_ids_cannot_notice_another_device(device: ExampleDevice) -> None:
    class Anonymous(WrongResults):
        device_info = replace(DEVICE, unique_id=None)

    assert (await fetched(device, registered(Anonymous))).device.unique_id is None


async def test_check_that_crashes_is_no_matter_of_the_device(device: ExampleDevice) -> None:
    class Slow(ExampleHandler):
        @classmethod
        def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
            raise TimeoutError

    with pytest.raises(HandlerCrashedError):
        await artifact_jobs.check(registered(Slow), ARTIFACT)


# Endings


async def test_cancelled_job_closes_its_handler(device: ExampleDevice) -> None:
    asked = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        asked.set()
        return await example_device.hang(request)

    device.faults["/config"] = hang
    job = asyncio.create_task(fetched(device))
    await asked.wait()

    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert device.requests == ["GET /info", "GET /config", "GET /logout"]


async def test_job_cancelled_while_it_closes(device: ExampleDevice) -> None:
    closing = asyncio.Event()
    closed = asyncio.Event()

    class Careful(ExampleHandler):
        async def close(self) -> None:
            closing.set()
            await asyncio.sleep(0.05)
            closed.set()

    job = asyncio.create_task(fetched(device, registered(Careful)))
    await closing.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert closed.is_set()


async def test_second_cancellation_ends_the_closing_too(device: ExampleDevice) -> None:
    closing = asyncio.Event()

    class Stubborn(ExampleHandler):
        async def close(self) -> None:
            closing.set()
            await asyncio.sleep(3600)

    job = asyncio.create_task(fetched(device, registered(Stubborn)))
    await closing.wait()
    job.cancel()
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job


async def test_cancellation_by_the_handler_passes(device: ExampleDevice) -> None:
    class Cancelling(Raising):
        error = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await fetched(device, registered(Cancelling))


async def test_close_that_never_ends(
    device: ExampleDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "CLOSE_SECONDS", 0.05)
    device.password = "stubborn"

    assert (await fetched(device, password="stubborn")).artifact == ARTIFACT
    assert "The handler did not close cleanly" in caplog.messages


async def test_close_that_fails_changes_nothing(device: ExampleDevice) -> None:
    device.faults["/logout"] = example_device.server_error
    assert (await fetched(device)).artifact == ARTIFACT

    device.faults["/info"] = example_device.login_page
    assert isinstance(await refused(device), HandlerCrashedError)


# People


async def test_instruction_buys_time_and_is_cleared(device: ExampleDevice) -> None:
    async def late(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return web.Response(body=device.config)

    device.faults["/config"] = late
    listener = Listener()

    result = await runner.fetch(hurried(), config(device), expected_unique_id="a1", person=listener)

    assert result.artifact == ARTIFACT
    assert listener.told == [Prompt(text="Press the button, **REDACTED**", seconds=60), None]


async def test_instructions_buy_ten_minutes_at_most(device: ExampleDevice) -> None:
    deadlines: list[float] = []

    class Asking(ExampleHandler):
        async def fetch_backup(self) -> Artifact:
            person = self.context.person
            assert person is not None
            start = asyncio.get_running_loop().time()
            for seconds in (400, -50, 400, 400):
                person.tell(Prompt(text="Wait", seconds=seconds))
                deadlines.append(person._timeout.when() - start)  # type: ignore[attr-defined] # the clock of the job
            await asyncio.to_thread(person.tell, None)
            await asyncio.sleep(0)
            return ARTIFACT

    listener = Listener()
    await runner.fetch(hurried(Asking, seconds=100), config(device), expected_unique_id="a1", person=listener)

    assert [round(deadline, -1) for deadline in deadlines] == [500, 500, 700, 700]
    assert listener.told[-1] is None


async def test_nobody_is_asked_in_unattended_jobs(device: ExampleDevice) -> None:
    people: list[object] = []

    class Asking(ExampleHandler):
        async def fetch_backup(self) -> Artifact:
            people.append(self.context.person)
            return ARTIFACT

    await fetched(device, registered(Asking))
    assert people == [None]


# Restore


def ignored(share: float | None, text: Text) -> None:
    """Progress that nobody looks at."""


async def test_restore(device: ExampleDevice) -> None:
    steps: list[tuple[float | None, Text]] = []
    artifact = replace(ARTIFACT, content=b'{"name": "attic"}')

    report = await runner.restore(
        EXAMPLE, config(device), artifact, lambda share, text: steps.append((share, text)), expected_unique_id="a1"
    )

    assert report == RestoreReport(proven=("config.json",))
    assert device.config == artifact.content
    assert steps == [(None, "Sending"), (1.0, "Sent with **REDACTED**")]


async def test_restore_refuses_what_is_no_backup_before_any_contact(device: ExampleDevice) -> None:
    with pytest.raises(InvalidArtifactError):
        await runner.restore(
            EXAMPLE, config(device), replace(ARTIFACT, content=b"<html>"), ignored, expected_unique_id="a1"
        )
    assert device.requests == []


async def test_restore_touches_no_other_device(device: ExampleDevice) -> None:
    with pytest.raises(WrongDeviceError):
        await runner.restore(EXAMPLE, config(device), ARTIFACT, ignored, expected_unique_id="b2")
    assert device.requests == ["GET /info", "GET /logout"]


async def test_restore_that_the_handler_cannot(device: ExampleDevice) -> None:
    class NoRestore(ExampleHandler):
        spec = replace(ExampleHandler.spec, restore_guide=("Open its page.", "Choose the file."))
        restore_backup = DeviceBackupHandler.restore_backup

    with pytest.raises(RestoreUnsupportedError) as caught:
        await runner.restore(registered(NoRestore), config(device), ARTIFACT, ignored, expected_unique_id="a1")
    assert caught.value.detail_in() == "1. Open its page.\n2. Choose the file."
    assert device.requests == []


async def test_restore_that_takes_too_long_may_have_changed_something(
    device: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RESTORE_FACTOR", 1)

    class Stuck(ExampleHandler):
        async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
            await asyncio.sleep(3600)
            return RestoreReport()

    with pytest.raises(RestoreNotVerifiedError):
        await runner.restore(hurried(Stuck, seconds=0.5), config(device), ARTIFACT, ignored, expected_unique_id="a1")


async def test_progress_of_a_fetch(device: ExampleDevice) -> None:
    told: list[tuple[float | None, Text]] = []
    await runner.fetch(
        EXAMPLE,
        config(device),
        expected_unique_id="a1",
        progress=lambda share, text: told.append((share, text)),
    )
    assert told == [(0.5, "Reading with **REDACTED**")]


async def test_restore_without_a_report(device: ExampleDevice) -> None:
    class Silent(ExampleHandler):
        async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
            return None  # type: ignore[return-value] # what is tested

    with pytest.raises(HandlerCrashedError):
        await runner.restore(registered(Silent), config(device), ARTIFACT, ignored, expected_unique_id="a1")


# Without a device


async def test_check() -> None:
    assert await artifact_jobs.check(EXAMPLE, ARTIFACT) == ()
    assert await artifact_jobs.check(EXAMPLE, replace(ARTIFACT, content=b"{}")) == (DOUBT,)
    with pytest.raises(InvalidArtifactError):
        await artifact_jobs.check(EXAMPLE, replace(ARTIFACT, content=b"<html>"))
