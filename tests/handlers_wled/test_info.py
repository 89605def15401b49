"""What a controller says about itself."""

import json
from typing import Any

import pytest

from ha_device_backup_core import UnsupportedDeviceError
from ha_device_backup_wled.info import WledInfo, parse_info

from .artifacts import RECORD, files

SAID: dict[str, Any] = {
    "ver": "0.15.4",
    "vid": 2508020,
    "release": "ESP32",
    "leds": {"count": 30},
    "name": "Shelf",
    "cpalcount": 2,
    "maps": [{"id": 0}, {"id": 3, "n": "x"}],
    "fs": {"u": 12, "t": 983, "pmt": 1700000000},
    "arch": "esp32",
    "uptime": 40,
    "brand": "WLED",
    "mac": "A0:B1:C2:D3:E4:F5",
}


def said(**changes: object) -> WledInfo:
    """Return what is read of the sample with changes."""
    return parse_info(json.dumps({**SAID, **changes}).encode())


def test_everything_is_read() -> None:
    assert said() == WledInfo(
        mac="a0b1c2d3e4f5",
        name="Shelf",
        raw_name="Shelf",
        version="0.15.4",
        chip="esp32",
        brand="WLED",
        release="ESP32",
        uptime=40,
        presets_modified=1700000000,
        space_used=12_000,
        space_total=983_000,
        ledmaps=(0, 3),
        palettes=2,
        by_cable=None,
    )


@pytest.mark.parametrize(
    ("version", "series"),
    [
        ("0.13.3", (13, 0)),
        ("0.14.0-b6", (14, 0)),
        ("0.15.0", (15, 0)),
        ("0.16.0-alpha", (16, 0)),
        ("16.0.0", (16, 0)),
        ("16.1.2", (16, 1)),
        ("17.0.0-devV5", (17, 0)),
        ("mine", None),
    ],
)
def test_versions_have_an_order(version: str, series: tuple[int, int] | None) -> None:
    assert said(ver=version).series == series


def test_strange_values_are_no_crash() -> None:
    info = said(name=None, fs=[], maps="x", cpalcount="2", arch=7, brand="", uptime="1")
    assert (info.name, info.space_total, info.ledmaps, info.palettes, info.chip) == ("WLED d3e4f5", 0, None, 0, "")
    assert (info.brand, info.uptime) == ("WLED", None)
    assert info.to_device("http://x").model == "ESP32"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        json.dumps({**SAID, "mac": ""}).encode(),
        json.dumps({**SAID, "mac": "000000000000"}).encode(),
        json.dumps({**SAID, "ver": ""}).encode(),
        json.dumps({**SAID, "leds": 7}).encode(),
        json.dumps({key: value for key, value in SAID.items() if key != "vid"}).encode(),
    ],
)
def test_what_no_controller_says_is_refused(body: bytes) -> None:
    with pytest.raises(UnsupportedDeviceError):
        parse_info(body)


@pytest.mark.parametrize(
    ("version", "series"),
    [("v0.15.1", (15, 0)), ("WLED 0.15.0-b7", (15, 0)), ("16.0.0-beta", (16, 0)), ("custom", None)],
)
def test_the_series_is_found_in_the_version_of_a_vendor(version: str, series: tuple[int, int] | None) -> None:
    assert parse_info(json.dumps(json.loads(files()[RECORD]) | {"ver": version}).encode()).series == series
