"""Whose backup a file is."""

from dataclasses import replace
from datetime import datetime

import pytest

from ha_device_backup_core import Artifact, DeviceInfo, FileFacts
from ha_device_backup_core.errors import ForeignFileError, InvalidArtifactError
from ha_device_backup_core.testing import run_import
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.info import parse_info

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
        await run_import(WledHandler, artifact(files(mac="b0b1c2d3e4f5")), DEVICE, unique_id=MAC)
    examined = await run_import(WledHandler, artifact(files()), DEVICE, unique_id=MAC)
    assert (examined.device, examined.doubts) == (replace(DEVICE, version=parse_info(files()[RECORD]).version), ())


@pytest.mark.parametrize(
    ("name", "owner", "facts"),
    [
        (
            "A0B1C2D3E4F5-2025-01-15_10_30_00-v0_15_0-b3.zip",
            MAC,
            FileFacts(version="0.15.0-b3", made_at=datetime(2025, 1, 15, 10, 30)),  # noqa: DTZ001 - of no zone
        ),
        ("A0B1C2D3E4F5-2025-13-15_10_30_00 (1).zip", MAC, FileFacts()),
        ("A0B1C2D3E4F5.zip", None, None),
        ("2025-01-15_10_30_00.zip", None, None),
        ("A0B1C2D3E4FX-2025-01-15_10_30_00.zip", None, None),
    ],
)
def test_the_name_that_tasmobackup_gives_it_tells(name: str, owner: str | None, facts: FileFacts | None) -> None:
    content = files()
    del content[RECORD]
    imported = replace(artifact(content), filename=name)
    assert (WledHandler.owner(imported), WledHandler.describe(imported, DEVICE)) == (owner, facts)


@pytest.mark.parametrize(
    ("name", "recognized"),
    [
        ("01-name-cut", True),
        ("cfg.json", True),
        ("presets.json", True),
        ("cut.json", True),
        ("odd.json", False),
        ("settings.json", False),
    ],
)
def test_files_of_controllers_are_known_by_their_content(name: str, recognized: bool) -> None:
    content = {
        "01-name-cut": files()["cfg.json"],
        "cfg.json": files()["cfg.json"][:-40],
        "presets.json": files()["presets.json"],
        "cut.json": files()["presets.json"][:-30],
        "odd.json": b'{"1": {"name": "first"}}',
        "settings.json": b'{"ble": {}, "cloud": {}, "eth": {"enable": true}, "mqtt": {}, "sys": {}, "wifi": {}}',
    }[name]
    assert WledHandler.recognizes(Artifact(filename=name, content=content)) is recognized
    assert WledHandler.recognizes(Artifact.bundle({name: content})) is recognized


def test_two_configurations_that_differ_are_known_and_refused() -> None:
    content = files()["cfg.json"]
    both = Artifact.bundle({"cfg one.json": content, "cfg two.json": content + b" "})
    assert WledHandler.recognizes(both)
    with pytest.raises(InvalidArtifactError, match="Several files"):
        WledHandler.validate(both)
