"""What is entered wrongly is said at its field."""

from contextlib import suppress
from typing import Any

import pytest
from yarl import URL

from ha_device_backup_core import Config, ConfigError
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_http import HttpHandler
from ha_device_backup_http.free.document import document_of
from ha_device_backup_http.free.entered import wanted_of
from ha_device_backup_http.safe_names import safe_name, shown_path

URL_ENTERED = "http://pump.local:8080/api/settings?full=1"


def config(**changes: object) -> Config:
    """Return a configuration as the core checks it."""
    return parse_config(HttpHandler.spec, {"url": URL_ENTERED} | changes)


def login(kind: str, **changes: object) -> dict[str, Any]:
    return {"login": kind, **changes}


def document(**changes: object) -> dict[str, Any]:
    """Return the recipe that is made of what was entered."""
    return document_of(wanted_of(config(**changes)), "http", "Anything")


def requests(**changes: object) -> list[str]:
    """Return the request lines of its files."""
    return [step["request"] for step in document(**changes)["fetch"]]


FORM = login("form", login_url="/login", password="p")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"url": "http://pump/?token=abc"}, "url", "Token"),
        ({"url": "http://pump/?a={token}&password=abc"}, "token", "{token} is used"),
        ({"url": "http://pump/?a={token}&password=abc", "token": "t"}, "url", "“password”"),
        ({"url": "http://pump/{password}"}, "password", "{password} is used"),
        ({"url": "http://{token}.local/", "token": "t"}, "url", "no address"),
        ({"files": ("a b c",)}, "files", "write name.json"),
        ({"files": ("a.json = ",)}, "files", "write name.json"),
        ({"files": ("../x = /x",)}, "files", "write name.json"),
        ({"files": (".x = /x",)}, "files", "no file name"),
        ({"files": ("x" * 101 + " = /x",)}, "files", "no file name"),
        ({"files": ("/x", "X = /y")}, "files", "Two files"),
        ({"files": ("/api/v2/settings",)}, "files", "Two files"),
        ({"files": ("a = http://other/x",)}, "files", "another host"),
        ({"files": ("a = https://pump.local:8080/x",)}, "files", "another host"),
        ({"files": ("a = //other/x",)}, "files", "another host"),
        ({"files": ("a = ftp://pump.local/x",)}, "files", "another host"),
        ({"files": ("a = http://[/x",)}, "files", "no address"),
        ({"files": ("a = /x?apikey=abc",)}, "files", "Token"),
        ({"headers": ("no colon",)}, "headers", "write Name: value"),
        ({"headers": ("Bad Name: x",)}, "headers", "write Name: value"),
        ({"headers": ("Host: x",)}, "headers", "write Name: value"),
        ({"headers": ("Accept: a", "accept: b")}, "headers", "twice"),
        ({"headers": ("X-Auth-Token: abc",)}, "headers", "Token"),
        ({"headers": ("Authorization: Basic abc",)}, "headers", "Token"),
        ({"headers": ("X-Auth-Token: {token}",)}, "token", "{token} is used"),
        ({"body": ("{}",)}, "method", "POST only"),
        ({"pattern": "("}, "pattern", "no regular expression"),
        ({"pattern": ".*"}, "pattern", "every line"),
        ({"ignore": ("/uptime", "(?=a)")}, "ignore", "supported"),
        ({"ignore": ("a{5000}",)}, "ignore", "too long"),
        ({"password": "p"}, "login", "no login is chosen"),
        ({"token": "t"}, "login", "no login is chosen"),
        (login("basic"), "username", "needed"),
        (login("basic", username="a:b", password="p"), "username", "colon"),
        (login("digest"), "username", "needed"),
        (login("bearer"), "token", "needed"),
        (login("bearer", token="tökn"), "token", "signs"),
        (login("header", token="t", key_name="Bad Name"), "key_name", "X-API-Key"),
        (login("header", token="t", key_name="host"), "key_name", "X-API-Key"),
        (login("form", password="p"), "login_url", "needed"),
        (login("form", login_url="/login"), "password", "needed"),
        (FORM | {"login_answer": "/t", "key_name": "Bad Name"}, "key_name", "X-API-Key"),
        (FORM | {"login_url": "http://other/login"}, "login_url", "another host"),
        (FORM | {"login_answer": "token"}, "login_answer", "/access_token"),
        (FORM | {"login_fields": ("user",)}, "login_fields", "write name="),
        (FORM | {"login_fields": ("=x",)}, "login_fields", "write name="),
        (FORM | {"login_fields": ("u={username}",)}, "username", "{username} is used"),
    ],
)
def test_it_is_refused_at_its_field(changes: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        wanted_of(config(**changes))
    assert caught.value.field == field
    assert words in caught.value.detail_in("en")
    assert caught.value.detail_in("de") != caught.value.detail_in("en")
    assert wanted_of(config()).main.name == "settings"


def test_addresses() -> None:
    found = document(
        files=(
            "zones.xml = /zones?all=1",
            "?rain log.csv=logs/rain.csv",
            "/a/b.json",
            "?/",
            "c = http://pump.local:8080/c",
        )
    )
    assert [(step["request"], step["save"], "may_be_absent" in step) for step in found["fetch"]] == [
        ("GET /api/settings?full=1", "settings", False),
        ("GET /zones?all=1", "zones.xml", False),
        ("GET /api/logs/rain.csv", "rain log.csv", True),
        ("GET /a/b.json", "b.json", False),
        ("GET /", "backup", True),
        ("GET /c", "c", False),
    ]
    assert found["field"] == [{"key": "url", "kind": "url", "required": True}]


def test_secrets_are_filled_in_later_and_never_shown() -> None:
    entered = config(
        url="http://pump.local/{token}/export?k={password}&u={username}",
        method="post",
        body=('{"key": "{token}", "ask": "{ users {name} }"}', '"n": 1'),
        headers=("X-Auth-Key: {token}", "Accept: */*"),
        username="me & you",
        password='p"/ü',
        token='t/"k',
    )
    wanted = wanted_of(entered)
    found = document_of(wanted, "http", "Anything")
    (step,) = found["fetch"]
    assert step["request"] == "POST /{token}/export?k={password}&u={username}"
    assert step["body"] == '{"key": "{token|form}", "ask": "{ users {{name}} }"}\n"n": 1'
    assert step["headers"] == {"Content-Type": "application/x-www-form-urlencoded"}
    assert found["headers"] == {"X-Auth-Key": "{token}", "Accept": "*/*", "Referer": "{url}/"}
    for shown in (repr(wanted), repr(found)):
        assert "t/" not in shown
        assert "me & you" not in shown


def test_bodies_and_headers_of_ones_own() -> None:
    (step,) = document(method="post", body=('{"key": "{token}",', '"n": 1}'), token="t")["fetch"]
    assert (step["body"], step["headers"]) == (
        '{"key": "{token|json}",\n"n": 1}',
        {"Content-Type": "application/json"},
    )
    (step,) = document(method="post", body=("action=save&key={token}",), token="a&b")["fetch"]
    assert (step["body"], step["headers"]["Content-Type"]) == (
        "action=save&key={token|form}",
        "application/x-www-form-urlencoded",
    )
    found = document(method="post", body=("x",), headers=("Content-Type: text/plain", "Referer: http://a/"))
    assert found["headers"] == {"Referer": "http://a/"}
    assert found["fetch"][0]["headers"] == {"Content-Type": "text/plain"}
    assert "body" not in document(method="post")["fetch"][0]
    assert requests(method="post") == ["POST /api/settings?full=1"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/"),
        ("/a%20b?q={x}&r=%7B", "/a%20b?q=%7Bx%7D&r=%7B"),
        ("/ü?a=1+2", "/%C3%BC?a=1+2"),
        ("/a/../b", "/b"),
    ],
)
def test_an_address_is_asked_for_as_a_browser_does(path: str, asked: str) -> None:
    assert requests(url=f"http://pump.local{path}") == [f"GET {asked}"]


