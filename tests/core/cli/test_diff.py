import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .conftest import PASSWORD, Command


def stored(command: Command, device: ExampleDevice, login: list[str], store: Path, config: object) -> Path:
    """Store a backup of the device with that configuration."""
    device.config = json.dumps(config).encode()
    answer = command("back-up", "example", *login, "--store", store, "--json")
    return Path(answer.json["backup"]["path"])


def changed_settings(document: dict[str, Any]) -> dict[str, tuple[object, object, bool, bool]]:
    (file,) = document["files"]
    return {
        ".".join(setting["path"]): (setting["before"], setting["after"], setting["masked"], setting["counts"])
        for setting in file["settings"]
    }


def test_one_is_compared_with_the_one_before(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    old = stored(command, device, login, store, {"name": "kitchen", "uptime": 1, "password": PASSWORD})
    new = stored(command, device, login, store, {"name": "hall", "uptime": 2, "password": f"{PASSWORD} 2"})
    answer = command("diff", new)
    assert answer.status == 0
    assert answer.output.splitlines() == [
        f"From backup {old.stem[7:]} of Kitchen to backup {new.stem[7:]} of Kitchen:",
        "config.json: changed, 61 to 60 bytes",
        '  name: "kitchen" to "hall"',
        "  uptime: 1 to 2 (changes by itself)",
        "  password: changed (masked)",
    ]
    programs = command("diff", new.stem[7:], "--store", store, "--json")
    assert programs.status == 0
    assert changed_settings(programs.json) == {
        "name": ("kitchen", "hall", False, True),
        "uptime": (1, 2, False, False),
        "password": ("***", "***", True, True),
    }
    (file,) = programs.json["files"]
    assert {key: file[key] for key in ("path", "change", "size_before", "size_after", "counts", "more")} == {
        "path": "config.json",
        "change": "changed",
        "size_before": 61,
        "size_after": 60,
        "counts": True,
        "more": 0,
    }
    assert (programs.json["before"]["path"], programs.json["after"]["path"]) == (str(old), str(new))
    assert (programs.json["counts"], programs.json["error"]) == (True, None)


def test_two_are_compared_old_before_new(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    old = stored(command, device, login, store, {"name": "a"})
    stored(command, device, login, store, {"name": "b"})
    new = stored(command, device, login, store, {"name": "c"})
    for backups in ((old, new), (new, old.stem[7:], "--store", store, "--device", "example:a1")):
        assert changed_settings(command("diff", *backups, "--json").json) == {"name": ("a", "c", False, True)}
    assert command("diff", old, old).output.endswith("\nNothing differs.\n")


def test_the_first_has_none_before(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    path = stored(command, device, login, store, {"name": "a"})
    answer = command("diff", path)
    assert answer.output == f"There is none before backup {path.stem[7:]} of Kitchen: it is the first.\n"
    programs = command("diff", path, "--json")
    assert (answer.status, programs.status) == (0, 0)
    assert (programs.json["before"], programs.json["files"], programs.json["error"]) == (None, [], None)
    assert programs.json["after"]["path"] == str(path)


def test_with_what_the_device_holds_now(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    path = stored(command, device, login, store, {"name": "a", "uptime": 1})
    device.config = b'{"name": "a", "uptime": 7}'
    answer = command("diff", path, "--now", *login)
    assert (answer.status, answer.output.splitlines()[-1]) == (0, "Only what changes by itself differs.")
    device.config = b'{"name": "b", "uptime": 7}'
    programs = command("diff", path, "--now", *login, "--json")
    assert changed_settings(programs.json)["name"] == ("a", "b", False, True)
    assert programs.json["after"]["device"]["unique_id"] == "a1"
    assert len(command("list", "--store", store, "--json").json["devices"][0]["backups"]) == 1


def test_another_device_is_not_compared(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    path = stored(command, device, login, store, {"name": "a"})
    device.info["id"] = "b2"
    answer = command("diff", path, "--now", *login, "--json")
    assert (answer.status, answer.json["error"]["code"], answer.json["files"]) == (1, "wrong_device", [])
    device.info["id"] = "a1"
    assert command("diff", path, "--now", *login).status == 0


def test_wrong_usage(command: Command, device: ExampleDevice, login: list[str], store: Path, tmp_path: Path) -> None:
    path = stored(command, device, login, store, {"name": "a"})
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    for name in (path.name, f"{path.name}.meta.json"):
        (copy.parent / name).write_bytes((path.parent / name).read_bytes())
    for arguments in ((path, path, path), (path, path, "--now"), (path, *login), (copy,), ()):
        assert command("diff", *arguments).status == 2
    assert command("diff", copy, path).status == 0


def test_a_damaged_one_is_told(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    old = stored(command, device, login, store, {"name": "a"})
    new = stored(command, device, login, store, {"name": "b"})
    content = old.read_bytes()
    old.write_bytes(b"something else")
    answer = command("diff", new, "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "store_damaged")
    old.write_bytes(content)
    assert command("diff", new).status == 0


@pytest.mark.parametrize("owner", ["a1", None])
def test_files_alone_are_compared_as_they_are_named(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: str | None,
) -> None:
    """As the browser saves them, without anything beside them and without a store."""
    monkeypatch.setattr(ExampleHandler, "recognizes", classmethod(lambda _, artifact: b"name" in artifact.content))
    monkeypatch.setattr(ExampleHandler, "owner", classmethod(lambda *_: owner))
    kept = [stored(command, device, login, store, {"name": name}) for name in ("a", "b")]
    old, new = (Path(shutil.copy(path, tmp_path / f"{path.stem} downloaded.json")) for path in kept)
    answer = command("diff", old, new)
    assert (answer.status, answer.output.splitlines()) == (
        0,
        [f"From “{old.name}” to “{new.name}”:", f"{new.name}: changed, 13 bytes", '  name: "a" to "b"'],
    )
    programs = command("diff", new, kept[0], "--json").json
    assert changed_settings(programs) == {"name": ("b", "a", False, True)}
    assert (programs["before"]["id"], programs["before"]["path"]) == (None, str(new))
    assert command("diff", old, "--now", *login, "--json").json["counts"]
    alone = command("diff", new)
    assert (alone.status, "is in no store" in " ".join(alone.errors.split())) == (2, True)


def test_a_masked_value_that_came_is_told(
    command: Command, device: ExampleDevice, login: list[str], store: Path
) -> None:
    """The handler shows a mask whether there is a password or none."""
    without = stored(command, device, login, store, {"name": "a"})
    secret = stored(command, device, login, store, {"name": "a", "password": PASSWORD})
    for backups in ((without, secret), (secret, stored(command, device, login, store, {"name": "a", "z": 1}))):
        assert changed_settings(command("diff", *backups, "--json").json)["password"] == ("***", "***", True, True)


def test_a_file_alone_that_nobody_knows(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = stored(command, device, login, store, {"name": "a"})
    notes = tmp_path / "notes.txt"
    notes.write_text("no backup")
    answer = command("diff", notes, path)
    assert (answer.status, answer.output, answer.errors.count("\n")) == (1, "", 1)
    assert answer.errors.startswith(f"{notes}: None of the installed packages knows what it is.")
    programs = command("diff", notes, path, "--json")
    assert (programs.status, programs.json["error"]["code"], programs.json["files"]) == (1, "unusable_file", [])
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "Keines der installierten Pakete" in command("diff", notes, path).errors
    assert command("diff", path, path).status == 0
