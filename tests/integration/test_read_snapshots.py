"""What Home Assistant makes of itself, as it lies there and as it hands it out, is read without it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from homeassistant.components.backup.manager import BackupManager
from homeassistant.components.backup.util import EncryptedBackupStreamer
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ha_device_backup_core.errors import SnapshotPasswordError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.snapshots import Snapshot, found_devices, read_snapshot

from .household import KEY, make_snapshot

PASSWORD = "a password"


async def assert_read(hass: HomeAssistant, manager: DeviceBackupManager, file: Path, password: str | None) -> None:
    """Check that the newest backup of the device is found in it, and no problem."""
    staging = file.with_suffix(".staging")
    staging.mkdir()
    found: Snapshot = await hass.async_add_executor_job(lambda: read_snapshot(file, staging, password=password))
    devices = await hass.async_add_executor_job(list, found_devices(found))
    newest = manager.status(KEY).newest
    assert newest is not None
    assert [
        (device.record and device.record.key, [backup.id for backup in device.backups], device.problems)
        for device in devices
    ] == [(KEY, [newest.id], ())]
    assert (found.problems, found.place) == ((), "homeassistant/data/.storage/ha_device_backups")
    assert found.info.version is not None


@pytest.mark.parametrize("password", [None, PASSWORD])
async def test_as_it_lies_there(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    password: str | None,
    tmp_path: Path,
) -> None:
    made = await make_snapshot(home_assistant_backups, password)
    file = home_assistant_backups.local_backup_agents["backup.local"].get_backup_path(made)
    await assert_read(hass, manager, file, password)
    if password is not None:
        with pytest.raises(SnapshotPasswordError):
            await hass.async_add_executor_job(lambda: read_snapshot(file, tmp_path, password="wrong"))


async def test_as_it_is_decrypted_on_the_way(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
) -> None:
    made = await make_snapshot(home_assistant_backups, PASSWORD)
    client = await hass_client()
    answer = await client.get(f"/api/backup/download/{made}", params={"agent_id": "backup.local", "password": PASSWORD})
    assert answer.status == 200
    file = tmp_path / "download.tar"
    content = await answer.read()
    assert b"SecureTar" not in content
    await hass.async_add_executor_job(file.write_bytes, content)
    await assert_read(hass, manager, file, None)


async def test_as_it_is_encrypted_on_the_way(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager, tmp_path: Path
) -> None:
    made = await make_snapshot(home_assistant_backups, None)
    agent = home_assistant_backups.local_backup_agents["backup.local"]
    plain = await hass.async_add_executor_job(agent.get_backup_path(made).read_bytes)

    async def pieces() -> AsyncIterator[bytes]:
        yield plain

    async def opened() -> AsyncIterator[bytes]:
        return pieces()

    streamer = EncryptedBackupStreamer(hass, await agent.async_get_backup(made), opened, PASSWORD)
    content = b"".join([piece async for piece in await streamer.open_stream()])
    await streamer.wait()
    assert content.endswith(bytes(10240))
    file = tmp_path / "upload.tar"
    await hass.async_add_executor_job(file.write_bytes, content)
    await assert_read(hass, manager, file, PASSWORD)
