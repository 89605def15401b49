"""Whatever happens to a controller in the middle of a restore: that is told, and can be continued or undone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core import DeviceBackupHandler
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_wled import WledHandler
from tests.every_step import Came, Trouble, rehearse, troubles_of
from tests.simulators.wled import SimulatedWled

from .conftest import SHORT

pytestmark = pytest.mark.once

RESTART = RestartPace(poll=0.05, overdue=1.0, limit=3.0)
OWN_FILES = {"usermod.log", "bkp.cfg.json", "rst.cfg.json", "tmp.json"}
NO_TROUBLE = {"anywhere", "torn"}
"""What says where other faults happen, and what a person does to the controller meanwhile."""


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait not so long for what does not come back."""
    monkeypatch.setattr(WledHandler, "timing", replace(SHORT, restart=RESTART))


class Controller:
    handler: ClassVar[type[DeviceBackupHandler]] = WledHandler

    def __init__(self, wled: SimulatedWled) -> None:
        self.server = self.wled = wled
        self.config: Mapping[str, object] = {"host": wled.host, "port": wled.port, "pin": None}
        self._changes = 0

    @property
    def unique_id(self) -> str:
        return self.wled.device.mac

    def held(self) -> object:
        return {name: content for name, content in self.wled.device.user_files.items() if name not in OWN_FILES}

    def change(self) -> None:
        self._changes += 1
        device = self.wled.device
        device.save_preset(9, {"n": f"Change {self._changes}"})
        device.save_settings({"light": {**device.settings["light"], "scale-bri": self._changes}})


@pytest.mark.parametrize("trouble", troubles_of(SimulatedWled(), but=NO_TROUBLE), ids=str)
async def test_trouble_at_every_step(tmp_path: Path, trouble: Trouble) -> None:
    async with SimulatedWled() as wled:
        rehearsal = await rehearse(Controller(wled), tmp_path / "store")
        came = await rehearsal.survive(trouble)
    assert trouble.name != "off" or came == set(Came)


@pytest.mark.parametrize("at_once", [True, False], ids=["killed", "stopped"])
async def test_an_end_at_every_step(tmp_path: Path, *, at_once: bool) -> None:
    async with SimulatedWled() as wled:
        rehearsal = await rehearse(Controller(wled), tmp_path / "store")
        assert await rehearsal.survive_ends(at_once) == {Came.UNTOUCHED, Came.CONTINUED, Came.UNDONE}
