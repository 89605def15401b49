"""The trouble of one file stays with that file, whatever it is; and a slow one gets the time that its length needs."""

import asyncio
from dataclasses import replace

import pytest

from ha_device_backup_core import CannotConnectError, DeviceBackupError, DeviceBusyError, Note
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.timing import WledTiming
from ha_device_backup_wled.translation import _
from tests.simulators.wled import Faults, SimulatedWled

from .conftest import SHORT, fetch, files_of

FOREVER = 10_000
WALL = {"wall.gif": b"GIF89a" + bytes(9_000)}


def fail(wled: SimulatedWled, fault: str) -> None:
    """Make one file fail wherever it is read."""
    wled.faults.anywhere = True
    if fault == "status 500":
        wled.faults.spoil, wled.faults.spoiled_status = FOREVER, 500
    elif fault == "status 503":
        wled.faults.spoil, wled.faults.spoiled_status = FOREVER, 503
    elif fault in ("too slow", "byte by byte"):
        wled.faults.slow, wled.faults.bytes_per_second = FOREVER, 1 if fault == "too slow" else 20
    else:
        setattr(wled.faults, fault, FOREVER)


@pytest.mark.parametrize("fault", ["drop", "hang", "truncate", "web_page", "status 500", "status 503", "too slow"])
@pytest.mark.parametrize("version", ["0.15.5", "16.0.0"])
async def test_a_file_that_never_arrives_costs_the_backup_only_that_file(
    version: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(SHORT, pace=replace(SHORT.pace, connect=0.3, total=0.3, bytes_per_second=100_000.0, tries=2))
    monkeypatch.setattr(WledHandler, "timing", quick)
    async with SimulatedWled(version, extra_files=WALL) as wled:
        wled.faults.path = "wall.gif"
        fail(wled, fault)
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (
            Note(code="files_unreadable", text=_("These files could not be read: {files}.", files="wall.gif")),
        )
        assert "wall.gif" in str(fetched.artifact.missing[0].text)
        assert fetched.doubts == ()
        assert wled.device.user_files.keys() - files_of(fetched.artifact).keys() == WALL.keys()
        wled.device.faults = Faults()
        assert (await fetch(wled)).artifact.missing == ()


async def test_a_file_without_an_end_costs_no_more_time_than_silence() -> None:
    async with SimulatedWled(extra_files=WALL) as wled:
        wled.faults.path = "wall.gif"
        fail(wled, "byte by byte")
        assert [note.code for note in (await fetch(wled)).artifact.missing] == ["files_unreadable"]
        wled.device.faults = Faults()
        assert (await fetch(wled)).artifact.missing == ()


@pytest.mark.parametrize("fault", ["drop", "hang", "truncate", "status 500"])
async def test_presets_that_never_arrive_are_missing_and_named(fault: str) -> None:
    async with SimulatedWled() as wled:
        wled.faults.path = "presets.json"
        fail(wled, fault)
        fetched = await fetch(wled)
        assert [note.code for note in fetched.artifact.missing] == ["presets_unreadable"]
        assert "presets.json" in str(fetched.artifact.missing[0].text)
        assert fetched.doubts == ()
        wled.device.faults = Faults()
        assert files_of((await fetch(wled)).artifact) == wled.device.user_files


@pytest.mark.parametrize("has_editor", [True, False])
@pytest.mark.parametrize("fault", ["drop", "hang", "truncate", "status 500", "status 503"])
async def test_without_the_settings_there_is_no_backup_and_the_error_names_them(fault: str, has_editor: bool) -> None:
    async with SimulatedWled(has_editor=has_editor) as wled:
        wled.faults.path = "/cfg.json"
        fail(wled, fault)
        with pytest.raises(DeviceBackupError, match=r"cfg\.json") as caught:
            await fetch(wled)
        assert caught.value.retryable
        assert not isinstance(caught.value, CannotConnectError)
        wled.device.faults = Faults()
        assert files_of((await fetch(wled)).artifact)["cfg.json"] == wled.device.user_files["cfg.json"]


async def test_a_device_that_goes_away_meanwhile_is_not_a_file_that_cannot_be_read() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.hang = "/ir.json", 1
        running = asyncio.create_task(fetch(wled))
        while wled.faults.hang:
            await asyncio.sleep(0.01)
        await wled.stop()
        with pytest.raises(CannotConnectError):
            await running
        await wled.start()
        assert (await fetch(wled)).artifact.missing == ()


def test_time_grows_with_the_size() -> None:
    timing = WledTiming()
    pace = timing.pace
    longest = pace.for_bytes(1_200_000).total
    assert longest is not None
    assert longest > 1_200_000 / 15_000 + pace.connect
    assert pace.for_bytes(1_200_000, left=90.0).total == 90.0
    assert timing.collect_limit < WledHandler.spec.fetch_timeout
    assert timing.collect_limit > 1_200_000 / 15_000


async def test_a_large_file_over_weak_wifi_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = replace(SHORT.pace, total=0.2, bytes_per_second=20_000.0)
    monkeypatch.setattr(WledHandler, "timing", replace(SHORT, pace=slow))
    async with SimulatedWled(extra_files={"film.gif": bytes(60_000)}) as wled:
        wled.faults.path, wled.faults.slow, wled.faults.bytes_per_second = "/film.gif", FOREVER, 60_000
        assert files_of((await fetch(wled)).artifact) == wled.device.user_files


async def test_when_the_time_is_up_the_largest_files_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WledHandler, "timing", SHORT.__replace__(collect_limit=0.0))
    async with SimulatedWled() as wled:
        with pytest.raises(DeviceBackupError, match=r"cfg\.json"):
            await fetch(wled)
    patient = replace(SHORT.pace, connect=0.2, silence=10.0)
    monkeypatch.setattr(WledHandler, "timing", replace(SHORT, collect_limit=1.5, pace=patient))
    async with SimulatedWled(extra_files={"film.gif": bytes(60_000)}) as wled:
        wled.faults.path, wled.faults.slow, wled.faults.bytes_per_second = "/film.gif", FOREVER, 100
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (
            Note(code="files_unreadable", text=_("These files could not be read: {files}.", files="film.gif")),
        )
        assert "film.gif" in str(fetched.artifact.missing[0].text)


