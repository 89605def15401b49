"""Errors that are told with a good status, and backups that only look like them."""

import json

import pytest

from ha_device_backup_http.told_errors import is_sentence, single_line, tells_only_of_an_error


@pytest.mark.parametrize(
    "value",
    [
        {"error": {"code": 17, "message": "export already running"}},
        {"success": False, "message": "General Error", "code": 3},
        {"errorCode": -30109, "msg": "Invalid username or password."},
        {"meta": {"rc": "error", "msg": "api.err.LoginRequired"}, "data": []},
        {"version": "1.1", "result": None, "error": {"name": "JSONRPCError", "code": 501, "message": "too many"}},
        {"jsonrpc": "2.0", "id": 1, "error": {"code": -32002, "message": "Access denied"}},
        {"err": 401},
        [{"error": {"type": 1, "address": "/", "description": "unauthorized user"}}],
        [{"code": 1, "error": {"rspCode": -6, "detail": "please login first"}}],
        {"error": {"code": 119}, "success": False},
        {"status": 401, "message": "Authentication Failed"},
        {"detail": "no such command", "error": 400, "message": "Bad Request"},
        {"fname": "autoexec.bat", "error": -2},
        {"status": "error", "data": None},
        {"ok": False, "description": "busy"},
        {"errors": [{"title": "Forbidden", "status": "403"}]},
        {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Nothing here", "instance": "/x"},
        {"message": "Unauthorized"},
        {"session": {"valid": False, "totp": False, "sid": None, "validity": -1, "message": "password incorrect"}},
        {"Fehler": "Sitzung abgelaufen"},
        {"timestamp": "2026-11-28", "status": 500, "error": "Internal Server Error", "trace": "at a.b.c", "path": "/x"},
    ],
)
def test_json_that_only_tells_of_an_error(value: object) -> None:
    assert tells_only_of_an_error(json.dumps(value).encode())
    assert tells_only_of_an_error(json.dumps(value, indent=2).encode("utf-16"))


@pytest.mark.parametrize(
    "value",
    [
        {"settings": 1},
        {},
        [],
        [1, 2],
        {"error": None, "result": {"ssid": "home"}},
        {"error": None, "success": True},
        {"errorCode": 0, "msg": "Success.", "result": {"ssid": "home"}},
        {"message": "hello", "color": "red"},
        {"status": "error", "relays": [1]},
        {"success": False, "data": {"ssid": "home"}},
        {"success": False, "data": "AAAA"},
        {"version": 3, "name": "pump", "id": 7},
        {"errors": [], "warnings": []},
        ["error"],
        [{"error": "x"}, {"ssid": "home"}],
        {"on_error": "restart", "timeout": 5},
    ],
)
def test_json_that_holds_something(value: object) -> None:
    assert not tells_only_of_an_error(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("content", "is_error"),
    [
        (b"<error>busy</error>", True),
        (b"<?xml version='1.0'?><response status='error'><message>No</message></response>", True),
        (
            (
                b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="x"><s:Body><s:Fault>'
                b"<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring></s:Fault></s:Body></s:Envelope>"
            ),
            True,
        ),
        (
            (
                b"<ResponseStatus version='2.0'><requestURL>/ISAPI</requestURL><statusCode>4</statusCode>"
                b"<statusString>Invalid Operation</statusString><subStatusCode>invalidOperation</subStatusCode>"
                b"</ResponseStatus>"
            ),
            True,
        ),
        (b"<result><error>1</error><error>2</error></result>", True),
        (b"<config><error>on</error><ssid>home</ssid></config>", False),
        (b"<config/>", False),
        (b"<error>" + b"<a>" * 30 + b"</a>" * 30 + b"</error>", True),
        (b"<a>" * 30 + b"<error>1</error>" + b"</a>" * 30, False),
        (b"<error", True),
    ],
)
def test_xml(content: bytes, is_error: bool) -> None:
    assert tells_only_of_an_error(content) == is_error


@pytest.mark.parametrize(
    ("line", "is_error"),
    [
        ("Session expired! Please re-login on the Pi-hole dashboard.", True),
        ("Backup permission denied", True),
        ("Not authorized", True),
        ("Host starting up", True),
        ("ERR 17", True),
        ("Bitte neu anmelden.", True),
        ("Wrong token", True),
        ("dry", False),
        ("a=1", False),
        ("token=abc", False),
        ("U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y=", False),
        ("error\nin two lines", False),
        ("x" * 70_000 + " error", False),
    ],
)
def test_lines(line: str, is_error: bool) -> None:
    assert tells_only_of_an_error(line.encode()) == is_error
    assert tells_only_of_an_error(f"\ufeff{line}\r\n".encode()) == is_error


def test_lines_and_sentences() -> None:
    assert single_line("\r\nKüche\r\n".encode("latin-1")) == "Küche"
    assert [single_line(content) for content in (b"a\nb", b"\x00", b"x" * 70_000)] == [None, None, None]
    assert [is_sentence(line) for line in ("Host starting up.", "a = b", "1 2 up", "AAAA+/==")] == [
        True,
        False,
        False,
        False,
    ]
