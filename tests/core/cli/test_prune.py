"""Old backups are deleted by the rules that hold in Home Assistant."""

import os
from pathlib import Path

import pytest

from ha_device_backup_core.store.lock import StoreLock

from ..example_device import ExampleDevice
from .conftest import Command


@pytest.fixture
def filled(command: Command, device: ExampleDevice, login: list[str], store: Path) -> list[str]:
    """Return the ids of six backups of one device, newest first; the oldest is protected."""
    ids = []
    for number in range(6):
        device.config = b'{"name": "%d"}' % number
        ids.append(command("back-up", "example", *login, "--store", store, "--json").json["backup"]["id"])
    assert command("protect", ids[0], "--store", store).status == 0
    return ids[::-1]


def ids_of(command: Command, store: Path) -> list[str]:
    (device,) = command("list", "--store", store, "--json").json["devices"]
    return [backup["id"] for backup in device["backups"]]


def test_a_dry_run_deletes_nothing(command: Command, filled: list[str], store: Path) -> None:
    answer = command("prune", "--store", store, "--keep", "2", "--dry-run")
    assert (answer.status, answer.errors) == (0, "")
    doomed = filled[2:5][::-1]
    assert answer.output.splitlines() == [
        *(f"Kitchen: {backup_id} would be deleted" for backup_id in doomed),
        "Would be deleted: 3.",
    ]
    assert command("prune", "--store", store, "--keep", "2", "--dry-run", "--json").json == {
        "devices": [{"kind": "example", "unique_id": "a1", "title": "Kitchen", "deleted": doomed, "error": None}],
        "dry_run": True,
        "error": None,
    }
    assert ids_of(command, store) == filled


def test_what_is_beyond_is_deleted(command: Command, filled: list[str], store: Path) -> None:
    assert command("prune", "--store", store).output == "Deleted: 0.\n"
    answer = command("prune", "--store", store, "--keep", "2", "--json")
    assert (answer.status, answer.json["devices"][0]["deleted"]) == (0, filled[2:5][::-1])
    assert ids_of(command, store) == [*filled[:2], filled[5]]
    assert command("protect", filled[5], "--store", store, "--off").status == 0
    people = command("prune", "--store", store, "--keep", "1")
    assert people.output.splitlines() == [
        f"Kitchen: {filled[5]} deleted",
        f"Kitchen: {filled[1]} deleted",
        "Deleted: 2.",
    ]


def test_a_store_in_use_and_a_wrong_number(command: Command, filled: list[str], store: Path) -> None:
    lock = StoreLock(store / ".lock")
    lock.acquire()
    try:
        answer = command("prune", "--store", store, "--keep", "1", "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, "store_locked")
        assert command("prune", "--store", store, "--keep", "1", "--dry-run").status == 0
    finally:
        lock.release()
    assert command("prune", "--store", store, "--keep", "0").status == 2
    assert ids_of(command, store) == filled
    assert command("prune", "--store", store, "--keep", "1").status == 0


def test_a_device_that_a_newer_version_keeps_is_left_alone(command: Command, filled: list[str], store: Path) -> None:
    (document,) = store.glob("*/device.json")
    kept = document.read_text()
    document.write_text(kept.replace('"schema": 1', '"schema": 2'))
    for options, told in (((), "Deleted: 0."), (("--dry-run",), "Would be deleted: 0.")):
        answer = command("prune", "--store", store, "--keep", "1", *options)
        assert (answer.status, answer.output.splitlines()[-1]) == (1, told)
        assert "was written by a newer version. Update Device Backups." in answer.errors
    document.write_text(kept)
    assert ids_of(command, store) == filled
    assert command("prune", "--store", store, "--keep", "1").status == 0


def test_a_folder_that_cannot_be_read_is_told(
    command: Command, filled: list[str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder,) = (path.parent.name for path in store.glob("*/device.json"))
    opened = os.open

    def refuse(path: "str | Path", flags: int, *arguments: int) -> int:
        if folder in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        for options in ((), ("--dry-run",)):
            answer = command("prune", "--store", store, "--keep", "2", *options)
            assert answer.status == 1
            assert f"{folder}: You are not allowed to read or write there." in answer.errors
        document = command("prune", "--store", store, "--keep", "2", "--dry-run", "--json").json
        assert (document["devices"], document["error"]["code"]) == ([], "store")
    assert ids_of(command, store) == filled
    assert command("prune", "--store", store, "--keep", "2").status == 0


def test_a_folder_of_an_unknown_device_is_told(command: Command, filled: list[str], store: Path) -> None:
    (folder,) = (path.parent for path in store.glob("*/device.json"))
    (store / "lost+found").mkdir()
    kept = {path: path.read_bytes() for path in folder.glob("*.json")}
    for path in kept:
        path.write_text("{")
    answer = command("prune", "--store", store, "--keep", "2", "--dry-run")
    assert answer.status == 1
    assert answer.errors.strip().endswith(f"{folder.name}: Nothing here tells which device this is.")
    for path, content in kept.items():
        path.write_bytes(content)
    assert command("prune", "--store", store, "--keep", "2").status == 0
    assert len(ids_of(command, store)) < len(filled)


def test_an_empty_folder_stays_empty(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = command("prune", "--store", empty)
    assert (answer.status, answer.output) == (0, "Deleted: 0.\n")
    assert list(empty.iterdir()) == []
