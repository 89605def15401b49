import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from ha_device_backup_core.errors import UnexpectedResponseError
from ha_device_backup_core.http_errors import client_errors
from ha_device_backup_core.jobs import http_session as session_module
from ha_device_backup_core.jobs.http_session import certificate_sha256, open_session, tls_of

from .. import example_device
from ..example_device import ExampleDevice, running
from ..example_handler import ExampleHandler


def test_tls_is_verified_or_pinned() -> None:
    spec = ExampleHandler.spec
    assert tls_of(spec, {"certificate": None}) is True
    pinned = tls_of(spec, {"certificate": "ab" * 32})
    assert isinstance(pinned, aiohttp.Fingerprint)
    assert pinned.fingerprint == bytes.fromhex("ab" * 32)


async def test_certificate_is_read_without_a_request(tmp_path: Path) -> None:
    context, sha256 = example_device.certificate(tmp_path)
    async with running(ExampleDevice(), context) as device:
        assert await certificate_sha256("127.0.0.1", device.port) == sha256
        assert device.requests == []
    assert await certificate_sha256("127.0.0.1", device.port) is None


async def test_a_server_that_says_no_farewell_keeps_no_connection(tmp_path: Path) -> None:
    context, sha256 = example_device.certificate(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands_and_stay() -> None:
            connection, _ = listening.accept()
            with context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=False) as shaken:
                # What was sent is not read as TLS, so that no farewell is answered.
                plain = socket.socket(fileno=shaken.detach())
            # Closed or reset, by whether the session tickets had been read: both end the connection.
            with plain, contextlib.suppress(ConnectionResetError):
                plain.settimeout(60)
                while plain.recv(4096):
                    pass

        staying = asyncio.create_task(asyncio.to_thread(shake_hands_and_stay))
        assert await certificate_sha256("127.0.0.1", listening.getsockname()[1]) == sha256
        await asyncio.wait_for(staying, 10)


async def test_server_that_is_gone_before_its_certificate_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(host: str, port: int) -> None:
        return None

    monkeypatch.setattr(session_module, "certificate_sha256", gone)
    context, _ = example_device.certificate(tmp_path)
    async with running(ExampleDevice(), context) as device, open_session(None) as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(f"https://127.0.0.1:{device.port}/")


async def test_redirect_without_a_target_is_an_answer() -> None:
    async def nowhere(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302)

    async with running(ExampleDevice(faults={"/": nowhere})) as device, open_session(None) as session:
        response = await session.get(f"http://127.0.0.1:{device.port}/")
        assert response.status == 302


@pytest.mark.parametrize("headers", [("Location",), ("URI",), ("Location", "URI")])
@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:{port}/",
        "//localhost:{port}/",
        "http://127.0.0.1@localhost:{port}/",
        "http://localhost:{port}\\@127.0.0.1/",
        "http:\\\\localhost:{port}/",
        "http:///localhost:{port}/",
        "ht\ttp://localhost:{port}/",
        "ftp://127.0.0.1:{port}/",
        "http://[::1/",
    ],
)
async def test_redirect_to_a_stranger(location: str, headers: tuple[str, ...]) -> None:
    """However it is written, and in whichever header, nobody else is asked."""

    async def away(request: web.Request) -> web.StreamResponse:
        empty = dict.fromkeys(headers[:-1], "")
        return web.Response(status=302, headers={**empty, headers[-1]: location.format(port=request.url.port)})

    async with running(ExampleDevice(faults={"/config": away})) as device, open_session(None) as session:
        with pytest.raises(UnexpectedResponseError, match="not followed"), client_errors():
            await session.get(f"http://127.0.0.1:{device.port}/config")
        assert device.requests == ["GET /config"]

        device.faults.clear()
        async with session.get(f"http://127.0.0.1:{device.port}/config") as response:
            assert await response.read() == device.config


COOKIES = (
    *("Zm9v/YmFy+cXV4==", "user@host:8080", '"in quotes"', '"Zm9v/+=="', '"half', "a b", "a,b", '{"a":1}', "a%20b"),
    *("a\\054b", '"a\\"b"', "(1)[2]?<3>", "a=b"),
)


@pytest.mark.parametrize("cookie", COOKIES)
async def test_a_cookie_comes_back_as_it_was_set(cookie: str) -> None:
    async def set_cookie(request: web.Request) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": f"session={cookie}; Path=/"})

    async def show_cookie(request: web.Request) -> web.StreamResponse:
        return web.Response(text=request.headers["Cookie"])

    device = ExampleDevice(faults={"/login": set_cookie, "/config": show_cookie})
    async with running(device), open_session(None) as session:
        await session.get(f"http://127.0.0.1:{device.port}/login")
        async with session.get(f"http://127.0.0.1:{device.port}/config") as response:
            assert await response.text() == f"session={cookie}"


@pytest.mark.parametrize(
    ("method", "sent", "follows"),
    [
        ("GET", {}, True),
        ("GET", {"headers": {"Accept": "text/plain", "Referer": "http://127.0.0.1/"}}, True),
        ("GET", {"headers": {"X-API-Key": "canary"}}, False),
        ("GET", {"headers": {"Authorization": "Bearer canary"}}, False),
        ("GET", {"headers": {"Cookie": "session=canary"}}, False),
        ("POST", {}, True),
        ("POST", {"data": b"password=canary"}, False),
    ],
)
async def test_secrets_do_not_follow_a_redirect_to_another_port(
    method: str, sent: dict[str, Any], follows: bool
) -> None:
    async with running(ExampleDevice()) as other:
        away = example_device.redirect(f"http://127.0.0.1:{other.port}/config")
        async with running(ExampleDevice(faults={"/config": away})) as device, open_session(None) as session:
            url = f"http://127.0.0.1:{device.port}/config"
            if follows:
                await session.request(method, url, **sent)
            else:
                with pytest.raises(UnexpectedResponseError, match="not followed"):
                    await session.request(method, url, **sent)
            assert len(other.requests) == follows

            device.faults["/config"] = example_device.redirect("/there")
            await session.request(method, url, **sent)
            assert device.requests[-1].endswith(" /there")


async def test_the_session_of_a_login_stays_at_its_port() -> None:
    async def log_in(request: web.Request) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": "session=canary"})

    async with running(ExampleDevice()) as other:
        away = example_device.redirect(f"http://127.0.0.1:{other.port}/config")
        device = ExampleDevice(faults={"/login": log_in, "/config": away})
        async with running(device), open_session(None) as session:
            await session.get(f"http://127.0.0.1:{device.port}/login")
            with pytest.raises(UnexpectedResponseError, match="not followed"):
                await session.get(f"http://127.0.0.1:{device.port}/config")
        assert other.requests == []
