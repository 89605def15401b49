"""Tells the network by mDNS that this agent is here; it takes a code to come in all the same."""

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address

import ifaddr
from zeroconf import Error, InterfaceChoice, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from ha_device_backup_core.host import AGENT_SERVICE, wire

from .own_kinds import DISTRIBUTION
from .server import Listening

_LOGGER = logging.getLogger(__name__)
LOOK_AGAIN_SECONDS = 60.0
_GOODBYE_SECONDS = 5.0
_LONGEST_LABEL = 63
_ROOM_FOR_NUMBER = 5
"""Bytes of what is put behind a name that another one has already."""
_LONGEST_VALUE = 200
_CONTAINERS = re.compile(r"(?:br-|cni|docker|hassio|lxc|lxdbr|podman|veth|virbr)", re.IGNORECASE)
"""Adapters towards containers and virtual machines: only those reach the addresses there."""
_ODD = re.compile(r"[\x00-\x1f\x7f.]+")

type IpAddress = IPv4Address | IPv6Address
type OwnAddress = tuple[str, IpAddress]
"""With the name of its adapter, where that is known."""
type Interfaces = list[str] | InterfaceChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcing:
    """Where an agent is reached, and over which interfaces that is said."""

    host: str | None = None
    """The address at which it listens, None for all."""
    interfaces: Interfaces = InterfaceChoice.All
    is_announced: Callable[[IpAddress], bool] = lambda address: not (address.is_loopback or address.is_link_local)

    def addresses(self) -> tuple[IpAddress, ...]:
        """Return the addresses that others can use, those of containers only where there are no others; blocking."""
        try:
            found = _of_this_machine() if self.host is None else _of_host(self.host)
        except OSError:
            return ()
        if any(address.is_unspecified for _, address in found):
            family = found[0][1].version
            found = [own for own in _of_this_machine() if own[1].version == family]
        usable = [own for own in found if not own[1].is_multicast and self.is_announced(own[1])]
        outside = [own for own in usable if not _CONTAINERS.match(own[0])]
        addresses = {address for _, address in outside or usable}
        return tuple(sorted(addresses, key=lambda address: (address.version, int(address)))[: wire.MOST_ADDRESSES])


async def announce(listening: Listening, network: Announcing, *, look_again: float = LOOK_AGAIN_SECONDS) -> None:
    """Announce the agent until this is cancelled, anew whenever its addresses change; loopback is not announced."""
    is_logged = False
    while True:
        addresses = await asyncio.to_thread(network.addresses)
        try:
            async with _announced(service_of(listening, addresses), network) as name:
                if name is not None:
                    _LOGGER.info("Announced in the network as “%s”", name)
                is_logged = False
                await _change(network, addresses, look_again)
        except (Error, OSError) as error:
            # Without it, it is still reached by its address.
            if not is_logged:
                _LOGGER.warning("The network is not told of this agent: %s", str(error) or type(error).__name__)
            is_logged = True
            await asyncio.sleep(look_again)


async def _change(network: Announcing, known: Sequence[IpAddress], look_again: float) -> None:
    """Return once the addresses are others; no event tells that."""
    now = known
    while now == known:
        await asyncio.sleep(look_again)
        now = await asyncio.to_thread(network.addresses)


def service_of(listening: Listening, addresses: Sequence[IpAddress]) -> ServiceInfo | None:
    """Return what is announced, None where there is no address at which others reach the agent."""
    if not addresses:
        return None
    identity = listening.identity
    label = _cut(_ODD.sub(" ", identity.name).strip(), _LONGEST_LABEL - _ROOM_FOR_NUMBER) or "Agent"
    return ServiceInfo(
        AGENT_SERVICE,
        f"{label}.{AGENT_SERVICE}",
        parsed_addresses=[str(address) for address in addresses],
        port=listening.port,
        properties={
            "id": identity.agent_id,
            "name": _cut(identity.name, _LONGEST_VALUE),
            "version": version(DISTRIBUTION),
            "protocol": str(wire.PROTOCOL),
            "fingerprint": identity.sha256,
        },
        # Not the name of this machine: that one may announce itself.
        server=f"ha-dev-backup-{identity.agent_id[:16]}.local.",
    )


@contextlib.asynccontextmanager
async def _announced(service: ServiceInfo | None, network: Announcing) -> AsyncIterator[str | None]:
    """Announce for the block, and say under which name; afterwards all who heard of it are told that it is gone."""
    if service is None:
        yield None
        return
    sender = AsyncZeroconf(interfaces=network.interfaces)
    try:
        await (await sender.async_register_service(service, allow_name_change=True))
        yield service.name.removesuffix(f".{AGENT_SERVICE}")
    finally:
        await _close(sender)


async def _close(sender: AsyncZeroconf) -> None:
    """Say goodbye to the end: who is cancelled in the middle of it leaves no socket behind."""
    closing = asyncio.ensure_future(sender.async_close())
    try:
        await asyncio.wait({closing}, timeout=_GOODBYE_SECONDS)
    finally:
        await asyncio.wait({closing}, timeout=_GOODBYE_SECONDS)


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore").strip()


def _of_this_machine() -> list[OwnAddress]:
    return [
        (adapter.name, ip_address(found.ip if isinstance(found.ip, str) else found.ip[0]))
        for adapter in ifaddr.get_adapters()
        for found in adapter.ips
    ]


def _of_host(host: str) -> list[OwnAddress]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [("", ip_address(str(address[0]).partition("%")[0])) for *_, address in found]
