"""Errors that are told with a good status, and backups that only look like them."""

import json

import pytest

from ha_device_backup_http.error_answers import is_only_a_status, is_only_an_error, single_line
from ha_device_backup_http.error_lines import is_sentence
from ha_device_backup_http.error_words import TO_A_LOGIN


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
        {"session": "expired"},
        {"redirect": "/login.html?next=x"},
        {"location": "http://192.0.2.1/cgi-bin/signin"},
        {"busy": True},
        {"status": "processing", "progress": 10},
        {"state": "not ready"},
        {"error_code": "-10", "error_msg": "auth"},
        {"hasError": True, "text": "Login required"},
        {"success": 0, "error_no": 5},
        {"ret": -1, "msg": "no login"},
        {"retcode": -1, "retmsg": "login"},
        {"stat": "fail", "err": {"code": "98"}},
        {"loggedin": False, "redirect": "/login"},
        {"login": "failed"},
        {"needLogin": True},
        {"session_expired": True},
        {"Status": "Failed", "StatusDescription": "No rights"},
        {"result": "NG"},
        {"cmd": "login", "error": 1},
        {"Command": "Unknown"},
        {"WARNING": "Need user=<username>&password=<password>"},
        {"exceptionMessage": "x", "exceptionType": "y", "stackTrace": "z"},
        {"message": "Internal error", "documentation_url": "https://example.com"},
        ["Access denied"],
        {"isSuccess": False, "errorList": [{"code": "x"}]},
        {"@odata.context": "x", "error": {"code": "Base.1.0.GeneralError"}},
        {"non_field_errors": ["bad credentials"]},
        {"error_description": "expired", "error": "invalid_token", "error_uri": "http://example.com"},
        {"errno": 5, "strerror": "busy"},
        {"erreur": "Session expirée"},
        {"estado": "error", "mensaje": "Acceso denegado"},
        {"Fehlermeldung": "Keine Berechtigung"},
        {"rspCode": -6},
        {"result": False},
        {"timestamp": "2026-11-28", "status": 500, "error": "Internal Server Error", "trace": "at a.b.c", "path": "/x"},
    ],
)
def test_json_that_only_tells_of_an_error(value: object) -> None:
    assert is_only_an_error(json.dumps(value).encode())
    assert is_only_an_error(json.dumps(value, indent=2).encode("utf-16"))


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
        {"errorCorrection": True, "login": "admin"},
        {"auth": "wpa2"},
        {"warning": 5},
        {"needLogin": False, "wifi": {"ssid": "home"}},
        {"title": "Home", "text": "hello"},
        {"code": "1234", "name": "door"},
        {"level": 3, "command": "on"},
    ],
)
def test_json_that_holds_something(value: object) -> None:
    assert not is_only_an_error(json.dumps(value).encode())


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
        (
            (
                b"<SessionInfo><SID>0000000000000000</SID><Challenge>2$60000$ab</Challenge><BlockTime>0</BlockTime>"
                b"<Rights></Rights></SessionInfo>"
            ),
            True,
        ),
    ],
)
def test_xml(content: bytes, is_error: bool) -> None:
    assert is_only_an_error(content) == is_error


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
        ("-1", True),
        ("403", True),
        ("undefined", True),
        ("dry", False),
        ("1234", False),
        ("a=1", False),
        ("token=abc", False),
        ("U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y=", False),
        ("error\nin two lines", False),
        ("x" * 70_000 + " error", False),
    ],
)
def test_lines(line: str, is_error: bool) -> None:
    assert is_only_an_error(line.encode()) == is_error
    assert is_only_an_error(f"\ufeff{line}\r\n".encode()) == is_error


