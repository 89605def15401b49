"""Everything that goes wrong, told apart; each error is cleared, and the backup succeeds."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from ha_device_backup_core import (
    CannotConnectError,
    CertificateNotTrustedError,
    DeviceBusyError,
    UnexpectedResponseError,
)
from ha_device_backup_http.recipe import exchange
from tests.simulators.http_service import SETTINGS_PATH, LoginStyle, SimulatedService

from .conftest import failure, succeeds

STYLES = (LoginStyle.NONE, LoginStyle.DIGEST, LoginStyle.PAGE)


@pytest.fixture(params=STYLES)
async def encrypted(request: pytest.FixtureRequest) -> AsyncIterator[SimulatedService]:
    """A service with a certificate of its own."""
    async with SimulatedService(request.param, tls=True) as found:
        yield found


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (404, f"HTTP 404: there is nothing at {SETTINGS_PATH}. Check the address."),
        (410, f"HTTP 410 at {SETTINGS_PATH}"),
        (405, f"HTTP 405 at {SETTINGS_PATH}"),
        (206, f"HTTP 206 at {SETTINGS_PATH}"),
        (304, "It redirects to another address, which is not followed. Enter the address that the browser ends at."),
        (500, f"HTTP 500 at {SETTINGS_PATH}"),
    ],
)
async def test_a_status_that_is_no_success(service: SimulatedService, status: int, detail: str) -> None:
    service.answers[SETTINGS_PATH] = lambda _request: web.Response(status=status)
    error = await failure(service)
    assert (error.code, error.detail_in()) == (UnexpectedResponseError.code, detail)
    service.answers.clear()
    await succeeds(service)


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [(503, "120", 120.0), (429, "99999", 86400.0), (503, "Wed, 21 Oct 2015 07:28:00 GMT", None), (503, None, None)],
)
async def test_a_device_that_is_busy(
    service: SimulatedService, status: int, retry_after: str | None, seconds: float | None
) -> None:
    headers = {"Retry-After": retry_after} if retry_after else {}
    service.answers[SETTINGS_PATH] = lambda _request: web.Response(status=status, headers=headers)
    error = await failure(service)
    assert isinstance(error, DeviceBusyError)
    assert error.retry_after == seconds
    service.answers.clear()
    await succeeds(service)


async def test_redirects_stay_with_the_device(service: SimulatedService) -> None:
    places = {"/old": SETTINGS_PATH, "/other": "http://192.0.2.1/settings", "/loop": "/loop"}
    for path, place in places.items():
        service.answers[path] = lambda _request, place=place: web.Response(status=302, headers={"Location": place})  # type: ignore[misc] # mypy sees no second argument
    await succeeds(service, "/old", ignore=("/uptime",))
    for path in ("/other", "/loop"):
        assert isinstance(await failure(service, path), UnexpectedResponseError)
    await succeeds(service)


async def test_it_is_switched_off_and_on(service: SimulatedService) -> None:
    await service.stop()
    assert isinstance(await failure(service), CannotConnectError)
    await service.start()
    await succeeds(service)


async def test_an_unknown_certificate_is_shown_and_can_be_trusted(encrypted: SimulatedService) -> None:
    error = await failure(encrypted, certificate=None)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == encrypted.sha256
    assert encrypted.requests == []
    await succeeds(encrypted, certificate=error.sha256)


async def test_a_changed_certificate_is_never_accepted_silently(encrypted: SimulatedService) -> None:
    known = encrypted.sha256
    encrypted.change_certificate(1)
    error = await failure(encrypted, certificate=known)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == encrypted.sha256 != known
    assert encrypted.requests == []
    await succeeds(encrypted)


async def test_a_certificate_that_changes_after_the_login() -> None:
    async with SimulatedService(LoginStyle.DIGEST, tls=True) as service:
        known = service.sha256
        certificates = iter(range(1, 9))

        def answer(request: web.Request) -> web.StreamResponse:
            service.change_certificate(next(certificates))
            refusal = service.logins.refuse(request)
            response = refusal if isinstance(refusal, web.Response) else web.json_response({})
            response.force_close()
            return response

        service.answers[SETTINGS_PATH] = answer
        error = await failure(service, certificate=known)
        assert isinstance(error, CertificateNotTrustedError)
        assert error.sha256 == service.sha256 != known
        service.answers.clear()
        await succeeds(service)


@pytest.mark.parametrize("challenge", ['Digest realm="x"', 'Digest realm="x", nonce="1", algorithm=MD4'])
async def test_a_digest_login_that_is_not_understood(challenge: str) -> None:
    async with SimulatedService(LoginStyle.DIGEST) as service:
        service.answers[SETTINGS_PATH] = lambda _request: web.Response(
            status=401, headers={"WWW-Authenticate": challenge}
        )
        error = await failure(service)
        assert (type(error), error.detail_in()) == (UnexpectedResponseError, "What it sent is garbled.")
        service.answers.clear()
        await succeeds(service)


async def test_an_answer_without_an_end_is_left(service: SimulatedService, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    monkeypatch.setattr(exchange, "_SILENCE", 0.1)
    service.streams[SETTINGS_PATH] = answer
    error = await failure(service)
    assert (type(error), error.detail_in()) == (CannotConnectError, "Its answer comes too slowly.")
    service.streams.clear()
    await succeeds(service)
