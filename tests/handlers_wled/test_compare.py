"""What counts as the same configuration after a restore."""

from typing import Any

import pytest

from ha_device_backup_wled import restore_texts as texts
from ha_device_backup_wled.compare import differences, keeps_network, lost_passwords


def networks(*names: str, **more: object) -> dict[str, Any]:
    """Return a configuration with these networks."""
    return {"nw": {"ins": [{"ssid": name, "pskl": 8} for name in names]}, **more}


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


@pytest.mark.parametrize(
    ("sent", "held", "kept"),
    [
        (networks("home"), networks("home"), True),
        (networks("home", "garden"), networks("home"), True),
        (networks("home"), networks("home", ""), True),
        (networks("garden", "home"), networks("home"), False),
        (networks("home"), networks("home", "garden"), False),
        (networks("other"), networks("home"), False),
        (networks(), networks("home"), False),
        (networks("other", eth={"type": 2}), networks("home", eth={"type": 2}), True),
        (networks("other", eth={"type": 2}), networks("home", eth={"type": 0}), False),
        ({"nw": {"ins": 7}}, {"nw": 7}, True),
    ],
)
def test_a_network_is_kept_only_in_its_place(sent: dict[str, Any], held: dict[str, Any], kept: bool) -> None:
    assert keeps_network(sent, held) is kept


def test_passwords_that_were_there_and_are_not_are_named() -> None:
    full = {"ap": {"pskl": 8}, "if": {"mqtt": {"pskl": 9}}, "ota": {"pskl": 7}, **networks("home", "garden")}
    assert lost_passwords(full, full) == []
    assert lost_passwords(full, networks("home")) == [
        texts.ACCESS_POINT,
        texts.MQTT,
        texts.FIRMWARE_UPDATE,
        texts.network(2),
    ]
