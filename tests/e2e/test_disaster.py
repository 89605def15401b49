"""The worst day: every device and Home Assistant itself are wiped, and all that is left is one backup of it."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from scripts.live.archive import STORE, find_archive
from scripts.live.client import BACKUP_SECONDS, HomeAssistantClient, logged_in
from scripts.live.flows import add_device
from scripts.live.folder import prepare_new_folder
from scripts.live.process import HomeAssistantProcess, running
from scripts.live.stored import META, StoredBackup, wait_for_backups
from scripts.live.waiting import until

from .all_kinds import Gear, devices_of_all_kinds
from .browser import browser_page, keep, open_path
from .forked import PREPARED
from .home import Home, fresh_home
from .pages import Words
from .views import open_view

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMMAND = Path(sys.executable).with_name("ha-device-backup")
PASSWORD = "6CPC-HKNH-2WBU-XAG2-YUJW-OXNT-Z2FX"
"""As Home Assistant makes it up for its automatic backups."""
SECONDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaster:
    """What is left, and what there was."""

    snapshot: Path
    """The file of Home Assistant's backup."""
    port: int
    devices: Sequence[Gear]
    backups: Mapping[str, StoredBackup]
    """By the title of the device."""
    held: Mapping[str, object]
    fingerprints: Mapping[str, str]
    listed: Sequence[tuple[str, str, str]]

    def strike(self) -> None:
        """Wipe every device."""
        for device in self.devices:
            device.wipe()
            assert device.held() != self.held[device.title]

    def assert_undone(self) -> None:
        """Every device holds what it held before."""
        assert {device.title: device.held() for device in self.devices} == self.held


async def listed(client: HomeAssistantClient) -> list[tuple[str, str, str]]:
    """Return device, id and digest of every backup that the product lists."""
    answer = await client.act("ha_device_backups.list_backups")
    return [
        (device["device_key"], backup["backup_id"], backup["sha256"])
        for device in answer["devices"]
        for backup in device["backups"]
    ]


def fingerprints(home: Home) -> dict[str, str]:
    """Return what the newest backup of each device means to its kind."""
    return {
        backup.title: json.loads((home.store / f"{backup.path}{META}").read_bytes())["fingerprint"]
        for backup in home.newest()
    }


async def make_automatic_backup(client: HomeAssistantClient) -> str:
    """Let Home Assistant make the backup that it makes every night, and return its id."""
    chosen = {"agent_ids": ["backup.local"], "include_database": True, "password": PASSWORD}
    await client.command("backup/config/update", create_backup=chosen)
    job = await client.command("backup/generate_with_automatic_settings")
    info = await until(
        lambda: client.command("backup/info"), lambda told: told["state"] == "idle", seconds=BACKUP_SECONDS
    )
    made = str(job["backup_job_id"])
    assert made in {backup["backup_id"] for backup in info["backups"]}, info["last_action_event"]
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def disaster(work: Path) -> AsyncIterator[Disaster]:
    """Let a Home Assistant back up six devices and then itself, and lose it with all its files."""
    async with devices_of_all_kinds() as devices:
        async with fresh_home(work / "before", []) as home:
            for device in devices:
                await add_device(home.client, device.answers, choice=device.kind, certificate=device.certificate)
            await wait_for_backups(home.folder / STORE, len(devices))
            archive = find_archive(home.folder, await make_automatic_backup(home.client))
            snapshot = archive.rename(work / archive.name)
            known, meaning = await listed(home.client), fingerprints(home)
            backups = {backup.title: backup for backup in home.newest()}
            port = int(home.client.url.rpartition(":")[2])
        shutil.rmtree(work / "before")
        yield Disaster(
            snapshot=snapshot,
            port=port,
            devices=devices,
            backups=backups,
            held={device.title: device.held() for device in devices},
            fingerprints=meaning,
            listed=known,
        )


