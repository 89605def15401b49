from pathlib import Path

import pytest

from ..example_device import ExampleDevice
from .conftest import Command


@pytest.fixture
def filled(command: Command, device: ExampleDevice, login: list[str], store: Path) -> list[str]:
    """Return the paths of two backups of one device, newest first."""
    paths = []
    for content in (b'{"name": "old"}', b'{"uptime": 5}'):
        device.config = content
        paths.append(command("back-up", "example", *login, "--store", store, "--json").json["backup"]["path"])
    return paths[::-1]


def test_list_for_programs(command: Command, filled: list[str], store: Path) -> None:
    answer = command("list", "--store", store, "--json")

    assert answer.status == 0
    (device,) = answer.json["devices"]
    backups = device.pop("backups")
    assert device == {"kind": "example", "unique_id": "a1", "title": "Kitchen", "unfinished_restore": None}
    assert [backup["path"] for backup in backups] == filled
    assert backups[0]["doubts"] == [{"code": "no_name", "text": "The configuration has no name."}]
    assert set(backups[0]) == {
        "id",
        "path",
        "sha256",
        "size",
        "whole",
        "suspect",
        "remarks",
        "missing",
        "doubts",
        "taken_at",
        "confirmed",
        "protected",
        "trigger",
        "device",
        "recommended",
        "undoes_restore_of",
        "last_before",
        "device_version",
        "handler",
    }
    assert [backup["recommended"] for backup in backups] == [False, True]
    assert answer.json["problems"] == []


def test_list_for_people(command: Command, filled: list[str], store: Path) -> None:
    answer = command("list", "--store", store)

    assert (answer.status, answer.errors) == (0, "")
    *table, sentence, doubt = answer.output.splitlines()
    rows = [line.split() for line in table]
    assert rows[0] == ["Device", "Kind", "ID", "Backup", "Confirmed", "Bytes", "Version", "Complete", "Marks"]
    assert [(row[0], row[1], row[2], *row[7:]) for row in rows[1:]] == [
        ("Kitchen", "example", "a1", "13", "1.2", "no"),
        ("Kitchen", "example", "a1", "15", "1.2", "yes", "recommended"),
    ]
    assert sentence == f"Kitchen: {rows[1][3]} is incomplete"
    assert doubt == "  In doubt: The configuration has no name."


def test_verify(command: Command, filled: list[str], store: Path) -> None:
    people, programs = command("verify", "--store", store), command("verify", "--store", store, "--json")
    assert (people.status, people.output, people.errors) == (0, "Backups checked: 2. Problems: 0.\n", "")
    assert (programs.status, programs.json) == (0, {"checked": 2, "problems": [], "error": None})


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_damage_is_named(command: Command, filled: list[str], store: Path, damage: str) -> None:
    path = Path(filled[0])
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"{}")
    name = str(path.relative_to(store))

    for arguments in (("list",), ("verify",)):
        people = command(*arguments, "--store", store)
        programs = command(*arguments, "--store", store, "--json")
        assert people.status == programs.status == 1
        assert name in people.errors
        ((problem),) = programs.json["problems"]
        assert (problem["path"], problem["kind"]) == (name, f"artifact_{damage}")

    path.write_bytes(content)
    assert command("verify", "--store", store).status == 0


def test_empty_folder(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    listed = command("list", "--store", tmp_path / "empty")
    assert (listed.status, listed.output) == (0, "There are no backups here.\n")
    verified = command("verify", "--store", tmp_path / "empty", "--json")
    assert verified.json == {"checked": 0, "problems": [], "error": None}
    assert list((tmp_path / "empty").iterdir()) == []


def test_no_folder(command: Command, tmp_path: Path) -> None:
    for name in ("list", "verify"):
        assert command(name, "--store", tmp_path / "nowhere").status == 2
        assert command(name).status == 2


def test_store_that_cannot_be_read(command: Command, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.mkdir()

    def broken(path: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("os.scandir", broken)
        answers = [command(name, "--store", store, "--json") for name in ("list", "verify")]
        people = command("list", "--store", store)
    assert [answer.status for answer in answers] == [1, 1]
    assert {answer.json["error"]["code"] for answer in answers} == {"store"}
    assert "The disk reports an error." in people.errors

    assert command("list", "--store", store).status == 0
