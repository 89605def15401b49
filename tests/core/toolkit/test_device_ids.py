"""What tells a device from others, and how one logs in there."""

from base64 import b64decode

import pytest

from ha_device_backup_core.toolkit import basic_login, mac_address, mac_connection


@pytest.mark.parametrize(
    ("said", "mac"),
    [
        ("A0:B1:C2:D3:E4:F5", "a0b1c2d3e4f5"),
        (" a0-b1-c2-d3-e4-f5\n", "a0b1c2d3e4f5"),
        ("a0b1.c2d3.e4f5", "a0b1c2d3e4f5"),
        ("a0b1c2d3e4f5", "a0b1c2d3e4f5"),
        ("00:00:00:00:00:00", None),
        ("FFFFFFFFFFFF", None),
        ("a0b1c2d3e4", None),
        ("a0b1c2d3e4fg", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_mac_address_is_read_however_it_is_written(said: object, mac: str | None) -> None:
    assert mac_address(said) == mac


def test_home_assistant_links_devices_by_it() -> None:
    assert mac_connection("a0b1c2d3e4f5") == ("mac", "a0:b1:c2:d3:e4:f5")


@pytest.mark.parametrize(
    ("password", "sent"), [("secret:4711", b"admin:secret:4711"), ("ü", "admin:ü".encode()), ("\udcff", b"admin:\xff")]
)
def test_a_basic_login(password: str, sent: bytes) -> None:
    (name, value), *rest = basic_login("admin", password).items()
    assert (name, rest) == ("Authorization", [])
    assert b64decode(value.removeprefix("Basic ")) == sent