def test_a_parameter_that_holds_the_key_is_there_once() -> None:
    assert requests(url="http://pump.local/x?apikey=&a=1", login="query", token="t") == ["GET /x?a=1"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://pump.local/api/{token}", "backup"),
        ("http://pump.local/api/{token}.json?x=1", "backup"),
        ("http://pump.local/api/83b7780291a6ceffbe0bd049104df", "backup"),
        ("http://pump.local/api/3q2-7wAAAB_x9Kd7Zl0Q", "backup"),
        ("http://pump.local/api/4815162342481516", "backup"),
        ("http://pump.local/{token}/config.json", "config.json"),
        ("http://pump.local/backup-2026-11-28-full", "backup-2026-11-28-full"),
        ("http://[fd00::1]:8080/configuration", "configuration"),
        ("http://[fd00::1]", "backup"),
    ],
)
def test_a_key_in_an_address_is_no_name(url: str, name: str) -> None:
    entered = {"token": "canary", "login": "bearer"}
    assert wanted_of(config(url=url, **entered)).main.name == name
    path = url.removeprefix("http://").partition("/")[2]
    (more,) = wanted_of(config(url=url.replace(path, "x") if path else url + "/x", files=(f"/{path}",), **entered)).more
    assert more.name == name


def test_paths_are_shown_without_keys() -> None:
    url = URL("http://[fd00::1]:8080/api/83b7780291a6ceffbe0bd049104df/config.json?token=canary")
    assert shown_path(url) == "/api/…/config.json"


