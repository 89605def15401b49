"""The folder of data, written by the server and by commands that an administrator runs."""

import os
from pathlib import Path

import pytest

from ha_device_backup_agent.clients import Clients
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.pairing_window import PairingWindow

NOBODY = 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can give files away")
def test_what_root_writes_is_of_the_user_of_the_service(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "agent")
    folder.prepare()
    os.chown(folder.path, NOBODY, NOBODY)
    others = tmp_path / "shadow"
    others.touch()
    (folder.path / "clients.lock").hardlink_to(others)

    PairingWindow(folder).open()
    Clients(folder).add("Home Assistant")

    owners = {path.name: path.stat().st_uid for path in folder.path.iterdir()}
    assert owners == {"pairing.json": NOBODY, "pairing.lock": NOBODY, "clients.json": NOBODY, "clients.lock": 0}
    assert others.stat().st_uid == 0, "a file of somebody else was given away"
