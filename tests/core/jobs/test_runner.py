import gzip
import json
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from ha_device_backup_core.errors import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    InvalidArtifactError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.file_forms import FileForm
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.records import Fetched
from ha_device_backup_core.suspicion import Extent, FileExtent
from ha_device_backup_core.text import Text

from .. import example_device
from ..example_device import ExampleDevice, running
from ..example_handler import DOUBT
from .example_jobs import ARTIFACT, CANARY, DEVICE, EXAMPLE, config, fetched, hurried, refused


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


async def test_progress_of_a_fetch(device: ExampleDevice) -> None:
    told: list[tuple[float | None, Text]] = []
    await runner.fetch(
        EXAMPLE,
        config(device),
        expected_unique_id="a1",
        progress=lambda share, text: told.append((share, text)),
    )
    assert told == [(0.5, "Reading with **REDACTED**")]


async def test_configuration_is_checked_before_any_contact(device: ExampleDevice) -> None:
    with pytest.raises(ConfigError):
        await fetched(device, host="http://127.0.0.1/a")
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


# Without a device


async def test_check() -> None:
    assert await artifact_jobs.check(EXAMPLE, ARTIFACT) == ()
    assert await artifact_jobs.check(EXAMPLE, replace(ARTIFACT, content=b"{}")) == (DOUBT,)
    with pytest.raises(InvalidArtifactError):
        await artifact_jobs.check(EXAMPLE, replace(ARTIFACT, content=b"<html>"))
