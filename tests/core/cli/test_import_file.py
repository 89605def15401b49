from pathlib import Path

from ..example_device import ExampleDevice
from .conftest import Command


def test_a_file_becomes_a_backup(
    command: Command, device: ExampleDevice, login: list[str], store: Path, tmp_path: Path
) -> None:
    first = command("back-up", "example", *login, "--store", store, "--json").json["backup"]
    file = tmp_path / "config.json"
    file.write_text('{"name": "by hand"}')
    where = ["--store", store, "--unique-id", "a1"]
    answer = command("import", "example", file, *where, "--made-at", "2024-05-01T12:00:00", "--json")
    assert answer.status == 0
    backup = answer.json["backup"]
    assert (answer.json["outcome"], backup["id"]) == ("stored", "2024-05-01_12-00-00")
    assert Path(backup["path"]).read_text() == '{"name": "by hand"}'
    (listed,) = command("list", "--store", store, "--json").json["devices"]
    assert [(kept["id"], kept["trigger"]) for kept in listed["backups"]] == [
        (first["id"], "manual"),
        (backup["id"], "imported"),
    ]
    again = command("import", "example", file, *where, "--made-at", "2024-05-01T12:00:00")
    assert again.output == "Kitchen: unchanged, 2024-05-01_12-00-00\n"


def test_a_device_that_was_never_reached_can_have_one(command: Command, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"name": "by hand"}')
    answer = command("import", "example", file, "--store", store, "--unique-id", "b2")
    assert answer.output.startswith("example:b2: stored, ")
    named = command("import", "example", file, "--store", store, "--unique-id", "c3", "--title", "Cellar")
    assert named.output.startswith("Cellar: stored, ")


def test_wrong_files_are_refused(command: Command, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html>")
    where = ["--store", store, "--unique-id", "a1"]
    answer = command("import", "example", file, *where)
    assert answer.status == 1
    assert "This file is no backup of this device. Nothing was stored." in answer.errors
    assert command("import", "example", file, *where, "--json").json["error"]["code"] == "unusable_file"
    assert command("import", "toaster", file, *where).status == 2
    with file.open("wb") as large:
        large.truncate(64 * 1024 * 1024 + 1)
    assert command("import", "example", file, *where).status == 2
    file.write_text("{}")
    assert command("import", "example", file, *where).status == 0


def test_only_an_identity_that_such_a_device_can_have(command: Command, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "lamp.bin"
    file.write_text("{}")
    for kind, unique_id in (
        ("example", ""),
        ("example", " a1"),
        ("example", "a\n1"),
        ("example", "x" * 256),
        ("wled", "A1:B2:C3:D4:E5:F6"),
    ):
        answer = command("import", kind, file, "--store", store, "--unique-id", unique_id)
        assert (answer.status, "nothing that such a device can have" in answer.errors) == (2, True), unique_id
    assert not store.exists()
    assert command("import", "example", file, "--store", store, "--unique-id", "a1").status == 0


def test_a_router_whose_serial_number_is_no_mac(command: Command, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "fritz.export"
    file.write_text("{}")
    for unique_id, is_one in (("j123456789", True), ("J123456789", False), ("2c:3a", False)):
        answer = command("import", "fritzbox", file, "--store", store, "--unique-id", unique_id)
        assert ("nothing that such a device can have" in answer.errors) is not is_one, unique_id