async def command(*arguments: str | Path) -> dict[str, Any]:
    """Run the command line and return what it prints for programs."""
    process = await asyncio.create_subprocess_exec(
        *map(str, (COMMAND, *arguments, "--json")), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0, errors.decode() + output.decode()
    document: dict[str, Any] = json.loads(output)
    return document


async def test_devices_are_given_back_by_the_command_line_alone(disaster: Disaster, tmp_path: Path) -> None:
    disaster.strike()
    (tmp_path / "password").write_text(PASSWORD)
    store = tmp_path / "store"

    await command("extract", disaster.snapshot, "--to", store, "--password", f"@{tmp_path / 'password'}")
    paths = {device.title: store / disaster.backups[device.title].path for device in disaster.devices}
    by_product = [device for device in disaster.devices if device.upload is None]
    await asyncio.gather(*(command("restore", paths[device.title], *device.settings) for device in by_product))
    for device in disaster.devices:
        if device.upload is not None:
            device.upload(paths[device.title].read_bytes())

    disaster.assert_undone()
    for device in disaster.devices:
        if device.upload is not None:
            found = await command("diff", paths[device.title], "--now", *device.settings)
            assert (device.title, found["counts"]) == (device.title, False)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def restored(disaster: Disaster, work: Path) -> AsyncIterator[Home]:
    """Install Home Assistant anew, have it restore the backup as its first page offers, and start it."""
    folder = work / "after"
    prepare_new_folder(folder, disaster.port)
    async with running(folder, disaster.port, PREPARED) as process:
        await restore_home_assistant(process, disaster.snapshot)
    await HomeAssistantProcess(folder, disaster.port, PREPARED).restore()
    async with running(folder, disaster.port, PREPARED) as process, logged_in(process.url, fresh=False) as client:
        yield Home(process=process, client=client)


async def restore_home_assistant(process: HomeAssistantProcess, snapshot: Path) -> None:
    """Hand the backup in on the page that a new Home Assistant shows first, and wait until it restarts for it."""
    place = f"{process.url}/api/onboarding/backup"
    async with aiohttp.ClientSession() as session:
        await until(lambda: takes_backups(session, place), bool, seconds=SECONDS)
        with snapshot.open("rb") as file:
            async with session.post(f"{place}/upload?agent_id=backup.local", data={"file": file}) as uploaded:
                assert uploaded.ok, await uploaded.text()
        async with session.get(f"{place}/info") as answer:
            (backup,) = (await answer.json())["backups"]
        wanted = {"backup_id": backup["backup_id"], "agent_id": "backup.local", "password": PASSWORD}
        async with session.post(f"{place}/restore", json=wanted) as accepted:
            assert accepted.ok, await accepted.text()
    await process.wait_for_restart()


async def takes_backups(session: aiohttp.ClientSession, place: str) -> bool:
    """Return whether Home Assistant has started so far that its first page offers to restore a backup."""
    async with session.get(f"{place}/info") as answer:
        return answer.ok and (await answer.json())["state"] == "idle"


async def test_restored_home_assistant_lists_the_backups(disaster: Disaster, restored: Home) -> None:
    kept = [backup for backup in await listed(restored.client) if backup in disaster.listed]
    assert kept == disaster.listed


async def test_restored_store_is_whole_and_private(restored: Home) -> None:
    report = await restored.client.act("ha_device_backups.verify")

    assert report["problems"] == []
    assert {path.stat().st_mode & 0o777 for path in restored.store.rglob("*") if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in restored.store.rglob("*") if path.is_file()} == {0o600}


async def test_devices_are_given_back_from_the_page(disaster: Disaster, restored: Home) -> None:
    disaster.strike()
    await restored.client.act("ha_device_backups.back_up", {"all": True})
    words = Words("en")
    async with browser_page(restored.client) as page:
        for device in disaster.devices:
            await give_back(restored, page, words, device)
        await open_view(restored, page, {"name": "overview"})
        await keep(page, "disaster-given-back")

    disaster.assert_undone()
    await restored.client.act("ha_device_backups.back_up", {"all": True})
    assert fingerprints(restored) == disaster.fingerprints


async def test_devices_are_given_back_in_another_home_assistant(disaster: Disaster, work: Path) -> None:
    """Which was set up anew, without restoring anything: only the file of the backup is handed in on the page."""
    disaster.strike()
    words = Words("en")
    async with fresh_home(work / "anew", []) as home, browser_page(home.client) as page:
        await add_device(home.client, {}, choice="page")
        await take_out(home, page, words, disaster)
        assert set(disaster.listed) <= set(await listed(home.client))
        for device in disaster.devices:
            await add_device(home.client, device.answers, choice=device.kind, certificate=device.certificate)
        await home.client.act("ha_device_backups.back_up", {"all": True})
        for device in disaster.devices:
            await give_back(home, page, words, device)

        disaster.assert_undone()
        await home.client.act("ha_device_backups.back_up", {"all": True})
        assert fingerprints(home) == disaster.fingerprints


async def take_out(home: Home, page: Page, words: Words, disaster: Disaster) -> None:
    """Hand the file in, and keep all that it holds of each device."""
    await open_path(page, home.client, "/device-backups")
    ways = page.locator("device-backups-panel")
    await ways.get_by_role("link", name=words("config_panel.way.snapshots"), exact=True).click()
    await ways.locator("input[type=file]").set_input_files(disaster.snapshot)
    await ways.locator("input[type=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    for device in disaster.devices:
        take_all = words("config_panel.snapshots.take_all_of").format(name=device.title)
        await button(page, take_all).click()
        await button(page, take_all).wait_for(state="detached")
    await keep(page, "disaster-taken-out")
    await button(page, words("config_panel.snapshots.close")).click()


async def give_back(home: Home, page: Page, words: Words, device: Gear) -> None:
    """Put the recommended backup on a device, or take its file where only a person can put it back."""
    await choose(home, page, words, device)
    if device.upload is None:
        await button(page, words("config_panel.restore.start")).click()
        await see(page, words("config_panel.end.proven"))
        return
    async with page.expect_download() as downloading:
        await button(page, words("config_panel.device.download")).click()
    device.upload(Path(await (await downloading.value).path()).read_bytes())


def button(page: Page, name: str) -> Locator:
    return page.locator("device-backups-panel").get_by_role("button", name=name, exact=True)


async def see(page: Page, text: str) -> None:
    await page.locator("device-backups-panel").get_by_text(text).first.wait_for(timeout=SECONDS * 1000)


async def choose(home: Home, page: Page, words: Words, device: Gear) -> None:
    """Choose Restore in the row of a device."""
    await open_view(home, page, {"name": "overview"})
    await button(page, words("config_panel.overview.restore_device").format(name=device.title)).click()


@pytest.fixture
def slow(disaster: Disaster) -> Iterator[Gear]:
    """Wipe a device, and have it take its time for each answer."""
    device = disaster.devices[0]
    device.wipe()
    assert device.server is not None
    device.server.faults.delay = 0.3
    yield device
    device.server.faults.delay = 0.0


async def is_written(device: Gear, since: int) -> bool:
    """Return whether something was sent to a device after so many requests."""
    assert device.server is not None
    return any(method == "POST" for method, _ in device.server.requests[since:])


async def test_one_restore_is_begun_by_two_and_lost_by_one(disaster: Disaster, restored: Home, slow: Gear) -> None:
    words, server = Words("en"), slow.server
    assert server is not None
    async with browser_page(restored.client) as first:
        second = await first.context.new_page()
        for page in (first, second):
            await choose(restored, page, words, slow)
            await button(page, words("config_panel.restore.start")).wait_for()
        restarts = server.restarts
        await button(first, words("config_panel.restore.start")).dblclick()
        await see(second, words("config_panel.restore.running"))
        await first.close()
        third = await second.context.new_page()
        await open_path(third, restored.client, urlsplit(second.url).path)
        await see(third, words("config_panel.restore.running"))
        server.faults.delay = 0.0
        for page in (second, third):
            await see(page, words("config_panel.end.proven"))
    assert server.restarts == restarts + 1
    assert slow.held() == disaster.held[slow.title]


async def test_a_restore_is_continued_after_home_assistant_was_killed(
    disaster: Disaster, restored: Home, slow: Gear
) -> None:
    words, server = Words("en"), slow.server
    assert server is not None
    async with browser_page(restored.client) as page:
        await choose(restored, page, words, slow)
        await button(page, words("config_panel.restore.start")).click()
        since = len(server.requests)
        await until(lambda: is_written(slow, since), bool, seconds=SECONDS)
        await restored.process.kill()
    server.faults.delay = 0.0
    await restored.process.start()
    async with logged_in(restored.process.url, fresh=False) as client, browser_page(client) as page:
        await open_path(page, client, "/device-backups")
        await page.locator("device-backups-panel").get_by_text(slow.title).first.click()
        await see(page, words("config_panel.device.unfinished_heading"))
        await keep(page, "disaster-unfinished")
        await button(page, words("config_panel.device.continue")).click()
        await button(page, words("config_panel.restore.start")).click()
        await see(page, words("config_panel.end.proven"))
        await open_path(page, client, "/device-backups")
        await see(page, words("config_panel.overview.heading"))
    assert slow.held() == disaster.held[slow.title]
