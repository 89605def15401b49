import errno
import json
import shutil
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import CannotConnectError, RestoreRejectedError, UnsupportedDeviceError
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan

from ..example_device import ExampleDevice, login_page, server_error
from ..example_handler import ExampleHandler
from .conftest import KITCHEN, Command, backup_id, break_off


def test_restore_a_file(command: Command, device: ExampleDevice, login: list[str], backup: Path) -> None:
    answer = command("restore", backup, *login, "--json")

    assert device.config == KITCHEN
    assert answer.status == 0
    document = answer.json
    assert (document["outcome"], document["device"]["unique_id"], document["error"]) == ("restored", "a1", None)
    assert (document["backup"]["path"], document["backup"]["size"]) == (str(backup), len(KITCHEN))
    assert document["report"] == {"proven": ["config.json"], "unproven": [], "needs": []}


def test_restore_for_people(command: Command, device: ExampleDevice, login: list[str], backup: Path) -> None:
    answer = command("restore", backup, *login)
    assert (answer.status, answer.errors) == (0, "")
    assert answer.output == (f"Backup {backup_id(backup)} of Kitchen was put on Kitchen (1.2).\nProven: config.json\n")


def test_a_plan_changes_nothing(command: Command, device: ExampleDevice, login: list[str], backup: Path) -> None:
    people, programs = (command("restore", backup, *login, "--plan", *more) for more in ((), ("--json",)))

    assert device.config == b'{"name": "factory"}'
    assert device.requests == ["GET /info", "GET /logout"] * 4
    assert people.status == 0
    assert people.output.splitlines() == [
        f"Backup {backup_id(backup)} of Kitchen would be put on Kitchen (1.2).",
        "config.json: would be sent",
    ]
    assert (programs.status, programs.json["outcome"]) == (0, "planned")
    assert programs.json["plan"] == {
        "files": [{"name": "config.json", "change": "unknown", "details": []}],
        "refused": [],
        "needs": [],
        "risks": [],
        "restarts": False,
    }


def test_what_a_backup_does_not_hold_is_told_with_the_plan_and_with_the_result(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    device.config = b'{"uptime": 1}'
    backup = command("back-up", "example", *login, "--store", store, "--json").json["backup"]["path"]
    told = [
        "This backup is incomplete. Set by hand what it does not hold:",
        "  In doubt: The configuration has no name.",
    ]
    for answer in (command("restore", backup, *login, "--plan"), command("restore", backup, *login)):
        assert answer.status == 0
        assert answer.output.splitlines()[1:3] == told


@pytest.mark.parametrize("which", ["meta file", "copy elsewhere", "id"])
def test_ways_to_name_a_backup(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    store: Path,
    tmp_path: Path,
    which: str,
) -> None:
    meta = backup.with_name(f"{backup.name}.meta.json")
    arguments: dict[str, list[object]] = {
        "meta file": [meta],
        "copy elsewhere": [shutil.copy(backup, tmp_path)],
        "id": [backup_id(backup), "--store", store],
    }
    shutil.copy(meta, tmp_path)
    assert command("restore", *arguments[which], *login).status == 0
    assert device.config == KITCHEN


def test_what_is_no_backup(command: Command, login: list[str], backup: Path, store: Path, tmp_path: Path) -> None:
    nowhere = command("restore", "nowhere.json", *login)
    assert nowhere.status == 2
    assert "There is no file nowhere.json" in " ".join(nowhere.errors.split())

    unknown = command("restore", "2020-01-01_00-00-00", "--store", store, *login, "--json")
    assert (unknown.status, unknown.json["error"]["code"]) == (1, "backup_not_found")

    alone = shutil.copy(backup, tmp_path)
    without_meta = command("restore", alone, *login)
    assert without_meta.status == 1
    assert without_meta.errors == (
        f"Nothing is put back. {alone}: None of the installed packages knows what it is. "
        "If the file that ends in .meta.json was kept, put it beside this one.\n"
    )

    Path(f"{alone}.meta.json").write_text("{}")
    assert command("restore", alone, *login, "--json").json["error"]["code"] == "store_damaged"


def test_damaged_backup_is_never_sent(
    command: Command, device: ExampleDevice, login: list[str], backup: Path, store: Path
) -> None:
    backup.write_bytes(b'{"name": "forged", "uptime": 1}!')
    for named in ([backup], [backup_id(backup), "--store", store]):
        answer = command("restore", *named, *login, "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, "store_damaged")
    backup.unlink()
    answer = command("restore", backup, *login, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "store_damaged")
    assert device.requests == []


def test_backup_of_a_newer_version(command: Command, login: list[str], backup: Path) -> None:
    meta = backup.with_name(f"{backup.name}.meta.json")
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"schema": 99}))
    answer = command("restore", backup, *login)
    assert answer.status == 1
    assert "was written by a newer version. Update Device Backups." in answer.errors


