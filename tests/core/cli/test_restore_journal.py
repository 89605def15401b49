"""A restore that was cut off is told afterwards, with the way on and the way back."""

import asyncio
import json
import shlex
import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import RestoreRejectedError
from ha_device_backup_core.records import DeviceKey, UnfinishedRestore
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.lock import StoreLock

from ..example_device import ExampleDevice, hang, server_error
from ..example_handler import ExampleHandler
from .conftest import KITCHEN, MODULE, STARTER, Command, break_off

FACTORY = b'{"name": "factory"}'


@pytest.fixture
def backup(command: Command, device: ExampleDevice, login: list[str], store: Path) -> str:
    """Return the id of a backup; the device has been reset since."""
    answer = command("back-up", "example", *login, "--store", store, "--json")
    device.config = FACTORY
    return str(answer.json["backup"]["id"])


def unfinished(command: Command, store: Path) -> Any:  # noqa: ANN401 - whatever the command printed
    (device,) = command("list", "--store", store, "--json").json["devices"]
    return device["unfinished_restore"]


def kill_on_the_way(device: ExampleDevice, environment: dict[str, str], *arguments: object) -> None:
    """Restore in another process, and kill it when the device is being changed."""
    began = threading.Event()

    async def stay(request: web.Request) -> web.StreamResponse:
        if request.method == "PUT":
            device.config = b'{"name": "half"}'
            began.set()
            return await hang(request)
        return web.Response(body=device.config)

    device.faults["/config"] = stay
    process = STARTER.start(MODULE, "restore", *map(str, arguments), environment=environment)
    try:
        assert began.wait(60)
    finally:
        process.kill()
        process.wait()
    device.faults.clear()


def test_one_that_was_killed_can_be_undone(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    environment: dict[str, str],
) -> None:
    kill_on_the_way(device, environment, backup, "--store", store, "--back-up-first", store, *login)

    noted = unfinished(command, store)
    safety = noted["safety_backup_id"]
    assert (noted["source"], noted["backup_id"], safety is None or safety == backup) == ("example:a1", backup, False)
    told = command("list", "--store", store)
    assert told.status == 0
    assert told.errors.splitlines()[1:] == [
        f'Continue: ha-device-backup restore {backup} --store "{store}" --device "example:a1" --set …',
        f'Undo: ha-device-backup restore {safety} --store "{store}" --device "example:a1" --set …',
    ]
    assert told.errors.startswith(f"Backup {backup} was being put on Kitchen (")
    with pytest.MonkeyPatch.context() as german:
        german.setenv("LC_ALL", "de_DE.UTF-8")
        first, *ways = command("list", "--store", store).errors.splitlines()
    assert first.startswith(f"Backup {backup} wurde auf Kitchen zurückgespielt (")
    assert [way.partition(": ")[0] for way in ways] == ["Fortsetzen", "Rückgängig"]

    half = command("back-up", "example", *login, "--store", store, "--json").json["backup"]
    assert half["suspect"] is not None

    assert command("restore", safety, "--store", store, "--device", "example:a1", *login).status == 0
    assert device.config == FACTORY
    assert unfinished(command, store) is None
    assert command("list", "--store", store).errors == ""


def test_one_that_was_killed_can_be_continued(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    environment: dict[str, str],
) -> None:
    kill_on_the_way(device, environment, backup, "--store", store, *login)
    assert unfinished(command, store)["safety_backup_id"] is None
    assert (
        "It cannot be undone: what was on the device before was not backed up."
        in command("list", "--store", store).errors
    )
    assert command("restore", backup, "--store", store, *login).status == 0
    assert device.config == KITCHEN
    assert unfinished(command, store) is None


