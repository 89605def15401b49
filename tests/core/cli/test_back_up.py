import fcntl
import hashlib
import json
from pathlib import Path

import pytest

from ha_device_backup_core.config.config import REDACTED
from ha_device_backup_core.errors import StoreFullError
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE

from ..example_device import ExampleDevice, hang, login_page
from .conftest import PASSWORD, Command

DEVICE: dict[str, object] = {
    "unique_id": "a1",
    "name": "Kitchen",
    "manufacturer": None,
    "model": None,
    "version": "1.2",
    "connections": [],
    "configuration_url": None,
}


def test_who_is_there(command: Command, login: list[str]) -> None:
    people, programs = command("test", "example", *login), command("test", "example", *login, "--json")

    assert (people.status, people.output, people.errors) == (0, "Kitchen (1.2)\nID: a1\n", "")
    assert (programs.status, programs.json) == (0, {"device": DEVICE, "notices": [], "error": None})


def test_what_a_person_should_know_first(command: Command, device: ExampleDevice, login: list[str]) -> None:
    device.info["notice"] = f"Its login {PASSWORD} travels in clear."
    people, programs = command("test", "example", *login), command("test", "example", *login, "--json")

    shown = f"Its login {REDACTED} travels in clear."
    assert (people.status, people.output, people.errors) == (0, f"Kitchen (1.2)\nID: a1\n{shown}\n", "")
    notices = [{"code": "notice", "text": shown}]
    assert (programs.status, programs.json) == (0, {"device": DEVICE, "notices": notices, "error": None})


def test_nobody_is_there(command: Command, device: ExampleDevice, login: list[str]) -> None:
    device.password = "another"
    people, programs = command("test", "example", *login), command("test", "example", *login, "--json")

    message = "The device refused the login."
    assert (people.status, people.output, people.errors) == (1, "", f"{message}\n")
    assert (programs.status, programs.json) == (
        1,
        {"device": None, "notices": [], "error": {"code": "authentication", "message": message}},
    )

    device.password = PASSWORD
    assert command("test", "example", *login).status == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fridge"], "Install the package that brings “fridge”."),
        (["example", "--set", "host=http://x/y"], "The value of “host” cannot be used."),
        (["example"], "The value of “host” cannot be used. A value is needed."),
        (["example", "--set", "hots=x"], "There is no such field. The fields are: host, port,"),
        (["example", "--set", "host=a", "--set", "host=b"], "“host” is set twice."),
        (["example", "--set", "host"], "“host” has no value; write host=VALUE or host=@FILE."),
        (["example", "--set", "password=@/nowhere"], "“password”: /nowhere cannot be read. It is not there."),
        ([], "Missing argument"),
        (["example", "--sett", "x=y"], "No such option"),
    ],
)
def test_wrong_usage(command: Command, arguments: list[str], message: str) -> None:
    answer = command("test", *arguments)
    assert (answer.status, answer.output) == (2, "")
    assert message in " ".join(answer.errors.replace("│", "").split())