def test_other_hardware(
    command: Command, device: ExampleDevice, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.info["id"] = "new"

    refused = command("restore", backup, *login, "--json")
    assert (refused.status, refused.json["error"]["code"]) == (1, "wrong_device")
    assert refused.errors == "If the hardware was replaced, add --other-device.\n"
    assert "The backup is of Kitchen (a1), and Kitchen (1.2), new, answers." in refused.json["error"]["message"]
    assert device.config != KITCHEN
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    message, advice = command("restore", backup, *login).errors.splitlines()
    assert message.startswith("Unter dieser Adresse")
    assert advice == "Wenn das Gerät ersetzt wurde, füge --other-device hinzu."

    assert command("restore", backup, *login, "--other-device").status == 0
    assert device.config == KITCHEN


def test_safety_backup(command: Command, device: ExampleDevice, login: list[str], backup: Path, store: Path) -> None:
    device.faults["/config"] = login_page
    failed = command("restore", backup, *login, "--back-up-first", store, "--json")
    assert (failed.status, failed.json["error"]["code"]) == (1, "invalid_artifact")
    assert "PUT /config" not in device.requests

    device.faults.clear()
    assert command("restore", backup, *login, "--back-up-first", store).status == 0
    assert device.config == KITCHEN
    assert len(command("list", "--store", store, "--json").json["devices"][0]["backups"]) == 2


def test_refusal_of_the_device(command: Command, device: ExampleDevice, login: list[str], backup: Path) -> None:
    device.faults["/config"] = server_error
    answer = command("restore", backup, *login)
    assert (answer.status, answer.output) == (1, "")
    assert answer.errors.splitlines()[-1] == "The device answered in an unexpected way. HTTP 500"

    device.faults.clear()
    assert command("restore", backup, *login).status == 0


def test_rejected_restore(command: Command, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def reject(*_: object) -> None:
        raise RestoreRejectedError("It is full.")

    monkeypatch.setattr(ExampleHandler, "restore_backup", reject)
    answer = command("restore", backup, *login, "--json")
    assert (answer.status, answer.json["outcome"], answer.json["report"]) == (1, "failed", None)
    assert answer.json["error"] == {
        "code": "restore_rejected",
        "message": "Nothing is put back. It is full.",
    }


def test_handler_that_cannot_restore(
    command: Command, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(ExampleHandler, "restore_backup")
    answer = command("restore", backup, *login, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "restore_unsupported")


@pytest.mark.parametrize("named", ["", ".", "/", ".."])
def test_folder_is_no_backup(command: Command, login: list[str], named: str) -> None:
    answer = command("restore", named, *login)
    assert answer.status == 2
    assert f"“{named}” is no file of a backup." in answer.errors


@pytest.mark.parametrize("by_id", [False, True])
def test_backup_that_may_not_be_read(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    by_id: bool,
) -> None:
    def refuse(path: object, *arguments: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    named = (backup_id(backup), "--store", store) if by_id else (backup,)
    with monkeypatch.context() as refused:
        refused.setattr("ha_device_backup_core.store.reader.os.open", refuse)
        answer = command("restore", *named, *login, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "store")
    assert device.requests == []

    assert command("restore", *named, *login).status == 0


def plans(change: FileChange, fault: Exception | None = None) -> Callable[..., Awaitable[RestorePlan]]:
    async def plan_restore(*_: object) -> RestorePlan:
        if fault is not None:
            raise fault
        return RestorePlan(
            files=(PlannedFile(name="config.json", change=change),), needs=("Enter the password.",), restarts=True
        )

    return plan_restore


def test_nothing_is_sent_where_nothing_differs(
    command: Command, device: ExampleDevice, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.config = KITCHEN
    monkeypatch.setattr(ExampleHandler, "plan_restore", plans(FileChange.UNCHANGED))
    said = f"Backup {backup_id(backup)} of Kitchen: nothing to do, Kitchen (1.2) holds all of it already."
    planned = command("restore", backup, *login, "--plan")
    assert planned.output.splitlines() == [
        said,
        "config.json: is the same already",
        "Left for you to do: Enter the password.",
    ]
    answer = command("restore", backup, *login)
    assert (answer.status, answer.output) == (0, f"{said} Nothing was sent.\nLeft for you to do: Enter the password.\n")
    document = command("restore", backup, *login, "--json").json
    assert (document["outcome"], document["report"]["needs"]) == ("unchanged", ["Enter the password."])
    assert "PUT /config" not in device.requests

    monkeypatch.setattr(ExampleHandler, "plan_restore", plans(FileChange.CHANGED))
    assert command("restore", backup, *login, "--json").json["outcome"] == "restored"
    assert "PUT /config" in device.requests


def test_a_plan_that_cannot_be_made_keeps_nobody_from_restoring(
    command: Command, device: ExampleDevice, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExampleHandler, "plan_restore", plans(FileChange.UNCHANGED, CannotConnectError()))
    assert command("restore", backup, *login).status == 0
    assert device.config == KITCHEN
    monkeypatch.setattr(ExampleHandler, "plan_restore", plans(FileChange.UNCHANGED, UnsupportedDeviceError()))
    assert command("restore", backup, *login, "--json").json["error"]["code"] == "unsupported_device"


def test_an_unfinished_restore_is_done_again_though_the_files_are_equal(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The device may not have restarted with them."""
    with monkeypatch.context() as fault:
        fault.setattr(ExampleHandler, "restore_backup", break_off)
        assert command("restore", backup, *login).status == 1
    device.config = KITCHEN
    monkeypatch.setattr(ExampleHandler, "plan_restore", plans(FileChange.UNCHANGED))
    assert command("restore", backup, *login, "--json").json["outcome"] == "restored"
    assert command("restore", backup, *login, "--json").json["outcome"] == "unchanged"


def test_some_files_only_where_the_handler_can(
    command: Command, device: ExampleDevice, login: list[str], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = command("restore", backup, *login, "--file", "config.json", "--json")
    assert (refused.status, refused.json["error"]) == (
        1,
        {
            "code": "restore_rejected",
            "message": "Nothing is put back. A backup of Example goes back only as a whole.",
        },
    )
    assert device.requests == []

    def part(_: object, artifact: Artifact, names: Collection[str]) -> Artifact:
        if set(names) - artifact.files().keys():
            raise RestoreRejectedError("There is only config.json.")
        return replace(artifact, content=b'{"name": "part"}')

    monkeypatch.setattr(ExampleHandler, "part", classmethod(part), raising=False)
    unknown = command("restore", backup, *login, "--file", "other.json")
    assert (unknown.status, unknown.errors) == (1, "Nothing is put back. There is only config.json.\n")
    planned = command("restore", backup, *login, "--file", "config.json", "--plan")
    assert planned.output.startswith(f"A part of backup {backup_id(backup)} of Kitchen would be put on Kitchen (1.2).")
    with monkeypatch.context() as fault:
        fault.setattr(ExampleHandler, "restore_backup", break_off)
        broken = command("restore", backup, *login, "--file", "config.json")
    assert ' --set … --file "config.json"\n' in broken.errors
    assert command("restore", backup, *login, "--file", "config.json").status == 0
    assert device.config == b'{"name": "part"}'
    monkeypatch.delattr(ExampleHandler, "restore_backup")
    answer = command("restore", backup, *login, "--file", "config.json", "--json")
    assert answer.json["error"]["code"] == "restore_unsupported"


def test_a_known_device_gets_nothing_of_one_that_told_no_id_at_its_address(
    command: Command, device: ExampleDevice, login: list[str], store: Path, backup: Path
) -> None:
    """Not even as a plan; who says that the hardware was replaced gets it."""
    device.config, device.info["id"] = b'{"name": "nameless"}', None
    # At the very address of the known one it would be taken for that one.
    elsewhere = ["--set", "host=localhost", *login[2:]]
    nameless = command("back-up", "example", *elsewhere, "--store", store, "--json").json["backup"]["path"]
    device.config, device.info["id"] = KITCHEN, "a1"
    for more in (["--plan"], [], ["--back-up-first", store]):
        answer = command("restore", nameless, *login, "--store", store, *more, "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, "wrong_device")
        assert (
            "which told no id, and Kitchen (1.2) answers, which has backups of its own."
            in answer.json["error"]["message"]
        )
    assert device.config == KITCHEN
    assert command("verify", "--store", store).output == "Backups checked: 2. Problems: 0.\n"

    assert command("restore", nameless, *login, "--store", store, "--other-device").status == 0
    assert device.config == b'{"name": "nameless"}'
