"""Bodies, read by the parser of a small device."""

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.toolkit import Body, is_raw_name
from tests.simulators.wled.http import make_request
from tests.simulators.wled.multipart import Part, parse


def received(body: Body) -> list[Part]:
    """Return what a device understands."""
    return parse(make_request("POST", "/upload", {"content-type": body.content_type}, body.content))


@given(st.binary(min_size=1))
def test_any_content_arrives_unchanged(content: bytes) -> None:
    body = Body.file("/matrix sprite.gif", content)
    assert received(body) == [Part("data", "/matrix sprite.gif", content, has_type=True)]


def test_a_content_that_holds_the_boundary_gets_another() -> None:
    content = b"x"
    for _ in range(3):
        content += b"\r\n--" + Body.file("/x", content).content_type.partition("=")[2].encode() + b"\r\n"
    assert received(Body.file("/x", content))[0].content == content


def test_a_name_that_is_no_utf_8_goes_as_it_is() -> None:
    assert received(Body.file("/K\udcfcche.txt", b"1", field="ufsu"))[0] == Part(
        "ufsu", "/K\udcfcche.txt", b"1", has_type=True
    )


@pytest.mark.parametrize(
    ("name", "possible"),
    [("cfg.json", True), ("a b+c%.gif", True), ("ü.txt", True), ('a"b', False), ("a;b", False), ("a\r\nb", False)],
)
def test_names_that_a_device_would_misread(name: str, possible: bool) -> None:
    assert is_raw_name(name) is possible


def test_a_form_without_a_file() -> None:
    body = Body.multipart({"name": "/a b", "content": "--device-backup-0\udcff"})
    assert received(body) == [
        Part("name", None, b"/a b", has_type=False),
        Part("content", None, b"--device-backup-0\xff", has_type=False),
    ]
    assert body.content_type == "multipart/form-data; boundary=device-backup-1"


def test_a_form_as_most_are_sent() -> None:
    body = Body.form({"cmnd": "Status 0", "password": "a&b+c ü\udcff"})
    assert body.content_type == "application/x-www-form-urlencoded"
    assert body.content == b"cmnd=Status%200&password=a%26b%2Bc%20%C3%BC%FF"
    assert parse_qs(body.content.decode(), errors="surrogateescape") == {
        "cmnd": ["Status 0"],
        "password": ["a&b+c ü\udcff"],
    }


def test_half_a_character_goes_into_a_form_as_its_bytes() -> None:
    assert Body.form({"a\ud800": "b\udfff"}).content == b"a%ED%A0%80=b%ED%BF%BF"


def test_json() -> None:
    body = Body.json({"pin": "1234"})
    assert (json.loads(body.content), body.content_type) == ({"pin": "1234"}, "application/json")


def test_a_body_does_not_print_what_it_holds() -> None:
    assert "canary" not in repr(Body.form({"password": "canary-4711"}))
