"""What the engine makes of refusals, of logins, and of what would lead out of the backup."""

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    DeviceBusyError,
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse

from .conftest import device, fetch, files
from .test_engine import SAVE, by_path, said


async def test_session_is_given_back_after_an_error_too() -> None:
    recipe = (
        """
[[open]]
request = "POST /login"
capture.sid = "json:/sid"
[[close]]
request = "POST /logout/{sid}"
"""
        + SAVE
    )
    async with device(by_path({"/login": {"sid": "s1"}, "/settings": said(500)})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)
        assert found.lines == ["POST /login", "GET /settings", "POST /logout/s1"]

        found.answers = by_path({"/login": said(401)})
        found.asked.clear()
        with pytest.raises(AuthenticationError):
            await fetch(found, recipe)
        assert found.lines == ["POST /login"]


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (said(200, '{"sid": "s1"}'), ["POST /login", "POST /out/s1"]),
        (said(200, '{"csrf": "c1"}'), ["POST /login"]),
        (said(200, "<html>Welcome"), ["POST /login"]),
        (said(401), ["POST /login"]),
        (said(200, '{"sid": "s1", "wrong": true}'), ["POST /login"]),
    ],
)
async def test_login_that_lacks_something_is_given_back(answer: SimulatedResponse, lines: list[str]) -> None:
    recipe = (
        """
[[open]]
request = "POST /login"
capture.csrf = "json:/csrf"
capture.sid = "json:/sid"
set = { way = "/out" }
[[open.error]]
json = { "/wrong" = true }
means = "auth"
[[close]]
request = "POST {way}/{sid}"
"""
        + SAVE
    ).replace(
        'expect.json = { "/ok" = true }\n', "" if b'"ok"' not in answer.body else 'expect.json = { "/ok" = true }\n'
    )
    async with device(by_path({"/login": answer, "/settings": {"a": 1}})) as found:
        with pytest.raises((UnexpectedResponseError, AuthenticationError)):
            await fetch(found, recipe)
        assert found.lines == lines

        found.answers = by_path({"/login": {"sid": "s1", "csrf": "c1"}, "/settings": {"a": 1}})
        found.asked.clear()
        await fetch(found, recipe)
        assert found.lines == ["POST /login", "GET /settings", "POST /out/s1"]


@pytest.mark.parametrize("scheme", ["basic", "bearer", "header", "query"])
async def test_refused_login_that_goes_along_is_sent_once(scheme: str) -> None:
    auth = f'[auth]\nscheme = "{scheme}"\nusername = "u"\npassword = "{{password}}"\ntoken = "{{password}}"\n'
    auth = "\n".join(line for line in auth.split("\n") if scheme == "basic" or not line.startswith(("user", "pass")))
    steps = '[[fetch]]\nrequest = "POST /make"\n[[close]]\nrequest = "DELETE /made"\n' + SAVE
    async with device(by_path({"/make": said(401), "/made": {}})) as found:
        with pytest.raises(AuthenticationError):
            await fetch(found, auth + steps)
        assert [request.path for request in found.asked] == ["/make"]

        # What was made is cleared away, though the login is refused afterwards.
        found.answers = by_path({"/make": {}, "/made": {}, "/settings": said(401)})
        found.asked.clear()
        with pytest.raises(AuthenticationError):
            await fetch(found, auth + steps)
        assert [request.path for request in found.asked] == ["/make", "/settings", "/made"]


async def test_session_that_is_a_cookie_is_given_back_whatever_else_the_login_lacks() -> None:
    recipe = (
        """
[[open]]
request = "GET /page"
[[open]]
request = "POST /login"
expect.json = { "/ok" = true }
[[close]]
request = "POST /logout"
"""
        + SAVE
    )
    for answer in ({"ok": False}, {}):
        async with device(by_path({"/page": {}, "/login": answer, "/logout": {}})) as found:
            with pytest.raises(UnexpectedResponseError):
                await fetch(found, recipe)
            assert found.lines == ["GET /page", "POST /login", "POST /logout"]
    async with device(by_path({"/page": said(500)})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)
        assert found.lines == ["GET /page"]


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (said(200, '{"err": 401}'), AuthenticationError, "Use a local user."),
        (said(200, '{"err": 402}'), AuthenticationError, "Use a local user."),
        (said(200, '{"err": 503}'), DeviceBusyError, ""),
        (said(400, "no such right here"), PermissionDeniedError, ""),
        (said(200, '{"err": true}'), InvalidArtifactError, ""),
        (said(418), UnexpectedResponseError, "418"),
    ],
)
async def test_errors_have_meanings(answer: SimulatedResponse, error: type[Exception], text: str) -> None:
    recipe = (
        SAVE
        + """
required = "/a"
[[error]]
json = { "/err" = [401, 402] }
means = "auth"
text = { en = "Use a local user.", de = "Nimm einen lokalen Benutzer." }
[[error]]
json = { "/err" = 503 }
means = "busy"
retry_after = 77
[[error]]
status = 400
body = "no (such )?right"
means = "permission"
"""
    )
    async with device(by_path({"/settings": answer})) as found:
        with pytest.raises(error) as caught:
            await fetch(found, recipe)
        assert text in str(caught.value)
        if isinstance(caught.value, DeviceBusyError):
            assert caught.value.retry_after == 77

        found.answers = by_path({"/settings": {"a": 1}})
        await fetch(found, recipe)


