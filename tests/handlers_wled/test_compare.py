"""What counts as the same configuration after a restore."""

from typing import Any

import pytest

from ha_device_backup_core.toolkit import compact
from ha_device_backup_wled.compare import changes, differences, is_named
from ha_device_backup_wled.info import parse_info


@pytest.mark.parametrize(
    ("sent", "held", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": {"c": [1, 2]}}, {"b": {"c": [1, 2], "new": 1}, "a": 1, "more": 2}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b"]),
        ({"a": {"b": 1}}, {"a": {}}, ["a.b"]),
        ({"a": {"b": 1}}, {"a": 7}, ["a"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a"]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["a[1].b"]),
        ({"a": 2.8}, {"a": 2.799999952}, []),
        ({"a": True}, {"a": 1}, []),
        ({"a": [], "b": {}, "c": "", "d": None}, {}, []),
        ({"vid": 1, "um": {"x": 1}, "ota": {"lock": True}}, {"vid": 2}, []),
        ({"ap": {"psk": "x", "pskl": 8}}, {"ap": {"pskl": 0}}, []),
    ],
)
def test_differences(sent: dict[str, Any], held: dict[str, Any], expected: list[str]) -> None:
    assert differences(sent, held) == expected


def test_changes_are_told_both_ways_but_not_the_build() -> None:
    sent = {"vid": 1, "id": {"name": "a", "mdns": "x"}, "um": {"on": {"pin": 4}}, "ap": {"pskl": 9}}
    held = {"vid": 2, "id": {"name": "b", "mdns": "x"}, "ota": {"lock": True}, "ap": {"pskl": 8}}
    assert changes(sent, held) == ["id.name", "ota", "um"]
    assert changes(sent, sent) == []


@pytest.mark.parametrize(
    ("sent", "held", "expected"),
    [
        ("Stairs", "Stairs", True),
        ("Stairs", "Hall", False),
        ("Stairs", "", False),
        ("", "WLED", True),
        ("測試\u3000照明", "測試\u3000照明", True),
        ("👩\u200d💻 desk", "👩\u200d💻 desk", True),
        ("é" * 20, "é" * 16, True),
        ("a" + "é" * 20, "a" + "é" * 15 + "\udcc3", True),
    ],
)
def test_names_are_compared_as_they_are_and_as_far_as_the_firmware_keeps_them(
    sent: str, held: str, expected: bool
) -> None:
    said = compact({"ver": "0.15.5", "vid": 1, "leds": {}, "mac": "a0b1c2d3e4f5", "name": held})
    assert is_named({"id": {"name": sent}}, parse_info(said)) is expected
