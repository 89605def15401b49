import asyncio
import logging
import ssl
import traceback
from pathlib import Path

import aiohttp
import pytest
from aiohttp import RequestInfo
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import BadStatusLine, InvalidHeader, TransferEncodingError
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import (
    CannotConnectError,
    CertificateNotTrustedError,
    DeviceBackupError,
    UnexpectedResponseError,
)
from ha_device_backup_core.http_errors import broken_rule, client_errors
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.http_session import open_session
from ha_device_backup_core.plugins.registry import RegisteredHandler
from tests.simulators.fixed_answer import answering

from . import example_device
from .example_device import ExampleDevice, broken_off, hang, running
from .example_handler import ExampleHandler

KEY = "canary-key-in-an-address"
ADDRESS = URL(f"http://wled.local/?key={KEY}")
REQUEST = RequestInfo(ADDRESS, "GET", CIMultiDictProxy(CIMultiDict()), ADDRESS)
PLACE = ConnectionKey("wled.local", 80, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
NOBODY_THERE = "Nothing was found at this address."
NO_TLS = "No encrypted connection could be made. Does it speak TLS (https) at this port?"
CLOSED = "It closed the connection without an answer."


@pytest.mark.parametrize(
    ("raised", "expected", "detail"),
    [
        (TimeoutError(), CannotConnectError, "It did not answer in time."),
        (aiohttp.SocketTimeoutError(), CannotConnectError, "It did not answer in time."),
        (aiohttp.ConnectionTimeoutError(f"to host {ADDRESS}"), CannotConnectError, NOBODY_THERE),
        (aiohttp.ClientConnectorError(PLACE, OSError(113, "No route to host")), CannotConnectError, NOBODY_THERE),
        (
            aiohttp.ClientConnectorDNSError(PLACE, OSError("not known")),
            CannotConnectError,
            "Its name is not known in the network. Try its IP address.",
        ),
        (
            aiohttp.ClientConnectorCertificateError(PLACE, ssl.CertificateError("self-signed")),
            CannotConnectError,
            "Its certificate cannot be verified.",
        ),
        (aiohttp.ClientError("Malformed Digest"), UnexpectedResponseError, "What it sent is garbled."),
        (aiohttp.ClientConnectionResetError("Cannot write"), CannotConnectError, CLOSED),
        (aiohttp.ClientOSError(104, "Connection reset by peer"), CannotConnectError, CLOSED),
        (aiohttp.ClientResponseError(REQUEST, (), status=502), UnexpectedResponseError, "HTTP 502"),
        (aiohttp.TooManyRedirects(REQUEST, (), status=302), UnexpectedResponseError, "HTTP 302"),
        (
            aiohttp.InvalidUrlRedirectClientError(f"http://?{KEY}"),
            UnexpectedResponseError,
            "It redirects to another address, which is not followed.",
        ),
    ],
)
def test_each_error_has_words_and_no_address(raised: Exception, expected: type[DeviceBackupError], detail: str) -> None:
    with pytest.raises(expected) as caught, client_errors():
        raise raised

    assert (type(caught.value), caught.value.detail_in()) == (expected, detail)
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "raised", [ValueError(), asyncio.CancelledError(), aiohttp.InvalidURL("x"), aiohttp.NonHttpUrlClientError("x://")]
)
def test_other_errors_pass(raised: BaseException) -> None:
    with pytest.raises(type(raised)), client_errors():
        raise raised


async def failure(url: str, *, seconds: float = 5.0) -> tuple[type[DeviceBackupError], str]:
    """Return what becomes of a request."""
    async with open_session(None) as http:
        with pytest.raises(DeviceBackupError) as caught, client_errors():
            async with http.get(url, timeout=aiohttp.ClientTimeout(total=seconds)) as response:
                await response.read()
    return type(caught.value), caught.value.detail_in()


async def test_nobody_listens(unused_tcp_port: int) -> None:
    assert await failure(f"http://127.0.0.1:{unused_tcp_port}/") == (
        CannotConnectError,
        "The port may be wrong, too: nothing answers there.",
    )


