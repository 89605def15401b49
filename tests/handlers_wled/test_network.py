"""A restore never cuts a controller off."""

import json
from typing import Any

import pytest

from ha_device_backup_core import Artifact, RestorePlan, UnexpectedResponseError
from ha_device_backup_wled.network import Connection, Kept, keep_connection
from ha_device_backup_wled.translation import _
from tests.simulators.wled import SimulatedWled

from .conftest import changed, fetch, files_of, plan, restore

NETWORKS_KEPT = _(
    "The controller keeps its present Wi-Fi networks and address, because it is reached by them"
    " and the backup has others. Change them at the controller if you want those of the backup"
    " (Config, WiFi Setup)."
)

BY_WIFI = Connection(host="192.0.2.7", by_cable=False)
BY_CABLE = Connection(host="192.0.2.7", by_cable=True)
UNKNOWN = Connection(host="192.0.2.7", by_cable=None)
NOW = "net-of-now"
PASSWORD = "canary-wifi-password-0815"


def networks(*names: str, **more: object) -> dict[str, Any]:
    """Return a configuration with these networks."""
    return {"nw": {"ins": [{"ssid": name, "pskl": 8} for name in names]}, **more}


def fixed(address: list[int], gateway: list[int] | None = None, **more: object) -> dict[str, Any]:
    """Return a configuration with a fixed address."""
    return {"nw": {"ins": [{"ssid": "home", "ip": address, "gw": gateway or [10, 0, 0, 1], "sn": [255] * 4}]}, **more}


@pytest.mark.parametrize(
    ("sent", "held", "connection", "kept"),
    [
        (networks("home"), networks("home"), BY_WIFI, set()),
        (networks("home", "garden"), networks("home"), BY_WIFI, set()),
        (networks("home"), networks("home", ""), BY_WIFI, set()),
        (networks("garden", "home"), networks("home"), BY_WIFI, {"nw"}),
        (networks("home"), networks("home", "garden"), BY_WIFI, {"nw"}),
        (networks("other"), networks("home"), BY_WIFI, {"nw"}),
        (networks(), networks("home"), BY_WIFI, {"nw"}),
        ({}, networks("home"), BY_WIFI, {"nw"}),
        (networks("other", eth={"type": 1}), networks("home", eth={"type": 1}), BY_WIFI, {"nw"}),
        (networks("other", eth={"type": 1}), networks("home", eth={"type": 1}), UNKNOWN, {"nw"}),
        (networks("other", eth={"type": 1}), networks("home", eth={"type": 1}), BY_CABLE, set()),
        (networks("home", eth={"type": 2}), networks("home", eth={"type": 1}), BY_CABLE, {"eth"}),
        (networks("home"), networks("home", eth={"type": 1}), BY_CABLE, {"eth"}),
        (networks("home", eth={"type": 0}), networks("home", eth={"type": 1}), BY_WIFI, {"eth"}),
        (fixed([10, 0, 0, 5]), fixed([10, 0, 0, 5]), BY_WIFI, set()),
        (fixed([10, 0, 0, 5]), fixed([10, 0, 0, 6]), BY_WIFI, {"nw"}),
        (fixed([10, 0, 0, 5]), networks("home"), BY_WIFI, {"nw"}),
        (networks("home"), fixed([10, 0, 0, 5]), BY_WIFI, {"nw"}),
        (fixed([10, 0, 0, 5], [0, 0, 0, 0]), networks("home"), BY_WIFI, set()),
        (fixed([10, 0, 0, 5], eth={"type": 1}), fixed([10, 0, 0, 9], eth={"type": 1}), BY_CABLE, {"nw"}),
        (fixed([10, 0, 0, 5], [10, 0, 0, 2]), fixed([10, 0, 0, 5]), BY_WIFI, {"nw"}),
        (networks("home", ap={"behav": 3}), networks("", ap={"behav": 0}), BY_WIFI, {"ap"}),
        (networks("home", ap={"behav": 3}), networks("home", ap={"behav": 0}), BY_WIFI, set()),
        ({"nw": {"ins": 7}}, {"nw": 7}, BY_WIFI, set()),
    ],
)
def test_what_the_connection_needs_stays(
    sent: dict[str, Any], held: dict[str, Any], connection: Connection, kept: set[str]
) -> None:
    result = keep_connection(sent, held, connection)
    assert {key for key, value in result.configuration.items() if value != sent.get(key)} == kept
    assert all(result.configuration[key].items() >= held[key].items() for key in kept)
    assert len(result.needs) == len(kept)
    assert not any(text in result.risks for text in result.needs), "each is told once"


