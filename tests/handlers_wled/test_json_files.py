"""JSON as the firmware reads it, and bytes that stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.toolkit import JsonError, canonical, compact, encoded
from ha_device_backup_wled.json_files import minified, parse, seems_whole
from ha_device_backup_wled.presets import sendable_presets, with_old_custom_palettes
from ha_device_backup_wled.recognize import holds_presets


def test_what_follows_the_first_value_is_an_error_only_where_others_read_it_too() -> None:
    for content in (b'{"a":1}{"b":2}', b'{"a":1}x', b'{"a":1}\x00\x00'):
        assert parse(content, first=True) == {"a": 1}
        with pytest.raises(JsonError):
            parse(content)
    assert parse(b' \xef\xbb\xbf{"a":1} \n'.lstrip()) == {"a": 1}


def test_an_id_that_comes_twice_is_read_and_told() -> None:
    assert parse(b'{"8":1,"8":2}') == {"8": 2}
    with pytest.raises(JsonError):
        parse(b'{"8":1,"8":2}', unique=True)


def test_control_characters_in_texts_are_read() -> None:
    assert parse(b'{"n":"a\tb\nc"}') == {"n": "a\tb\nc"}


@given(st.binary(max_size=40))
def test_any_bytes_in_a_name_stay(name: bytes) -> None:
    content = b'{"n":"' + name.replace(b"\\", b"").replace(b'"', b"") + b'"}'
    if any(byte < 32 for byte in content):
        return
    assert compact(parse(content)) == content


@given(st.text(st.characters(), max_size=10))
def test_any_text_has_one_form(text: str) -> None:
    once = canonical({"n": text})
    assert canonical(parse(once)) == once
    assert encoded(text) == encoded(encoded(text).decode("utf-8", "surrogateescape"))


@given(st.binary(max_size=60))
def test_taking_out_blanks_is_done_once(content: bytes) -> None:
    for work in (minified, sendable_presets):
        assert work(work(content)) == work(content)


def test_what_is_no_json_holds_no_presets() -> None:
    assert not seems_whole(b"{")
    assert not holds_presets(b"{")
    assert holds_presets(b'{"0":{},' + b" " * 2_000_000 + b"}")
    assert with_old_custom_palettes(b"{") == []
