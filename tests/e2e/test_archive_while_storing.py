"""Home Assistant makes its backups while stores and prunes happen all the time."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.live.archive import find_archive, read_store
from scripts.live.client import logged_in
from scripts.live.controllers import simulated_controllers
from scripts.live.stored import META, newest_backups, read_tree

from .home import Home, fresh_home

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONTROLLERS = 8
SMALL_FILES = 4000
STORED = 60
KEPT = 2
GONE = "00deadbeef00"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def busy(work: Path) -> AsyncIterator[Home]:
    """Start a Home Assistant whose store has many small files, and whose devices keep two backups each."""
    options = {"newest": KEPT, "monthly": 0}
    async with (
        simulated_controllers(CONTROLLERS) as controllers,
        fresh_home(work / "busy", controllers, options=options) as home,
    ):
        crowd(home.store)
        yield home


def crowd(store: Path) -> None:
    """Add the long history of a device that is gone, so that archiving takes its time."""
    folder = store / f"wled-{GONE}"
    folder.mkdir(mode=0o700)
    pattern = next(path for path in store.glob(f"wled-*/backup_*{META}"))
    document = json.loads(pattern.read_text())
    content = pattern.with_name(pattern.name.removesuffix(META)).read_bytes()
    extension = Path(pattern.name.removesuffix(META)).suffix
    device = json.loads((pattern.parent / "device.json").read_text()) | {
        "unique_id": GONE,
        "title": "Gone",
        "confirmed": {},
    }
    (folder / "device.json").write_text(json.dumps(device))
    for number in range(SMALL_FILES // 2):
        minute, second = divmod(number, 60)
        backup_id = f"2024-01-01_00-{minute:02}-{second:02}"
        name = f"backup_{backup_id}{extension}"
        (folder / name).write_bytes(content)
        (folder / f"{name}{META}").write_text(json.dumps(document | {"id": backup_id, "previous": None}))


async def store_all_the_time(home: Home, outcomes: list[str]) -> None:
    """Change every controller and back all of them up, again and again, until enough was stored."""
    async with logged_in(home.process.url, fresh=False) as client:
        while outcomes.count("stored") < STORED:
            for controller in home.controllers:
                controller.change()
            response = await client.act("ha_device_backups.back_up", {"all": True})
            outcomes += [device["outcome"] for device in response["devices"]]


def assert_consistent(archived: Mapping[str, bytes]) -> None:
    """Every meta has its artifact, byte for byte, and every artifact its meta."""
    metas = {name: json.loads(content) for name, content in archived.items() if name.endswith(META)}
    artifacts = {name for name in archived if Path(name).name.startswith("backup_") and not name.endswith(META)}
    assert {name.removesuffix(META) for name in metas} == artifacts
    digests = {name: hashlib.sha256(archived[name.removesuffix(META)]).hexdigest() for name in metas}
    assert digests == {name: meta["artifact"]["sha256"] for name, meta in metas.items()}


def told(archived: Mapping[str, bytes]) -> dict[str, str]:
    """Return path and digest of the newest backups, as the manifest inside an archive tells them."""
    devices = json.loads(archived["snapshot.json"])["devices"]
    return {device["newest"]["path"]: device["newest"]["sha256"] for device in devices}


async def test_no_backup_of_home_assistant_fails(busy: Home) -> None:
    outcomes: list[str] = []
    archives: list[Path] = []
    async with asyncio.TaskGroup() as tasks:
        storing = tasks.create_task(store_all_the_time(busy, outcomes))
        while not storing.done():
            backup_id = await busy.client.make_backup(f"while storing {len(archives)}")
            archives.append(find_archive(busy.folder, backup_id))

    assert set(outcomes) == {"stored"}
    assert len(archives) > 2
    assert len(list(busy.store.glob(f"*/backup_*{META}"))) <= SMALL_FILES // 2 + KEPT * CONTROLLERS
    for archive in archives:
        archived = read_store(archive)
        assert_consistent(archived)
        newest = {backup.path: backup.sha256 for backup in newest_backups(archived) if backup.unique_id != GONE}
        assert len(newest) == CONTROLLERS
        assert told(archived) == newest


async def test_stores_go_on_after_the_last_one(busy: Home) -> None:
    busy.controllers[0].change()

    response = await busy.client.act("ha_device_backups.back_up", {"all": True})

    assert {result["outcome"] for result in response["devices"]} <= {"stored", "unchanged"}
    report = await busy.client.act("ha_device_backups.verify")
    assert [problem for problem in report["problems"] if GONE not in json.dumps(problem)] == []
    assert len(read_tree(busy.store)) > SMALL_FILES
