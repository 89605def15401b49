from pathlib import Path

from ..example_device import ExampleDevice
from .conftest import Command


def stored(command: Command, login: list[str], store: Path) -> Path:
    return Path(command("back-up", "example", *login, "--store", store, "--json").json["backup"]["path"])


def listed(command: Command, store: Path) -> list[tuple[bool, bool, str | None]]:
    (device,) = command("list", "--store", store, "--json").json["devices"]
    return [(backup["protected"], backup["whole"], backup["suspect"]) for backup in device["backups"]]


def test_protect(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    path = stored(command, login, store)
    answer = command("protect", path)
    assert (answer.status, answer.output) == (0, f"Backup {path.stem[7:]} of Kitchen is protected.\n")
    assert listed(command, store) == [(True, True, None)]
    off = command("protect", path.stem[7:], "--store", store, "--off", "--json")
    assert (off.status, off.json["backup"]["protected"], off.json["error"]) == (0, False, None)
    assert listed(command, store) == [(False, True, None)]


def test_accept(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    device.config = b'{"uptime": 5}'
    path = stored(command, login, store)
    assert listed(command, store) == [(False, False, None)]
    answer = command("accept", path)
    assert (answer.status, answer.output) == (0, f"Backup {path.stem[7:]} of Kitchen counts as right from now on.\n")
    assert listed(command, store) == [(False, True, None)]


def test_only_what_is_in_a_store_can_be_marked(
    command: Command, device: ExampleDevice, login: list[str], store: Path, tmp_path: Path
) -> None:
    path = stored(command, login, store)
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    for name in (path.name, f"{path.name}.meta.json"):
        (copy.parent / name).write_bytes((path.parent / name).read_bytes())
    assert command("protect", copy).status == 2
    missing = command("protect", "2020-01-01_00-00-00", "--store", store, "--json")
    assert (missing.status, missing.json["error"]["code"]) == (1, "backup_not_found")
    for arguments in (["protect"], ["diff"], ["restore", "--plan", "--set", "host=127.0.0.1"]):
        too_long = command(*arguments, "x" * 500, "--store", store, "--json")
        assert (too_long.status, too_long.json["error"]["code"]) == (1, "backup_not_found")
    assert command("protect", path).status == 0


def test_a_damaged_one_can_be_let_go(command: Command, device: ExampleDevice, login: list[str], store: Path) -> None:
    """Else it would stay for good: nothing that is protected is deleted."""
    path = stored(command, login, store)
    assert command("protect", path).status == 0
    content = path.read_bytes()
    path.write_bytes(b"x" * len(content))
    for marking in (["protect"], ["accept"]):
        assert command(*marking, path, "--json").json["error"]["code"] == "store_damaged"
    assert command("protect", path, "--off").output.endswith(" is no longer protected.\n")
    path.write_bytes(content)
    assert listed(command, store) == [(False, True, None)]
