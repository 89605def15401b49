"""Every login: one try with a wrong one, and success with the right one."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core import (
    AuthenticationError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from tests.simulators.http_service import KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService
from tests.simulators.http_service.logins import LOGIN_PATH

from ..conftest import assert_no_canary
from .conftest import failure, succeeds

WITH_LOGIN = [style for style in LoginStyle if style is not LoginStyle.NONE]
BY_PASSWORD = {LoginStyle.BASIC, LoginStyle.DIGEST, LoginStyle.PAGE, LoginStyle.TOKEN}
WRONG_LOGIN = "Try user name and password in a browser at the address of the login."
WRONG_KEY = "The key or token is wrong, has expired, or is expected in another place."
LOGIN_WANTED = "It asks for a login, and none is set. Choose under “Login” how one logs in there."
NO_LOGIN_FORM = (
    "The login page has no form with a password. Enter the address of the page that asks for it, or the login fields."
)
LOGIN_ELSEWHERE = "The form of the login page sends the password to another address; it was not sent."
FROM_PAGE: dict[str, Any] = {"login_fields": ("user={username}", "secret={password}", "sign_in=1")}


def page(text: str, *, status: int = 200) -> Callable[[web.Request], web.StreamResponse]:
    """Return what answers with a page."""
    return lambda _request: web.Response(text=text, status=status, content_type="text/html")


@pytest.mark.parametrize("style", WITH_LOGIN)
async def test_a_wrong_login_is_tried_once(style: LoginStyle) -> None:
    wrong = {"password": "wrong one"} if style in BY_PASSWORD else {"token": "another-one"}
    async with SimulatedService(style) as service:
        error = await failure(service, files=("zones.json = /zones.json",), **wrong)
        assert isinstance(error, AuthenticationError)
        assert error.detail_in() == (WRONG_LOGIN if style in BY_PASSWORD else WRONG_KEY)
        assert service.logins.refused == 1
        await succeeds(service)


@pytest.mark.parametrize("style", WITH_LOGIN)
async def test_a_job_logs_in_once_for_all_addresses(style: LoginStyle) -> None:
    async with SimulatedService(style) as service:
        service.files["/zones.json"] = web.json_response([1])
        fetched = await succeeds(service, files=("zones.json = /zones.json",))
        assert sorted(fetched.artifact.files()) == ["settings", "zones.json"]
        assert service.logins.refused == 0
        assert len(service.logins.sessions) == (style in {LoginStyle.PAGE, LoginStyle.TOKEN})
        asked = [request for request in service.requests if request.startswith("GET /zones")]
        assert len(asked) == 1
        assert_no_canary(fetched.artifact, fetched.device)


@pytest.mark.parametrize("style", WITH_LOGIN)
async def test_no_login_where_one_is_needed(style: LoginStyle) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("username", "password", "token", "login_url", "login_fields"))
    async with SimulatedService(style) as service:
        error = await failure(service, login="none", **nothing)
        forbidden = style in {LoginStyle.HEADER, LoginStyle.QUERY}
        assert type(error) is (PermissionDeniedError if forbidden else AuthenticationError)
        assert error.detail_in() == LOGIN_WANTED
        await succeeds(service)


@pytest.mark.parametrize("style", [LoginStyle.BASIC, LoginStyle.DIGEST])
async def test_another_login_than_the_device_wants(style: LoginStyle) -> None:
    other = LoginStyle.DIGEST if style is LoginStyle.BASIC else LoginStyle.BASIC
    async with SimulatedService(style) as service:
        error = await failure(service, login=other.value)
        assert (type(error), error.detail_in()) == (
            AuthenticationError,
            f"It asks for another kind of login: {style.capitalize()}.",
        )
        await succeeds(service)


@pytest.mark.parametrize("style", [LoginStyle.NONE, LoginStyle.BASIC, LoginStyle.BEARER, LoginStyle.PAGE])
async def test_a_login_that_may_not_read_this(style: LoginStyle) -> None:
    async with SimulatedService(style) as service:
        service.answers[SETTINGS_PATH] = page("No", status=403)
        error = await failure(service)
        assert type(error) is (AuthenticationError if style is LoginStyle.BEARER else PermissionDeniedError)
        service.answers.clear()
        await succeeds(service)


async def test_digest_where_no_login_is_needed() -> None:
    async with SimulatedService() as service:
        await succeeds(service, login="digest", username=USERNAME, password=PASSWORD)


async def test_digest_follows_no_redirect() -> None:
    async with SimulatedService(LoginStyle.DIGEST) as service:
        service.answers["/old"] = lambda _request: web.Response(status=302, headers={"Location": SETTINGS_PATH})
        error = await failure(service, "/old")
        assert (type(error), error.detail_in()) == (
            UnexpectedResponseError,
            "It redirects to another address, which is not followed. Enter the address that the browser ends at.",
        )
        await succeeds(service)


async def test_keys_of_other_names() -> None:
    async with SimulatedService(LoginStyle.BEARER) as service:
        await succeeds(service, login="none", headers=("Authorization: Bearer {token}",))
        await succeeds(service, login="header", token=f"Bearer {KEY}", key_name="Authorization")
    async with SimulatedService(LoginStyle.QUERY) as service:
        await succeeds(service, SETTINGS_PATH + "?apikey={token}", login="none")
        await succeeds(service, SETTINGS_PATH + "?full=1", key_name="apikey")


# The login page


async def test_the_form_is_sent_as_a_browser_does() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        await succeeds(service)
        assert service.requests == [f"GET {LOGIN_PATH}", f"POST {LOGIN_PATH}", "GET /", f"GET {SETTINGS_PATH}"]
        assert service.seen_headers[1]["Referer"] == f"{service.origin}/"
        assert service.bodies[1][0] == "application/x-www-form-urlencoded"
        assert set(service.bodies[1][1].decode().split("&")) >= {"sign_in=1", "stay=on", f"user={USERNAME}"}


@pytest.mark.parametrize(
    ("text", "status", "detail"),
    [
        ("<html><form><input name=user></form></html>", 200, NO_LOGIN_FORM),
        ("<html><form action='http://[/'><input name=p type=password></form></html>", 200, NO_LOGIN_FORM),
        ("<html><form action='http://x/'><input name=p type=password></form></html>", 200, LOGIN_ELSEWHERE),
        ("", 404, f"HTTP 404: there is nothing at {LOGIN_PATH}. Check the address."),
    ],
)
async def test_a_login_page_that_cannot_be_used(text: str, status: int, detail: str) -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        service.answers[LOGIN_PATH] = page(text, status=status)
        error = await failure(service)
        assert (error.code, error.detail_in()) == (UnexpectedResponseError.code, detail)
        assert service.requests == [f"GET {LOGIN_PATH}"]
        service.answers.clear()
        await succeeds(service)


@pytest.mark.parametrize(
    ("headers", "detail"),
    [({"WWW-Authenticate": "Basic realm=x"}, "It asks for another kind of login: Basic."), ({}, NO_LOGIN_FORM)],
)
async def test_a_login_page_behind_another_login(headers: dict[str, str], detail: str) -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        service.answers[LOGIN_PATH] = lambda _request: web.Response(status=401, headers=headers)
        error = await failure(service)
        assert (type(error), error.detail_in()) == (AuthenticationError, detail)
        service.answers.clear()
        await succeeds(service)


@pytest.mark.parametrize("location", ["/login?error=1", "login", "//127.0.0.1:99999/", "http://192.0.2.1/", ""])
async def test_where_a_login_leads_back(location: str) -> None:
    """A login that leads back to the login page failed; one that leads nowhere shows by what comes then."""

    def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "GET" and not request.query:
            return page("<html><form><input type=password name=p></form></html>")(request)
        return web.Response(status=302, headers={"Location": location})

    async with SimulatedService(LoginStyle.PAGE) as service:
        service.answers[LOGIN_PATH] = answer
        assert isinstance(await failure(service), AuthenticationError)
        assert service.requests.count(f"POST {LOGIN_PATH}") == 1
        service.answers.clear()
        await succeeds(service)


async def test_a_login_that_seems_to_work_and_does_not() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        service.answers[LOGIN_PATH] = page("<html>Welcome</html>")
        error = await failure(service, content="page", **FROM_PAGE)
        assert (type(error), error.detail_in()) == (
            AuthenticationError,
            "It showed its login page again instead of the backup.",
        )
        service.answers.clear()
        await succeeds(service)


async def test_a_good_login_may_lead_back_to_its_own_address() -> None:
    """It is not the answer to the login that tells whether it worked."""
    async with SimulatedService(LoginStyle.PAGE) as service:
        for location in (LOGIN_PATH, f"{service.origin}{LOGIN_PATH}?again"):
            service.logins.leads_to = location
            await succeeds(service)
        error = await failure(service, password="wrong one")
        assert (type(error), error.detail_in()) == (AuthenticationError, WRONG_LOGIN)


async def test_what_follows_a_login_may_ask_for_passwords() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        service.answers["/"] = page("<html><form>New password: <input type=password name=new></form></html>")
        await succeeds(service)


async def test_a_login_page_with_the_status_of_a_refusal() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:
        for status in (401, 403):
            service.logins.page_status = status
            await succeeds(service)
            error = await failure(service, password="wrong one")
            assert (type(error), error.detail_in()) == (AuthenticationError, WRONG_LOGIN)


async def test_a_session_that_is_given_where_the_login_leads_to() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:

        def welcome(_request: web.Request) -> web.StreamResponse:
            response = web.Response(text="Welcome")
            response.set_cookie("session", next(iter(service.logins.sessions)))
            return response

        service.logins.gives_session = False
        service.answers["/"] = welcome
        await succeeds(service)


async def test_pages_that_lead_on_by_themselves() -> None:
    async with SimulatedService(LoginStyle.PAGE) as service:

        def welcome(_request: web.Request) -> web.StreamResponse:
            response = web.Response(text="Welcome")
            response.set_cookie("session", next(iter(service.logins.sessions)))
            return response

        def onward(address: str) -> Callable[[web.Request], web.StreamResponse]:
            return page(f'<html><meta http-equiv="refresh" content="0; url={address}"></html>')

        service.answers |= {"/start": onward("/second"), "/second": onward("login"), "/welcome": welcome}
        service.answers |= {"/done": onward("/welcome"), "/away": onward("http://192.0.2.1/"), "/same": onward("/same")}
        await succeeds(service, login_url="/start")
        service.logins.gives_session = False
        service.logins.leads_to = "/done"
        await succeeds(service)
        for address in ("/away", "/same"):
            error = await failure(service, login_url=address)
            assert (type(error), error.detail_in()) == (UnexpectedResponseError, NO_LOGIN_FORM)


async def test_a_session_that_is_given_behind_the_answer_to_the_login() -> None:
    async with SimulatedService(LoginStyle.TOKEN) as service:
        service.answers["/in"] = page('<html><meta http-equiv=refresh content="0; url=welcome"></html>')

        def welcome(_request: web.Request) -> web.StreamResponse:
            response = web.Response(text="Welcome")
            response.set_cookie("sid", "4711")
            return response

        service.answers["/welcome"] = welcome
        service.answers["/export"] = lambda request: (
            web.json_response({"pump": 1}) if "sid" in request.cookies else web.Response(status=401)
        )
        entered = {"login_url": "/in", "login_fields": ("p={password}",), "login_answer": None}
        await succeeds(service, "/export", **entered)


async def test_a_login_may_lead_anywhere() -> None:
    """A browser would go there; that somebody else is there does not make the password wrong."""
    async with SimulatedService(LoginStyle.PAGE) as service:
        for location in ("http://192.0.2.1/", f"http://127.0.0.1:{service.port + 1}/", "http://[", "javascript:x()"):
            service.logins.leads_to = location
            await succeeds(service)


async def test_a_page_behind_its_own_login() -> None:
    """What is backed up is at the address of the login."""
    async with SimulatedService(LoginStyle.PAGE) as service:

        def answer(request: web.Request) -> web.StreamResponse:
            if request.cookies.get("session") in service.logins.sessions:
                return web.Response(text="<html>Zones <input type=password name=wifi></html>", content_type="text/html")
            return page("<html><form method=post action=/login><input type=hidden name=csrf value=x></form></html>")(
                request
            )

        service.answers["/home"] = answer
        fields = (f"csrf={service.logins.csrf}", "user={username}", "secret={password}", "sign_in=1")
        await succeeds(service, "/home", content="page", login_fields=fields)


@pytest.mark.parametrize(("username", "password"), [("tok", ""), ("", "secret")])
@pytest.mark.parametrize("kind", ["basic", "digest"])
async def test_a_name_or_a_password_alone(kind: str, username: str, password: str) -> None:
    seen = base64.b64encode(f"{username}:{password}".encode()).decode()
    async with SimulatedService() as service:

        def answer(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "")
            if given == f"Basic {seen}" or f'username="{username}"' in given:
                return web.json_response({"pump": 1})
            challenge = "Basic realm=x" if kind == "basic" else 'Digest realm="x", qop="auth", nonce="1"'
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})

        service.answers["/export"] = answer
        await succeeds(service, "/export", login=kind, username=username, password=password)


@pytest.mark.parametrize(
    "style", [LoginStyle.HEADER, LoginStyle.BEARER, LoginStyle.BASIC, LoginStyle.QUERY, LoginStyle.PAGE]
)
async def test_no_login_follows_a_redirect_to_another_port(style: LoginStyle) -> None:
    async with SimulatedService() as other, SimulatedService(style) as service:

        def away(request: web.Request) -> web.StreamResponse:
            refusal = service.logins.refuse(request)
            return refusal or web.Response(status=302, headers={"Location": f"{other.origin}/stolen"})

        service.answers["/old"] = away
        error = await failure(service, "/old")
        assert error.code == UnexpectedResponseError.code
        assert not other.requests or style is LoginStyle.QUERY
        assert_no_canary(other.seen_headers, other.bodies)
        service.answers.clear()
        await succeeds(service)
