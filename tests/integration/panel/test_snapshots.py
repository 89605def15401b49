"""Home Assistant's own backups on the page: looked into, and single devices taken out."""

import asyncio
import tarfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components.backup.manager import BackupManager as HomeAssistantBackups
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.listeners.identities import async_replace
from custom_components.ha_device_backups.panel.uploads import PATH
from custom_components.ha_device_backups.snapshots import desk, temporary
from custom_components.ha_device_backups.snapshots.desk import KEPT, SnapshotDesk, async_desk
from custom_components.ha_device_backups.snapshots.sources import async_source
from custom_components.ha_device_backups.snapshots.temporary import async_temporary_folder
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.plugins.kind_files import KindFile
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, make_snapshot, settle
from .client import OpenPage, open_page
from .cloud import in_the_cloud

PASSWORD = "canary of the snapshot"
DEVICE = str(KEY)
UPLOAD = f"/api/{DOMAIN}/snapshot"


def left(temporary_files: Path) -> list[str]:
    """Return the files that are still there."""
    return sorted(path.name for path in temporary_files.rglob("*") if path.is_file())


type OpenPages = Callable[[], Awaitable[OpenPage]]


@pytest.fixture
def pages(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> OpenPages:
    """Return what opens another page."""
    return lambda: open_page(hass, hass_ws_client)


async def looked_into(pages: OpenPages, **values: object) -> Any:  # noqa: ANN401 - a state
    """Open a backup, and return what a page shows when it was read."""
    await (await pages()).result("snapshots/open", **values)
    watching = await pages()
    state = await watching.follow("snapshots/subscribe")
    return state if not state["reading"] else await watching.until(lambda state: not state["reading"])


async def test_the_devices_in_a_backup_are_shown_and_taken(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    pages: OpenPages,
    temporary_files: Path,
) -> None:
    (first,) = await manager.stored.list_backups(KEY)
    change(wled)
    await manager.back_up(KEY)
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    await manager.stored.delete_backup(KEY, first.id)
    watching, page = await pages(), await pages()
    (listed,) = (await page.result("snapshots/list"))["snapshots"]
    assert (listed["snapshot_id"], listed["name"], listed["protected"], listed["is_here"], listed["devices"]) == (
        made,
        "Evening",
        False,
        True,
        1,
    )
    assert (await watching.follow("snapshots/subscribe"))["source"] is None
    state = await looked_into(pages, snapshot_id=made)
    assert (state["error"], state["problems"], state["snapshot"]["name"]) == (None, [], "Evening")
    state = await watching.until(lambda state: any(b["stored_id"] for d in state["devices"] for b in d["backups"]))
    (shelf,) = state["devices"]
    assert (shelf["key"], shelf["title"], shelf["is_set_up"], shelf["is_known"]) == (DEVICE, "Shelf", True, True)
    assert shelf["can_restore"]
    newest = manager.status(KEY).newest
    assert newest is not None
    assert [(b["backup_id"], b["recommended"], b["newest"], b["stored_id"]) for b in shelf["backups"]] == [
        (newest.id, True, True, newest.id),
        (first.id, False, False, None),
    ]

    taken = await page.result("snapshots/take", device_key=DEVICE, backup_id=first.id)
    assert taken == {"taken": 1, "present": 0, "backup_id": first.id}
    assert await page.result("snapshots/take", device_key=DEVICE) == {"taken": 0, "present": 2, "backup_id": newest.id}
    await settle(hass)
    assert [backup.id for backup in await manager.stored.list_backups(KEY)] == [newest.id, first.id]
    assert manager.status(KEY).count == 2
    await watching.until(lambda state: all(b["stored_id"] for b in state["devices"][0]["backups"]))

    assert left(temporary_files) != []
    await page.result("snapshots/close")
    assert left(temporary_files) == []
    assert (await page.ask("snapshots/take", device_key=DEVICE))["error"]["code"] == "backup_not_found"


async def test_a_key_is_used_only_where_somebody_said_so(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    pages: OpenPages,
    temporary_files: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = await make_snapshot(home_assistant_backups, PASSWORD)
    watching, page = await pages(), await pages()
    await watching.follow("snapshots/subscribe")
    assert not (await page.result("snapshots/list"))["has_own_key"]
    home_assistant_backups.config.data.create_backup.password = PASSWORD
    listed = await page.result("snapshots/list")
    assert (listed["has_own_key"], listed["snapshots"][0]["protected"]) == (True, True)
    assert PASSWORD not in str(listed)

    for values in ({}, {"password": "wrong"}):
        state = await looked_into(pages, snapshot_id=made, **values)
        assert (state["error"]["wants_password"], state["snapshot"]) == (True, None)
        assert left(temporary_files) == []
    keys: tuple[dict[str, object], ...] = ({"password": PASSWORD}, {"use_own_key": True})
    for key in keys:
        state = await looked_into(pages, snapshot_id=made, **key)
        assert (state["error"], [device["key"] for device in state["devices"]]) == (None, [DEVICE])
        assert PASSWORD not in str(state)
    await page.result("snapshots/close")
    assert [record.name for record in caplog.records if PASSWORD in record.getMessage() and DOMAIN in record.name] == []


async def test_of_two_keys_that_come_together_the_later_counts(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    pages: OpenPages,
    temporary_files: Path,
) -> None:
    made = await make_snapshot(home_assistant_backups, PASSWORD)
    desk, source = async_desk(hass), await async_source(hass, made)
    assert source is not None
    watching, one = await pages(), await pages()
    await watching.follow("snapshots/subscribe")
    now, most = 0, 0
    read = SnapshotDesk._read

    def counting(*values: Any) -> Any:  # noqa: ANN401 - whatever it reads
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            time.sleep(0.2)
            return read(*values)
        finally:
            now -= 1

    with patch.object(SnapshotDesk, "_read", counting):
        for _ in range(2):
            await asyncio.gather(desk.async_open(source, "wrong"), desk.async_open(source, PASSWORD))
            state = await watching.until(lambda state: state["snapshot"])
            assert (state["error"], [device["key"] for device in state["devices"]]) == (None, [DEVICE])
    assert most == 1
    await one.result("snapshots/close")
    assert left(temporary_files) == []


async def test_one_that_is_kept_elsewhere_is_fetched_and_can_be_given_up(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    pages: OpenPages,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    cloud = await in_the_cloud(home_assistant_backups, made)
    watching, page = await pages(), await pages()
    await watching.follow("snapshots/subscribe")
    (listed,) = (await page.result("snapshots/list"))["snapshots"]
    assert (listed["place"], listed["is_here"]) == ("Cloud", False)
    state = await looked_into(pages, snapshot_id=made)
    assert [device["key"] for device in state["devices"]] == [DEVICE]

    cloud.goes_on.clear()
    await page.result("snapshots/open", snapshot_id=made)
    await watching.until(lambda state: state["reading"])
    await page.result("snapshots/close")
    await watching.until(lambda state: state["source"] is None)

    cloud.is_away = True
    answer = await page.result("snapshots/list")
    assert (answer["snapshots"], answer["problems"]) == ([], ["test.cloud: The cloud is gone."])
    state = await looked_into(pages, snapshot_id=made)
    assert "The cloud is gone." in state["error"]["message"]
    cloud.is_away = False
    cloud.goes_on.set()
    assert (await looked_into(pages, snapshot_id=made))["error"] is None
    await page.result("snapshots/close")


async def test_what_is_damaged_is_named_and_the_rest_comes_out(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    pages: OpenPages,
) -> None:
    (first,) = await manager.stored.list_backups(KEY)
    change(wled)
    await manager.back_up(KEY)
    file = Path(hass.config.path(".storage", DOMAIN, first.path))
    content = file.read_bytes()
    file.write_bytes(b"nonsense")
    made = await make_snapshot(home_assistant_backups)
    file.write_bytes(content)
    watching, page = await pages(), await pages()
    await watching.follow("snapshots/subscribe")
    state = await looked_into(pages, snapshot_id=made)
    assert len(state["devices"][0]["backups"]) == 1
    assert len(state["problems"]) == 1
    assert first.path in state["problems"][0]
    await page.result("snapshots/close")


async def test_a_full_disk_is_told_and_nothing_half_is_left(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    pages: OpenPages,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    watching, page = await pages(), await pages()
    await watching.follow("snapshots/subscribe")
    with monkeypatch.context() as full:
        full.setattr(Path, "open", _full(Path.open))
        state = await looked_into(pages, snapshot_id=made)
    assert "The disk is full" in state["error"]["message"]
    assert left(temporary_files) == []
    assert (await looked_into(pages, snapshot_id=made))["error"] is None
    await page.result("snapshots/close")

    client = await hass_client()
    with monkeypatch.context() as full:
        full.setattr(temporary, "RESERVE", 1 << 60)
        response = await client.post(UPLOAD, data=b"x")
    assert response.status == 507
    assert "The disk is full" in (await response.json())["message"]
    assert left(temporary_files) == []


def _full(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return what opens files on a disk on which no new one has room."""

    def opened(path: Path, mode: str = "r", **named: Any) -> Any:  # noqa: ANN401 - as of pathlib
        if "x" in mode:
            raise OSError(28, "No space left on device")
        return real(path, mode, **named)

    return opened


async def test_a_device_that_was_replaced_since_is_told_with_its_successor(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    pages: OpenPages,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    new = await async_replace(hass, manager, set_up, "a0b1c2d3e4ff", None)
    await settle(hass)
    await (await pages()).result("snapshots/open", snapshot_id=made)
    watching = await pages()
    await watching.follow("snapshots/subscribe")
    state = await watching.until(lambda state: state["devices"] and state["devices"][0]["replaced_by"])
    (shelf,) = state["devices"]
    assert (shelf["key"], shelf["is_set_up"], shelf["replaced_by"]) == (
        str(KEY),
        False,
        {"key": str(new), "title": "Shelf"},
    )


async def test_a_file_is_sent_looked_into_and_removed(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    pages: OpenPages,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a Home Assistant that is gone: its device is not set up here, and its history is taken nevertheless."""
    taken: list[tuple[str, list[str]]] = []

    async def take_kind(hass: HomeAssistant, manager: object, kind: str, files: list[KindFile]) -> None:
        taken.append((kind, [file.name for file in files]))

    monkeypatch.setattr(desk, "async_take_kind", take_kind)
    await manager.keep_kind_file("lamp.toml", b"format = 1")
    made = await make_snapshot(home_assistant_backups, PASSWORD)
    content = home_assistant_backups.local_backup_agents["backup.local"].get_backup_path(made).read_bytes()
    (backup,) = await manager.stored.list_backups(KEY)
    await hass.config_entries.async_remove(set_up.entry_id)
    await settle(hass)
    await manager.stored.delete_backup(KEY, backup.id, even_if_needed=True)
    await manager.remove_kind_file("lamp.toml")
    watching, page = await pages(), await pages()
    devices = await pages()
    assert (await devices.follow("devices/subscribe"))["devices"] == []
    await watching.follow("snapshots/subscribe")
    response = await (await hass_client()).post(UPLOAD, headers={PATH: "../../my%20backup.tar"}, data=content)
    assert (response.status, await response.json()) == (200, {"name": "my backup.tar", "size": len(content)})
    state = await watching.until(lambda state: state["error"])
    assert (state["error"]["wants_password"], state["source"]["name"]) == (True, "my backup.tar")
    assert len(left(temporary_files)) == 1

    state = await looked_into(pages, password=PASSWORD)
    (shelf,) = state["devices"]
    assert (shelf["title"], shelf["is_set_up"], shelf["backups"][0]["backup_id"]) == ("Shelf", False, backup.id)
    assert not shelf["can_restore"]
    await page.result("snapshots/take", device_key=DEVICE, backup_id=backup.id)
    assert taken == [("wled", ["lamp.toml"])]
    assert [one.id for one in await manager.stored.list_backups(KEY)] == [backup.id]
    assert (await devices.event())["changed"][0]["state"] == "removed"
    async_fire_time_changed(hass, dt_util.utcnow() + KEPT + timedelta(seconds=1))
    await settle(hass)
    assert (left(temporary_files), async_desk(hass).state.source) == ([], None)


async def test_what_is_no_backup_of_home_assistant_is_told(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    pages: OpenPages,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
) -> None:
    watching = await pages()
    await watching.follow("snapshots/subscribe")
    client = await hass_client()
    empty = BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    for content in (b"", b"nonsense" * 1000, empty.getvalue()):
        assert (await client.post(UPLOAD, data=content)).status == 200
        state = await watching.until(lambda state: state["error"])
        assert not state["error"]["wants_password"]
    page = await pages()
    for values in ({"snapshot_id": "nothing"}, {"snapshot_id": "../x"}):
        assert (await page.ask("snapshots/open", **values))["error"]["code"] == "backup_not_found"
    assert (await page.result("snapshots/list"))["snapshots"] == []
    await page.result("snapshots/close")
    assert left(temporary_files) == []
    assert (await page.ask("snapshots/open"))["error"]["code"] == "backup_not_found"


async def test_only_administrators_send_files(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_client_no_auth: ClientSessionGenerator,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    temporary_files: Path,
) -> None:
    nobody, other = await hass_client_no_auth(), await hass_client(hass_read_only_access_token)
    for path in (UPLOAD, f"/api/{DOMAIN}/import/1"):
        for client in (nobody, other):
            assert (await client.post(path, headers={PATH: "cfg.json"}, data=b"x")).status == 401
    assert left(temporary_files) == []


async def test_what_a_crash_left_is_removed(hass: HomeAssistant, temporary_files: Path) -> None:
    folder = await async_temporary_folder(hass)
    folder.mkdir()
    (folder / "left").write_bytes(b"x")
    hass.data.pop(temporary._FOLDER)
    again = await async_temporary_folder(hass)
    assert (left(temporary_files), again.parent) == ([], folder.parent)
    assert folder.parent.stat().st_mode & 0o777 == 0o700
