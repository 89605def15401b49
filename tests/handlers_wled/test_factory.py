"""A controller that was reset is told from one that holds somebody's work."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core import Artifact, Note
from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import VERSIONS, Chip, Device, Firmware, SimulatedWled

from .artifacts import RECORD, artifact, files
from .conftest import CHIPS, fetch


def reset_files(version: str = "0.15.5", chip: Chip = Chip.ESP32) -> dict[str, bytes]:
    """Return the files of a controller after a reset and the setup of its Wi-Fi."""
    device = Device(Firmware(version=version, chip=chip), mac="a0b1c2d3e4f5", name="Shelf")
    device.wipe()
    return device.user_files | {RECORD: json.dumps(device.info()).encode()}


def edited(change: Callable[[dict[str, Any]], object]) -> Artifact:
    """Return a backup of a reset controller with one setting changed."""
    content = reset_files()
    configuration = json.loads(content["cfg.json"])
    change(configuration)
    return artifact({**content, "cfg.json": json.dumps(configuration).encode()})


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_reset_controller_is_not_configured_and_a_used_one_is(version: str, chip: Chip) -> None:
    assert WledHandler.configured(artifact(reset_files(version, chip))) is False
    assert WledHandler.configured(artifact(files(version, chip))) is True


async def test_the_backup_after_a_reset_says_so() -> None:
    async with SimulatedWled() as wled:
        assert (await fetch(wled)).extent.configured is True
        wled.device.wipe()
        assert (await fetch(wled)).extent.configured is False


@pytest.mark.parametrize(
    "change",
    [
        lambda cfg: cfg["nw"]["ins"][0].update(ssid="other", ip=[10, 0, 0, 9], gw=[10, 0, 0, 1]),
        lambda cfg: cfg["nw"]["ins"].append({"ssid": "guest", "pskl": 8}),
        lambda cfg: cfg["wifi"].update(sleep=True, txpwr=34),
        lambda cfg: cfg.update(eth={"type": 2}),
        lambda cfg: cfg["id"].update(mdns="stairs"),
        lambda cfg: cfg.pop("light"),
        lambda cfg: cfg["ap"].update(ssid="WLED-AP"),
        lambda cfg: cfg["hw"]["led"]["ins"][0].update(pin=[4]),
        lambda cfg: cfg.update(um={"AudioReactive": {"enabled": False, "analogmic": {"pin": -1}}, "Empty": {}}),
        lambda cfg: cfg.update(vid=2607201),
    ],
)
def test_the_way_into_the_network_and_the_build_are_nobodys_work(change: Callable[[dict[str, Any]], object]) -> None:
    assert WledHandler.configured(edited(change)) is False


@pytest.mark.parametrize(
    "change",
    [
        lambda cfg: cfg["id"].update(name="Stairs"),
        lambda cfg: cfg["ap"].update(pskl=12),
        lambda cfg: cfg["ota"].update(pskl=12),
        lambda cfg: cfg["ota"].update(lock=True),
        lambda cfg: cfg["hw"]["led"]["ins"][0].update(len=144),
        lambda cfg: cfg["hw"]["led"].update(matrix={"mpc": 1, "panels": [{"h": 8, "w": 8}]}),
        lambda cfg: cfg["hw"]["btn"]["ins"][0].update(macros=[1, 0, 0]),
        lambda cfg: cfg["def"].update(bri=40),
        lambda cfg: cfg["def"].update(on=False),
        lambda cfg: cfg["if"]["mqtt"].update(en=True, broker="mqtt.example"),
        lambda cfg: cfg["if"]["ntp"].update(ln=13.37),
        lambda cfg: cfg["if"]["live"].update(en=False),
        lambda cfg: cfg["timers"]["ins"].append({"en": 1, "hour": 7, "min": 0, "macro": 3}),
        lambda cfg: cfg.update(um={"Clock": {"enabled": True}}),
        lambda cfg: cfg.update(um={"Clock": {"pin": 4}}),
        lambda cfg: cfg.update(unknown={"level": 3}),
        lambda cfg: cfg.pop("hw"),
    ],
)
def test_any_doubt_speaks_for_a_person(change: Callable[[dict[str, Any]], object]) -> None:
    assert WledHandler.configured(edited(change)) is not False


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("presets.json", b'{"0":{},"1":{"n":"Evening"}}'),
        ("presets.json", b'{"0":{},{}'),
        ("ledmap.json", b'{"map":[0]}'),
        ("skin.css", b""),
    ],
)
def test_files_of_a_person_are_their_work_unless_the_firmware_began_anew(name: str, content: bytes) -> None:
    """What cannot be read as a configuration makes it begin anew, from 0.15.2 on with the old one set aside."""
    used = artifact({**files(), name: content})
    fresh = {**reset_files(), name: content}
    assert WledHandler.configured(used) is True
    assert WledHandler.configured(artifact(fresh)) is None
    assert WledHandler.configured(artifact({**fresh, "rst.cfg.json": b"{"})) is False
    assert WledHandler.configured(artifact({**files(), name: content, "rst.cfg.json": b"{"})) is True
    extents = [
        Extent.of(one, configured=WledHandler.configured(one))
        for one in (artifact({**files(), name: content}), artifact(fresh))
    ]
    assert suspicion_of(extents[1], extents[0], comparable=True) is not None


def outputs(count: int) -> Callable[[dict[str, Any]], object]:
    """Return what gives a configuration so many outputs, as a build may be delivered with."""

    def change(cfg: dict[str, Any]) -> None:
        one = cfg["hw"]["led"]["ins"][0]
        cfg["hw"]["led"]["ins"] = [{**one, "start": 30 * number, "pin": [number]} for number in range(count)]
        cfg["hw"]["led"]["total"] = 30 * count

    return change


@pytest.mark.parametrize("count", [2, 4, 8])
def test_several_outputs_may_be_those_of_the_build(count: int) -> None:
    assert WledHandler.configured(edited(outputs(count))) is None
    named = edited(lambda cfg: (outputs(count)(cfg), cfg["id"].update(name="Stairs")))
    assert WledHandler.configured(named) is True
    extents = [Extent.of(one, configured=WledHandler.configured(one)) for one in (named, edited(outputs(count)))]
    assert suspicion_of(extents[1], extents[0], comparable=True) is Suspicion.WORK_GONE


@pytest.mark.parametrize(
    ("name", "content"), [("presets.json", b'{"0":{}}  '), ("presets.json", b""), ("bkp.cfg.json", b"{}")]
)
def test_what_the_firmware_makes_itself_is_not(name: str, content: bytes) -> None:
    assert WledHandler.configured(artifact({**reset_files(), name: content})) is False


def test_what_could_not_be_read_leaves_it_open() -> None:
    reset = artifact(reset_files())
    for code, expected in (("files_unreadable", None), ("file_list_unavailable", False)):
        assert WledHandler.configured(replace(reset, missing=(Note(code=code, text="x"),))) is expected
    assert WledHandler.configured(Artifact(filename="presets.json", content=b'{"0":{}}')) is None


@pytest.mark.parametrize("name", ["Glow", "WLED-Glow", "WLED Glow", "Glow-4"])
def test_a_name_that_the_build_of_a_vendor_gives_is_nobodys_work(name: str) -> None:
    content = reset_files()
    configuration = json.loads(content["cfg.json"])
    configuration["id"]["name"] = name
    content["cfg.json"] = json.dumps(configuration).encode()
    assert WledHandler.configured(artifact(content)) is True
    content[RECORD] = json.dumps(json.loads(content[RECORD]) | {"brand": "Glow", "product": "Glow-4"}).encode()
    assert WledHandler.configured(artifact(content)) is False


def test_presets_that_hold_nothing_are_nobodys_work() -> None:
    assert WledHandler.configured(artifact(reset_files() | {"presets.json": b'{"0":{},"1":{}}'})) is False