async def test_login_that_may_be_too_many_sessions_names_both() -> None:
    rule = '[[error]]\njson = { "/err" = 501 }\nmeans = "auth_or_busy"\ntext = "Use an administrator."\n'
    async with device(by_path({"/settings": {"err": 501}})) as found:
        with pytest.raises(AuthenticationError) as caught:
            await fetch(found, SAVE + rule)

        assert caught.value.perhaps_busy
        assert str(caught.value).endswith(
            "Use an administrator. Either the login is wrong, or too many sessions are open."
        )
        assert len(found.lines) == 1


async def test_busy_device_says_when_to_come_back() -> None:
    async with device(by_path({"/settings": said(429, Retry_After="60")})) as found:
        with pytest.raises(DeviceBusyError) as caught:
            await fetch(found, SAVE)
        assert caught.value.retry_after == 60
        assert len(found.lines) == 1


async def test_403_is_a_refused_login_where_a_key_goes_along() -> None:
    for scheme, error in (("header", AuthenticationError), ("basic", PermissionDeniedError)):
        auth = f'[auth]\nscheme = "{scheme}"\ntoken = "{{password}}"\npassword = "{{password}}"\n'
        async with device(by_path({"/settings": said(403)})) as found:
            with pytest.raises(error):
                await fetch(found, auth + SAVE)


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ('scheme = "bearer"\ntoken = "{password}"', "authorization", "Bearer canary/pass+1"),
        ('scheme = "header"\ntoken = "{password}"\nname = "X-Octo"', "x-octo", "canary/pass+1"),
        ('scheme = "basic"\nusername = "u"\npassword = "{password}"', "authorization", "Basic dTpjYW5hcnkvcGFzcysx"),
    ],
)
async def test_login_goes_along(auth: str, header: str, value: str) -> None:
    async with device(by_path({"/settings": {"a": 1}})) as found:
        await fetch(found, f"[auth]\n{auth}\n{SAVE}")
        assert found.asked[0].headers[header] == value

        found.asked.clear()
        await fetch(found, f"[auth]\n{auth}\n{SAVE}".replace('"u"', '""'), password=None)
        assert header not in found.asked[0].headers


async def test_key_goes_into_the_address() -> None:
    async with device(by_path({"/settings": {"a": 1}})) as found:
        await fetch(found, f'[auth]\nscheme = "query"\ntoken = "{{password}}"\nname = "key"\n{SAVE}')
        assert found.lines[0] == "GET /settings?key=canary%2Fpass%2B1"


async def test_digest_login() -> None:
    def answer(request: SimulatedRequest) -> SimulatedResponse:
        if "digest" not in request.headers.get("authorization", "").lower():
            challenge = 'Digest realm="shelly", qop="auth", nonce="1", algorithm=SHA-256'
            return SimulatedResponse(401, "", b"", {"WWW-Authenticate": challenge})
        return SimulatedResponse.json({"a": 1})

    async with device(answer) as found:
        auth = '[auth]\nscheme = "digest"\nusername = "admin"\npassword = "{password}"\n'
        assert files(await fetch(found, auth + SAVE)) == {"settings.json": b'{"a": 1}'}


async def test_two_files_of_one_name_are_both_kept() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/*"
[[fetch]]
each = { id = "ids" }
request = "GET /script/{id}"
capture.name = "json:/name"
save = "{name}.json"
"""
    answers = {"/list": [1, 2], "/script/1": {"name": "a", "n": 1}, "/script/2": {"name": "a", "n": 2}}
    async with device(by_path(answers)) as found:
        assert sorted(files(await fetch(found, recipe))) == ["a (2).json", "a.json"]


@pytest.mark.parametrize("name", ["..", ".", "a/../../etc/passwd"])
async def test_names_do_not_lead_out_of_the_backup(name: str) -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.names = "json:/*"
[[fetch]]
each = { name = "names" }
request = "GET /file"
save = "{name*}"
"""
    async with device(by_path({"/list": [name], "/file": {"a": 1}})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)


async def test_too_many_entries_are_refused() -> None:
    recipe = """
[[fetch]]
request = "GET /list"
capture.ids = "json:/*"
[[fetch]]
each = { id = "ids" }
request = "GET /{id}"
save = "{id}.js"
"""
    async with device(by_path({"/list": list(range(201))})) as found:
        with pytest.raises(UnexpectedResponseError):
            await fetch(found, recipe)
        assert found.lines == ["GET /list"]


async def test_long_values_and_line_breaks_are_refused() -> None:
    recipe = '[[open]]\nrequest = "GET /login"\ncapture.sid = "json:/sid"\n' + SAVE
    for value in ("x" * 4097, "a\r\nX-Other: 1"):
        async with device(by_path({"/login": {"sid": value}, "/settings": {"a": 1}})) as found:
            with pytest.raises(UnexpectedResponseError):
                await fetch(found, recipe)
            assert found.lines == ["GET /login"]
