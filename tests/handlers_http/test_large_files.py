"""JSON, XML and text: read as devices write them, and only as far as that is cheap."""

import codecs
import json

import pytest

from ha_device_backup_http import decoding, json_files, xml_files
from ha_device_backup_http.decoding import encoding_of, text_of
from ha_device_backup_http.json_files import is_json, read_json
from ha_device_backup_http.recognise import ends_by_itself
from ha_device_backup_http.xml_files import is_xml


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        ("Küche".encode(), "Küche"),
        ("Küche".encode("latin-1"), "Küche"),
        (codecs.BOM_UTF8 + b"a", "a"),
        ("Küche".encode("utf-16"), "Küche"),
        (codecs.BOM_UTF16_BE + "Küche".encode("utf-16-be"), "Küche"),
        (b"a\x00b", None),
        (b"\xff\xfea", None),
        (bytes(range(0x80, 0x100)), None),
        (b"name = K\xc3\nx = 1\n", "name = K\xc3\nx = 1\n"),
    ],
)
def test_one_rule_reads_all_text(content: bytes, text: str | None) -> None:
    assert text_of(content) == text


def test_an_encoding_that_shows_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_PIECE", 7)
    assert encoding_of("aäöü€".encode() * 20) == "utf-8"
    assert encoding_of(b"a" * 100 + b"\xc3") == "latin-1"
    assert encoding_of(b"a" * 100 + b"\x01") is None


WHOLE = (
    '{"a": [1, "]\\"}", {}], "b": "\\\\"}',
    '\ufeff \n[{"a": "ü"}]\r\n\0',
    "[[], [[]]]",
)
BROKEN = (
    '{"a": 1',
    '{"a": "1',
    '{"a": "1"}}',
    "[}",
    "[1]2",
    '"a"',
    "",
    "]",
    "[" * 101 + "]" * 101,
    '{"a": "\\"}',
    "[\x01]",
)


@pytest.mark.parametrize("limit", [json_files.LARGEST_PARSED, 0])
@pytest.mark.parametrize("text", [*WHOLE, *BROKEN])
def test_json_is_whole_or_not_whatever_its_size(text: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "LARGEST_PARSED", limit)
    content = text.removesuffix("\0").encode() if limit else text.encode()
    assert is_json(content) == (text in WHOLE)


def test_strings_longer_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "LARGEST_PARSED", 0)
    for filling in ("x" * 200_000, "\\n" * 100_000, '\\"' * 65_536):
        content = json.dumps({"a": 1, "b": [2]}).encode().replace(b"1", f'"{filling}"'.encode())
        assert is_json(content)
        assert not is_json(content[:-10])
        assert not is_json(content[:100_000])
    assert is_json(b"[" + b"1," * 100_000 + b"1]")


def test_what_is_dense_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    dense = b"[1" + b",1" * 400_000 + b"]"
    assert (read_json(dense), is_json(dense)) == (None, True)
    monkeypatch.setattr(json_files, "_MOST_BRACKETS", 10)
    monkeypatch.setattr(json_files, "LARGEST_PARSED", 0)
    assert not is_json(b"[" + b"[]," * 10 + b"[]]")


def test_names_in_json_that_are_cut_or_in_latin_1() -> None:
    assert read_json(b'{"a": "K\xfcche"}') == {"a": "Küche"}
    assert read_json(b'{"a": "K\xc3"}') == {"a": "K\xc3"}
    assert read_json(b'{"a": "\xfc\x01') is None
    assert read_json(b'{"\xfc' + b"[" * 200) is None


@pytest.mark.parametrize("limit", [xml_files._LARGEST_PARSED, 0])
@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (b"<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE a>\n<a x='1'><b/></a >\r\n", True),
        (b"<a><b></a", False),
        (b"<a><b/>", False),
        (b"text", False),
        (b"", False),
    ],
)
def test_xml_is_whole_or_not_whatever_its_size(
    content: bytes, whole: bool, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_files, "_LARGEST_PARSED", limit)
    assert is_xml(content) == whole


def test_xml_as_devices_write_it() -> None:
    assert is_xml("<a>Küche</a>".encode("latin-1"))
    assert is_xml("<?xml version='1.0' encoding='utf-8'?><a>Küche</a>".encode("latin-1"))
    assert not is_xml("<a>Küche</b>".encode("latin-1"))
    assert not is_xml(b"<a>" * 300 + b"</a>" * 300)
    assert is_xml(b"<a>" + b"<b c=''/>" * 300_000 + b"</a>")


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b'{"a": 1}', True),
        (b"<a/>", True),
        (b"<?xml version='1.0'?><a>", False),
        (b"<html>x</html>\n", True),
        (b"<html>x", False),
        (b"a=1\n", False),
        (b"\x00", False),
    ],
)
def test_what_shows_its_end(content: bytes, shown: bool) -> None:
    assert ends_by_itself(content) == shown
