"""What devices of many years say about themselves."""

from typing import Any

import pytest

from ha_device_backup_core import DeviceInfo, UnsupportedDeviceError
from ha_device_backup_tasmota.status import TasmotaStatus, module_name, parse_status
from tests.simulators.tasmota import pages

from .artifacts import device

NOT_TASMOTA = "No Tasmota device answers at this address."
NO_MAC = "The device does not tell its MAC address, so it could not be told from others. Restart it."

URL = "http://192.168.2.4"


def said(**sections: Any) -> dict[str, Any]:  # noqa: ANN401 - anything that a device may say
    """Return a status with other sections."""
    return {**pages.status(device()), **sections}


def test_the_parts_that_matter() -> None:
    status = parse_status(said())
    assert status == TasmotaStatus(
        mac="a0b1c2d3e4f5",
        name="Lamp",
        version="14.4.1",
        image="release-tasmota",
        hardware="ESP32-D0WD-V3 v3.1",
        uptime=86400,
        boot_count=17,
        wifi_address="127.0.0.1",
        cable_address="",
        access_point=0,
    )
    assert status.to_device(URL, "Sonoff Basic") == DeviceInfo(
        unique_id="a0b1c2d3e4f5",
        name="Lamp",
        manufacturer="Tasmota",
        model="Sonoff Basic (ESP32-D0WD-V3 v3.1)",
        version="14.4.1",
        connections=(("mac", "a0:b1:c2:d3:e4:f5"),),
        configuration_url=URL,
    )


def test_what_is_not_said_is_left_out() -> None:
    bare = parse_status({"StatusFWR": {"Version": "6.6.0"}, "StatusNET": {"Mac": "A0:B1:C2:D3:E4:F5"}})
    assert (bare.name, bare.image, bare.hardware, bare.uptime, bare.boot_count) == (
        "Tasmota d3e4f5",
        "",
        "",
        None,
        None,
    )
    assert bare.to_device(URL, None).model is None
    assert bare.to_device(URL, "Sonoff").model == "Sonoff"
    assert (bare.series, bare.is_minimal) == ((6, 6), False)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ({"DeviceName": " Shelf ", "FriendlyName": ["Lamp"]}, "Shelf"),
        ({"DeviceName": "", "FriendlyName": ["Lamp", "Fan"]}, "Lamp"),
        ({"FriendlyName": "Old lamp"}, "Old lamp"),
        ({"FriendlyName": [], "DeviceName": 7}, "tasmota-D3E4F5-1234"),
        ("no section", "tasmota-D3E4F5-1234"),
    ],
)
def test_the_name(status: object, name: str) -> None:
    assert parse_status(said(Status=status)).name == name


@pytest.mark.parametrize("image", ["minimal", "tasmota-minimal", "safeboot"])
def test_firmware_that_only_installs_another(image: str) -> None:
    assert parse_status(said(StatusFWR={"Version": f"14.4.1({image})"})).is_minimal


@pytest.mark.parametrize(
    ("network", "addresses"),
    [
        ({"IPAddress": "192.168.2.4", "Ethernet": {"IPAddress": "192.168.2.7"}}, ("192.168.2.4", "192.168.2.7")),
        ({"IPAddress": "0.0.0.0", "Ethernet": {"IPAddress": "192.168.2.7"}}, ("", "192.168.2.7")),
        ({"IPAddress": "192.168.2.4", "Ethernet": {"IPAddress": "0.0.0.0"}}, ("192.168.2.4", "")),
        ({}, ("", "")),
    ],
)
def test_the_addresses(network: dict[str, Any], addresses: tuple[str, str]) -> None:
    status = parse_status(said(StatusNET={"Mac": "A0:B1:C2:D3:E4:F5", **network}))
    assert (status.wifi_address, status.cable_address) == addresses


@pytest.mark.parametrize(("number", "point"), [(1, 0), (2, 1), (0, None), ("1", None), (True, 0), (None, None)])
def test_the_network_it_is_in(number: object, point: int | None) -> None:
    assert parse_status(said(StatusSTS={"Wifi": {"AP": number}})).access_point == point


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("14.4.1(release-tasmota)", ("14.4.1", "release-tasmota")),
        ("v9.5.0.8(athom)", ("9.5.0.8", "athom")),
        ("Athom 12.5", ("12.5", "")),
        ("6.6.0", ("6.6.0", "")),
    ],
)
def test_versions_of_vendors(version: str, expected: tuple[str, str]) -> None:
    status = parse_status({"StatusFWR": {"Version": version}, "StatusNET": {"Mac": "A0:B1:C2:D3:E4:F5"}})
    assert (status.version, status.image) == expected


def test_without_wifi_the_address_of_the_cable_tells_who_it_is() -> None:
    network = {"Mac": "00:00:00:00:00:00", "Ethernet": {"Mac": "A0:B1:C2:D3:E4:F6"}}
    assert parse_status(said(StatusNET=network)).mac == "a0b1c2d3e4f6"


@pytest.mark.parametrize(
    ("sections", "detail"),
    [
        ({}, NOT_TASMOTA),
        ({"StatusFWR": {"Version": "new"}}, NOT_TASMOTA),
        ({"StatusFWR": {"Version": 14}}, NOT_TASMOTA),
        ({"StatusFWR": {"Version": "14.4.1"}}, NO_MAC),
        ({"StatusFWR": {"Version": "14.4.1"}, "StatusNET": {"Mac": "00:00:00:00:00:00"}}, NO_MAC),
        ({"StatusFWR": {"Version": "14.4.1"}, "StatusNET": {"Mac": "here"}}, NO_MAC),
    ],
)
def test_what_is_no_device_that_can_be_told_from_others(sections: dict[str, Any], detail: str) -> None:
    with pytest.raises(UnsupportedDeviceError) as caught:
        parse_status(sections)
    assert caught.value.detail_in() == detail


@pytest.mark.parametrize(("uptime", "seconds"), [("1T02:03:04", 93784), ("0T00:00:09", 9), ("1 day", None), (7, None)])
def test_the_uptime(uptime: object, seconds: int | None) -> None:
    assert parse_status(said(StatusPRM={"Uptime": uptime, "BootCount": True})).uptime == seconds


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"Module": {"1": "Sonoff Basic"}}, "Sonoff Basic"),
        ({"Module": {"0": ""}}, None),
        ({"Module": "1 (Sonoff Basic)"}, None),
        ({"Command": "Unknown"}, None),
    ],
)
def test_the_module(answer: dict[str, Any], name: str | None) -> None:
    assert module_name(answer) == name
