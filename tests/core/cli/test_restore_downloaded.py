"""Restore of a file as a browser saves it, with nothing beside it that tells what it is."""

import shutil
from pathlib import Path

import pytest

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .conftest import KITCHEN, Command, break_off


def knows_owner(monkeypatch: pytest.MonkeyPatch, owner: str | None) -> None:
    monkeypatch.setattr(ExampleHandler, "recognizes", classmethod(lambda _, artifact: b"uptime" in artifact.content))
    monkeypatch.setattr(ExampleHandler, "owner", classmethod(lambda *_: owner))


@pytest.mark.parametrize("owner", ["a1", None])
def test_a_downloaded_file_alone(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: str | None,
) -> None:
    """As the browser saves it, without anything beside it."""
    knows_owner(monkeypatch, owner)
    downloaded = Path(shutil.copy(backup, tmp_path / "example Kitchen 2025-01-15.json"))
    answer = command("restore", downloaded, *login)
    if owner is None:
        assert answer.status == 1
        assert "does not tell which device it is of. If it belongs on this one, add --other-device." in answer.errors
        assert device.config != KITCHEN
        answer = command("restore", downloaded, *login, "--other-device")
    assert (answer.status, answer.output) == (
        0,
        "“example Kitchen 2025-01-15.json” was put on Kitchen (1.2).\nProven: config.json\n",
    )
    assert device.config == KITCHEN


def test_a_downloaded_file_of_another_device(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    knows_owner(monkeypatch, "b2")
    downloaded = Path(shutil.copy(backup, tmp_path / "kitchen.json"))
    refused = command("restore", downloaded, *login)
    assert refused.status == 1
    assert "“kitchen.json” is not of Kitchen (1.2)." in refused.errors
    assert device.config != KITCHEN
    planned = command("restore", downloaded, *login, "--other-device", "--plan", "--json").json
    assert (planned["backup"]["id"], planned["backup"]["path"]) == (None, str(downloaded))
    assert command("restore", downloaded, *login, "--other-device", "--json").json["outcome"] == "restored"


def test_a_downloaded_file_that_is_damaged(
    command: Command, login: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_owner(monkeypatch, "a1")
    damaged = tmp_path / "kitchen.json"
    damaged.write_bytes(KITCHEN[:-1])
    answer = command("restore", damaged, *login)
    assert answer.status == 1
    assert "It is of Example, but cannot be used: kitchen.json is no JSON." in answer.errors
    with damaged.open("wb") as large:
        large.truncate(64 * 1024 * 1024 + 1)
    assert "larger than 64 MiB" in command("restore", damaged, *login).errors
    damaged.write_bytes(KITCHEN)
    assert command("restore", damaged, *login).status == 0


def test_a_cut_off_restore_of_a_downloaded_file_names_it(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    knows_owner(monkeypatch, "a1")
    downloaded = Path(shutil.copy(backup, tmp_path / "kitchen.json"))
    with monkeypatch.context() as fault:
        fault.setattr(ExampleHandler, "restore_backup", break_off)
        broken = command("restore", downloaded, *login, "--back-up-first", store)
    assert f'Continue: ha-device-backup restore "{downloaded}" --store "{store}" --set …' in broken.errors
    assert command("restore", downloaded, "--store", store, *login).status == 0
    assert command("list", "--store", store).errors == ""
