"""The way by which a device is reached stays open through a restore, or the restore is refused."""

import socket
from collections.abc import Callable

import pytest

from ha_device_backup_core import Artifact, RestoreRejectedError, RestoreReport, Text
from ha_device_backup_tasmota.client import TasmotaClient
from ha_device_backup_tasmota.decoded import Decoded
from ha_device_backup_tasmota.dump import parse_dump
from ha_device_backup_tasmota.reach import Reach, Way
from ha_device_backup_tasmota.status import parse_status
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import Chip, Device, Place, SimulatedTasmota, TextIndex, pages
from tests.simulators.tasmota.settings import CABLE_BIT, CABLE_DATA, HTTP_API_BIT, WIFI_BIT

from .artifacts import device
from .conftest import assert_no_canary, config, fetch, plan, restore
from .test_restore import proven

ADDRESS_KEPT = _(
    "The fixed IP address of the device is kept, so that it stays reachable; with the backup the router would give it "
    "one (IPAddress1 0.0.0.0)."
)
OTHER_NETWORKS = (
    "The backup does not know the Wi-Fi that the device is in, or not with its present password: "
    "the device would lose its network. If it is to change its network, restore the file "
    "config.dmp on the device's own page (Configuration, Restore Configuration)."
)

OWN = b"\x7f\x00\x00\x01"
"""127.0.0.1, where simulated devices are."""
ELSEWHERE = b"\xc0\xa8\x02\x32"
"""192.168.2.50."""


def put(made: Device, place: int, content: bytes) -> None:
    """Change bytes of the settings."""
    made.settings.content[place : place + len(content)] = content
    made.save()


def address_kept(fixed: str) -> Text:
    """Return what is told where the backup has another fixed address."""
    return _(
        "The present IP address of the device is kept, so that it stays reachable. The backup has the fixed address "
        "{address}: set it on the page of the device if you want it.",
        address=fixed,
    )


async def refusal(tasmota: SimulatedTasmota, artifact: Artifact) -> str:
    """Return why a restore and its plan are refused; nothing may be changed by that."""
    before = (dict(tasmota.device.files), tasmota.device.dump(), tasmota.restarts)
    details = []
    for attempt in (plan, restore):
        with pytest.raises(RestoreRejectedError) as caught:
            await attempt(tasmota, artifact)
        details.append(caught.value.detail_in())
        assert_no_canary(caught.value, caught.value.detail)
    assert (dict(tasmota.device.files), tasmota.device.dump(), tasmota.restarts) == before
    assert details[0] == details[1]
    return details[0]


@pytest.mark.parametrize("index", [TextIndex.SSID, TextIndex.WIFI_PASSWORD])
async def test_a_backup_that_does_not_know_the_network_is_refused(index: TextIndex) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(index, "changed since")
        assert await refusal(tasmota, artifact) == OTHER_NETWORKS


async def test_a_network_in_common_that_is_not_the_one_in_use_is_not_enough() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        made.set_text(TextIndex.SSID_2, "guests")
        made.set_text(TextIndex.WIFI_PASSWORD_2, "same")
        artifact = (await fetch(tasmota)).artifact
        made.set_text(TextIndex.SSID, "new house")
        made.air = ("new house", made.air[1])
        assert await refusal(tasmota, artifact) == OTHER_NETWORKS
        made.settings.put(Place.NETWORK_IN_USE, 1, 1)
        made.air = ("guests", "same")
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_where_the_status_does_not_tell_the_network_the_settings_do() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        made.faults.cut_status = 10_000
        made.set_text(TextIndex.SSID_2, "guests")
        artifact = (await fetch(tasmota)).artifact
        made.set_text(TextIndex.SSID, "new house")
        assert await refusal(tasmota, artifact) == OTHER_NETWORKS
        made.set_text(TextIndex.SSID, made.air[0])
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_network_at_the_other_place_is_the_same_network() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        name, password = made.air
        for index, text in (
            (TextIndex.SSID, "old house"),
            (TextIndex.WIFI_PASSWORD, "old"),
            (TextIndex.SSID_2, name),
            (TextIndex.WIFI_PASSWORD_2, password),
        ):
            made.set_text(index, text)
        made.settings.put(Place.NETWORK_IN_USE, 1, 1)
        artifact = (await fetch(tasmota)).artifact
        made.set_text(TextIndex.SSID, name)
        made.set_text(TextIndex.WIFI_PASSWORD, password)
        made.settings.put(Place.NETWORK_IN_USE, 0, 1)
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_names_of_networks_that_look_the_same_are_two() -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.device.set_text(TextIndex.SSID, "K\udcfcche")
        tasmota.device.air = ("K\udcfcche", tasmota.device.air[1])
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.SSID, "K\udce4che")
        assert await refusal(tasmota, artifact) == OTHER_NETWORKS


async def test_a_backup_that_switches_wifi_off_is_refused() -> None:
    async with SimulatedTasmota() as tasmota:
        switches = tasmota.device.settings
        switches.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=False)
        artifact = (await fetch(tasmota)).artifact
        switches.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=True)
        assert await refusal(tasmota, artifact) == (
            "The backup switches Wi-Fi off (Wifi 0), and the device is reached by Wi-Fi: nobody could "
            "reach it any more. Connect it by cable first."
        )


