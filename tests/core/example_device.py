"""The device of `example_handler`: a real server on 127.0.0.1 with switchable faults."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class ExampleDevice:
    port: int = 0
    config: bytes = b'{"name": "kitchen", "uptime": 1}'
    info: dict[str, str | None] = field(default_factory=lambda: {"id": "a1", "name": "Kitchen", "version": "1.2"})
    password: str = ""
    faults: dict[str, Answer] = field(default_factory=dict)
    """What a path answers instead."""
    requests: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        if request.path in self.faults:
            return await self.faults[request.path](request)
        if request.headers.get("X-Password", "") != self.password:
            return web.Response(status=401)
        if request.path == "/config" and request.method == "PUT":
            self.config = await request.read()
            return web.Response()
        if request.path == "/config":
            return web.Response(body=self.config)
        return web.Response(body=json.dumps(self.info).encode())


@asynccontextmanager
async def running(device: ExampleDevice, tls: ssl.SSLContext | None = None) -> AsyncIterator[ExampleDevice]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", device.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        device.port = runner.addresses[0][1]
        yield device
    finally:
        await runner.cleanup()


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def server_error(request: web.Request) -> web.StreamResponse:
    return web.Response(status=500)


async def login_page(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Log in</html>", content_type="text/html")


async def broken_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"name"')
    if request.transport is not None:
        request.transport.close()
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)


def redirect(location: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    return answer


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Return the TLS context of a server with a new self-signed certificate, and the SHA-256 of that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "device.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, signed.fingerprint(hashes.SHA256()).hex()