@pytest.mark.parametrize(
    ("answer", "expected", "detail"),
    [
        (b"", CannotConnectError, CLOSED),
        (b"SSH-2.0-dropbear\r\n", UnexpectedResponseError, "What it sent is no HTTP."),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", UnexpectedResponseError, "The answer ended too early."),
        *(
            (
                b"HTTP/1.1 " + head + b"\r\n\r\n{}",
                UnexpectedResponseError,
                f"Its answer breaks the rules of HTTP, and is not read therefore: {rule}.",
            )
            for head, rule in (
                (b"200 OK\r\nContent-Length: 2\r\nContent-Length: 2", "Duplicate Content-Length"),
                (b"200 OK\r\nX-Key secret", "Invalid header token"),
                (b"200 OK\r\nX-Key: sec\0ret", "Invalid HTTP header"),
                (b" 200 OK\r\nX-Key: secret", "Invalid status code"),
                (
                    b"200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding can't be present with Content-Length",
                ),
                (b"200 OK\r\nX-Key: " + b"secret" * 20_000, "Got more than 8190 bytes when reading"),
            )
        ),
    ],
)
async def test_what_is_no_answer(answer: bytes, expected: type[DeviceBackupError], detail: str) -> None:
    async with answering(answer) as port:
        error, said = await failure(f"http://127.0.0.1:{port}/")
    assert (error, said) == (expected, detail)


@pytest.mark.parametrize(
    "error", [BadStatusLine(f"HTTP/1.1 2x0 {KEY}"), TransferEncodingError(KEY), InvalidHeader(KEY)]
)
def test_what_was_sent_is_no_rule(error: Exception) -> None:
    assert KEY not in str(broken_rule(error))


async def test_no_tls_at_this_port() -> None:
    async with running(ExampleDevice()) as device:
        error, said = await failure(f"https://127.0.0.1:{device.port}/")
    assert (error, said) == (CannotConnectError, NO_TLS)


async def test_faults_end_and_the_device_answers() -> None:
    async with running(ExampleDevice(faults={"/info": hang, "/config": broken_off})) as device:
        base = f"http://127.0.0.1:{device.port}"
        assert (await failure(f"{base}/info", seconds=0.2))[1] == "It did not answer in time."
        assert (await failure(f"{base}/config"))[1] == "The answer ended too early."

        device.faults.clear()
        async with open_session(None) as http:
            with client_errors():
                async with http.get(f"{base}/config") as response:
                    assert await response.read() == device.config


async def test_another_certificate_is_named_without_the_middlewares_of_the_session(tmp_path: Path) -> None:
    """A request with a digest login goes past the session, which translates it otherwise."""
    context, sha256 = example_device.certificate(tmp_path)
    login = aiohttp.DigestAuthMiddleware("admin", "hunter2")
    async with running(ExampleDevice(), context) as device, open_session(None) as http:
        url = f"https://127.0.0.1:{device.port}/config"
        with pytest.raises(CertificateNotTrustedError) as caught, client_errors():
            await http.get(url, ssl=aiohttp.Fingerprint(bytes(32)), middlewares=(login,))
        assert (caught.value.sha256, device.requests) == (sha256, [])
        assert sha256 in caught.value.detail_in("de")

        pinned = aiohttp.Fingerprint(bytes.fromhex(sha256))
        async with http.get(url, ssl=pinned, middlewares=(login,)) as response:
            assert await response.read() == device.config


class HasAKeyInItsAddress(ExampleHandler):
    async def fetch_backup(self) -> Artifact:
        with client_errors():
            async with self.context.http.get(f"{self._url('/config')}?key={KEY}", raise_for_status=True) as response:
                return Artifact(filename="config.json", content=await response.read())


async def test_an_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    registered = RegisteredHandler(handler=HasAKeyInItsAddress, distribution="example", version="1.0")
    async with running(ExampleDevice(faults={"/config": example_device.server_error})) as device:
        config = {"host": "127.0.0.1", "port": device.port}
        with pytest.raises(UnexpectedResponseError, match="HTTP 500"):
            await runner.fetch(registered, config, expected_unique_id=None)
    ours = [record for record in caplog.records if record.name != "aiohttp.access"]
    assert any("failed" in record.getMessage() for record in ours)
    assert KEY not in "".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
