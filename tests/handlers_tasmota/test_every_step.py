"""Whatever happens to a device in the middle of a restore: that is told, and can be continued or undone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core import DeviceBackupHandler
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_tasmota import TasmotaHandler
from tests.every_step import Came, Trouble, rehearse, troubles_of
from tests.simulators.tasmota import PASSWORD, Place, SimulatedTasmota, TextIndex

from .conftest import SHORT

pytestmark = pytest.mark.once

RESTART = RestartPace(poll=0.05, overdue=1.0, limit=3.0)
AMOUNTS = {"set_at_start": 40}
RULES_BYTES = 512


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait not so long for what does not come back."""
    monkeypatch.setattr(TasmotaHandler, "timing", replace(SHORT, restart=RESTART))


class Switch:
    handler: ClassVar[type[DeviceBackupHandler]] = TasmotaHandler

    def __init__(self, tasmota: SimulatedTasmota) -> None:
        self.server = self.tasmota = tasmota
        login = {"username": "admin", "password": PASSWORD}
        self.config: Mapping[str, object] = {"host": tasmota.host, "port": tasmota.port, **login}
        self._changes = 0

    @property
    def unique_id(self) -> str:
        return self.tasmota.device.mac

    def held(self) -> object:
        device = self.tasmota.device
        texts = [device.settings.text(index) for index in TextIndex]
        rules = bytes(device.settings.content[Place.RULES :][:RULES_BYTES])
        return dict(device.files), texts, rules, dict(device.drivers)

    def change(self) -> None:
        self._changes += 1
        device = self.tasmota.device
        device.files["/autoexec.be"] = f"print({self._changes})".encode()
        device.set_text(TextIndex.TOPIC, f"changed-{self._changes}")


@pytest.mark.parametrize("trouble", troubles_of(SimulatedTasmota(), amounts=AMOUNTS), ids=str)
async def test_trouble_at_every_step(tmp_path: Path, trouble: Trouble) -> None:
    async with SimulatedTasmota() as tasmota:
        rehearsal = await rehearse(Switch(tasmota), tmp_path / "store")
        came = await rehearsal.survive(trouble)
    assert trouble.name != "off" or came == set(Came)


@pytest.mark.parametrize("at_once", [True, False], ids=["killed", "stopped"])
async def test_an_end_at_every_step(tmp_path: Path, *, at_once: bool) -> None:
    async with SimulatedTasmota() as tasmota:
        rehearsal = await rehearse(Switch(tasmota), tmp_path / "store")
        assert await rehearsal.survive_ends(at_once) == {Came.UNTOUCHED, Came.CONTINUED, Came.UNDONE}