def test_a_pinned_access_point_and_an_enterprise_login_are_part_of_the_way() -> None:
    held = networks("home")
    for key, value in (("bssid", "a0b1c2d3e4f5"), ("enc_type", 2), ("e_ident", "me"), ("e_anon_ident", "anonymous")):
        sent = {"nw": {"ins": [{**held["nw"]["ins"][0], key: value}]}}
        assert keep_connection(sent, held, BY_WIFI).needs == (NETWORKS_KEPT,)


@pytest.mark.parametrize("password", ["another-password", ""])
@pytest.mark.parametrize("place", [0, 1])
def test_a_password_in_the_file_does_not_take_the_place_of_the_one_that_works(place: int, password: str) -> None:
    held = networks("home", "garden")
    sent = networks("home", "garden")
    sent["nw"]["ins"][place]["psk"] = password
    assert keep_connection(sent, held, BY_WIFI) == Kept(configuration=held, needs=(NETWORKS_KEPT,))
    held["nw"]["ins"][place]["psk"] = password
    assert keep_connection(sent, held, BY_WIFI) == Kept(configuration=sent)


def test_a_password_in_the_file_for_a_network_that_the_controller_lacks_is_sent() -> None:
    sent = networks("home", "garden")
    sent["nw"]["ins"][1]["psk"] = "of-the-garden"
    assert keep_connection(sent, networks("home"), BY_WIFI) == Kept(configuration=sent)


def test_an_access_point_by_which_it_is_reached_keeps_its_password() -> None:
    held = {"nw": {"ins": [{"ssid": ""}]}, "ap": {"ssid": "Setup"}}
    sent = held | {"ap": {"ssid": "Setup", "psk": "another-password"}}
    assert kept(sent, held, host="4.3.2.1") == {"ap": held["ap"]}


def test_two_access_points_differ_also_by_zeros_at_their_ends() -> None:
    sent, held = ({"nw": {"ins": [{"ssid": "home", "bssid": bssid}]}} for bssid in ("001122334450", "000112233445"))
    assert kept(sent, held) == {"nw": held["nw"]}


@pytest.mark.parametrize("host", ["shelf.local", "Shelf", "shelf.fritz.box"])
def test_a_name_by_which_it_is_reached_stays(host: str) -> None:
    sent, held = networks("home", id={"mdns": "old", "name": "Old"}), networks("home", id={"mdns": "shelf"})
    result = keep_connection(sent, held, Connection(host=host, by_cable=False))
    assert result.configuration["id"] == {"mdns": "shelf", "name": "Old"}
    assert result.needs == (
        _("The controller keeps its present name in the network (mDNS), because it is reached by it."),
    )


def test_what_may_move_it_is_a_risk() -> None:
    sent, held = networks("home", id={"mdns": "a"}, eth={"type": 3}), networks("home", id={"mdns": "b"})
    result = keep_connection(sent, held, Connection(host="lamp.lan", by_cable=False))
    assert result == Kept(
        configuration=sent,
        risks=(
            _(
                "With the backup the controller uses its Ethernet cable, if one is plugged in, and may get"
                " another address."
            ),
            _(
                "The controller is reached by a name, which may change with the backup. Enter its IP address"
                " to be sure."
            ),
        ),
    )


async def moved(wled: SimulatedWled, **more: object) -> Artifact:
    """Return a backup of a controller that is in another network since, and has other presets."""
    configuration = json.loads(wled.device.user_files["cfg.json"]) | more
    backup = changed((await fetch(wled)).artifact, cfg_json=json.dumps(configuration).encode())
    wled.device.known_networks[NOW] = PASSWORD
    del wled.device.known_networks["Canary-Wifi-Name-4711"]
    configuration["nw"]["ins"][0]["ssid"] = NOW
    wled.device.files.write("/cfg.json", json.dumps(configuration).encode())
    wled.device.boot()
    wled.device.save_preset(9, {"n": "Later"})
    return backup


