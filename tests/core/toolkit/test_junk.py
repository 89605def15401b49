"""What computers put beside the files of a person."""

import pytest

from ha_device_backup_core.toolkit import is_junk


@pytest.mark.parametrize(
    "path",
    [
        ".DS_Store",
        "x/Thumbs.db",
        "__MACOSX/a",
        "a/__macosx",
        "._a",
        "DESKTOP.INI",
        "~$presets.json",
        "@eaDir/cfg.json@SynoResource",
        "#recycle/ledmap.json",
        "$RECYCLE.BIN/S-1/ledmap.json",
        "System Volume Information/x.json",
        ".Trash-1000/files/ledmap.json",
        "lost+found/1.json",
        ".git/a.json",
        "backup/.stfolder/a.json",
        "Icon\r",
    ],
)
def test_what_they_leave_is_junk(path: str) -> None:
    assert is_junk(path)


@pytest.mark.parametrize(
    "path",
    ["/.extensions/a", "/_persist.json", "/.drvset027", "/readme.txt", "/thumbs.txt", "", "/", "trash.json"],
)
def test_files_of_devices_and_people_are_none(path: str) -> None:
    assert not is_junk(path)
