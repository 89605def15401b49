"""Whose backup a file is."""

from dataclasses import replace

import pytest

from ha_device_backup_core import DeviceInfo
from ha_device_backup_core.errors import ForeignFileError, UnusableFileError
from ha_device_backup_core.manager.import_job import artifact_of_file
from ha_device_backup_core.testing import run_import
from ha_device_backup_tasmota import TasmotaHandler

from .artifacts import artifact, bare, dump, files
from .conftest import MAC

DEVICE = DeviceInfo(unique_id=MAC, name="Lamp")
OF_TASMOBACKUP = "A0B1C2D3E4F5-2025-01-15_10_30_00-v14_4_1.dmp"


def test_the_record_tells() -> None:
    assert TasmotaHandler.owner(artifact(files())) == MAC


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        (OF_TASMOBACKUP, MAC),
        ("Lamp-1441release-tasmota-2025-01-15_10_30_00.dmp", None),
        ("Config_lamp_1234_14.4.1.dmp", None),
        ("A0B1C2D3E4F5.dmp", None),
        ("A0B1C2D3E4F5-2025-01-15.zip", None),
        ("A0B1C2D3E4FX-2025-01-15.dmp", None),
    ],
)
def test_of_a_bare_dump_only_the_name_that_tasmobackup_gives_it_tells(name: str, owner: str | None) -> None:
    assert TasmotaHandler.owner(bare(dump(), name)) == owner


@pytest.mark.parametrize("name", [OF_TASMOBACKUP, "Lamp-14_4_1-2025.dmp"])
async def test_a_file_of_tasmobackup_is_taken(name: str) -> None:
    imported = artifact_of_file(name, dump())
    examined = await run_import(TasmotaHandler, imported, DEVICE, unique_id=MAC)
    told = replace(DEVICE, model="ESP32", version="14.4.1")
    assert (examined.device, [doubt.code for doubt in examined.doubts]) == (told, ["origin_unknown"])


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        (OF_TASMOBACKUP.replace("A0", "B0"), dump(), ForeignFileError),
        (OF_TASMOBACKUP, b"", UnusableFileError),
        (OF_TASMOBACKUP, b"<html>401: Unauthorized</html>", UnusableFileError),
        (OF_TASMOBACKUP, dump()[:4000], UnusableFileError),
        ("backup.zip", artifact(files(mac="b0b1c2d3e4f5")).content, ForeignFileError),
    ],
)
async def test_what_is_of_another_device_or_none_is_refused(name: str, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        await run_import(TasmotaHandler, artifact_of_file(name, content), DEVICE, unique_id=MAC)
