"""Whatever happens to a controller in the middle of a restore: that is told, and can be continued or undone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core import DeviceBackupHandler
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_wled import WledHandler
from tests.every_step import Came, Rehearsal, rehearsed
from tests.simulators.wled import SimulatedWled
from tests.troubles import Trouble, troubles_of

from .conftest import SHORT

pytestmark = pytest.mark.once

HOUR = 3600.0
"""So long it has been running: a restart shows at once, and no step comes later than it was rehearsed."""
TIMING = replace(SHORT, restart=RestartPace(poll=0.2, overdue=1.0, limit=3.0))
FILES = {"/cfg.json", "/wsec.json", "/presets.json", "/ledmap.json", "/skin.css"}
"""As many as make the first and the last request of each phase two: each step is as it is with more."""
OWN_FILES = {"usermod.log", "bkp.cfg.json", "rst.cfg.json", "tmp.json"}
NO_TROUBLE = {"anywhere", "torn"}
"""What says where other faults happen, and what a person does to the controller meanwhile."""


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait not so long for what does not come back."""
    monkeypatch.setattr(WledHandler, "timing", TIMING)


class Controller:
    handler: ClassVar[type[DeviceBackupHandler]] = WledHandler

    def __init__(self, wled: SimulatedWled) -> None:
        self.server = self.wled = wled
        for path in wled.device.files.files.keys() - FILES:
            wled.device.files.remove(path)
        self.config: Mapping[str, object] = {"host": wled.host, "port": wled.port, "pin": None}

    @property
    def unique_id(self) -> str:
        return self.wled.device.mac

    def held(self) -> Mapping[str, object]:
        return {name: content for name, content in self.wled.device.user_files.items() if name not in OWN_FILES}

    def change(self, number: int) -> None:
        device = self.wled.device
        device.run_on(HOUR)
        device.save_preset(9, {"n": f"Change {number}"})
        device.save_settings({"light": {**device.settings["light"], "scale-bri": 1 + number}})


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Rehearse once for all tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(WledHandler, "timing", TIMING)
        return rehearsed(SimulatedWled(), Controller, tmp_path_factory.mktemp("rehearsed") / "store")


@pytest.mark.parametrize("trouble", troubles_of(SimulatedWled(), but=NO_TROUBLE), ids=str)
async def test_trouble_at_every_step(tmp_path: Path, rehearsal: Rehearsal, trouble: Trouble) -> None:
    async with SimulatedWled() as wled:
        came = await rehearsal.of(Controller(wled), tmp_path / "store").survive(trouble)
    assert trouble.name != "off" or came == set(Came)


@pytest.mark.parametrize("at_once", [True, False], ids=["killed", "stopped"])
async def test_an_end_at_every_step(tmp_path: Path, rehearsal: Rehearsal, *, at_once: bool) -> None:
    async with SimulatedWled() as wled:
        own = rehearsal.of(Controller(wled), tmp_path / "store")
        assert await own.survive_ends(at_once) == set(Came) - {Came.RESTORED}
