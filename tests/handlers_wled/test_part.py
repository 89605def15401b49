"""Some files of a backup go back without the others."""

import json

import pytest

from ha_device_backup_core import Artifact, RestoreRejectedError
from ha_device_backup_core.testing import run_part
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import Chip, SimulatedWled

from .artifacts import RECORD
from .conftest import fetch, files_of, plan, restore


async def test_presets_alone() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        part = await run_part(WledHandler, artifact, ["presets.json"])
        assert part.files().keys() >= {"presets.json", RECORD}
        assert WledHandler.validate(part) == ()
        wled.device.save_settings({"id": {**wled.device.settings["id"], "name": "Changed"}})
        wled.device.save_preset(9, {"n": "Later"})
        planned = await plan(wled, part)
        assert [file.name for file in planned.files] == ["presets.json"]
        assert (planned.refused, planned.needs) == ((), ())
        before = wled.device.user_files
        report = await restore(wled, part)
        assert (report.unproven, report.needs) == ((), ())
        after = wled.device.user_files
        assert json.loads(after["presets.json"]) == json.loads(files_of(artifact)["presets.json"])
        assert after["cfg.json"] == before["cfg.json"]


async def test_the_configuration_alone() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        part = await run_part(WledHandler, artifact, ["cfg.json"])
        assert WledHandler.validate(part) == ()
        wled.device.save_settings({"id": {**wled.device.settings["id"], "name": "Changed"}})
        wled.device.save_preset(9, {"n": "Later"})
        await restore(wled, part)
        assert json.loads(wled.device.user_files["cfg.json"])["id"] == json.loads(files_of(artifact)["cfg.json"])["id"]
        assert "9" in json.loads(wled.device.user_files["presets.json"])


async def test_a_configuration_of_another_chip_stays_refused() -> None:
    async with SimulatedWled(chip=Chip.ESP8266) as old:
        artifact = (await fetch(old)).artifact
    part = await run_part(WledHandler, artifact, ["cfg.json"])
    async with SimulatedWled() as wled:
        with pytest.raises(RestoreRejectedError, match="No file of this backup can be put back"):
            await plan(wled, part)


@pytest.mark.parametrize("name", ["other.json", RECORD, ""])
async def test_what_is_not_in_it_is_told(name: str) -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
    with pytest.raises(RestoreRejectedError, match=r"Choose from the files of this backup: .*cfg\.json"):
        await run_part(WledHandler, artifact, [name])


async def test_of_a_file_that_was_imported() -> None:
    async with SimulatedWled() as wled:
        files = files_of((await fetch(wled)).artifact)
        imported = Artifact.bundle({"wled_cfg.json": files["cfg.json"], "wled_presets.json": files["presets.json"]})
        part = await run_part(WledHandler, imported, ["presets.json"])
        assert [note.code for note in WledHandler.validate(part)] == ["origin_unknown"]
        assert [file.name for file in (await plan(wled, part)).files] == ["presets.json"]
