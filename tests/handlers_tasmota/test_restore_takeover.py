"""Another device takes over the address in the middle of a restore: it is never written to, and no success is told."""

from dataclasses import dataclass, replace
from itertools import count, pairwise
from typing import Any

import pytest

from ha_device_backup_core import Artifact, DeviceBackupError, RestoreNotVerifiedError, RestoreReport
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_tasmota import TasmotaHandler
from tests.simulators.tasmota import Faults, SimulatedTasmota, TextIndex

from .conftest import SHORT, fetch, restore
from .test_restore import FOREVER, lasting, proven

pytestmark = pytest.mark.once

WHO_IS_THERE = "/cm?cmnd=Status 0"
NETWORK = "/cm?cmnd=Status 5"
"""What is asked last where the answer to all at once cannot be read."""
WHAT_IT_IS = "/cm?cmnd=Module"
RESTART = "/cm?cmnd=Restart 1"
WRITING = {"/ufse", "/ufsu", "/u2", RESTART}
NO_RESTART = {"path": "/u2", "forget_restart": 1}


class Address(SimulatedTasmota):
    """An address that one device has until a request, and another one from then on."""

    def __init__(self) -> None:
        super().__init__()
        self.other = _other()
        self.taken_over_at: int | None = None
        self.is_dropped = False
        self.asked: list[str] = []
        self.asked_of_other: list[str] = []

    def begin(self, *, taken_over_at: int | None, is_dropped: bool) -> None:
        """Begin a restore; the first device drops the request at which it goes, or does not get it any more."""
        self.taken_over_at, self.is_dropped = taken_over_at, is_dropped
        self.asked, self.asked_of_other = [], []

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        number, what = len(self.asked), _what(request)
        self.asked.append(what)
        if self.taken_over_at is None or number < self.taken_over_at:
            return await super().answer(request)
        if number == self.taken_over_at and self.is_dropped:
            return None
        self.asked_of_other.append(what)
        return await self.other.answer(request)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of one restore."""

    asked: list[str]
    asked_of_other: list[str]
    end: RestoreReport | DeviceBackupError

    @property
    def written_to_other(self) -> list[str]:
        return [what for what in self.asked_of_other if what in WRITING]


def _other() -> SimulatedTasmota:
    """Return one that lets everybody in."""
    return SimulatedTasmota(mac="b0b1c2d3e4f5", name="Other", password="")


def _what(request: SimulatedRequest) -> str:
    if request.path != "/cm":
        return request.path
    return f"/cm?cmnd={(request.form() or request.query)['cmnd']}"


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask soon for a restart that does not come by itself."""
    timing = replace(SHORT, restart=RestartPace(poll=0.05, overdue=0.15, limit=4.0))
    monkeypatch.setattr(TasmotaHandler, "timing", timing)


def _change(tasmota: SimulatedTasmota) -> None:
    """Change what a restore has to write: a file in a folder that is gone, another one, and the settings."""
    del tasmota.device.files["/.extensions/clock.tapp"]
    tasmota.device.folders.clear()
    tasmota.device.files["/autoexec.be"] = b"print('changed')"
    tasmota.device.set_text(TextIndex.TOPIC, "changed")


async def _restored(
    address: Address, artifact: Artifact, *, taken_over_at: int | None = None, is_dropped: bool = False
) -> Came:
    address.begin(taken_over_at=taken_over_at, is_dropped=is_dropped)
    try:
        end: RestoreReport | DeviceBackupError = await restore(address, artifact)
    except DeviceBackupError as error:
        end = error
    return Came(asked=list(address.asked), asked_of_other=list(address.asked_of_other), end=end)


@pytest.mark.parametrize(
    "faults",
    [{}, {"garble_upload": 1}, {"fail_upload": 1}, {"cut_status": FOREVER}, {"no_number": FOREVER}, NO_RESTART],
    ids=str,
)
async def test_who_is_there_is_asked_directly_before_each_writing_and_after_the_last_reading(
    faults: dict[str, Any],
) -> None:
    async with Address() as address:
        artifact = (await fetch(address)).artifact
        _change(address)
        address.device.faults = Faults(**faults)
        came = await _restored(address, artifact)
        assert came.end == RestoreReport(proven=proven(address))
        identity = NETWORK if {"cut_status", "no_number"} & faults.keys() else WHO_IS_THERE
        before = [(first, then) for first, then in pairwise(came.asked) if then in WRITING]
        assert {then for _first, then in before} >= WRITING - (set() if faults is NO_RESTART else {RESTART})
        assert {first for first, _then in before} == {identity}
        after_last_reading = came.asked[::-1].index("/dl")
        assert came.asked[-after_last_reading] == WHO_IS_THERE
        assert identity in came.asked[-after_last_reading:]


@pytest.mark.parametrize("is_dropped", [False, True], ids=["gone", "dropped"])
@pytest.mark.parametrize("faults", [{}, NO_RESTART], ids=["restarts", "is restarted"])
async def test_a_stranger_who_takes_over_the_address_at_any_request_gets_nothing(
    faults: dict[str, Any], *, is_dropped: bool
) -> None:
    async with Address() as address:
        artifact = (await fetch(address)).artifact
        held = lasting(address)
        for number in count():
            _change(address)
            address.device.faults = Faults(**faults)
            other_held = (dict(address.other.device.files), lasting(address.other))
            came = await _restored(address, artifact, taken_over_at=number, is_dropped=is_dropped)
            if len(came.asked) <= number:
                break
            at = f"at request {number}, {came.asked[number]}"
            if "/u2" in came.asked[:number] and set(came.asked[number:]) == {WHAT_IT_IS}:
                # Who it is was said for the last time.
                assert came.end == RestoreReport(proven=proven(address)), at
                continue
            assert isinstance(came.end, DeviceBackupError), at
            # Between the question and the writing nobody can look.
            in_the_gap = came.asked[number] in WRITING and not is_dropped
            assert came.written_to_other == ([came.asked[number]] if in_the_gap else []), at
            if not in_the_gap:
                assert (dict(address.other.device.files), lasting(address.other)) == other_held, at
            may_have_changed = bool(set(came.asked) & WRITING)
            assert isinstance(came.end, RestoreNotVerifiedError) == may_have_changed, at
            address.other = _other()
            address.device.faults = Faults()
            assert (await _restored(address, artifact)).end == RestoreReport(proven=proven(address)), at
            assert lasting(address) == held, at
        assert came.end == RestoreReport(proven=proven(address)), "nobody took over the address"
        assert {WHO_IS_THERE, "/rs", "/dl", "/ufsd"} | (WRITING - {RESTART}) <= set(came.asked)
