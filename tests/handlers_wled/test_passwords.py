"""Passwords that a controller does not hold are told by what they are, not by whether there is any."""

from typing import Any

import pytest

from ha_device_backup_core import Message, Text
from ha_device_backup_wled.passwords import passwords_to_enter
from ha_device_backup_wled.translation import _

from .conftest import RESET_TOOK, RESET_TOOK_PASSWORDS_TOO, enter_again

FIRMWARE_UPDATE = _("firmware updates (OTA)")
MQTT = _("MQTT")
LOCKED_WITH_ITS_OWN_PASSWORD = _(
    "The backup locks firmware updates (OTA), with the password that is on the controller now:"
    " “wledota”, if nobody changed it. Change it under Config, Security & Updates."
)

DELIVERED: dict[str, Any] = {
    "nw": {"ins": [{"ssid": "home", "pskl": 10}]},
    "ap": {"pskl": 8},
    "if": {"mqtt": {"broker": "", "user": "", "pskl": 0}},
    "ota": {"lock": False, "pskl": 7},
}


def told(held: dict[str, Any] | None = None, *, same_device: bool = True, **sent: Any) -> tuple[Text, ...]:  # noqa: ANN401 - sections
    """Return what a person has to enter after a backup of a delivered controller with these sections."""
    return passwords_to_enter(DELIVERED | sent, DELIVERED | (held or {}), same_device=same_device)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"ap": {"pskl": 12}}, _("access point")),
        ({"ota": {"pskl": 12}}, FIRMWARE_UPDATE),
        ({"if": {"mqtt": {"broker": "b", "user": "u", "pskl": 9}}}, MQTT),
        (
            {"nw": {"ins": [{"ssid": "home", "pskl": 10}, {"ssid": "garden", "pskl": 8}]}},
            _("Wi-Fi network {number}", number=2),
        ),
    ],
)
def test_another_password_than_the_one_that_is_there_is_told(sent: dict[str, Any], place: Message) -> None:
    assert told(**sent) == enter_again(place)
    assert told(held=sent, **sent) == ()


def test_the_password_of_another_account_is_none() -> None:
    mine: dict[str, Any] = {"mqtt": {"broker": "b", "user": "me", "pskl": 9}}
    sent: dict[str, Any] = {"if": mine}
    for key, value in (("broker", "c"), ("user", "you"), ("pskl", 8)):
        held = {"if": {"mqtt": {**mine["mqtt"], key: value}}}
        assert told(held=held, **sent) == enter_again(MQTT)


def test_the_password_of_another_network_at_the_same_place_is_none() -> None:
    held = {"nw": {"ins": [{"ssid": "other", "pskl": 10}]}}
    assert told(held=held) == enter_again(_("Wi-Fi network {number}", number=1))
    assert told(nw={"ins": [{"ssid": "home", "pskl": 12}]}) == (), "the device is in that network now"


def test_a_lock_that_would_hold_with_the_password_of_the_controller_is_told() -> None:
    locked = {"lock": True, "pskl": 7}
    assert told(ota=locked) == ()
    assert told(ota=locked, same_device=False) == (LOCKED_WITH_ITS_OWN_PASSWORD,)
    own = {"lock": True, "pskl": 12}
    again = enter_again(FIRMWARE_UPDATE)
    assert told(ota=own) == (*again, LOCKED_WITH_ITS_OWN_PASSWORD)
    assert told(held={"ota": own}, ota=own, same_device=False) == ()


def test_of_a_replacement_only_what_it_uses_elsewhere_is_listed() -> None:
    """That its own passwords are not those of the backup is told with the fact that it is another one."""
    sent: dict[str, Any] = {"ap": {"pskl": 12}, "ota": {"pskl": 12}, "if": {"mqtt": {"pskl": 9}}}
    assert passwords_to_enter(sent, {}, same_device=False, is_replacement=True) == enter_again(MQTT)


def test_several_are_told_in_one_sentence() -> None:
    sent: dict[str, Any] = {"ap": {"pskl": 12}, "ota": {"pskl": 12}, "if": {"mqtt": {"pskl": 9}}}
    assert told(**sent) == enter_again(_("access point"), FIRMWARE_UPDATE, MQTT)


def test_no_password_is_nothing_to_enter() -> None:
    assert told(held={"ap": {"pskl": 12}}, ap={"pskl": 0}, ota={}, nw={"ins": [{"ssid": "open"}]}) == ()


def test_what_a_reset_took_is_told_although_the_lengths_are_the_same() -> None:
    delivered: dict[str, Any] = {"id": {"name": "WLED"}, "hw": {}}
    set_up: dict[str, Any] = {"id": {"name": "Shelf"}, "hw": {}}
    assert told(held=delivered, **set_up) == (RESET_TOOK_PASSWORDS_TOO,)
    assert told(held=delivered, same_device=False, **set_up) == (), "said of another controller anyway"
    assert told(held=set_up, **set_up) == ()
    assert told(held=delivered, **delivered) == ()


def test_after_a_reset_each_password_is_told_once() -> None:
    delivered: dict[str, Any] = {"id": {"name": "WLED"}, "hw": {}}
    own: dict[str, Any] = {"ap": {"pskl": 12}, "ota": {"lock": True, "pskl": 12}}
    assert told(held=delivered, id={"name": "Shelf"}, hw={}, **own) == (
        *enter_again(_("access point"), FIRMWARE_UPDATE),
        LOCKED_WITH_ITS_OWN_PASSWORD,
        RESET_TOOK,
    )


def test_a_password_that_a_person_wrote_into_the_file_needs_not_be_entered() -> None:
    own = {"psk": "canary-ap-password-2342", "pskl": 23}
    assert told(ap=own) == ()
    mqtt: dict[str, Any] = {"if": {"mqtt": {"broker": "b", **own}}}
    assert told(**mqtt) == ()
    assert told(nw={"ins": [{"ssid": "garden", **own}]}) == ()
    assert told(ota=own) == enter_again(FIRMWARE_UPDATE), "the firmware does not take that one"


def test_the_password_of_another_identity_in_a_network_is_none() -> None:
    network = {"ssid": "home", "pskl": 10, "e_ident": "me"}
    held = {"nw": {"ins": [network | {"e_ident": "you"}]}}
    assert told(held=held, nw={"ins": [network]}) == enter_again(_("Wi-Fi network {number}", number=1))
    assert told(held={"nw": {"ins": [network]}}, nw={"ins": [network]}) == ()
