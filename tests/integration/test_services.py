"""The actions."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, change, make_snapshot, settle, store

type Response = dict[str, Any]

WLED = "ha-device-backup-wled"


async def act(hass: HomeAssistant, action: str, *, response: bool = True, **data: object) -> Response:
    """Call an action as an administrator's automation does."""
    answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=response)
    await settle(hass)
    return dict(answer or {})


@pytest.fixture
def device_id(hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry) -> str:
    """Return the id of the controller in Home Assistant."""
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, str(KEY)), set_up.entry_id)
    assert device is not None
    return device.id


@pytest.fixture
def backup_id(manager: DeviceBackupManager) -> str:
    """Return the id of its first backup."""
    newest = manager.status(KEY).newest
    assert newest is not None
    return newest.id


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)


# back_up


async def test_back_up_answers_how_it_went(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    unchanged = {
        "device_id": device_id,
        "device_key": str(KEY),
        "title": "Shelf",
        "outcome": "unchanged",
        "backup_id": backup_id,
        "whole": True,
        "missing": [],
        "doubts": [],
        "suspect": None,
        "error": None,
        "retry_at": None,
    }
    assert await act(hass, "back_up", device_id=[device_id]) == {"devices": [unchanged]}

    await wled.stop()
    failed = (await act(hass, "back_up", all=True))["devices"][0]
    assert failed["error"]["code"] == "cannot_connect"
    assert {**failed, "error": None} == {**unchanged, "outcome": "failed", "backup_id": None, "whole": None}

    await wled.start()
    change(wled)
    stored = await act(hass, "back_up", device_id=device_id)
    newest = manager.status(KEY).newest
    assert newest is not None
    assert stored == {"devices": [{**unchanged, "outcome": "stored", "backup_id": newest.id}]}


async def test_back_up_without_an_answer_raises(hass: HomeAssistant, device_id: str, wled: SimulatedWled) -> None:
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "back_up", response=False, all=True)
    assert raised.value.translation_key == "backups_failed"
    await wled.start()
    assert await act(hass, "back_up", response=False, all=True) == {}


@pytest.mark.parametrize("data", [{}, {"all": False}, {"device_id": []}])
async def test_back_up_does_not_mean_all_by_silence(hass: HomeAssistant, device_id: str, data: Response) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", **data)
    assert raised.value.translation_key == "back_up_what"
    assert (await act(hass, "back_up", all=True))["devices"][0]["device_id"] == device_id


@pytest.mark.parametrize("device", ["nonsense", "the service"])
async def test_other_devices_are_refused(hass: HomeAssistant, device_id: str, device: str) -> None:
    if device == "the service":
        entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, "service")
        assert entry is not None
        device = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[0].id
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", device_id=[device])
    assert raised.value.translation_key == "unknown_device"
    assert (await act(hass, "back_up", device_id=[device_id]))["devices"][0]["outcome"] == "unchanged"


async def test_a_device_that_is_not_set_up_cannot_be_backed_up(
    hass: HomeAssistant, device_id: str, set_up: MockConfigEntry
) -> None:
    assert await hass.config_entries.async_unload(set_up.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", device_id=[device_id])
    assert raised.value.translation_key == "device_not_set_up"
    assert await hass.config_entries.async_setup(set_up.entry_id)
    assert (await act(hass, "back_up", device_id=[device_id]))["devices"][0]["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("back_up", {}),
        ("list_backups", {}),
        ("verify", {}),
        ("restore", {"device_id": "x"}),
        ("delete_backup", {"device_id": "x", "backup_id": "y"}),
        ("export_backup", {"device_id": "x"}),
        ("update_with_backup", {"entity_id": "update.x"}),
    ],
)
async def test_actions_are_for_administrators(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_read_only_user: MockUser, action: str, data: Response
) -> None:
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=Context(user_id=hass_read_only_user.id)
        )


# list_backups