@pytest.mark.parametrize("more", [{}, {"eth": {"type": 1}}])
@pytest.mark.parametrize("version", ["0.13.3", "0.15.5", "16.0.0"])
async def test_a_controller_in_another_wifi_stays_there(version: str, more: dict[str, object]) -> None:
    async with SimulatedWled(version) as wled:
        backup = await moved(wled, **more)
        planned = await plan(wled, backup)
        assert NETWORKS_KEPT in planned.needs
        report = await restore(wled, backup)
        assert wled.device.on_network
        assert NETWORKS_KEPT in report.needs
        assert report.proven[-1] == _(
            "The controller restarted and runs with the configuration of the backup, except for what it keeps."
        )
        assert wled.device.user_files["presets.json"] == files_of(backup)["presets.json"]
        assert json.loads(wled.device.user_files["cfg.json"])["nw"]["ins"][0]["ssid"] == NOW
        assert wled.device.name == "Shelf"


async def test_a_controller_at_its_cable_keeps_the_type_of_its_board() -> None:
    async with SimulatedWled(cable=2) as wled:
        backup = await moved(wled, eth={"type": 1})
        configuration = json.loads(wled.device.user_files["cfg.json"]) | {"eth": {"type": 2}}
        wled.device.files.write("/cfg.json", json.dumps(configuration).encode())
        wled.device.known_networks.clear()
        wled.device.boot()
        assert wled.device.by_cable
        report = await restore(wled, backup)
        assert wled.device.on_network
        assert _("The controller keeps its present type of Ethernet board; the backup has another one.") in report.needs


async def test_nothing_is_begun_while_the_present_settings_cannot_be_read() -> None:
    async with SimulatedWled() as wled:
        backup = (await fetch(wled)).artifact
        wled.device.save_preset(9, {"n": "Later"})
        before = wled.device.user_files
        wled.faults.path, wled.faults.spoil, wled.faults.spoiled_status = "/cfg.json", 100, 500
        with pytest.raises(UnexpectedResponseError, match=r"cfg\.json could not be read"):
            await restore(wled, backup)
        assert wled.device.user_files == before
        wled.faults.spoil = 0
        assert isinstance(await plan(wled, backup), RestorePlan)
        assert (await restore(wled, backup)).unproven == ()


FIXED: dict[str, Any] = {"ip": [10, 0, 0, 5], "gw": [10, 0, 0, 1], "sn": [255, 255, 255, 0]}


def kept(
    sent: dict[str, Any], held: dict[str, Any], *, host: str = "10.0.0.5", by_cable: bool | None = None
) -> dict[str, Any]:
    """Return the sections that stay as they are on the controller."""
    result = keep_connection(sent, held, Connection(host=host, by_cable=by_cable)).configuration
    return {key: section for key, section in result.items() if section != sent.get(key)}


@pytest.mark.parametrize("by_cable", [None, True])
def test_the_fixed_address_of_a_cable_stays_also_where_the_firmware_does_not_tell_the_way(
    by_cable: bool | None,
) -> None:
    held = {"nw": {"ins": [{"ssid": "", **FIXED}]}, "eth": {"type": 2}}
    sent = {"nw": {"ins": [{"ssid": ""}]}, "eth": {"type": 2}}
    assert kept(sent, held, by_cable=by_cable) == {"nw": held["nw"]}
    assert kept(held, sent, by_cable=by_cable) == {"nw": sent["nw"]}


def test_the_access_point_by_which_a_controller_is_reached_stays() -> None:
    held = {"nw": {"ins": [{"ssid": "home"}]}, "ap": {"ssid": "Setup"}}
    sent = held | {"ap": {"ssid": "Lamp"}}
    assert kept(sent, held, host="4.3.2.1") == {"ap": held["ap"]}
    assert kept(sent, held) == {}


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ({}, {"bssid": "000000000000"}),
        ({"bssid": ""}, {"bssid": "00:00:00:00:00:00"}),
        ({"bssid": "AABBCCDDEEFF"}, {"bssid": "aa:bb:cc:dd:ee:ff"}),
        ({"ip": FIXED["ip"], "gw": FIXED["gw"]}, FIXED),
    ],
)
def test_what_means_the_same_is_no_other_network(sent: dict[str, Any], held: dict[str, Any]) -> None:
    one, other = ({"nw": {"ins": [{"ssid": "home", **network}]}} for network in (sent, held))
    assert kept(one, other) == {}
