"""JSON is read as devices write it, and every byte of it can be written again."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.toolkit import (
    JsonError,
    as_list,
    as_object,
    canonical,
    compact,
    for_reading,
    json_object,
    read_json,
)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"\xef\xbb\xbf \r\n[1]\n", [1]),
        ('{"a": "ü"}'.encode("utf-16"), {"a": "ü"}),
        ('{"a": "ü"}'.encode("utf-16-le"), {"a": "ü"}),
        (b'{"n": "K\xfcche"}', {"n": "K\udcfcche"}),
        (b'{"n": "a\tb\nc"}', {"n": "a\tb\nc"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": 1}', {"a": 1}),
        (b"null", None),
        (nested(100), json.loads(nested(100))),
    ],
)
def test_what_devices_write_is_read(content: bytes | str, value: object) -> None:
    assert read_json(content) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"a": 1} x',
        b"1" * 65,
        nested(101),
        nested(100_000),
        b" " * 1024 * 1024 + b"1",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(JsonError):
        read_json(content)


def test_limits_can_be_others() -> None:
    assert read_json(b"1" * 65, longest_number=65) == int("1" * 65)
    with pytest.raises(JsonError):
        read_json(b"[[]]", largest=3)
    with pytest.raises(JsonError):
        read_json(b"[[]]", deepest=1)


def test_what_is_odd_can_be_refused() -> None:
    assert math.isnan(as_object(read_json(b'{"a": NaN}'))["a"])
    with pytest.raises(JsonError):
        read_json(b'{"a": NaN}', allow_nan=False)
    with pytest.raises(JsonError):
        read_json(b'{"a": 1, "a": 2}', unique=True)
    assert read_json(b'{"a": 1}{"b"', first=True) == {"a": 1}


def test_only_an_object_is_an_object() -> None:
    assert json_object(b'{"a": 1}') == {"a": 1}
    for content in (b"[]", b"null", b'"a"'):
        with pytest.raises(JsonError):
            json_object(content)
    assert (as_object([]), as_object({"a": 1}), as_list({}), as_list([1])) == ({}, {"a": 1}, [], [1])


@given(st.binary(max_size=40))
def test_any_bytes_in_a_name_stay(name: bytes) -> None:
    content = b'{"n":"' + name.replace(b"\\", b"").replace(b'"', b"") + b'"}'
    if any(byte < 32 for byte in content):
        return
    assert compact(read_json(content)) == content


def test_a_value_has_one_form() -> None:
    value = {"b": "\udcfc", "a": ["\ud800"]}
    assert canonical(value) == b'{"a":["\xed\xa0\x80"],"b":"\xfc"}'
    assert compact(value) == b'{"b":"\xfc","a":["\xed\xa0\x80"]}'


def test_a_value_for_reading_has_a_line_each_and_can_always_be_shown() -> None:
    assert for_reading({"b": ["ü", "\udcff"], "a": 1}) == '{\n  "a": 1,\n  "b": [\n    "ü",\n    "?"\n  ]\n}'
