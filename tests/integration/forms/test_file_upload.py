"""A backup file that a person hands in from the settings of a device."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups.forms import file_upload
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Trigger
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled.server import SimulatedWled

from ..flow_steps import check, placeholders_of
from ..household import KEY, settle, store
from ..household import add as add_controller
from ..router import add, router_entry, upload


def tar(name: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name))
    return buffer.getvalue()


async def open_form(hass: HomeAssistant, entry: MockConfigEntry, step: str = "import_file") -> ConfigFlowResult:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    check(menu, "options")
    assert menu["type"] is FlowResultType.MENU
    return await answer(hass, menu, {"next_step_id": step})


async def answer(hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any]) -> ConfigFlowResult:
    result = await hass.config_entries.options.async_configure(result["flow_id"], user_input)
    if result["type"] is not FlowResultType.CREATE_ENTRY:
        check(result, "options")
    await settle(hass)
    return result


@pytest.fixture
def copy(hass: HomeAssistant, manager: DeviceBackupManager, tmp_path: Path) -> Path:
    """Return a copy of the newest backup of the controller, as somebody has it on a computer."""
    newest = manager.status(KEY).newest
    assert newest is not None
    path = tmp_path / "my shelf.zip"
    path.write_bytes((store(hass) / newest.path).read_bytes())
    return path


async def test_a_file_is_kept_at_its_time(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    manager: DeviceBackupManager,
    copy: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    form = await open_form(hass, set_up)
    file = {"file": await upload(hass_client, copy), "made_at": "2024-05-01 12:00:00"}
    done = await answer(hass, form, file)
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "file_imported")
    newest, imported = await manager.stored.list_backups(KEY)
    assert placeholders_of(done) == {"name": "Shelf", "backup": imported.id, "but": ""}
    assert imported.trigger is Trigger.IMPORTED
    assert imported.taken_at == dt_util.as_utc(dt_util.parse_datetime("2024-05-01 12:00:00") or dt_util.now())
    assert manager.status(KEY).newest == newest
    state = hass.states.get("sensor.shelf_stored_backups")
    assert state is not None
    assert state.state == "2"


async def test_what_a_file_lacks_is_told(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    tmp_path: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    presets = tmp_path / "presets.json"
    presets.write_bytes(wled.device.user_files["presets.json"])
    done = await answer(hass, await open_form(hass, set_up), {"file": await upload(hass_client, presets)})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "file_imported")
    assert placeholders_of(done)["but"].startswith("The backup is incomplete. It holds only presets, no settings.")


async def test_a_file_that_is_there_already_is_not_kept_twice(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    manager: DeviceBackupManager,
    copy: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    done = await answer(hass, await open_form(hass, set_up), {"file": await upload(hass_client, copy)})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "file_imported_unchanged")
    assert manager.status(KEY).count == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Login</html>", "This file is no backup of this device. Nothing was stored."),
        (b"<html>Login</html>", "wrong.zip is a web page"),
        (b"", "It is empty"),
        (b"PK\x03\x04 cut", "is not a readable zip file"),
        (b"x" * 2000, "The file could not be taken. Nothing was stored. It is larger than"),
        (tar("./backup.json"), "It is a backup of Home Assistant itself."),
        (gzip.compress(tar("data"), mtime=0), "come out by the command ha-device-backup extract."),
    ],
)
async def test_a_wrong_file_is_refused(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    manager: DeviceBackupManager,
    copy: Path,
    hass_client: ClientSessionGenerator,
    content: bytes,
    said: str,
) -> None:
    wrong = copy.with_name("wrong.zip")
    wrong.write_bytes(content)
    form = await open_form(hass, set_up)
    with patch.object(file_upload, "MAX_ARTIFACT_BYTES", 1999):
        form = await answer(hass, form, {"file": await upload(hass_client, wrong), "made_at": "2024-05-01 12:00:00"})
    assert form["errors"] == {"file": "unusable"}
    assert said in placeholders_of(form)["error"]
    assert form["data_schema"] is not None
    suggested = {str(marker): marker.description for marker in form["data_schema"].schema}
    assert suggested["made_at"] == {"suggested_value": "2024-05-01 12:00:00"}
    assert manager.status(KEY).count == 1

    done = await answer(hass, form, {"file": await upload(hass_client, copy), "made_at": "2024-05-01 12:00:00"})
    assert done["reason"] == "file_imported"


@pytest.mark.parametrize(("language", "said"), [("en", "It did not arrive whole."), ("de", "Sie kam nicht ganz an.")])
async def test_a_file_that_did_not_arrive_is_told(
    hass: HomeAssistant, set_up: MockConfigEntry, language: str, said: str
) -> None:
    hass.config.language = language
    form = await answer(hass, await open_form(hass, set_up), {"file": "0" * 32})
    error = str(placeholders_of(form)["error"])
    assert said in error
    assert "no backup of this device" not in error
    assert "kein Backup dieses" not in error


async def test_a_file_of_another_device_is_refused(
    hass: HomeAssistant, set_up: MockConfigEntry, copy: Path, hass_client: ClientSessionGenerator
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5", name="Desk") as desk:
        other = await add_controller(hass, desk)
        hass.config.language = "de"
        form = await answer(hass, await open_form(hass, other), {"file": await upload(hass_client, copy)})
        assert form["errors"] == {"file": "unusable"}
        assert "Diese Datei ist das Backup eines anderen Geräts" in placeholders_of(form)["error"]


async def test_the_reminder_is_set_where_a_person_is_needed(
    hass: HomeAssistant, set_up: MockConfigEntry, fritz: SimulatedFritzBox
) -> None:
    menu = await hass.config_entries.options.async_init(set_up.entry_id)
    assert menu["menu_options"] == ["back_up", "restore", "device_options", "download", "import_file"]
    entry = await add(hass, router_entry(fritz))
    form = await open_form(hass, entry, "reminder")
    assert (await answer(hass, form, {"remind_days": 7.0}))["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"remind_days": 7}

    form = await open_form(hass, entry, "device_options")
    await answer(hass, form, {"schedule": "manual"})
    assert entry.options == {"remind_days": 7, "schedule": {"kind": "manual"}}
