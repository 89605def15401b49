"""A device that was replaced: the new one goes on with its backups."""

import errno
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan
from ha_device_backup_core.store import identity_change
from ha_device_backup_core.store.lock import StoreLock

from ..example_device import ExampleDevice, server_error
from ..example_handler import ExampleHandler
from .conftest import KITCHEN, Command

FACTORY = b'{"name": "factory"}'


@pytest.fixture
def backup(command: Command, device: ExampleDevice, login: list[str], store: Path) -> str:
    """Return the id of a backup of a1; since then b2 is at its address, as it left the factory."""
    answer = command("back-up", "example", *login, "--store", store, "--title", "Stairs", "--json")
    device.info |= {"id": "b2"}
    device.config = FACTORY
    return str(answer.json["backup"]["id"])


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch, device: ExampleDevice) -> None:
    """Let the kind tell what a restore would change."""

    async def plan(_: ExampleHandler, artifact: Artifact) -> RestorePlan:
        change = FileChange.UNCHANGED if artifact.content == device.config else FileChange.CHANGED
        return RestorePlan(files=(PlannedFile(name="config.json", change=change),))

    monkeypatch.setattr(ExampleHandler, "plan_restore", plan)


def stored(command: Command, store: Path) -> dict[str, list[str]]:
    devices = command("list", "--store", store, "--json").json["devices"]
    return {
        f"{device['unique_id']} {device['title']}": [backup["id"] for backup in device["backups"]] for device in devices
    }


def test_the_new_one_goes_on_and_is_given_the_backup(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    answer = command("replace", "example:a1", "--store", store, *login)
    assert (answer.status, answer.output) == (
        0,
        "Kitchen (1.2) goes on as Stairs, example:b2, with its backups.\n",
    )
    assert answer.errors.splitlines() == [
        f"Stairs was replaced, and backup {backup} was not put on the new device yet.",
        f'Do it: ha-device-backup restore {backup} --store "{store}" --device "example:b2" --set …',
    ]
    assert device.config == FACTORY
    assert stored(command, store) == {"b2 Stairs": [backup]}

    assert command("restore", backup, "--store", store, "--device", "example:b2", *login).status == 0
    assert device.config == KITCHEN
    assert command("list", "--store", store).errors == ""
    assert command("back-up", "example", *login, "--store", store, "--json").json["outcome"] == "unchanged"


def test_for_programs(command: Command, login: list[str], store: Path, backup: str) -> None:
    document = command("replace", "example:a1", "--store", store, *login, "--json").json
    assert (document["key"], document["device"]["unique_id"], document["error"]) == ("example:b2", "b2", None)
    assert document["unfinished_restore"] == {
        "source": "example:b2",
        "backup_id": backup,
        "safety_backup_id": None,
        "begun_at": document["unfinished_restore"]["begun_at"],
        "awaits_replacement": True,
        "files": [],
    }


@pytest.mark.usefixtures("planned")
def test_nothing_is_left_to_do_where_the_backup_was_put_on_it_before(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    assert command("restore", backup, "--store", store, *login, "--other-device").status == 0
    assert device.config == KITCHEN
    answer = command("replace", "example:a1", "--store", store, *login)
    assert (answer.status, answer.errors) == (0, "")
    assert command("list", "--store", store).errors == ""


@pytest.mark.usefixtures("planned")
def test_what_is_not_on_it_is_left_to_do(command: Command, login: list[str], store: Path, backup: str) -> None:
    document = command("replace", "example:a1", "--store", store, *login, "--json").json
    assert document["unfinished_restore"]["backup_id"] == backup


def test_it_is_taken_back(command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str) -> None:
    assert command("replace", "example:a1", "--store", store, *login).status == 0
    device.info |= {"id": "a1"}
    device.config = KITCHEN
    assert command("replace", "example:b2", "--store", store, *login).status == 0
    assert stored(command, store) == {"a1 Stairs": [backup]}


def test_one_that_was_cut_off_goes_on(
    command: Command, login: list[str], store: Path, backup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(identity_change, "_take_away", break_off)
        assert command("replace", "example:a1", "--store", store, *login, "--json").json["error"]["code"] == "store"
    assert stored(command, store) == {"a1 Stairs": [backup], "b2 Stairs": [backup]}

    answer = command("replace", "example:a1", "--store", store, *login)
    assert answer.status == 0
    assert f"backup {backup} was not put on the new device yet." in answer.errors
    assert stored(command, store) == {"b2 Stairs": [backup]}


def test_two_histories_are_never_mixed_up(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    own = command("back-up", "example", *login, "--store", store, "--json").json["backup"]["id"]
    answer = command("replace", "example:a1", "--store", store, *login, "--json")
    assert (answer.status, answer.json["key"]) == (1, None)
    assert "There are backups of the new device already." in answer.json["error"]["message"]
    assert stored(command, store) == {"a1 Stairs": [backup], "b2 Kitchen": [own]}


@pytest.mark.parametrize("told", ["a1", None])
def test_nothing_is_replaced_by_itself(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str, told: str | None
) -> None:
    """Who tells no id is the device that was met there, for `back-up` as well."""
    device.info |= {"id": told}
    answer = command("replace", "example:a1", "--store", store, *login)
    assert answer.status == 1
    assert "Stairs itself answers there. Nothing was changed." in answer.errors
    assert stored(command, store) == {"a1 Stairs": [backup]}


def test_a_device_that_is_not_stored(command: Command, login: list[str], store: Path, backup: str) -> None:
    answer = command("replace", "example:c3", "--store", store, *login, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "backup_not_found")
    assert "holds no backups of example:c3; `list` shows what is there." in answer.json["error"]["message"]
    assert stored(command, store) == {"a1 Stairs": [backup]}


def test_a_device_that_does_not_answer_and_a_store_in_use_change_nothing(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: str
) -> None:
    lock = StoreLock(store / ".lock")
    lock.acquire()
    try:
        in_use = command("replace", "example:a1", "--store", store, *login, "--json")
    finally:
        lock.release()
    device.faults["/info"] = server_error
    away = command("replace", "example:a1", "--store", store, *login, "--json")
    assert [answer.json["error"]["code"] for answer in (in_use, away)] == ["store_locked", "unexpected_response"]
    assert stored(command, store) == {"a1 Stairs": [backup]}

    device.faults.clear()
    assert command("replace", "example:a1", "--store", store, *login).status == 0