LIST_UNHEARD = Note(
    code="file_list_unavailable",
    text=_(
        "The controller answers, but its list of files does not arrive: files with names of their own may be missing."
    ),
)


@pytest.mark.parametrize("fault", ["hang", "drop", "truncate"])
@pytest.mark.parametrize("version", ["0.13.3", "0.15.5", "16.0.0"])
async def test_a_list_that_never_arrives_costs_the_backup_only_the_names_that_nobody_knows(
    version: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(SHORT, pace=replace(SHORT.pace, total=0.3, tries=2), list_tries=1)
    monkeypatch.setattr(WledHandler, "timing", quick)
    async with SimulatedWled(version, extra_files=WALL) as wled:
        wled.faults.path = "/edit?"
        fail(wled, fault)
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (LIST_UNHEARD,)
        assert {"cfg.json", "presets.json"} <= files_of(fetched.artifact).keys()
        wled.device.faults = Faults()
        assert (await fetch(wled)).artifact.missing == ()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.15.5", "It restarted while its files were read."),
        ("16.0.0", "It takes no more connections. Too many may be open."),
    ],
)
async def test_a_controller_that_too_many_unanswered_requests_exhaust_is_busy_and_not_away(
    version: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WledHandler, "timing", replace(SHORT, pace=replace(SHORT.pace, total=0.3, tries=2)))
    async with SimulatedWled(version, extra_files=WALL) as wled:
        wled.faults.path = "."
        fail(wled, "hang")
        with pytest.raises(DeviceBusyError) as caught:
            await fetch(wled)
        assert caught.value.detail_in() == said
        wled.device.faults = Faults()
        for connection in (hanging := wled.connections.copy()):
            connection.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        assert (await fetch(wled)).artifact.missing == ()
