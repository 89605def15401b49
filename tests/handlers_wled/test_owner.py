"""Whose backup a file is."""

import pytest

from ha_device_backup_core import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError
from ha_device_backup_core.testing import run_hand_in
from ha_device_backup_wled import WledHandler

from .artifacts import RECORD, artifact, files
from .conftest import MAC

DEVICE = DeviceInfo(unique_id=MAC, name="Shelf")


def test_the_record_tells() -> None:
    assert WledHandler.owner(artifact(files())) == MAC


def test_without_a_record_nobody_can_tell() -> None:
    content = files()
    del content[RECORD]
    assert WledHandler.owner(artifact(content)) is None
    assert WledHandler.owner(Artifact(filename="cfg.json", content=content["cfg.json"])) is None


async def test_a_file_of_another_controller_is_refused() -> None:
    with pytest.raises(ForeignFileError):
        await run_hand_in(WledHandler, artifact(files(mac="b0b1c2d3e4f5")), DEVICE, unique_id=MAC)
    examined = await run_hand_in(WledHandler, artifact(files()), DEVICE, unique_id=MAC)
    assert (examined.device, examined.doubts) == (DEVICE, ())
