"""A large folder on a simulated machine, and a handler at an agent that keeps it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.trees.handler import TreeHandler, tree_handler
from ha_device_backup_agent.trees.places import TreePlaces
from ha_device_backup_core import Artifact, DeviceBackupError, KeyPairOfferedError
from ha_device_backup_core.testing import run_job, run_probe
from tests.simulators.large_folders import FINGERPRINT, LargeFolders


@dataclass
class Bench:
    machine: LargeFolders
    data: Path
    handler: type[TreeHandler]
    key: str = ""
    line: str = ""

    def config(self, **changes: object) -> dict[str, object]:
        return {
            "host": "nas",
            "username": "keeper",
            "folder": str(self.machine.tree),
            "host_key": FINGERPRINT,
            "private_key": self.key,
            "bandwidth": 1000,
        } | changes

    async def fetch(self, **changes: object) -> Artifact:
        return (await run_job(self.handler, self.config(**changes))).artifact

    async def fails(self, **changes: object) -> DeviceBackupError:
        with pytest.raises(DeviceBackupError) as caught:
            await self.fetch(**changes)
        return caught.value

    def start_again(self, repository: str | None = None) -> None:
        self.handler = handler_at(self.data, repository)


def handler_at(data: Path, repository: str | None = None) -> type[TreeHandler]:
    folder = DataFolder(data)
    folder.prepare()
    places = TreePlaces(folder, repository=repository)
    places.sweep()
    return tree_handler(places)


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    machine = LargeFolders(tmp_path / "machine")
    monkeypatch.setenv("PATH", f"{machine.bin}:/usr/bin:/bin")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-the-cloud")
    (machine.tree / "sub").mkdir()
    (machine.tree / "sub/a").write_bytes(b"a" * 3000)
    (machine.tree / "b").write_text("b")
    found = Bench(machine, tmp_path / "data", handler_at(tmp_path / "data"))
    with pytest.raises(KeyPairOfferedError) as offered:
        await run_probe(found.handler, found.config())
    found.key, found.line = offered.value.private, offered.value.public
    machine.set("restricted", value=True)
    return found
