"""The main job: backups of devices inside backups of Home Assistant, and out of them again."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import securetar

from scripts.live.archive import find_archive, read_store
from scripts.live.comparison import ArchiveComparison, compare
from scripts.live.stored import StoredBackup
from scripts.live.waiting import until

from .home import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMMAND = Path(sys.executable).with_name("ha-device-backup")
PASSWORD = "correct horse battery staple"


async def test_newest_backups_are_inside_a_home_assistant_backup(home: Home) -> None:
    archive = find_archive(home.folder, await home.client.make_backup("plain"))

    archived = read_store(archive)
    backups = home.newest()

    assert {backup.title for backup in backups} >= {controller.name for controller in home.controllers}
    assert compare(backups, archived) == [ArchiveComparison(backup=b, archived_sha256=b.sha256) for b in backups]


async def test_manifest_inside_tells_what_the_backup_carries(home: Home) -> None:
    archive = find_archive(home.folder, await home.client.make_backup("manifest"))

    manifest = json.loads(read_store(archive)["snapshot.json"])

    told = json.dumps(manifest)
    for backup in home.newest():
        assert backup.sha256 in told


async def carried_by(home: Home) -> dict[str, list[str]]:
    """Return, per device, which backups of Home Assistant carry its newest backup, as the product tells."""
    answer = await home.client.act("ha_device_backups.list_backups")
    return {device["title"]: device["backups"][0]["home_assistant_backups"] for device in answer["devices"]}


async def test_product_tells_which_home_assistant_backup_carries_what(home: Home) -> None:
    backup_id = await home.client.make_backup("recorded")

    carried = await until(
        lambda: carried_by(home), lambda told: all(backup_id in ids for ids in told.values()), seconds=60
    )

    assert set(carried) == {backup.title for backup in home.newest()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A backup of Home Assistant that was made with a password, and what was in the store at that time."""

    path: Path
    backups: Sequence[StoredBackup]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def protected(home: Home) -> Archived:
    """Let Home Assistant make a backup with a password."""
    path = find_archive(home.folder, await home.client.make_backup("protected", password=PASSWORD))
    return Archived(path=path, backups=home.newest())


async def test_newest_backups_are_inside_an_encrypted_backup(protected: Archived) -> None:
    archived = read_store(protected.path, password=PASSWORD)

    expected = [ArchiveComparison(backup=backup, archived_sha256=backup.sha256) for backup in protected.backups]
    assert compare(protected.backups, archived) == expected
    with pytest.raises((securetar.SecureTarError, OSError, EOFError)):
        read_store(protected.path, password="wrong")


async def test_wiped_controller_is_restored_from_the_command_line(home: Home) -> None:
    controller = home.controllers[0]
    original = controller.files()
    backup = next(backup for backup in home.newest() if backup.unique_id == controller.mac)

    controller.wipe()
    assert controller.files() != original
    process = await asyncio.create_subprocess_exec(
        *(str(COMMAND), "restore", str(home.store / backup.path)),
        *(part for key, value in controller.settings.items() for part in ("--set", f"{key}={value}")),
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 180)

    assert process.returncode == 0, errors.decode() + output.decode()
    assert controller.files() == original
