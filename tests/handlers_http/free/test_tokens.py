"""The exchange of a login for a token, and where the token goes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    DeviceBackupError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from tests.simulators.http_service import SETTINGS_PATH, LoginStyle, SimulatedService
from tests.simulators.http_service.logins import TOKEN_PATH

from .conftest import failure, succeeds
from .test_logins import WRONG_LOGIN, page

NO_TOKEN = "The answer to the login has no token at /data/access_token."
TOKEN_REFUSED = (
    "The login worked, but this address does not take its token. Enter under “Name of the key” where the token goes: a "
    "header such as X-Session, or ?sid for the URL."
)


@pytest.mark.parametrize("login_format", ["form", "json"])
async def test_a_token_is_exchanged(login_format: str) -> None:
    async with SimulatedService(LoginStyle.TOKEN) as service:
        await succeeds(service, login_format=login_format)
        await succeeds(service, login_format="json", login_fields=None)
        assert service.requests == [f"POST {TOKEN_PATH}", f"GET {SETTINGS_PATH}"] * 2
        assert service.bodies[2][0] == "application/json"
        assert len(service.seen_headers[3]["Authorization"]) == len("Bearer ") + 32


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        ("no JSON", UnexpectedResponseError, "The answer to the login is no JSON."),
        ('{"error": "no"}', AuthenticationError, WRONG_LOGIN),
        ("Invalid password.", AuthenticationError, WRONG_LOGIN),
        ('{"data": {"access_token": 7}}', PermissionDeniedError, TOKEN_REFUSED),
        ('{"data": {"access_token": true}}', ConfigError, NO_TOKEN),
        ('{"data": {"access_token": "a\\nb"}}', ConfigError, NO_TOKEN),
    ],
)
async def test_an_answer_without_a_token(fault: str, kind: type[DeviceBackupError], detail: str) -> None:
    async with SimulatedService(LoginStyle.TOKEN) as service:
        service.logins.fault = fault
        error = await failure(service)
        assert (type(error), error.detail_in()) == (kind, detail)
        service.logins.fault = ""
        await succeeds(service)


TOKEN_PLACES: tuple[tuple[dict[str, Any], Callable[[web.Request], str | None]], ...] = (
    ({"key_name": "X-Session"}, lambda request: request.headers.get("X-Session")),
    ({"key_name": "?sid"}, lambda request: request.query.get("sid")),
    ({"url": "?sid={token}&full=1"}, lambda request: request.query.get("sid")),
    ({"headers": ("Cookie: sid={token}",)}, lambda request: request.cookies.get("sid")),
    ({"headers": ("Authorization: Token {token}",)}, lambda request: request.headers["Authorization"].split()[1]),
    ({"method": "post", "body": ('{"sid": "{token}"}',)}, lambda _request: None),
)


@pytest.mark.parametrize(("entered", "given"), TOKEN_PLACES)
async def test_the_token_goes_where_the_person_says(
    entered: dict[str, Any], given: Callable[[web.Request], str | None]
) -> None:
    async with SimulatedService(LoginStyle.TOKEN) as service:

        def answer(request: web.Request) -> web.StreamResponse:
            body = service.bodies[-1][1].decode()
            token = given(request) if not body else json.loads(body)["sid"]
            known = token in service.logins.sessions
            return web.json_response({"pump": 1}) if known else web.Response(status=401)

        service.answers["/export"] = answer
        changes = {"url": f"{service.origin}/export" + entered.pop("url")} if "url" in entered else {}
        await succeeds(service, "/export", **entered, **changes)
        assert "{token}" not in str(service.seen_headers)
        assert "not-yet" not in str(service.seen_headers)
        error = await failure(service, "/export", **entered, **changes, password="wrong one")
        assert (type(error), error.detail_in()) == (AuthenticationError, WRONG_LOGIN)


async def test_a_right_password_is_never_called_refused() -> None:
    """The login worked, and only the place of the token is wrong."""
    async with SimulatedService(LoginStyle.TOKEN) as service:
        error = await failure(service, key_name="X-Other")
        assert (type(error), error.detail_in()) == (PermissionDeniedError, TOKEN_REFUSED)
        await succeeds(service)


async def test_a_login_address_that_is_not_there() -> None:
    async with SimulatedService(LoginStyle.TOKEN) as service:
        error = await failure(service, login_url="/api/settings/none")
        assert isinstance(error, AuthenticationError)
        service.answers["/none"] = page("", status=404)
        error = await failure(service, login_url="/none")
        assert (error.code, error.detail_in()) == (
            UnexpectedResponseError.code,
            "HTTP 404: there is nothing at /none. Check the address.",
        )
        await succeeds(service)