async def test_a_backup_that_closes_the_web_pages_is_refused() -> None:
    async with SimulatedTasmota() as tasmota:
        made = device()
        made.settings.put(Place.WEB_SERVER, 1, 1)
        closing = Artifact(filename="Config.dmp", content=made.dump())
        assert await refusal(tasmota, closing) == (
            "The backup switches the web pages of the device off (WebServer 0 or 1): nobody could read "
            "it back. Restore the file config.dmp on the device's own page if you want that."
        )


CHANGES: list[Callable[[Device], None]] = [
    lambda made: made.settings.switch(Place.NETWORK_SWITCHES, CABLE_BIT, on=False),
    lambda made: made.settings.put(Place.CABLE_KIND, 4, 1),
    lambda made: made.settings.put(Place.PINS + 36, 0, 2),
    lambda made: made.settings.put(Place.PINS + 38, CABLE_DATA, 2),
]


@pytest.mark.parametrize("change", CHANGES, ids=["off", "kind", "pin less", "pin more"])
async def test_a_device_on_a_cable_keeps_what_it_needs_for_it(change: Callable[[Device], None]) -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        made.plug_in()
        whole = (await fetch(tasmota)).artifact
        content = bytes(made.settings.content)
        change(made)
        artifact = (await fetch(tasmota)).artifact
        made.settings.content[:] = content
        made.save()
        assert await refusal(tasmota, artifact) == (
            "The device is reached by network cable, and the backup has other settings for the cable "
            "(Ethernet, EthType, EthAddress, EthClockMode or its pins): nobody could reach it any more. "
            "Connect it by Wi-Fi first."
        )
        made.set_text(TextIndex.SSID, "changed since")
        assert (await restore(tasmota, whole)).proven == proven(tasmota), "its Wi-Fi is not in use"


@pytest.mark.parametrize("wired", [False, True])
@pytest.mark.parametrize(
    ("in_backup", "now", "needs"),
    [
        (ELSEWHERE, bytes(4), (address_kept("192.168.2.50"),)),
        (ELSEWHERE, OWN, (address_kept("192.168.2.50"),)),
        (bytes(4), OWN, (ADDRESS_KEPT,)),
        (OWN, bytes(4), ()),
        (OWN, OWN, ()),
    ],
)
async def test_a_device_stays_at_its_address(
    in_backup: bytes, now: bytes, needs: tuple[Text, ...], wired: bool
) -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        if wired:
            made.plug_in()
        place = Place.CABLE_ADDRESS if wired else Place.ADDRESS
        put(made, place, in_backup)
        artifact = (await fetch(tasmota)).artifact
        put(made, place, now)
        made.set_text(TextIndex.TOPIC, "changed")
        assert (await plan(tasmota, artifact)).refused == needs
        report = await restore(tasmota, artifact)
        assert report == RestoreReport(proven=proven(tasmota), needs=needs)
        assert made.settings.text(TextIndex.TOPIC) == "lamp"
        assert made.on_network


async def test_a_reset_device_with_another_router_keeps_that() -> None:
    async with SimulatedTasmota() as tasmota:
        put(tasmota.device, Place.ADDRESS, OWN + b"\x0a\0\0\1" + b"\xff\xff\xff\0")
        artifact = (await fetch(tasmota)).artifact
        put(tasmota.device, Place.ADDRESS, OWN + b"\x0a\0\0\2" + b"\xff\xff\xff\0")
        assert (await restore(tasmota, artifact)).needs == (address_kept("127.0.0.1"),)
        assert bytes(tasmota.device.settings.content[0x548:0x54C]) == b"\x0a\0\0\2"


async def test_a_device_that_is_found_by_its_name_is_waited_for_at_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.HOSTNAME, "shelf")
        named = config(tasmota) | {"host": "localhost"}
        told = await plan(tasmota, artifact, entered=named)
        assert told.risks == (
            _(
                "The device gets the host name of the backup. If {host} is its own name, it will not be found "
                "by it any more.",
                host="localhost",
            ),
        )
        stayed: list[str] = []
        real = TasmotaClient.stay_at

        def stay_at(client: TasmotaClient, address: str) -> None:
            stayed.append(address)
            real(client, address)

        monkeypatch.setattr(TasmotaClient, "stay_at", stay_at)
        report = await restore(tasmota, artifact, entered=named)
        assert report == RestoreReport(
            proven=proven(tasmota),
            needs=(
                _(
                    "With the backup the device has another host name: if it is not found any more, enter that name "
                    "or its IP address in the settings of this device here."
                ),
            ),
        )
        assert stayed == ["127.0.0.1"]


async def test_a_backup_that_answers_strangers_no_more_is_refused_behind_a_proxy() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        made.settings.switch(Place.HTTP_API, HTTP_API_BIT, on=False)
        artifact = (await fetch(tasmota)).artifact
        made.settings.switch(Place.HTTP_API, HTTP_API_BIT, on=True)
        made.address = "192.168.2.7"
        assert await refusal(tasmota, artifact) == (
            "The backup switches the HTTP API off (SetOption128 0); then the device only answers at its "
            "own IP address, and you entered another host here. Enter the IP address of the device as "
            "host."
        )
        made.address = "127.0.0.1"
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


