"""Bytes that no client sends, over the very connection: the agent answers or hangs up, changes nothing, and goes on."""

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from ha_device_backup_agent.clients import Clients
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_core.testing import run_job

from .agents import HOST
from .conftest import Cellar
from .test_hostile_client import Client, client, upload

__all__ = ["client"]

SECONDS = 30
ENDS = (200, 206, 400, 401, 403, 404, 405, 409, 413, 414, 416, 417, 422, 431, 501)
"""Whatever it is: never a fault of the agent."""
JOB = f"/v1/jobs/{'0' * 32}"
FILE = b'{"a": 1}'
KEPT = f"/v1/contents/{hashlib.sha256(FILE).hexdigest()}"


def lines(*said: str, body: bytes = b"") -> bytes:
    return "\r\n".join((*said, "", "")).encode("utf-8", "surrogateescape") + body


def get(path: str, *headers: str) -> bytes:
    return lines(f"GET {path} HTTP/1.1", "Host: x", "Authorization: Bearer TOKEN", "Connection: close", *headers)


def put(path: str, *headers: str, body: bytes = b"", method: str = "PUT") -> bytes:
    first = (f"{method} {path} HTTP/1.1", "Host: x", "Authorization: Bearer TOKEN", "Connection: close")
    return lines(*first, *headers, body=body)


REQUESTS: Mapping[str, bytes] = {
    "no HTTP": b"\x00\xff" * 200,
    "an older one": b"GET / HTTP/0.9\r\n\r\n",
    "a newer one": lines("GET / HTTP/9.9", "Host: x"),
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "only a line": b"GET /\r\n\r\n",
    "a proxy": lines("CONNECT 127.0.0.1:22 HTTP/1.1", "Host: 127.0.0.1:22", "Authorization: Bearer TOKEN"),
    "a whole address": get("http://127.0.0.1:22/v1/kinds"),
    "another host": get("https://169.254.169.254/latest/meta-data/"),
    "a trace": put("/", method="TRACE"),
    "options": put("*", method="OPTIONS"),
    "a method of nobody": put("/v1/kinds", method="SEARCH"),
    "an odd method": put("/v1/kinds", method="G\x01T"),
    "a long method": put("/v1/kinds", method="A" * 20_000),
    "a websocket": get("/v1/kinds", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
    "another upgrade": get("/v1/kinds", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
    "a long path": get("/" + "a" * 100_000),
    "a long header": get("/v1/kinds", "X: " + "a" * 100_000),
    "many headers": get("/v1/kinds", *(f"X-{number}: 1" for number in range(50_000))),
    "a header in lines": get("/v1/kinds", "X: 1\r\n 2"),
    "a header without name": get("/v1/kinds", ": 1"),
    "a null in a header": get("/v1/kinds", "X: \x00"),
    "a second token": get("/v1/kinds", "Authorization: Bearer other"),
    "a token in a cookie": lines("GET /v1/kinds HTTP/1.1", "Host: x", "Cookie: token=TOKEN", "Connection: close"),
    "a token in the query": lines("GET /v1/kinds?token=TOKEN HTTP/1.1", "Host: x", "Connection: close"),
    "a token of another scheme": lines(
        "GET /v1/kinds HTTP/1.1", "Host: x", "Authorization: Basic TOKEN", "Connection: close"
    ),
    "a path with null": get("/v1/contents/%00"),
    "a path with dots": get("/v1/contents/..%2f..%2fagent.json"),
    "a path with more dots": get("/v1/contents/%252e%252e/agent.json"),
    "a path with another slash": get("/v1\\contents\\..\\agent.json"),
    "a path with two slashes": get("//v1//kinds"),
    "a path that is none in UTF-8": get("/v1/%ff%fe"),
    "a digest in capitals": get(KEPT.upper().replace("/V1/CONTENTS", "/v1/contents")),
    "a digest and more": get(KEPT + "/../../../agent.json"),
    "a digest with a line": get(KEPT + "%0a"),
    "a number that is none": get(JOB + "?after=1e9"),
    "a number of other digits": get(JOB + "?after=%D9%A1"),
    "two numbers": get(JOB + "?after=1&after=2"),
    "a step below none": put(JOB + "/steps/-1", "Content-Length: 2", body=b"{}"),
    "a step beyond all": put(JOB + "/steps/99999999", "Content-Length: 2", body=b"{}"),
    "two lengths": put(JOB, "Content-Length: 2", "Content-Length: 5", body=b"{}"),
    "a length below none": put(JOB, "Content-Length: -5", body=b"{}"),
    "a length that is none": put(JOB, "Content-Length: 0x10", body=b"{}"),
    "a length beyond all": put(JOB, "Content-Length: 99999999999999999999", body=b"{}"),
    "a length and chunks": put(JOB, "Content-Length: 2", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "chunks of two codings": put(JOB, "Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    "chunks that are none": put(JOB, "Transfer-Encoding: chunked", body=b"zz\r\nx\r\n0\r\n\r\n"),
    "a chunk below none": put(JOB, "Transfer-Encoding: chunked", body=b"-1\r\nx\r\n0\r\n\r\n"),
    "a chunk beyond all": put(JOB, "Transfer-Encoding: chunked", body=b"f" * 40 + b"\r\nx"),
    "a request within one": put(JOB, "Content-Length: 2", body=b"{}" + get("/v1/kinds")),
    "a form": put(
        "/v1/pair", "Content-Type: multipart/form-data; boundary=x", "Content-Length: 3", body=b"--x", method="POST"
    ),
    "an expectation": put(JOB, "Expect: 200-ok", "Content-Length: 2", body=b"{}"),
    "a range below none": get(KEPT, "Range: bytes=-0"),
    "a range beyond all": get(KEPT, "Range: bytes=999999999999999999999-"),
    "a range backwards": get(KEPT, "Range: bytes=5-2"),
    "many ranges": get(KEPT, "Range: bytes=" + ",".join("0-1" for _ in range(1000))),
    "a range of something else": get(KEPT, "Range: lines=1-2"),
    "a time that is none": get(KEPT, "If-Modified-Since: \x7f", "If-Range: x"),
    "a place beyond all": put(KEPT + "?offset=999999999999999&size=8", "Content-Length: 1", body=b"x"),
    "a size beyond all": put(KEPT + "?offset=0&size=999999999999999", "Content-Length: 1", body=b"x"),
    "a pairing without words": put("/v1/pair", "Content-Length: 4", body=b"null", method="POST"),
}


async def exchanged(cellar: Cellar, request: bytes) -> bytes:
    """Send it as it is, and return what came back until the agent hung up."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(HOST, cellar.agent.port, ssl=tls)
    writer.write(request.replace(b"TOKEN", cellar.agent.token.encode()))
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    answer = b""
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(SECONDS):
            while block := await reader.read(65536):
                answer += block
                if b"\r\n\r\n" in answer:
                    break
    writer.transport.abort()
    return answer


def kept(folder: Path) -> dict[str, bytes]:
    """Return what the agent has, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", REQUESTS)
async def test_what_no_client_sends(client: Client, cellar: Cellar, name: str) -> None:
    await upload(client, FILE)
    before = kept(cellar.folder)
    answer = await exchanged(cellar, REQUESTS[name])
    if answer:
        assert int(answer.split(b" ", 2)[1]) in ENDS, answer[:200]
    assert cellar.agent.token.encode() not in answer
    assert b"BEGIN" not in answer
    assert kept(cellar.folder) == before
    assert len(Clients(DataFolder(cellar.folder)).all()) == 1
    assert (await run_job(cellar.handler, cellar.config)).device.name == "Kitchen"
