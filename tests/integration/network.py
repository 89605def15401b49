"""A network on 127.0.0.1, on which devices announce themselves by mDNS and SSDP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from aiohttp import web
from aiohttp.abc import ResolveResult
from aiohttp.resolver import AsyncResolver
from async_upnp_client.const import SsdpSource
from async_upnp_client.ssdp_listener import SsdpListener
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components.ssdp.const import SSDP_SCANNER
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

HOST = "lamp.test"
"""An address on the network; Home Assistant does not listen to descriptions at 127.0.0.1."""
LAMP = "urn:acme-example:device:Lamp:1"
_NETWORK: dict[str, Any] = {"interfaces": ["127.0.0.1"]}
_DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>{}</device></root>
"""


def unmistakable(name: str) -> str:
    """Return a name that nobody else uses on this network, which other tests share."""
    return f"{name}-{uuid4().hex[:8]}"


class MdnsNetwork:
    """Sends what devices would send by mDNS."""

    def __init__(self) -> None:
        self._zeroconf = AsyncZeroconf(**_NETWORK)
        self._sending: list[Awaitable[object]] = []

    async def says_hello(
        self, name: str, port: int, service: str = "_acmelamp._tcp.local.", **properties: str
    ) -> ServiceInfo:
        info = ServiceInfo(
            service,
            f"{name}.{service}",
            addresses=[socket.inet_aton("127.0.0.1")],
            port=port,
            properties=properties,
            server=f"{name}.local.",
        )
        self._sending.append(await self._zeroconf.async_register_service(info, cooperating_responders=True))
        return info

    async def says_goodbye(self, info: ServiceInfo) -> None:
        self._sending.append(await self._zeroconf.async_unregister_service(info))

    async def close(self) -> None:
        await asyncio.gather(*self._sending)
        await self._zeroconf.async_close()


@asynccontextmanager
async def mdns_network(hass: HomeAssistant) -> AsyncIterator[MdnsNetwork]:
    """Give Home Assistant its zeroconf, and devices one of their own."""
    with (
        patch("homeassistant.components.zeroconf._async_get_zc_args", return_value=_NETWORK),
        patch("homeassistant.components.zeroconf.install_multiple_zeroconf_catcher"),
    ):
        assert await async_setup_component(hass, "zeroconf", {})
    network = MdnsNetwork()
    try:
        yield network
    finally:
        await network.close()


class SsdpNetwork:
    """Sends what a device would send, to the listener of Home Assistant's scanner."""

    def __init__(self, listener: SsdpListener) -> None:
        self._listener = listener

    def answers_search(self, udn: str, location: str) -> None:
        self._listener._on_search(self._headers(udn, location, "ST"))

    def announces(self, udn: str, location: str) -> None:
        self._listener._on_alive(self._headers(udn, location, "NT", NTS="ssdp:alive"))

    def says_goodbye(self, udn: str, location: str) -> None:
        self._listener._on_byebye(self._headers(udn, location, "NT", NTS="ssdp:byebye"))

    @staticmethod
    def _headers(udn: str, location: str, target: str, **more: str) -> CaseInsensitiveDict:
        return CaseInsensitiveDict(
            {
                target: LAMP,
                "USN": f"{udn}::{LAMP}",
                "LOCATION": location,
                "CACHE-CONTROL": "max-age=1800",
                "_udn": udn,
                "_host": "127.0.0.1",
                "_port": 1900,
                "_source": SsdpSource.SEARCH if target == "ST" else SsdpSource.ADVERTISEMENT,
                "_timestamp": datetime.now(),  # noqa: DTZ005 - as the library stamps a datagram
                **more,
            }
        )


async def _here(_: AsyncResolver, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
    return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]


async def _only_loopback(_: HomeAssistant) -> set[IPv4Address]:
    return {IPv4Address("127.0.0.1")}


@asynccontextmanager
async def ssdp_network(hass: HomeAssistant) -> AsyncIterator[SsdpNetwork]:
    """Give Home Assistant its SSDP, with a scanner that hears nothing but what the test sends."""

    async def nothing(*_: object) -> None:
        """Stay off the network."""

    with (
        patch.object(AsyncResolver, "resolve", _here),
        patch.object(SsdpListener, "async_start", nothing),
        patch.object(SsdpListener, "async_stop", nothing),
        patch.object(SsdpListener, "async_search", nothing),
        patch("homeassistant.components.ssdp.Server.async_start", nothing),
        patch("homeassistant.components.ssdp.scanner.async_build_source_set", _only_loopback),
    ):
        assert await async_setup_component(hass, "ssdp", {})
        yield SsdpNetwork(hass.data["ssdp"][SSDP_SCANNER]._ssdp_listeners[0])


@asynccontextmanager
async def described(**values: object) -> AsyncIterator[str]:
    """Serve the description of a device; return its location."""

    async def answer(_: web.Request) -> web.Response:
        text = "".join(f"<{key}>{value}</{key}>" for key, value in values.items())
        return web.Response(text=_DESCRIPTION.format(text), content_type="text/xml")

    application = web.Application()
    application.router.add_get("/description.xml", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}/description.xml"
    finally:
        await runner.cleanup()
