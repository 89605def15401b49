"""An update from what was published last: a Home Assistant with devices and backups finds everything again."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scripts.live.archive import STORE
from scripts.live.client import DOMAIN, HomeAssistantClient, logged_in
from scripts.live.controllers import Controller, simulated_controllers
from scripts.live.flows import add_device
from scripts.live.folder import INTEGRATION, ROOT, free_port, prepare_folder
from scripts.live.process import HomeAssistantProcess, Runtime, running
from scripts.live.stored import read_tree
from scripts.live.waiting import until
from scripts.released import first_publishable, newest_release

from .forked import PREPARED
from .fresh_python import UV

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 90

type Seen = dict[str, Any]


@dataclass(frozen=True)
class Updated:
    """A home before and after."""

    before: Seen
    after: Seen
    files: dict[str, bytes]
    """The store before."""
    client: HomeAssistantClient
    process: HomeAssistantProcess
    controllers: list[Controller]


def earlier_version() -> str:
    """Return what people have: the last release, or what stands for it until there is one."""
    try:
        version = newest_release() or first_publishable()
    except (OSError, subprocess.CalledProcessError):
        version = None
    if version is None:
        pytest.skip("This clone has no history, so there is nothing to update from.")
    return version


def unpack(version: str, folder: Path) -> Path:
    """Write the files of a version into the folder, and install its packages beside them."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", version], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)
    projects = [folder, *folder.glob("handlers-*")]
    install = (*UV, "pip", "install", "--quiet", "--no-deps", f"--python={sys.executable}", "--target", folder / "site")
    subprocess.run([*map(str, (*install, *projects))], check=True)
    return folder


def runtime_of(earlier: Path) -> Runtime:
    """Return how Home Assistant runs with the packages of that version, and see that it does."""
    environment = {**os.environ, "PYTHONPATH": str(earlier / "site")}
    program = [sys.executable, "-c", "import ha_device_backup_core as core; print(core.__file__)"]
    loaded = subprocess.run(program, cwd=earlier.parent, env=environment, check=True, capture_output=True, text=True)
    assert Path(loaded.stdout.strip()).is_relative_to(earlier / "site")
    return Runtime(environment=environment)


async def seen(client: HomeAssistantClient) -> Seen:
    """Return what a person has: entries, entities by their ids, and every backup."""
    entries = await client.get("/api/config/config_entries/entry?domain=" + DOMAIN)
    entities = await client.command("config/entity_registry/list")
    return {
        "entries": {entry["entry_id"]: (entry["title"], entry["state"]) for entry in entries},
        "entities": {one["unique_id"]: one["entity_id"] for one in entities if one["platform"] == DOMAIN},
        "backups": await client.act(f"{DOMAIN}.list_backups"),
    }


async def live_a_little(client: HomeAssistantClient, controllers: list[Controller]) -> None:
    """Add the devices, change one, back both up again and protect a backup."""
    for controller in controllers:
        await add_device(client, controller.answers)
    everything = {"all": True}
    await until(
        lambda: client.act(f"{DOMAIN}.list_backups"),
        lambda told: len(told["devices"]) == len(controllers),
        seconds=SECONDS,
    )
    await client.act(f"{DOMAIN}.back_up", everything)
    controllers[0].change()
    await client.act(f"{DOMAIN}.back_up", everything)
    device, *_ = (await client.act(f"{DOMAIN}.list_backups"))["devices"]
    backup = device["backups"][0]["backup_id"]
    await client.act(f"{DOMAIN}.protect_backup", {"device_id": device["device_id"], "backup_id": backup})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def updated(work: Path) -> AsyncIterator[Updated]:
    """Use the earlier version, end it, put the present one in its place and start again."""
    earlier = await asyncio.to_thread(unpack, earlier_version(), work / "earlier")
    folder, port = work / "updated", free_port()
    integration = earlier / INTEGRATION.relative_to(ROOT)
    prepare_folder(folder, port, integrations=[integration])
    old = await asyncio.to_thread(runtime_of, earlier)
    async with simulated_controllers() as all_controllers:
        controllers = all_controllers[:2]
        async with running(folder, port, old) as process, logged_in(process.url, fresh=True) as client:
            await live_a_little(client, controllers)
            before = await seen(client)
        files = read_tree(folder / STORE)
        present = folder / "custom_components" / DOMAIN
        shutil.rmtree(present)
        shutil.copytree(INTEGRATION, present, ignore=shutil.ignore_patterns("__pycache__"))
        async with running(folder, port, PREPARED) as process, logged_in(process.url, fresh=False) as client:
            await client.wait_until_running()
            yield Updated(before, await seen(client), files, client, process, controllers)


async def test_every_device_and_every_entity_is_there(updated: Updated) -> None:
    assert updated.after["entries"] == updated.before["entries"]
    assert {state for _, state in updated.after["entries"].values()} == {"loaded"}
    assert updated.before["entities"].items() <= updated.after["entities"].items()


async def test_every_backup_is_there(updated: Updated) -> None:
    before, after = updated.before["backups"], updated.after["backups"]
    assert [device["device_key"] for device in after["devices"]] == [one["device_key"] for one in before["devices"]]
    for now, then in zip(after["devices"], before["devices"], strict=True):
        assert [backup["backup_id"] for backup in now["backups"]] == [backup["backup_id"] for backup in then["backups"]]
        assert [backup["protected"] for backup in now["backups"]] == [one["protected"] for one in then["backups"]]
    present = read_tree(updated.process.folder / STORE)
    kept = {name: content for name, content in updated.files.items() if "/backup_" in name and name[-5:] != ".json"}
    assert kept
    assert {name: present[name] for name in kept} == kept
    checked = await updated.client.act(f"{DOMAIN}.verify")
    assert (checked["problems"], checked["checked"]) == ([], len(kept))


async def test_backups_go_on_and_can_be_put_back(updated: Updated) -> None:
    (told, *_) = (await updated.client.act(f"{DOMAIN}.list_backups"))["devices"]
    plan = await updated.client.act(f"{DOMAIN}.plan_restore", {"device_id": told["device_id"]})
    assert plan["files"]
    done = await updated.client.act(f"{DOMAIN}.back_up", {"device_id": told["device_id"]})
    assert [result["outcome"] for result in done["devices"]] == ["unchanged"]


async def test_nothing_is_complained_about(updated: Updated) -> None:
    repairs = await updated.client.command("repairs/list_issues")
    assert [one for one in repairs["issues"] if one["domain"] == DOMAIN] == []
    log = updated.process.log.read_text()
    ours = [line for line in log.splitlines() if " ERROR " in line and "ha_device_backup" in line]
    assert ours == []