@pytest.mark.parametrize(
    ("query", "is_secret"),
    [
        *(
            (f"{name}=canary", True)
            for name in ("token", "apiKey", "X-Auth", "sid", "pw", "session_id", "user_key", "mdp")
        ),
        *((f"{name}=1", False) for name in ("passwords", "keys", "with_password")),
        *((f"{name}=canary", False) for name in ("monkey", "file", "keyboard", "author")),
        ("token={token}", False),
    ],
)
def test_a_secret_in_clear_is_refused(query: str, is_secret: bool) -> None:
    entered = config(url=f"http://pump.local/x?{query}", token="canary", login="header")
    if is_secret:
        with pytest.raises(ConfigError, match="shown to everybody"):
            wanted_of(entered)
    else:
        assert wanted_of(entered).main.name == "x"


@pytest.mark.parametrize(
    ("entered", "headers", "query"),
    [
        ({}, {"Authorization": "Bearer {session}"}, None),
        ({"key_name": "X-Session"}, {"X-Session": "{session}"}, None),
        ({"key_name": "?sid"}, {}, {"sid": "{session}"}),
        ({"key_name": "?"}, {}, {"apikey": "{session}"}),
        ({"headers": ("Cookie: sid={token}",)}, {"Cookie": "sid={session}"}, None),
        (
            {"headers": ("Cookie: sid={token}",), "key_name": "X-Session"},
            {"Cookie": "sid={session}", "X-Session": "{session}"},
            None,
        ),
    ],
)
def test_where_the_token_of_a_login_goes(
    entered: dict[str, object], headers: dict[str, str], query: dict[str, str] | None
) -> None:
    found = document(**FORM, login_answer="/sid", **entered)
    assert found["headers"] == {"Referer": "{url}/"} | headers
    assert found["fetch"][0].get("query") == query
    assert found["open"][0]["capture"] == {"session": "json:/sid"}


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("config.json", "config.json"),
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.zip", "c.zip"),
        ("Sicherung März: 1.zip", "Sicherung_März_1.zip"),
        ("..", ""),
        (".htaccess", "htaccess"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("x" * 300 + ".json", "x" * 95 + ".json"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(("line", "name"), [("a.json=/x", "a.json"), ("?  a b.json  =  /x", "a b.json"), ("/x", "x")])
def test_the_name_in_a_line_is_read_without_blanks_around_it(line: str, name: str) -> None:
    (target,) = wanted_of(config(files=(line,))).more
    assert (target.name, target.url.path, target.optional) == (name, "/x", line.startswith("?"))


@pytest.mark.parametrize("line", [" " * 200_000, "a" + " " * 200_000, "?" + " " * 200_000 + "=", "a " * 100_000 + "="])
def test_a_line_without_end_takes_no_time(line: str) -> None:
    with suppress(ConfigError):
        wanted_of(config(files=(line,)))
