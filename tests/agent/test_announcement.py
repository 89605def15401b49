"""What an agent tells the network of itself: heard by a browser of mDNS, on loopback only."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from typer.testing import CliRunner
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from ha_device_backup_agent.announcement import Announcing, IpAddress, OwnAddress, announce, service_of
from ha_device_backup_agent.cli import app
from ha_device_backup_agent.identity import AgentIdentity
from ha_device_backup_agent.own_kinds import DISTRIBUTION
from ha_device_backup_agent.server import Listening
from ha_device_backup_core.agent import wire
from ha_device_backup_core.agent.protocol import AGENT_SERVICE
from ha_device_backup_core.plugins.registry import HandlerRegistry

from .agents import HOST

# Home Assistants of other tests listen there, too: those run beside the second Python, and after the first.
pytestmark = pytest.mark.once
PATIENCE = 30
IDENTITY = AgentIdentity(agent_id="0123456789abcdef" * 2, name="Cellar", certificate=Path("none"), sha256="ab" * 32)
LISTENING = Listening(identity=IDENTITY, port=8477, registry=HandlerRegistry(handlers={}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loopback(Announcing):
    """This machine only, with addresses that come and go."""

    host: str | None = HOST
    interfaces: list[str] = field(default_factory=lambda: [HOST])
    here: list[tuple[IpAddress, ...]] = field(default_factory=lambda: [(ip_address(HOST),)])

    def addresses(self) -> tuple[IpAddress, ...]:
        return self.here[-1]


@dataclass
class Browser:
    """Hears agents, as Home Assistant does."""

    zeroconf: AsyncZeroconf
    heard: asyncio.Queue[tuple[ServiceStateChange, str]] = field(default_factory=asyncio.Queue)

    def hear(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        self.heard.put_nowait((state_change, name.removesuffix(f".{service_type}")))

    async def next(self, wanted: ServiceStateChange, of: str) -> str:
        """Return the name of the next that begins like that: other tests announce agents at the same time."""
        async with asyncio.timeout(PATIENCE):
            while True:
                change, name = await self.heard.get()
                if change is wanted and name.startswith(of):
                    return name

    async def info(self, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(AGENT_SERVICE, f"{name}.{AGENT_SERVICE}")
        assert await info.async_request(self.zeroconf.zeroconf, PATIENCE * 1000)
        return info


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    zeroconf = AsyncZeroconf(interfaces=[HOST])
    browser = Browser(zeroconf)
    browsing = AsyncServiceBrowser(zeroconf.zeroconf, AGENT_SERVICE, handlers=[browser.hear])
    yield browser
    await browsing.async_cancel()
    await zeroconf.async_close()
    # It leaves its sockets to the event loop, which ends here.
    await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def announced(listening: Listening, network: Announcing, *, look_again: float = 60.0) -> AsyncIterator[None]:
    task = asyncio.create_task(announce(listening, network, look_again=look_again))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def told(info: AsyncServiceInfo) -> Mapping[str, str | None]:
    return info.decoded_properties


def unlike(name: str, agent_id: str = IDENTITY.agent_id) -> Listening:
    """Return another agent, as no other test announces it."""
    return replace(LISTENING, identity=replace(IDENTITY, name=name, agent_id=agent_id))


async def test_it_is_heard_with_all_that_a_client_needs_and_nothing_secret(browser: Browser) -> None:
    async with announced(unlike("Pantry"), Loopback()):
        assert await browser.next(ServiceStateChange.Added, "Pantry") == "Pantry"
        info = await browser.info("Pantry")
    assert (info.port, info.parsed_addresses()) == (8477, [HOST])
    assert told(info) == {
        "id": IDENTITY.agent_id,
        "name": "Pantry",
        "version": _version(),
        "protocol": "1",
        "fingerprint": IDENTITY.sha256,
    }
    assert await browser.next(ServiceStateChange.Removed, "Pantry") == "Pantry"


async def test_a_name_that_another_one_has_is_changed(browser: Browser) -> None:
    async with announced(unlike("Twin"), Loopback()):
        assert await browser.next(ServiceStateChange.Added, "Twin") == "Twin"
        async with announced(unlike("Twin", agent_id="f" * 32), Loopback()):
            assert await browser.next(ServiceStateChange.Added, "Twin") == "Twin-2"
            second = await browser.info("Twin-2")
            assert told(second)["id"] == "f" * 32
            assert told(second)["name"] == "Twin"
        assert await browser.next(ServiceStateChange.Removed, "Twin") == "Twin-2"


async def test_addresses_that_change_are_told(browser: Browser) -> None:
    here: list[tuple[IpAddress, ...]] = [()]
    async with announced(unlike("Mover"), Loopback(here=here), look_again=0.05):
        for address in ("127.0.0.2", "127.0.0.3"):
            here.append((ip_address(address),))
            heard = await browser.next(ServiceStateChange.Added, "Mover")
            while (await browser.info(heard)).parsed_addresses() != [address]:
                heard = await browser.next(ServiceStateChange.Added, "Mover")
        here.append(())
        assert await browser.next(ServiceStateChange.Removed, "Mover") == "Mover"


async def test_a_network_that_fails_is_told_once_and_tried_again(
    browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OSError("no multicast here"), OSError("no multicast here")])

    def failing(*, interfaces: list[str]) -> AsyncZeroconf:
        if (failure := next(failures, None)) is not None:
            raise failure
        return AsyncZeroconf(interfaces=interfaces)

    monkeypatch.setattr("ha_device_backup_agent.announcement.AsyncZeroconf", failing)
    with caplog.at_level(logging.INFO):
        async with announced(unlike("Stubborn"), Loopback(), look_again=0.05):
            assert await browser.next(ServiceStateChange.Added, "Stubborn") == "Stubborn"
    assert caplog.text.count("The network is not told of this agent: no multicast here") == 1


@pytest.mark.parametrize("host", [HOST, "localhost", "::1", "127.9.9.9", "no-such-host.invalid", "169.254.1.1"])
def test_what_others_cannot_reach_is_not_announced(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror

    if host.endswith(".invalid"):
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert Announcing(host=host).addresses() == ()
    assert service_of(LISTENING, ()) is None


def test_all_addresses_are_those_of_all_interfaces_but_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = [
        ("eth0", ip_address(address))
        for address in ("::1", "fe80::1", "2001:db8::7", "127.0.0.1", "192.0.2.9", "192.0.2.8", "169.254.0.1")
    ]
    monkeypatch.setattr("ha_device_backup_agent.announcement._of_this_machine", lambda: machine)
    both = ["192.0.2.8", "192.0.2.9", "2001:db8::7"]
    assert [str(address) for address in Announcing().addresses()] == both
    assert [str(address) for address in Announcing(host="0.0.0.0").addresses()] == both[:2]
    assert [str(address) for address in Announcing(host="::").addresses()] == both[2:]
    assert [str(address) for address in Announcing(host="192.0.2.1").addresses()] == ["192.0.2.1"]
    machine += [("eth1", IPv4Address(f"198.51.100.{number}")) for number in range(100)]
    assert len(Announcing().addresses()) == wire.MOST_ADDRESSES


@pytest.mark.parametrize(
    "bridge",
    ["docker0", "br-0a1b2c3d4e5f", "veth12ab", "virbr0", "podman1", "cni0", "lxcbr0", "lxdbr0", "hassio"],
)
def test_containers_of_the_machine_are_no_way_to_it(bridge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their addresses come first by number, and Home Assistant tries no more than the first ones."""
    machine: list[OwnAddress] = [(bridge, IPv4Address(f"172.{number}.0.1")) for number in range(17, 25)]
    monkeypatch.setattr("ha_device_backup_agent.announcement._of_this_machine", lambda: machine)
    assert Announcing().addresses() == tuple(address for _, address in machine)[: wire.MOST_ADDRESSES]
    for adapter in ("eth0", "br0", "wlan0", "enp3s0"):
        assert [
            str(address)
            for address in _with(machine, (adapter, IPv4Address("192.168.178.20")), monkeypatch).addresses()
        ] == ["192.168.178.20"]
    assert [str(address) for address in Announcing(host="172.17.0.1").addresses()] == ["172.17.0.1"]


