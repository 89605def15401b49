"""`recipe try` tells what sounds like a secret and would be shown."""

from ha_device_backup_http.recipe.new.openly import shown_openly

from ..conftest import handler

STEPS = """
[[fetch]]
request = "GET /a"
save = "a"
[[fetch]]
request = "GET /b"
save = "b"
[[secret]]
file = "{file}"
{places}
"""
ENTERED = {"my-own-login"}


def openly(content: bytes, places: str, file: str = "a") -> list[tuple[str, str]]:
    recipe = handler(STEPS.format(file=file, places=places)).recipe
    return list(shown_openly(recipe, {"a": content}, ENTERED))


def test_json() -> None:
    content = b'{"mqtt": {"token": "abc", "user": "my-own-login", "password": "x", "port": 1883}}'
    assert openly(content, 'json = ["/mqtt/tokem"]') == [("a", "/mqtt/token"), ("a", "/mqtt/user")]
    assert openly(content, 'json = ["/mqtt/token", "/mqtt/user"]') == []


def test_xml() -> None:
    content = b'<a><token>abc</token><b apikey="abc"/><password>x</password></a>'
    assert openly(content, 'xml = ["//tokem"]') == [("a", "//token"), ("a", "//b@apikey")]
    assert openly(content, 'xml = ["//token", "//b@apikey"]') == []


def test_lines() -> None:
    assert openly(b"token=abc\npassword=x\nport=1", 'lines = ["^tokem="]') == [("a", "^token=")]
    assert openly(b"token=abc\npassword=x\nport=1", 'lines = ["^token="]') == []


def test_a_file_that_nobody_is_shown() -> None:
    assert openly(b'{"token": "abc"}', 'json = ["/token"]', file="b") == []
