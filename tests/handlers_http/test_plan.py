"""What is entered wrongly is said at its field."""

from contextlib import suppress
from typing import Any

import pytest
from yarl import URL

from ha_device_backup_core import Config, ConfigError
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_http import HttpHandler
from ha_device_backup_http.addresses import Target, safe_name, shown_path
from ha_device_backup_http.plan import make_plan

URL_ENTERED = "http://pump.local:8080/api/settings?full=1"


def config(**changes: object) -> Config:
    """Return a configuration as the core checks it."""
    return parse_config(HttpHandler.spec, {"url": URL_ENTERED} | changes)


def login(kind: str, **changes: object) -> dict[str, Any]:
    return {"login": kind, **changes}


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
        make_plan(config(**changes))
    assert caught.value.field == field
    assert words in caught.value.detail_in("en")
    assert caught.value.detail_in("de") != caught.value.detail_in("en")
    assert make_plan(config()).main.name == "settings"


def test_addresses() -> None:
    plan = make_plan(
        config(
            files=(
                "zones.xml = /zones?all=1",
                "?rain log.csv=logs/rain.csv",
                "/a/b.json",
                "?/",
                "c = http://pump.local:8080/c",
            )
        )
    )
    origin = URL("http://pump.local:8080")
    assert plan.main == Target(url=URL(URL_ENTERED), name="settings")
    assert plan.more == (
        Target(url=origin / "zones" % {"all": "1"}, name="zones.xml"),
        Target(url=origin / "api/logs/rain.csv", name="rain log.csv", optional=True),
        Target(url=origin / "a/b.json", name="b.json"),
        Target(url=origin / "", name="backup", optional=True),
        Target(url=origin / "c", name="c"),
    )


def test_secrets_are_filled_in_and_never_shown() -> None:
    plan = make_plan(
        config(
            url="http://pump.local/{token}/export?k={password}&u={username}",
            method="post",
            body=('{"key": "{token}",', '"n": 1}'),
            headers=("X-Auth-Key: {token}", "Accept: */*"),
            username="me & you",
            password='p"/ü',
            token='t/"k',
        )
    )
    assert str(plan.main.url) == "http://pump.local/t%2F%22k/export?k=p%22/%C3%BC&u=me%20%26%20you"
    assert plan.main.url.query["k"] == 'p"/ü'
    assert plan.body == b'{"key": "t/\\"k",\n"n": 1}'
    assert plan.headers == {
        "X-Auth-Key": 't/"k',
        "Accept": "*/*",
        "referer": "http://pump.local/",
        "content-type": "application/json",
    }
    assert "t/" not in repr(plan)
    assert "t%2F" not in repr(plan)


def test_a_form_as_body_and_headers_of_ones_own() -> None:
    plan = make_plan(config(method="post", body=("action=save&key={token}",), token="a&b"))
    assert (plan.body, plan.headers["content-type"]) == (b"action=save&key=a%26b", "application/x-www-form-urlencoded")
    plan = make_plan(config(method="post", body=("x",), headers=("Content-Type: text/plain", "Referer: http://a/")))
    assert plan.headers == {"Content-Type": "text/plain", "Referer": "http://a/"}
    assert make_plan(config(method="post")).body is None


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
    assert make_plan(config(url=url, **entered)).main.name == name
    path = url.removeprefix("http://").partition("/")[2]
    (more,) = make_plan(config(url=url.replace(path, "x") if path else url + "/x", files=(f"/{path}",), **entered)).more
    assert more.name == name


def test_paths_are_shown_without_keys() -> None:
    url = URL("http://[fd00::1]:8080/api/83b7780291a6ceffbe0bd049104df/config.json?token=canary")
    assert shown_path(url) == "/api/…/config.json"


@pytest.mark.parametrize(
    ("query", "is_secret"),
    [
        *((f"{name}=canary", True) for name in ("token", "apiKey", "X-Auth", "sid", "pw", "session_id", "user_key")),
        *((f"{name}=1", False) for name in ("passwords", "keys", "with_password")),
        *((f"{name}=canary", False) for name in ("monkey", "file", "keyboard", "author")),
        ("token={token}", False),
    ],
)
def test_a_secret_in_clear_is_refused(query: str, is_secret: bool) -> None:
    entered = config(url=f"http://pump.local/x?{query}", token="canary", login="header")
    if is_secret:
        with pytest.raises(ConfigError, match="shown to everybody"):
            make_plan(entered)
    else:
        assert make_plan(entered).main.name == "x"


@pytest.mark.parametrize(
    ("entered", "header", "parameter", "is_bearer"),
    [
        ({}, "Authorization", "", True),
        ({"key_name": "X-Session"}, "X-Session", "", False),
        ({"key_name": "?sid"}, "", "sid", False),
        ({"key_name": "?"}, "", "apikey", False),
        ({"headers": ("Cookie: sid={token}",)}, "", "", False),
        ({"headers": ("Cookie: sid={token}",), "key_name": "X-Session"}, "X-Session", "", False),
    ],
)
def test_where_the_token_of_a_login_goes(
    entered: dict[str, object], header: str, parameter: str, is_bearer: bool
) -> None:
    given = config(**FORM, login_answer="/sid", **entered)
    login = make_plan(given).login
    assert (login.header, login.parameter, login.is_bearer) == (header, parameter, is_bearer)
    before, after = make_plan(given), make_plan(given, "canary")
    assert "Cookie" not in before.login_headers
    assert after.headers.get("Cookie") == ("sid=canary" if "headers" in entered else None)
    assert before.needs_token == ("headers" in entered)


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
    (target,) = make_plan(config(files=(line,))).more
    assert (target.name, target.url.path, target.optional) == (name, "/x", line.startswith("?"))


@pytest.mark.parametrize("line", [" " * 200_000, "a" + " " * 200_000, "?" + " " * 200_000 + "=", "a " * 100_000 + "="])
def test_a_line_without_end_takes_no_time(line: str) -> None:
    with suppress(ConfigError):
        make_plan(config(files=(line,)))
