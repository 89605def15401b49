"""Places in JSON."""

import pytest

from ha_device_backup_http.pointers import Pointer, found_at, parse_pointer, without

VALUE = {"a/b": 1, "m~n": 2, "list": [{"x": 1, "y": 2}, {"x": 3}], "deep": {"x": {"y": 1}}}


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("/a", ("a",)),
        ("/a~1b", ("a/b",)),
        ("/m~0n/0", ("m~n", "0")),
        ("/*/x", ("*", "x")),
        ("a", None),
        ("/", None),
        ("", None),
    ],
)
def test_parse(text: str, pointer: Pointer | None) -> None:
    assert parse_pointer(text) == pointer


@pytest.mark.parametrize(
    ("pointers", "left"),
    [
        ([("a/b",), ("m~n",)], {"list": VALUE["list"], "deep": VALUE["deep"]}),
        ([("list", "*", "x")], VALUE | {"list": [{"y": 2}, {}]}),
        ([("list", "0")], VALUE | {"list": [None, {"x": 3}]}),
        ([("deep", "x", "y"), ("list",)], {"a/b": 1, "m~n": 2, "deep": {"x": {}}}),
        ([("deep", "*")], VALUE | {"deep": {}}),
        ([("absent",), ("a/b", "x")], VALUE),
    ],
)
def test_without(pointers: list[Pointer], left: object) -> None:
    assert without(VALUE, pointers) == left


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        (("list", "1", "x"), 3),
        (("deep", "x"), {"y": 1}),
        (("list", "9"), None),
        (("list", "x"), None),
        (("list", "9" * 5000), None),
        (("a/b", "x"), None),
        (("absent", "x"), None),
    ],
)
def test_found_at(pointer: Pointer, found: object) -> None:
    assert found_at(VALUE, pointer) == found