def test_wrong_values_for_programs(command: Command) -> None:
    answer = command("test", "example", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (2, "config")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe", "is no text in UTF-8."), (b"x" * 100_000, "is too large to be a value.")],
)
def test_unusable_file(command: Command, tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "value"
    path.write_bytes(content)
    answer = command("test", "example", "--set", f"password=@{path}")
    assert answer.status == 2
    assert message in " ".join(answer.errors.split())


def test_at_signs_are_doubled(command: Command, device: ExampleDevice, login: list[str]) -> None:
    device.password = "@home"
    answer = command("test", "example", *login[:4], "--set", "password=@@home")
    assert answer.status == 0


def test_secret_on_the_command_line_is_warned_about(command: Command, device: ExampleDevice, login: list[str]) -> None:
    device.password = "open"
    answer = command("test", "example", *login[:4], "--set", "password=open")
    assert answer.status == 0
    assert answer.errors == (
        "Others on this machine can see the value of “password”; better write --set password=@FILE or --set password.\n"
    )


def test_back_up(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    arguments = ["back-up", "example", *login, "--store", store]

    first, second = command(*arguments, "--json"), command(*arguments, "--json")
    device.config = b"{}"
    third = command(*arguments, "--title", "Lamp", "--json")

    backup = first.json["backup"]
    content = Path(backup["path"]).read_bytes()
    assert content == b'{"name": "kitchen", "uptime": 1}'
    assert Path(backup["path"]).is_relative_to(store)
    assert (first.status, first.json) == (
        0,
        {
            "outcome": "stored",
            "device": DEVICE,
            "backup": {
                "id": backup["id"],
                "path": backup["path"],
                "taken_at": backup["taken_at"],
                "confirmed": backup["taken_at"],
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "whole": True,
                "suspect": None,
                "protected": False,
                "undoes_restore_of": None,
                "trigger": "manual",
                "last_before": None,
                "device_version": DEVICE["version"],
                "handler": backup["handler"],
                "missing": [],
                "doubts": [],
                "remarks": [],
            },
            "error": None,
        },
    )
    confirmed = {"outcome": "unchanged", "backup": backup | {"confirmed": second.json["backup"]["confirmed"]}}
    assert (second.status, second.json) == (0, first.json | confirmed)
    assert (third.status, third.json["outcome"]) == (0, "stored")
    assert third.json["backup"]["doubts"] == [{"code": "no_name", "text": "The configuration has no name."}]
    assert third.json["backup"]["whole"] is False


def test_back_up_for_people(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    whole = command("back-up", "example", *login, "--store", store)
    device.config = b"{}"
    doubtful = command("back-up", "example", *login, "--store", store, "--title", "Lamp")
    device.faults["/config"] = login_page
    failed = command("back-up", "example", *login, "--store", store)

    assert whole.output.startswith("Kitchen (1.2): stored, 2")
    assert whole.output.endswith(", 32 bytes, complete\n")
    assert doubtful.output.startswith("Lamp: stored, ")
    assert doubtful.output.splitlines()[0].endswith(", 2 bytes, suspect, incomplete")
    assert doubtful.output.splitlines()[1:] == [
        "  It is less than half as large as the backup before.",
        "  In doubt: The configuration has no name.",
    ]
    assert (failed.status, failed.output) == (1, "")
    assert failed.errors == (
        f"127.0.0.1:{device.port}: failed. What the device sent is no usable backup. Nothing was stored."
        " config.json is no JSON.\n"
    )


def test_failed_backup_stores_nothing_and_the_next_one_does(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    arguments = ["back-up", "example", *login, "--store", store, "--json"]
    device.faults["/config"] = login_page

    failed = command(*arguments)

    assert (failed.status, failed.json) == (
        1,
        {
            "outcome": "failed",
            "device": None,
            "backup": None,
            "error": {
                "code": "invalid_artifact",
                "message": "What the device sent is no usable backup. Nothing was stored. config.json is no JSON.",
            },
        },
    )
    assert [path.name for path in store.rglob("*") if path.is_file() and path.name != MARK_FILE] == [".lock"]

    device.faults.clear()
    assert command(*arguments).json["outcome"] == "stored"


def test_wrong_usage_of_back_up(command: Command, login: list[str], store: Path) -> None:
    assert command("back-up", "example", *login).status == 2
    unknown = command("back-up", "fridge", "--store", store, "--json")
    assert (unknown.status, unknown.json["error"]["code"]) == (2, "handler_unavailable")
    assert not store.exists()


def test_store_of_a_running_home_assistant(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    assert command("back-up", "example", *login, "--store", store).status == 0
    arguments = ["back-up", "example", *login, "--store", store, "--json"]
    with (store / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        device.requests.clear()
        locked = command(*arguments)
        listed = command("list", "--store", store)
    assert (locked.status, locked.json["error"]["code"]) == (1, "store_locked")
    assert device.requests == []
    assert listed.status == 0

    assert command(*arguments).json["outcome"] == "unchanged"


def test_full_disk(command: Command, login: list[str], store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StoreFullError

    arguments = ["back-up", "example", *login, "--store", store, "--json"]
    with monkeypatch.context() as patched:
        patched.setattr(BackupStore, "commit", full)
        answer = command(*arguments)
    assert (answer.status, answer.json["outcome"], answer.json["device"]) == (1, "failed", DEVICE)
    assert answer.json["error"] == {"code": "store_full", "message": str(StoreFullError())}

    assert command(*arguments).json["outcome"] == "stored"


def test_kind_without_ids_is_told_apart_by_its_address(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:

    device.info["id"] = None
    answer = command("back-up", "example", *login, "--store", store, "--json")
    assert answer.json["device"]["unique_id"] is None
    (record,) = (json.loads(path.read_text()) for path in store.glob("*/device.json"))
    assert is_assigned(record["unique_id"])
    assert command("back-up", "example", *login, "--store", store, "--json").json["outcome"] == "unchanged"


def test_a_device_that_tells_its_id_late_keeps_its_history(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    device.info["id"] = None
    first = command("back-up", "example", *login, "--store", store, "--json").json["backup"]
    device.info["id"] = "a1"
    second = command("back-up", "example", *login, "--store", store, "--json").json
    assert (second["outcome"], second["backup"]["id"]) == ("unchanged", first["id"])
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert listed["unique_id"] == "a1"


def test_a_device_that_tells_no_id_any_more_keeps_its_history(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    arguments = ["back-up", "example", *login, "--store", store, "--json"]
    first = command(*arguments).json["backup"]
    device.info["id"] = None
    second = command(*arguments).json
    assert (second["outcome"], second["backup"]["id"]) == ("unchanged", first["id"])
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert listed["unique_id"] == "a1"

    fleet = store.parent / "fleet.toml"
    values = f'host = "127.0.0.1"\nport = {device.port}\npassword = "{PASSWORD}"'
    fleet.write_text(f'[[device]]\nkind = "example"\n{values}\n')
    (run,) = command("run", fleet, "--store", store, "--json").json
    assert (run["outcome"], run["backup"]["id"]) == ("unchanged", first["id"])


def test_device_that_hangs_while_it_closes(
    command: Command, device: ExampleDevice, login: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ha_device_backup_core.jobs.runner.CLOSE_SECONDS", 0.05)
    device.faults["/logout"] = hang
    assert command("test", "example", *login).status == 0


def test_nothing_that_is_printed_steers_the_terminal(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    device.info["name"] = "\x1b[2J\x9b31mKitchen\u202e"
    title = "lamp\udcff\x1b]0;owned\x07"
    made = command("back-up", "example", *login, "--store", store, "--title", title)
    answers = [made, command("test", "example", *login), command("list", "--store", store)]

    assert [answer.status for answer in answers] == [0, 0, 0]
    for answer in answers:
        assert not set("\x1b\x9b\x07\u202e\udcff") & set(answer.output + answer.errors)
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert listed["title"] == title
