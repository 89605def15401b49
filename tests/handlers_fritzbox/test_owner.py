"""Whose backup a file is, and what it takes a person to get."""

import pytest

from ha_device_backup_core import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError
from ha_device_backup_core.testing import Fetched, run_import
from ha_device_backup_fritzbox import FritzBoxHandler
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import EXPORT_NAME, SERIAL, fetch


async def examine(artifact: Artifact, unique_id: str = SERIAL) -> Fetched:
    device = DeviceInfo(unique_id=unique_id, name="FRITZ!Box")
    return await run_import(FritzBoxHandler, artifact, device, unique_id=unique_id)


async def test_a_backup_tells_of_which_box_it_is(fritz: SimulatedFritzBox) -> None:
    artifact = (await fetch(fritz)).artifact
    assert (await examine(artifact)).artifact == artifact
    with pytest.raises(ForeignFileError):
        await examine(artifact, "001122334455")


async def test_an_export_from_the_page_of_the_box_does_not_tell(fritz: SimulatedFritzBox) -> None:
    content = (await fetch(fritz)).artifact.files()[EXPORT_NAME]
    imported = Artifact(filename="my router.export", content=content)
    assert (await examine(imported, "001122334455")).doubts == ()


async def test_what_a_person_can_get_is_marked_so(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = True
    missing = (await fetch(fritz)).artifact.missing
    assert [(note.code, note.needs_person) for note in missing] == [("configuration_export", True)]
