"""Upload bodies, read by the parser of the simulated firmware."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_wled.multipart import can_be_uploaded, upload_body
from tests.simulators.wled.http import make_request
from tests.simulators.wled.multipart import Part, parse


@given(st.binary(min_size=1))
def test_any_content_arrives_unchanged(content: bytes) -> None:
    body, content_type = upload_body("/matrix sprite.gif", content)
    request = make_request("POST", "/upload", {"content-type": content_type}, body)
    assert parse(request) == [Part("data", "/matrix sprite.gif", content, has_type=True)]


def test_a_content_that_holds_the_boundary_gets_another() -> None:
    content = b"x"
    for _ in range(3):
        _, content_type = upload_body("/x", content)
        content += b"\r\n--" + content_type.partition("=")[2].encode() + b"\r\n"
    body, content_type = upload_body("/x", content)
    assert parse(make_request("POST", "/upload", {"content-type": content_type}, body))[0].content == content


@pytest.mark.parametrize(
    ("name", "possible"),
    [("cfg.json", True), ("a b+c%.gif", True), ("ü.txt", True), ('a"b', False), ("a;b", False), ("a\r\nb", False)],
)
def test_names_that_the_firmware_would_misread(name: str, possible: bool) -> None:
    assert can_be_uploaded(name) is possible
