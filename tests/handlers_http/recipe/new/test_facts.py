"""Who a device is: what an answer proposes, the surest first."""

import json

import pytest

from ha_device_backup_http.recipe.new.facts import DeviceFact, Facts, facts_in

TOLD = {
    "id": "5f3a",
    "uptime": 1,
    "device": {"serialNumber": "ABC-1", "mac": "aa:bb:cc:dd:ee:ff", "hostname": "pump", "model": "P1"},
    "version": "2",
    "firmware": {"version": "1.4.2"},
    "wifi": {"ssid": "home", "password": "canary-4711", "lan": "11:22:33:44:55:66"},
}


def sources(found: Facts) -> list[str]:
    return [fact.source for fact in found.unique_ids]


def test_json() -> None:
    content = json.dumps(TOLD).encode()
    mac = DeviceFact(key="mac", source="json:/device/mac", value="aa:bb:cc:dd:ee:ff")
    found = facts_in(content, content)

    assert sources(found) == ["json:/device/serialNumber", "json:/device/mac", "json:/id", "json:/wifi/lan"]
    assert (found.mac, found.version, found.model, found.name) == (
        mac,
        DeviceFact(key="version", source="json:/firmware/version", value="1.4.2"),
        DeviceFact(key="model", source="json:/device/model", value="P1"),
        DeviceFact(key="hostname", source="json:/device/hostname", value="pump"),
    )


def test_xml() -> None:
    content = b"<a><system><serial>0815</serial><version>v7</version></system><x><id>abcd</id></x><x/></a>"
    found = facts_in(content, content)

    assert sources(found) == ["xml:system/serial"]
    assert found.version == DeviceFact(key="version", source="xml:system/version", value="v7")


def test_what_changes_tells_nothing() -> None:
    assert facts_in(b'{"id": "aaaa"}', b'{"id": "bbbb"}') == Facts()


@pytest.mark.parametrize(
    "told", [{"id": "1"}, {"serial": "0000"}, {"ssid": "home"}, {"mac": "none"}, {"serial": ""}, {"serial": None}, [1]]
)
def test_what_is_no_id(told: object) -> None:
    content = json.dumps(told).encode()

    assert facts_in(content, content).unique_ids == ()
