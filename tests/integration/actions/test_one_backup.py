"""What is done to one stored backup: deleting, protecting, copying it."""

import hashlib
import json
from pathlib import Path

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change
from .calls import Response, act


async def test_a_protected_backup_is_not_deleted(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, backup_id: str
) -> None:
    await manager.stored.protect(KEY, backup_id)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id, even_if_needed=True)
    assert str(raised.value).startswith("This backup is protected, so it was not deleted.")
    await manager.stored.protect(KEY, backup_id, protected=False)
    assert await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id, even_if_needed=True) == {
        "device_key": str(KEY),
        "backup_id": backup_id,
    }
    assert manager.status(KEY).count == 0


async def test_what_a_restore_needs_is_deleted_only_on_purpose(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id)
    assert str(raised.value) == (
        "This backup was not deleted, because a restore would need it. It is the only backup of this device: "
        "without it, there is nothing to put back. If you mean it, delete it even if a restore needs it"
    )
    change(wled)
    await act(hass, "back_up", device_id=device_id)
    await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id)
    assert manager.status(KEY).count == 1


async def test_the_state_before_a_restore_is_listed_as_that(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    wled.device.wipe()
    await act(hass, "back_up", device_id=device_id)
    (reset, _) = (await act(hass, "list_backups"))["devices"][0]["backups"]
    assert (reset["recommended"], reset["suspect"]) == (False, "The device holds its factory settings.")
    await act(hass, "restore", device_id=device_id)
    listed = (await act(hass, "list_backups"))["devices"][0]["backups"]
    assert [(one["recommended"], one["suspect"], one["undoes_restore_of"] is None) for one in listed] == [
        (True, None, True),
        (False, None, False),
        (False, None, True),
    ]
    assert [one["backup_id"] for one in listed][1:] == [reset["backup_id"], backup_id]


async def test_a_device_has_to_be_named(hass: HomeAssistant, device_id: str, backup_id: str) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "delete_backup", backup_id=backup_id)
    assert raised.value.translation_key == "device_or_key"


async def test_export_copies_a_backup_with_its_meta_file(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, backup_id: str, tmp_path: Path
) -> None:
    newest = manager.status(KEY).newest
    assert newest is not None
    usual = Path((await act(hass, "export_backup", device_id=device_id))["path"])
    assert usual.parent == Path(hass.config.path("ha_device_backups_export"))

    folder = tmp_path / "share"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    chosen = Path((await act(hass, "export_backup", device_id=device_id, folder=str(folder / "new")))["path"])
    assert chosen.parent == folder / "new"
    for copy in (usual, chosen):
        assert hashlib.sha256(copy.read_bytes()).hexdigest() == newest.artifact.sha256
        assert json.loads(copy.with_name(f"{copy.name}.meta.json").read_bytes())["id"] == backup_id


@pytest.mark.parametrize(
    "folder", ["www", "www/deep", "media", ".storage/ha_device_backups", "", "/elsewhere", "relative"]
)
async def test_export_refuses_folders_that_others_can_see(
    hass: HomeAssistant, device_id: str, folder: str, tmp_path: Path
) -> None:
    config = hass.config.path()
    hass.config.allowlist_external_dirs = {config}
    hass.config.media_dirs = {"local": hass.config.path("media")}
    target = folder if folder.startswith(("/", "rel")) else hass.config.path(folder)
    if folder == "":
        hass.config.allowlist_external_dirs = set()
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "export_backup", device_id=device_id, folder=target)
    assert raised.value.translation_key == "folder_not_allowed"
    assert await act(hass, "export_backup", device_id=device_id, folder=hass.config.path("ha_device_backups_export"))


async def test_export_tells_when_the_copy_cannot_be_made(hass: HomeAssistant, device_id: str, tmp_path: Path) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export_backup", device_id=device_id, folder=str(tmp_path / "file"))
    assert raised.value.translation_key == "store"


async def test_protect_and_unprotect_backup(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    async def on_it(action: str) -> Response:
        return await act(hass, action, device_id=device_id, backup_id=backup_id)

    answer = {"device_key": str(KEY), "backup_id": backup_id}
    assert await on_it("protect_backup") == {**answer, "protected": True}
    with pytest.raises(HomeAssistantError):
        await on_it("delete_backup")
    assert await on_it("unprotect_backup") == {**answer, "protected": False}
    change(wled)
    await act(hass, "back_up", device_id=device_id)
    assert await on_it("delete_backup") == answer


async def test_an_empty_backup_is_refused_not_the_newest(hass: HomeAssistant, device_id: str, backup_id: str) -> None:
    for action in ("restore", "plan_restore", "export_backup", "delete_backup", "protect_backup", "accept_backup"):
        for empty in ("", " ", "backup_"):
            with pytest.raises(vol.Invalid):
                await act(hass, action, device_id=device_id, backup_id=empty)
    assert (await act(hass, "plan_restore", device_id=device_id, backup_id=backup_id))["backup_id"] == backup_id
