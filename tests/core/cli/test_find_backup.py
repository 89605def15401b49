import json
from pathlib import Path

import pytest

from ..example_device import ExampleDevice
from .conftest import KITCHEN, PASSWORD, Command, Household, backup_id


def test_id_that_several_devices_have(
    command: Command,
    household: Household,
    device: ExampleDevice,
    login: list[str],
    backup: Path,
    store: Path,
) -> None:
    twin = household.add(
        ExampleDevice(info={"id": "b2", "name": "Twin", "version": "1"}, password=PASSWORD, config=KITCHEN)
    )
    other = command(
        "back-up", "example", *login[:2], "--set", f"port={twin.port}", *login[4:], "--store", store, "--json"
    )
    folder = Path(other.json["backup"]["path"]).parent
    name, meta = backup.name, f"{backup.name}.meta.json"
    for path in folder.glob("backup_*"):
        path.rename(folder / (meta if path.name.endswith(".meta.json") else name))
    copied = json.loads((folder / meta).read_text()) | {"id": backup_id(backup)}
    (folder / meta).write_text(json.dumps(copied))

    ambiguous = command("restore", backup_id(backup), "--store", store, *login)
    assert ambiguous.status == 2
    assert "--device with one of: example:a1 (Kitchen), example:b2 (Twin)" in " ".join(ambiguous.errors.split())

    assert command("restore", backup_id(backup), "--store", store, "--device", "example:a1", *login).status == 0
    assert device.config == KITCHEN


@pytest.mark.parametrize("name", ["restore", "diff", "protect", "accept"])
def test_id_that_another_device_has(command: Command, backup: Path, store: Path, name: str) -> None:
    named = (name, backup_id(backup), "--store", store)
    answer = command(*named, "--device", "example:ffff")
    assert answer.status == 1
    assert f"example:ffff has no backup {backup_id(backup)} in {store}; `list` shows what is there." in answer.errors
    nobody = command(name, "2020-01-01_00-00-00", "--store", store, "--device", "example:a1")
    assert f"{store} holds no backup 2020-01-01_00-00-00; `list` shows what is there." in nobody.errors
    for nonsense in ("nonsense", "example:", ":a1"):
        refused = command(*named, "--device", nonsense)
        assert (refused.status, refused.errors.splitlines()[0]) == (
            2,
            "A device is named KIND:ID, as `list` shows it.",
        )
