"""The handlers keep the contract, as every handler is checked."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from ha_device_backup_core.testing import HandlerConformance, Simulated
from tests.http_checks import without_http
from tests.simulators.ssh import PASSWORD, SimulatedLinux, SimulatedOpenWrt, SimulatedRouterOs, linux, openwrt, routeros

from .conftest import HANDLERS, config

RELAXED = without_http("It speaks no HTTP; test_backup.py and the tests of putting back play what goes wrong with SSH.")


class TestLinux(HandlerConformance):
    handler = HANDLERS["linux_ssh"]
    essential = ("index.json",)
    relaxed = RELAXED

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedLinux() as computer:
            hours: Iterator[int] = iter(range(7, 24))

            async def change() -> None:
                (computer.settings / "pump.conf").write_text(f"hour={next(hours)}\n")

            async def swap() -> None:
                computer.say("/etc/machine-id", f"{'f' * 32}\n")
                await change()

            yield Simulated(
                config=config(computer, files=(str(computer.settings),)),
                change=change,
                swap=swap,
                secrets=(PASSWORD, linux.CANARY, linux.MACHINE_ID),
            )


class TestOpenWrt(HandlerConformance):
    handler = HANDLERS["openwrt_ssh"]
    essential = ("backup.tar.gz", "index.json")
    relaxed = RELAXED

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedOpenWrt() as router:
            names = iter(range(100))

            async def change() -> None:
                (router.config / "system").write_text(f"config system\n\toption hostname 'attic{next(names)}'\n")

            async def swap() -> None:
                router.mac = "00:11:22:33:44:66"
                router.tell()
                await change()

            yield Simulated(config=config(router), change=change, swap=swap, secrets=(PASSWORD, openwrt.CANARY))


@pytest.mark.once
class TestRouterOs(HandlerConformance):
    handler = HANDLERS["mikrotik_ssh"]
    essential = ("export.rsc", "index.json")
    relaxed = RELAXED

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedRouterOs() as router:
            names = iter(range(100))

            async def change() -> None:
                router.comment = f"attic{next(names)}"

            async def swap() -> None:
                router.serial = "HF7654321AB"
                await change()

            yield Simulated(config=config(router), change=change, swap=swap, secrets=(PASSWORD, routeros.CANARY))
