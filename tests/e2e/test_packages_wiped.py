"""When the core is replaced, and when Home Assistant is made anew as its updates do; the last tests in this Python."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scripts import versions
from scripts.live.client import DOMAIN, HomeAssistantClient, logged_in
from scripts.live.flows import FLOWS, add_device, walk
from scripts.live.folder import ROOT
from scripts.live.waiting import until
from tests.simulators.repacked import with_version

from .authors import REPOSITORY, SECOND_DOMAIN, Simulator, publish_package
from .fresh_python import FreshPython
from .home import Home, wait_for_kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")

CORE = "ha-device-backup-core"
OUR_CORE = versions.current(ROOT)
OTHER_CORE = f"{OUR_CORE}.1"
"""One that the packages of others may want, and that this integration was not published with."""
SECONDS = 60

type Listed = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Prepared:
    """A home with devices whose handlers came with us, from the UI, and with another integration."""

    home: Home
    python: FreshPython
    installed: str
    listed: Listed


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prepared(work: Path, bare_home: Home, fresh_python: FreshPython) -> AsyncIterator[Prepared]:
    """Install a package from the UI, let an author's integration bring another one, and add a device of each."""
    folder = fresh_python.index.folder
    package = await asyncio.to_thread(publish_package, work, "sundial", "Sundial", folder)
    client, simulator = bare_home.client, Simulator()
    async with simulator.running() as device:
        answers = {"host": "127.0.0.1", "port": device.port, "password": simulator.password}
        await add_device(client, {**answers, "package": f"{package}==0.1.0"}, choice="install_package")
        if REPOSITORY.name not in await states(client):
            await add_integration(client, REPOSITORY.name)
            await until(lambda: kinds(client), lambda known: "acme" in known, seconds=SECONDS)
            await add_device(client, answers, choice="acme")
        await wait_for_kinds(bare_home, "wled", "acme", "sundial")
        yield Prepared(bare_home, fresh_python, package, await listed(client))


async def test_replaced_core_is_told(prepared: Prepared, work: Path) -> None:
    client, folder = prepared.home.client, prepared.python.index.folder
    assert "core_mismatch" not in await issues(client)
    await asyncio.to_thread(publish_package, work, "bolt", "Bolt", folder)
    (core,) = folder.glob(f"{CORE.replace('-', '_')}-*.whl")
    with_version(core, OTHER_CORE)

    await add_integration(client, SECOND_DOMAIN)

    found = await until(lambda: issues(client), lambda told: "core_mismatch" in told, seconds=SECONDS)
    told = found["core_mismatch"]["translation_placeholders"]["faults"].replace("\\", "")
    assert f"Version {OTHER_CORE}" in told
    present = await asyncio.to_thread(prepared.python.versions)
    assert present == {**present, **prepared.python.original, CORE: OTHER_CORE}


async def test_next_start_puts_the_right_core_back(prepared: Prepared) -> None:
    await prepared.home.process.stop()
    async with again(prepared.home) as client:
        await until(lambda: issues(client), lambda told: "core_mismatch" not in told, seconds=SECONDS)
        (controller,) = prepared.home.controllers
        assert (await states(client))[controller.name] == {"loaded"}
    present = await asyncio.to_thread(prepared.python.versions)
    assert present == {**present, **prepared.python.original, CORE: OUR_CORE}


async def test_devices_wait_for_missing_packages_and_come_back(prepared: Prepared) -> None:
    process, python = prepared.home.process, prepared.python
    await process.stop()
    await asyncio.to_thread(python.uninstall, prepared.installed, "ha-device-backup-acme")
    python.index.is_down = True
    async with again(prepared.home) as client:
        await until(lambda: issues(client), lambda told: "packages_missing" in told, seconds=SECONDS)
        found = await issues(client)
        assert [name.partition("_")[0] for name in sorted(found)] == ["handler", "handler", "packages"]
        assert prepared.installed in found["packages_missing"]["translation_placeholders"]["packages"]
        now = await states(client)
        (controller,) = prepared.home.controllers
        assert (now["Cellar"], now[REPOSITORY.name]) == ({"loaded"}, {"not_loaded"})
        assert (now["Device Backups"], now[controller.name]) == ({"loaded"}, {"loaded"})

    python.index.is_down = False
    brought = (await asyncio.to_thread(python.versions)).keys() - python.original.keys()
    await asyncio.to_thread(python.uninstall, *brought)
    async with again(prepared.home) as client:  # Whose packages come last decides which core is there: that is told.
        await until(lambda: issues(client), lambda told: told.keys() <= {"core_mismatch"}, seconds=SECONDS)
    async with again(prepared.home) as client:
        await until(lambda: issues(client), lambda told: not told, seconds=SECONDS)
        await until(lambda: states(client), lambda told: set().union(*told.values()) == {"loaded"}, seconds=SECONDS)
        assert await listed(client) == prepared.listed
        assert await outcome(client, "sundial:AC-4711") in {"stored", "unchanged"}
    present = await asyncio.to_thread(python.versions)
    brought_again = {prepared.installed: "0.1.0", "ha-device-backup-acme": "0.1.0", CORE: OUR_CORE}
    assert present == {**present, **python.original, **brought_again}
    log = process.log.read_text()
    assert [sign for sign in ("blocking call", "formatjs") if sign in log] == []


@contextlib.asynccontextmanager
async def again(home: Home) -> AsyncIterator[HomeAssistantClient]:
    """Start the same Home Assistant once more."""
    process = await home.process.start()
    try:
        async with logged_in(process.url, fresh=False) as client:
            yield client
    finally:
        await process.stop()


async def add_integration(client: HomeAssistantClient, domain: str) -> None:
    await walk(client, FLOWS, await client.post(FLOWS, {"handler": domain}), {})


async def kinds(client: HomeAssistantClient) -> set[str]:
    menu = await client.post(FLOWS, {"handler": DOMAIN})
    return {option.removeprefix("handler_") for option in menu["menu_options"]}


async def issues(client: HomeAssistantClient) -> Mapping[str, dict[str, Any]]:
    """Return our repairs by id."""
    answer = await client.command("repairs/list_issues")
    return {issue["issue_id"]: issue for issue in answer["issues"] if issue["domain"] == DOMAIN}


async def states(client: HomeAssistantClient) -> Mapping[str, set[str]]:
    """Return the states of entries, ours by title and those of authors by domain."""
    found: dict[str, set[str]] = {}
    for entry in await client.command("config_entries/get"):
        if "device_backup" in entry["domain"]:
            name = entry["title"] if entry["domain"] == DOMAIN else entry["domain"]
            found.setdefault(name, set()).add(entry["state"])
    return found


async def listed(client: HomeAssistantClient) -> Listed:
    """Return device, id and digest of every backup."""
    answer = await client.act("ha_device_backups.list_backups")
    return [
        (device["device_key"], backup["backup_id"], backup["sha256"])
        for device in answer["devices"]
        for backup in device["backups"]
    ]


async def outcome(client: HomeAssistantClient, device_key: str) -> str:
    """Back up all devices and return what came of one."""
    answer = await client.act("ha_device_backups.back_up", {"all": True})
    return next(str(device["outcome"]) for device in answer["devices"] if device["device_key"] == device_key)
