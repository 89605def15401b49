from dataclasses import replace

import pytest

from ha_device_backup_core.addresses import address_of
from ha_device_backup_core.contract import API_VERSION, ConfigField, ConfigValue, DeviceInfo, FieldKind, HandlerSpec
from ha_device_backup_core.identity import (
    assigned_identity,
    can_be_own,
    can_have,
    identity_of,
    is_another,
    is_assigned,
    is_identity,
    new_assigned_identity,
)
from ha_device_backup_core.matchers import KnownDevices

HOST = HandlerSpec(
    kind="lamp",
    name="Lamp",
    api_version=API_VERSION,
    fields=(
        ConfigField(key="host", kind=FieldKind.HOST, label="Host"),
        ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
        ConfigField(key="pin", kind=FieldKind.SECRET, label="PIN"),
    ),
)
URL = HandlerSpec(
    kind="web", name="Web", api_version=API_VERSION, fields=(ConfigField(key="url", kind=FieldKind.URL, label="URL"),)
)


def by_host(host: str | None, port: int | None = 80, pin: str | None = None) -> str:
    return assigned_identity(HOST, {"host": host, "port": port, "pin": pin})


def by_url(url: str) -> str:
    return assigned_identity(URL, {"url": url})


def test_the_own_id_comes_first() -> None:
    config: dict[str, ConfigValue] = {"host": "lamp", "port": 80}
    assert identity_of(HOST, config, DeviceInfo(unique_id="a1", name="Lamp")) == "a1"
    assert identity_of(HOST, config, DeviceInfo(unique_id=None, name="Lamp")) == by_host("lamp")


def test_the_same_address_is_the_same_device() -> None:
    assert by_host("Lamp.local ", pin="1") == by_host("lamp.local", pin="2")
    assert by_url("HTTP://Box/a?b#c") == by_url("http://me:secret@box:80/a?b")
    assert by_url("http://box") == by_url("http://box/") == by_url("http://box./")
    assert by_url("http://[fe80::1%25eth0]") == by_url("http://[FE80:0:0:0::1%eth0]/")


def test_another_address_is_another_device() -> None:
    addresses = [by_host("a"), by_host("b"), by_host("a", 81), by_host("a", None)]
    urls = ["http://box/a", "http://box/b", "http://box:81/a", "https://box/a", "http://box/a?c", "http://[::1]/a"]
    assert len({*addresses, *map(by_url, urls)}) == len([*addresses, *urls])
    assert by_url("http://box:99999999/") == by_url("http://box:99999998/")


def test_without_an_address_each_is_another() -> None:
    assert by_host(None) != by_host(None)
    assert new_assigned_identity() != new_assigned_identity()


def test_an_assigned_id_is_told_from_an_own_one() -> None:
    assert all(map(is_assigned, (by_host("lamp"), by_host(None), new_assigned_identity())))
    assert not any(map(is_assigned, ("a1b2c3d4e5f6", "lamp:80", "assigned-", "assigned-" + "x" * 32)))


def test_where_a_configuration_leads_to() -> None:
    assert address_of(HOST, {"host": "Lamp "}) == address_of(HOST, {"host": "lamp", "port": 80, "pin": "1"})
    assert address_of(HOST, {"host": "lamp"}) != address_of(HOST, {"host": "lamp", "port": 81})
    assert address_of(HOST, {"pin": "1"}) is None


def test_what_a_device_can_have() -> None:
    assert all(map(is_identity, ("a", "a1:b2", "Fritz!Box 7590 #1", "x" * 255)))
    assert not any(map(is_identity, ("", "a\nb", "x" * 256, None, 7)))


def test_the_form_of_an_id_is_what_the_handler_declares() -> None:
    by_mac = replace(HOST, unique_id_form="[0-9a-f]{12}")
    assert all(can_have(by_mac, unique_id) for unique_id in ("a1b2c3d4e5f6", by_host("lamp")))
    assert not any(can_have(by_mac, unique_id) for unique_id in ("A1B2C3D4E5F6", "a1:b2:c3:d4:e5:f6", "", " a"))
    assert can_be_own(by_mac, "a1b2c3d4e5f6")
    assert not any(can_be_own(by_mac, told) for told in (by_host("lamp"), None, 7))


def test_without_a_form_there_may_be_any() -> None:
    by_mac = replace(HOST, discovery=(KnownDevices(integration="lamp", unique_id="device.mac"),))
    assert all(can_have(spec, unique_id) for spec in (HOST, by_mac) for unique_id in ("A1:B2", "Größe 7"))
    assert not can_have(HOST, "A1 ")
    assert not can_be_own(HOST, by_host("lamp"))


def test_a_form_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="unique_id_form is no regular expression"):
        replace(HOST, unique_id_form="[")


def test_who_is_another() -> None:
    assert is_another("a1", "b2")
    assert not any(
        (is_another("a1", "a1"), is_another("a1", None), is_another(None, "b2"), is_another(by_host("l"), "b"))
    )
