"""Whatever happens to a device in the middle of a restore: that is told, and can be continued or undone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core import DeviceBackupHandler
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_tasmota import TasmotaHandler
from tests.every_step import Came, Rehearsal, rehearsed
from tests.simulators.tasmota import PASSWORD, Place, SimulatedTasmota, TextIndex
from tests.troubles import Trouble, troubles_of

from .conftest import SHORT

pytestmark = pytest.mark.once

HOUR = 3600.0
"""So long it has been running: a restart shows at once, and no step comes later than it was rehearsed."""
TIMING = replace(SHORT, restart=RestartPace(poll=0.2, overdue=1.0, limit=3.0))
FILES = {"/autoexec.be", "/display.ini"}
"""As many as make the first and the last request of each phase two: each step is as it is with more."""
AMOUNTS = {"set_at_start": 40}
RULES_BYTES = 512


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait not so long for what does not come back."""
    monkeypatch.setattr(TasmotaHandler, "timing", TIMING)


class Switch:
    handler: ClassVar[type[DeviceBackupHandler]] = TasmotaHandler

    def __init__(self, tasmota: SimulatedTasmota) -> None:
        self.server = self.tasmota = tasmota
        for path in tasmota.device.files.keys() - FILES:
            del tasmota.device.files[path]
        login = {"username": "admin", "password": PASSWORD}
        self.config: Mapping[str, object] = {"host": tasmota.host, "port": tasmota.port, **login}

    @property
    def unique_id(self) -> str:
        return self.tasmota.device.mac

    def held(self) -> Mapping[str, object]:
        device = self.tasmota.device
        texts = [device.settings.text(index) for index in TextIndex]
        rules = bytes(device.settings.content[Place.RULES :][:RULES_BYTES])
        return {**device.files, "texts": texts, "rules": rules, "drivers": dict(device.drivers)}

    def change(self, number: int) -> None:
        device = self.tasmota.device
        device.run_on(HOUR)
        device.files["/autoexec.be"] = f"print({number})".encode()
        device.set_text(TextIndex.TOPIC, f"changed-{number}")


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Rehearse once for all tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(TasmotaHandler, "timing", TIMING)
        return rehearsed(SimulatedTasmota(), Switch, tmp_path_factory.mktemp("rehearsed") / "store")


@pytest.mark.parametrize("trouble", troubles_of(SimulatedTasmota(), amounts=AMOUNTS), ids=str)
async def test_trouble_at_every_step(tmp_path: Path, rehearsal: Rehearsal, trouble: Trouble) -> None:
    async with SimulatedTasmota() as tasmota:
        came = await rehearsal.of(Switch(tasmota), tmp_path / "store").survive(trouble)
    assert trouble.name != "off" or came == set(Came)


@pytest.mark.parametrize("at_once", [True, False], ids=["killed", "stopped"])
async def test_an_end_at_every_step(tmp_path: Path, rehearsal: Rehearsal, *, at_once: bool) -> None:
    async with SimulatedTasmota() as tasmota:
        own = rehearsal.of(Switch(tasmota), tmp_path / "store")
        assert await own.survive_ends(at_once) == set(Came) - {Came.RESTORED}