def _with(machine: list[OwnAddress], own: OwnAddress, monkeypatch: pytest.MonkeyPatch) -> Announcing:
    monkeypatch.setattr("ha_device_backup_agent.announcement._of_this_machine", lambda: [*machine, own])
    return Announcing()


def test_the_real_addresses_can_be_read() -> None:
    everything = Announcing(is_announced=lambda address: True).addresses()
    assert ip_address(HOST) in everything


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Cellar", "Cellar"),
        ("nas.example.org", "nas example org"),
        ("...", "Agent"),
        ("a\x00\x1f\nb", "a b"),
        ("ü" * 100, "ü" * 29),
        ("k" * 100, "k" * 58),
        ("🗄️" * 30, "🗄️" * 8),
        ("odd \ud800 half", "odd ? half"),
    ],
)
def test_any_name_can_be_announced(name: str, label: str) -> None:
    service = service_of(unlike(name), (ip_address("192.0.2.1"),))
    assert service is not None
    assert service.name.removesuffix(f".{AGENT_SERVICE}") == label
    assert len(label.encode()) <= 63 - len("-9999")
    assert all(len(key) + 1 + len(value or b"") <= 255 for key, value in service.properties.items())


def test_the_type_is_one_that_dns_takes() -> None:
    label = AGENT_SERVICE.removesuffix("._tcp.local.").removeprefix("_")
    assert len(label) <= 15
    assert label == label.lower()


def test_it_can_be_switched_off() -> None:
    shown = CliRunner().invoke(app, ["run", "--help"], env={"COLUMNS": "200"}).output
    assert "--no-announce" in shown


def _version() -> str:
    from importlib.metadata import version

    return version(DISTRIBUTION)