async def test_list_backups(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    device_id: str,
    manager: DeviceBackupManager,
    backup_id: str,
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    backup = manager.status(KEY).newest
    assert backup is not None
    assert backup.confirmed is not None
    assert await act(hass, "list_backups") == {
        "devices": [
            {
                "device_id": device_id,
                "device_key": str(KEY),
                "title": "Shelf",
                "without_device": False,
                "backups": [
                    {
                        "backup_id": backup_id,
                        "taken_at": backup.taken_at.isoformat(),
                        "confirmed": backup.confirmed.isoformat(),
                        "path": backup.path,
                        "size": backup.artifact.size,
                        "sha256": backup.artifact.sha256,
                        "whole": True,
                        "missing": [],
                        "doubts": [],
                        "remarks": [],
                        "suspect": None,
                        "trigger": "first",
                        "protected": False,
                        "last_before": None,
                        "recommended": True,
                        "undoes_restore_of": None,
                        "device_version": "0.15.5",
                        "handler": {
                            "distribution": "ha-device-backup-wled",
                            "version": version("ha-device-backup-wled"),
                        },
                        "home_assistant_backups": [made],
                    }
                ],
            }
        ]
    }


async def test_what_is_missing_is_told_in_the_language_of_the_person(
    hass: HomeAssistant, locked_wled: SimulatedWled
) -> None:
    hass.config.language = "de"
    await add(hass, locked_wled)
    backup = (await act(hass, "list_backups"))["devices"][0]["backups"][0]
    assert backup["whole"] is False
    assert [note["code"] for note in backup["missing"]] == ["file_list_unavailable"]
    assert "PIN" in backup["missing"][0]["text"]


async def test_a_removed_device_is_listed_exported_and_deleted(
    hass: HomeAssistant, device_id: str, set_up: MockConfigEntry, manager: DeviceBackupManager, backup_id: str
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5", name="Desk") as desk:
        await add(hass, desk)
        await remove(hass, set_up)
        listed = (await act(hass, "list_backups"))["devices"]
        assert [
            (item["title"], item["device_key"], item["without_device"], item["device_id"] is None) for item in listed
        ] == [
            ("Desk", "wled:c0b1c2d3e4f5", False, False),
            ("Shelf", str(KEY), True, True),
        ]
        only = (await act(hass, "list_backups", device_key=str(KEY)))["devices"]
        assert only == [listed[1]]

        exported = await act(hass, "export_backup", device_key=str(KEY))
        assert exported["backup_id"] == backup_id
        assert Path(exported["path"]).is_file()

        await act(hass, "delete_backup", device_key=str(KEY), backup_id=backup_id, even_if_needed=True)
        assert [item["title"] for item in (await act(hass, "list_backups"))["devices"] if item["backups"]] == ["Desk"]


async def test_backups_of_removed_devices_are_taken_up_again(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    await remove(hass, set_up)
    await add(hass, wled)
    listed = (await act(hass, "list_backups"))["devices"]
    assert [(item["without_device"], [backup["backup_id"] for backup in item["backups"]]) for item in listed] == [
        (False, [backup_id])
    ]


async def test_an_unknown_key_is_refused(hass: HomeAssistant, device_id: str) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "list_backups", device_key="wled:nobody")
    assert raised.value.translation_key == "unknown_device_key"


# verify


async def test_verify_finds_damage_and_takes_it_back(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, issue_registry: ir.IssueRegistry
) -> None:
    assert await act(hass, "verify") == {"checked": 1, "problems": []}

    newest = manager.status(KEY).newest
    assert newest is not None
    path = store(hass) / newest.path
    good = path.read_bytes()
    path.write_bytes(good + b"more")
    found = await act(hass, "verify", device_id=device_id)
    assert [(problem["path"], problem["kind"]) for problem in found["problems"]] == [(newest.path, "artifact_changed")]
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "verify", response=False)
    assert raised.value.translation_key == "verify_found_damage"

    path.write_bytes(good)
    assert await act(hass, "verify", device_id=device_id) == {"checked": 1, "problems": []}
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    assert await act(hass, "verify", response=False) == {}
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is None


# restore


async def test_restore_puts_a_backup_back_after_a_safety_backup(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    before = dict(wled.device.user_files)
    change(wled)
    assert dict(wled.device.user_files) != before
    answer = await act(hass, "restore", device_id=device_id, backup_id=f"backup_{backup_id}")
    assert answer["backup_id"] == backup_id
    assert answer["proven"]
    assert {name: wled.device.user_files[name] for name in before if name != "cfg.json"} == {
        name: content for name, content in before.items() if name != "cfg.json"
    }
    after, safety, _ = await manager.stored.list_backups(KEY)
    assert (after.trigger, safety.trigger) == ("after_restore", "before_restore")
    assert (answer["backup_after"], answer["safety_backup_id"]) == (after.id, safety.id)
    changed = await act(hass, "restore", device_id=device_id, backup_id=safety.id)
    assert changed["backup_id"] == safety.id, "undone"


async def test_a_backup_of_a_dead_device_is_put_on_the_one_that_replaces_it(
    hass: HomeAssistant, set_up: MockConfigEntry, wled: SimulatedWled, backup_id: str
) -> None:
    presets = wled.device.user_files["presets.json"]
    await wled.stop()
    await remove(hass, set_up)
    async with SimulatedWled(mac="e0b1c2d3e4f5", name="New") as new:
        new.device.wipe()
        entry = await add(hass, new)
        assert new.device.user_files.get("presets.json") != presets
        device = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[0]
        answer = await act(hass, "restore", device_id=device.id, device_key=str(KEY))
        assert answer["backup_id"] == backup_id
        assert answer["proven"]
        assert new.device.user_files["presets.json"] == presets


async def test_a_plan_changes_nothing(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    change(wled)
    now = dict(wled.device.user_files)
    answer = await act(hass, "plan_restore", device_id=device_id)
    assert answer["backup_id"] == backup_id
    assert {file["name"] for file in answer["files"]} >= {"cfg.json", "presets.json"}
    assert dict(wled.device.user_files) == now
    assert manager.status(KEY).count == 1


async def test_a_restore_stops_when_the_safety_backup_fails(
    hass: HomeAssistant, device_id: str, wled: SimulatedWled, backup_id: str
) -> None:
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "restore", device_id=device_id, backup_id=backup_id)
    assert raised.value.translation_key == "cannot_connect"
    await wled.start()
    assert (await act(hass, "restore", device_id=device_id, backup_id=backup_id))["proven"]


async def test_an_unknown_backup_is_refused(hass: HomeAssistant, device_id: str) -> None:
    for action in ("restore", "export_backup", "delete_backup"):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, device_id=device_id, backup_id="2020-01-01_00-00-00")
        assert raised.value.translation_key == "backup_not_found"


async def test_a_damaged_backup_is_not_restored_and_reported(
    hass: HomeAssistant,
    device_id: str,
    manager: DeviceBackupManager,
    backup_id: str,
    issue_registry: ir.IssueRegistry,
) -> None:
    newest = manager.status(KEY).newest
    assert newest is not None
    path = store(hass) / newest.path
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "restore", device_id=device_id, backup_id=backup_id)
    assert raised.value.translation_key == "store_damaged"
    assert issue_registry.async_get_issue(DOMAIN, "store_damaged") is not None
    path.write_bytes(good)
    assert (await act(hass, "restore", device_id=device_id, backup_id=backup_id))["proven"]


async def test_nothing_is_restored_where_nothing_is_stored(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, backup_id: str, wled: SimulatedWled
) -> None:
    await act(hass, "delete_backup", device_id=device_id, backup_id=backup_id, even_if_needed=True)
    for action in ("restore", "export_backup"):
        with pytest.raises(ServiceValidationError) as raised:
            await act(hass, action, device_id=device_id)
        assert raised.value.translation_key == "backup_not_found"
    await act(hass, "back_up", all=True)
    assert (await act(hass, "restore", device_id=device_id))["proven"]


# delete_backup


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
        "This backup was not deleted, because a restore would need it. It is the only backup of this device. "
        "If you mean it, switch on “Even if a restore needs it”"
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


# export_backup


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


# the store


async def test_a_store_that_cannot_be_opened_is_told(hass: HomeAssistant, wled: SimulatedWled) -> None:
    storage = Path(hass.config.path(".storage"))
    storage.mkdir()
    (storage / DOMAIN).write_text("in the way")
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "list_backups")
    assert raised.value.translation_key == "store"
    (storage / DOMAIN).unlink()
    assert await act(hass, "list_backups") == {"devices": []}


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