@pytest.mark.parametrize(
    "text",
    [
        "error: not logged in\nplease log in first",
        "ERROR 401\r\nUnauthorized",
        "500 Internal Server Error\nnginx",
        "ERR\nERR",
        "Accès refusé !\nVeuillez vous connecter.",
        "Toegang geweigerd.\nInloggen aub.",
        "status: error\nmessage: Unauthorized",
        "error:\n  code: 401\n  message: Unauthorized",
        "---\nerror: Unauthorized\n...",
        "[result]\nerror=1\nmessage=Login required",
        "success=false&msg=login",
        'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: x',
        "PHP Fatal error: x in y on line 3\nStack trace:\n#0 x",
        'Warning: x in /var/www/y.php on line 3\n{"a": 1}',
        "java.lang.NullPointerException\n\tat a.b.c(D.java:1)",
        "Error: ENOENT\n    at Object.open (fs.js:1)",
        "goroutine 1 [running]:\nmain.main()",
        "lua: attempt to index nil\nstack traceback:\n\t[C]: in function",
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n<html>",
        "Guru Meditation:\nXID: 1234",
        ')]}\',\n{"error": "x"}',
        'while(1);{"error": "x"}',
        'callback({"error": "x"});',
        '{"error": "x"}\n{"error": "y"}',
    ],
)
def test_texts_of_several_lines(text: str) -> None:
    assert is_only_an_error(text.encode())
    assert is_only_an_error(text.encode("utf-16"))


@pytest.mark.parametrize(
    "text",
    [
        "log:\n  level: error",
        "setting: 1\nerror_reporting: false",
        "error_log=/var/log\nport=80",
        "[error]\nlevel=3\nfile=/var/log/error",
        "hostname one\nusername admin password x\ninterface eth0\n no shutdown",
        "error\nin two lines",
        "a=1&error=0",
        "rule1 on error do restart endon\nrule2 on system do power endon",
        ')]}\',\n{"ssid": 1}',
        'callback({"ssid": "home"});',
        '{"error": "x"}\n{"ssid": "y"}',
        '{"error": "x"}\n{"cut',
        "error=1\n" * 40,
        "",
    ],
)
def test_texts_that_hold_something(text: str) -> None:
    assert not is_only_an_error(text.encode())


def test_lines_and_sentences() -> None:
    assert single_line("\r\nKüche\r\n".encode("latin-1")) == "Küche"
    assert [single_line(content) for content in (b"a\nb", b"\x00", b"x" * 70_000)] == [None, None, None]
    assert [is_sentence(line) for line in ("Host starting up.", "a = b", "1 2 up", "AAAA+/==")] == [
        True,
        False,
        False,
        False,
    ]


def test_an_address_is_looked_through_once() -> None:
    """One that names a login again and again would else keep everything waiting for minutes."""
    assert TO_A_LOGIN.fullmatch("/login" * 200_000 + " ") is None
    assert TO_A_LOGIN.fullmatch("/login" * 200_000) is not None


@pytest.mark.parametrize(
    "content",
    [
        *('{"retcode":1}', '{"ret":0}', '{"success":true}', '{"success":false}', '{"result":"ok"}', '{"ErrorCode":0}'),
        *('{"code":0,"msg":"success"}', '{"code":200,"data":null}', '{"response":{"retcode":1,"message":""}}'),
        *('[{"status":"OK"}]', '{"errors":null,"success":1,"timestamp":1700000000}', '{"jsonrpc":"2.0","result":true}'),
        *("<result>1</result>", "<ret>-3</ret>", "<response><retcode>1</retcode></response>"),
        *("<Response status='ok'/>", "<?xml version='1.0'?><root><result>0x80000001</result></root>"),
    ],
)
def test_nothing_but_a_status(content: str) -> None:
    assert is_only_a_status(content.encode())


@pytest.mark.parametrize(
    "content",
    [
        *("{}", "[]", "1", '"ok"', "ok", "{", '{"state":"on"}', '{"timestamp":1}', '{"message":"hello"}'),
        *(
            '{"retcode":1,"wifi":{"ssid":"home"}}',
            '{"retcode":0,"name":"pump"}',
            '{"result":[1,2]}',
            '{"data":{"a":1}}',
        ),
        *('{"code":"123456"}', '{"success":true,"data":"AAAA"}', '{"status":1,"version":3}', '{"relay":{"state":1}}'),
        *('[{"status":"OK"},{"ssid":"home"}]', '{"response":{}}', '{"response":{"retcode":0,"led":1}}'),
        *("<config><status>1</status></config>", "<response><retcode>0</retcode><led>1</led></response>"),
        *("<result>home</result>", "<root/>", "<result"),
    ],
)
def test_more_than_a_status(content: str) -> None:
    assert not is_only_a_status(content.encode())


def test_a_long_document_is_more_than_a_status() -> None:
    assert not is_only_a_status(b'{"retcode":1}' + b" " * 70_000)
