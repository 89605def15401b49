"""Every example below a help runs as it stands; a device of this machine answers in place of those that it names."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_core.cli import options
from ha_device_backup_core.cli.examples import EXAMPLES
from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from ..snapshots.homes import STAIRS, home, snapshot
from .conftest import PASSWORD, Command

LINES = [line for lines in EXAMPLES.values() for line in lines]
NEW = b'{"name": "by hand"}'


@dataclass(frozen=True)
class Place:
    """The folder in which examples are typed, and what is meant by their names."""

    device: ExampleDevice
    backup_id: str

    def words(self, line: str) -> list[str]:
        """Return what is typed here."""
        meant = {
            **dict.fromkeys(("wled", "fritzbox"), "example"),
            **dict.fromkeys(("2026-11-15_10-30-00", "BACKUP"), self.backup_id),
            **dict.fromkeys(("host=192.0.2.7", "host=192.0.2.8"), "host=127.0.0.1"),
            "wled:a1b2c3d4e5f6": "example:a1",
            "pin": "password",
        }
        words = [meant.get(word, word) for word in shlex.split(line)[1:]]
        if "--set" in words:
            words += ["--set", f"port={self.device.port}"]
            missing = {"host": "127.0.0.1", "password": "@secret.txt"}
            given = {word.partition("=")[0] for word in words}
            words += [word for key in missing if key not in given for word in ("--set", f"{key}={missing[key]}")]
        return words


@pytest.fixture
def place(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    folder = tmp_path / "typed here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("secret.txt").write_text(PASSWORD)
    Path("FLEET.toml").write_text(
        f'[[device]]\nkind = "example"\nhost = "127.0.0.1"\nport = {device.port}\npassword = "@secret.txt"\n'
    )
    for name in ("old.zip", "new.zip"):  # the kind that answers here has one file, and no zips
        Path(name).write_text(f'{{"name": "{name}"}}')
    Path("downloads").mkdir()
    Path("downloads/config.json").write_bytes(NEW)
    snapshot(folder / "Automatic_backup.tar", home(tmp_path / "config", {STAIRS: [b'{"name": "a"}']}))
    ids = []
    for content in (device.config, NEW):
        device.config = content
        answer = command("back-up", "example", *login, "--store", "backups", "--json")
        ids.append(answer.json["backup"]["id"])
    return Place(device, ids[-1])


@pytest.fixture(autouse=True)
def capable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the example handler know its files, and plan restores; somebody sits there who can be asked."""

    async def plan(_: ExampleHandler, artifact: Artifact) -> RestorePlan:
        return RestorePlan(files=(PlannedFile(name=artifact.filename, change=FileChange.CHANGED),))

    monkeypatch.setattr(options, "_is_terminal", lambda: True)
    monkeypatch.setattr(ExampleHandler, "plan_restore", plan)
    monkeypatch.setattr(ExampleHandler, "recognizes", classmethod(lambda _, artifact: b'"name"' in artifact.content))
    monkeypatch.setattr(ExampleHandler, "owner", classmethod(lambda _, artifact: "a1"))


@pytest.mark.parametrize("line", LINES)
def test_an_example_works(line: str, command: Command, place: Place) -> None:
    if " replace " in line:
        place.device.info |= {"id": "b2"}
    answer = command(*place.words(line), typed=f"{PASSWORD}\n")
    assert answer.status == 0, answer