@pytest.mark.parametrize(
    ("host", "network", "ways", "is_direct"),
    [
        ("10.0.0.1", {"IPAddress": "10.0.0.1"}, (Way.WIFI,), True),
        ("10.0.0.2", {"IPAddress": "10.0.0.1", "Ethernet": {"IPAddress": "10.0.0.2"}}, (Way.CABLE,), True),
        ("10.0.0.9", {"IPAddress": "10.0.0.1", "Ethernet": {"IPAddress": "10.0.0.2"}}, (Way.WIFI, Way.CABLE), False),
        ("10.0.0.9", {"IPAddress": "0.0.0.0", "Ethernet": {"IPAddress": "10.0.0.2"}}, (Way.CABLE,), False),
        ("10.0.0.9", {}, (Way.WIFI,), True),
        ("fd00::1", {"IPAddress": "10.0.0.1"}, (Way.WIFI,), False),
    ],
)
def test_the_way(host: str, network: dict[str, object], ways: tuple[Way, ...], is_direct: bool) -> None:
    said = {**pages.status(device()), "StatusNET": {"Mac": "A0:B1:C2:D3:E4:F5", **network}}
    reach = Reach(host=host, address=host, device=parse_status(said))
    assert (reach.ways, reach.is_direct, reach.is_by_name) == (ways, is_direct, False)


async def test_of_two_ways_one_is_enough_and_told() -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        made.settings.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=False)
        artifact = (await fetch(tasmota)).artifact
        made.settings.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=True)
        made.also_wired = True
        assert (await plan(tasmota, artifact)).risks == (
            _(
                "Only one of the ways by which the device is in the network, Wi-Fi and cable, would be left: "
                "it may have another address then."
            ),
        )


SLEEPS = _(
    "With the backup the device sleeps most of the time (DeepSleepTime): it answers only while it is awake, so "
    "what was put back may not be proven."
)
SCANS = _(
    "With the backup the device looks for its Wi-Fi among those that it sees (SetOption56 or 57). If yours "
    "hides its name, the device would lose its network."
)


@pytest.mark.parametrize(
    ("place", "content", "told"),
    [
        (Place.DEEP_SLEEP, (3600).to_bytes(4, "little"), SLEEPS),
        (Place.SCANS, (1 << 6).to_bytes(4, "little"), SCANS),
        (Place.SCANS, (1 << 7).to_bytes(4, "little"), SCANS),
    ],
)
async def test_what_keeps_a_device_out_of_reach_later_is_a_risk(place: Place, content: bytes, told: Text) -> None:
    async with SimulatedTasmota() as tasmota:
        made = tasmota.device
        put(made, place, bytes(4))
        plain = (await fetch(tasmota)).artifact
        put(made, place, content)
        artifact = (await fetch(tasmota)).artifact
        assert (await plan(tasmota, artifact)).risks == (), "it is so already"
        assert (await plan(tasmota, plain)).risks == ()
        put(made, place, bytes(4))
        assert (await plan(tasmota, artifact)).risks == (told,)


@pytest.mark.parametrize("chip", Chip)
def test_module_pins_and_cable_have_their_places_on_each_chip(chip: Chip) -> None:
    made = device(chip=chip)
    places = {Chip.ESP32_S3: (0x3AC, 0x45F, 0x40E), Chip.ESP32_P4: (0x38C, 0x471, 0x3FA)}
    pins, module, cable = places.get(chip, (0x3AC, 0x474, 0x446))
    made.settings.put(pins + 2, 32, 2)
    made.settings.put(module, 77, 1)
    decoded = Decoded(parse_dump("x", made.dump()))
    assert (decoded.pins[1], decoded.module) == (32, 77)
    before = decoded.cable
    made.settings.put(cable, 3, 1)
    assert Decoded(parse_dump("x", made.dump())).cable != before


async def test_another_device_that_comes_before_the_settings_are_sent_gets_none() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        del tasmota.device.files["/autoexec.be"]
        real = tasmota.device.free_kilobytes
        held = tasmota.device.dump()

        class Swapping(dict[str, bytes]):
            def __setitem__(self, path: str, content: bytes) -> None:
                super().__setitem__(path, content)
                tasmota.device.mac = "b0b1c2d3e4f5"

        tasmota.device.files = Swapping(tasmota.device.files)
        with pytest.raises(Exception, match="Another device answers") as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == "Another device answers at this address now than at the beginning."  # type: ignore[attr-defined]
        assert (tasmota.restarts, tasmota.device.free_kilobytes <= real) == (0, True)
        assert parse_dump("x", tasmota.device.dump()).settings[:0xFF0] == parse_dump("x", held).settings[:0xFF0]


def test_loopback_has_a_name_in_these_tests() -> None:
    assert socket.gethostbyname("localhost") == "127.0.0.1"
