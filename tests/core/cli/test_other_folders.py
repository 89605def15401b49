"""No command changes a folder that is no store, or takes one for an empty store."""

from pathlib import Path

import pytest

from ..example_device import ExampleDevice
from ..store.test_root import state
from .conftest import Command

RECORDINGS = Path(__file__).parents[2] / "handlers_wled" / "recordings"
LEFT_ALONE = "holds other things and is no store of backups, so it was left alone. Choose a new folder or an empty one."
NO_STORE = "is no store of backups. Choose the folder in which the folders of the devices are."


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of somebody, with what a store would have swept."""
    folder = tmp_path / "documents"
    (folder / "my-photos").mkdir(parents=True)
    folder.chmod(0o755)
    (folder / ".letter.odt.tmp").write_text("unsaved")
    (folder / ".device.json.tmp").write_text("of another program")
    return folder


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    file = tmp_path / "fleet.toml"
    file.write_text('[[device]]\nkind = "example"\nhost = "127.0.0.1"\nport = 1\npassword = "x"\n')
    return file


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("back-up", "example", "--set", "host=127.0.0.1", "--set", "port=1", "--store", "DIR"), LEFT_ALONE),
        (("run", "FLEET", "--store", "DIR"), LEFT_ALONE),
        (("import", "SETTINGS", "--unique-id", "a0b1c2d3e4f5", "--store", "DIR"), LEFT_ALONE),
        (("prune", "--store", "DIR"), NO_STORE),
        (("prune", "--dry-run", "--store", "DIR"), NO_STORE),
        (("list", "--store", "DIR"), NO_STORE),
        (("verify", "--store", "DIR"), NO_STORE),
        (("restore", "2025-01-15_10-30-00", "--set", "host=127.0.0.1", "--store", "DIR"), NO_STORE),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_folder_of_somebody_is_left_as_it_is(
    command: Command, documents: Path, fleet: Path, arguments: tuple[str, ...], reason: str
) -> None:
    before = state(documents)
    places = {"DIR": documents, "FLEET": fleet, "SETTINGS": next(RECORDINGS.rglob("cfg.json"))}
    answer = command(*(places.get(argument, argument) for argument in arguments))
    assert answer.status == 1
    assert " ".join(reason.split()) in " ".join((answer.output + answer.errors).split())
    assert state(documents) == before


def test_a_folder_of_somebody_gets_no_backup_before_a_restore(
    command: Command, documents: Path, device: ExampleDevice, store: Path, login: list[str]
) -> None:
    before = state(documents)
    backup = command("back-up", "example", *login, "--store", store, "--json").json["backup"]["path"]
    answer = command("restore", backup, *login, "--back-up-first", documents)
    assert answer.status == 1
    assert "holds other things" in answer.errors
    assert state(documents) == before
    assert command("restore", backup, *login, "--back-up-first", documents / "new").status == 0