def test_one_that_failed_is_told_at_once_and_undone_to_before_the_first_try(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    async def refuse_to_be_written(request: web.Request) -> web.StreamResponse:
        return await server_error(request) if request.method == "PUT" else web.Response(body=device.config)

    device.faults["/config"] = refuse_to_be_written
    first = command("restore", backup, "--store", store, "--back-up-first", store, *login)
    safety = unfinished(command, store)["safety_backup_id"]
    assert first.status == 1
    assert f"Undo: ha-device-backup restore {safety} " in first.errors

    device.config = b'{"name": "half"}'
    assert command("restore", backup, "--store", store, "--back-up-first", store, *login).status == 1
    assert unfinished(command, store)["safety_backup_id"] == safety

    device.faults.clear()
    assert command("restore", backup, "--store", store, *login).status == 0
    assert unfinished(command, store) is None


PART = b'{"name": "part"}'


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let some files of a backup be put back, whatever they are called."""

    def part(_: object, artifact: Artifact, names: Collection[str]) -> Artifact:
        assert names
        return replace(artifact, content=PART)

    monkeypatch.setattr(ExampleHandler, "part", classmethod(part), raising=False)


@pytest.mark.usefixtures("parts")
def test_one_of_some_files_goes_on_with_these_alone(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["my presets.json", 'odd $HOME "one".json']
    arguments = (backup, "--store", store, "--back-up-first", store, *login, "--file", names[0], "--file", names[1])
    with monkeypatch.context() as fault:
        fault.setattr(ExampleHandler, "restore_backup", break_off)
        broken = command("restore", *arguments)
    assert broken.status == 1
    noted = unfinished(command, store)
    assert noted["files"] == names
    place = f'--store "{store}" --device "example:a1" --set …'
    listed = command("list", "--store", store).errors
    assert listed.splitlines()[1:] == [
        f'Continue: ha-device-backup restore {backup} {place} --file "my presets.json" --file \'odd $HOME "one".json\'',
        f"Undo: ha-device-backup restore {noted['safety_backup_id']} {place}",
    ]
    assert broken.errors.startswith(listed)

    way_on = listed.splitlines()[1].removeprefix("Continue: ").replace("--set …", shlex.join(login))
    assert command(*shlex.split(way_on)[1:]).status == 0
    assert (device.config, unfinished(command, store)) == (PART, None)


@pytest.mark.usefixtures("parts")
def test_one_of_some_files_is_undone_as_a_whole(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is put back is all that was there before the first try, whichever files a later one was of."""
    arguments = (backup, "--store", store, "--back-up-first", store, *login)
    with monkeypatch.context() as fault:
        fault.setattr(ExampleHandler, "restore_backup", break_off)
        command("restore", *arguments)
        command("restore", *arguments, "--file", "config.json")
    way_back = command("list", "--store", store).errors.splitlines()[2]
    device.config = PART
    undo = way_back.removeprefix("Undo: ").replace("--set …", shlex.join(login))
    assert command(*shlex.split(undo)[1:]).status == 0
    assert (device.config, unfinished(command, store)) == (FACTORY, None)


@pytest.mark.usefixtures("parts")
def test_one_of_some_files_that_was_not_begun_has_no_way_on(
    command: Command, login: list[str], store: Path, backup: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").touch()
    arguments = (backup, "--store", store, "--back-up-first", tmp_path / "other", *login, "--file", "config.json")
    answer = command("restore", *arguments)
    assert (answer.status, len(answer.errors.splitlines())) == (1, 1)
    assert "other" in answer.errors


def test_one_that_was_refused_changed_nothing(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def reject(*_: object) -> None:
        raise RestoreRejectedError("It is full.")

    with monkeypatch.context() as full:
        full.setattr(ExampleHandler, "restore_backup", reject)
        answer = command("restore", backup, "--store", store, *login)
    assert (answer.status, answer.errors) == (1, "Nothing is put back. It is full.\n")
    assert unfinished(command, store) is None
    assert command("restore", backup, "--store", store, *login).status == 0


def test_a_replacement_without_backups_leaves_nothing_behind(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    backup: str,
    environment: dict[str, str],
) -> None:
    device.info["id"] = "new"
    arguments = (backup, "--store", store, "--device", "example:a1", *login, "--other-device")
    kill_on_the_way(device, environment, *arguments)
    told = command("list", "--store", store).errors
    assert (
        f'Continue: ha-device-backup restore {backup} --store "{store}" --device "example:a1" --set … --other-device'
        in told
    )
    assert command("restore", *arguments).status == 0
    assert device.config == KITCHEN
    assert [path.name for path in store.glob("example-*")] == ["example-a1"]


def test_a_store_in_use_prevents_no_restore(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    lock = StoreLock(store / ".lock")
    lock.acquire()
    try:
        answer = command("restore", backup, "--store", store, *login)
        refused = command("restore", backup, "--store", store, "--back-up-first", store, *login)
    finally:
        lock.release()
    assert answer.status == 0
    assert answer.errors.startswith(f"If this restore is cut off, {store} will not tell of it: ")
    assert device.config == KITCHEN
    assert refused.status == 1
    assert json.loads((store / "example-a1" / "device.json").read_text())["unfinished_restore"] is None


def test_a_replacement_that_waits_for_its_backup_is_told_from_a_restore_that_was_cut_off(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    asyncio.run(_await_replacement(store, backup))
    listed = command("list", "--store", store)
    assert listed.errors.splitlines() == [
        f"Kitchen was replaced, and backup {backup} was not put on the new device yet.",
        f'Do it: ha-device-backup restore {backup} --store "{store}" --device "example:a1" --set …',
    ]
    assert unfinished(command, store)["awaits_replacement"] is True
    assert command("restore", backup, "--store", store, *login).status == 0
    assert (device.config, unfinished(command, store)) == (KITCHEN, None)


async def _await_replacement(root: Path, backup: str) -> None:
    """Note what Home Assistant notes when a person says that the hardware was replaced."""
    store, key = BackupStore(root), DeviceKey("example", "a1")
    await store.open(write=True)
    restore = UnfinishedRestore(
        source=key, backup_id=backup, safety_backup_id=None, begun_at=datetime.now(UTC), awaits_replacement=True
    )
    await store.set_unfinished_restore(key, "Kitchen", restore)
    await store.close()
