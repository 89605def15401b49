"""The handler against simulated services."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.testing import Fetched, run_job
from ha_device_backup_http import HttpHandler
from tests.simulators.http_service import KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService
from tests.simulators.http_service.logins import LOGIN_PATH, TOKEN_PATH

from ..conftest import assert_no_canary

IGNORE = ("/uptime", "/times/*/last_run")
BY_PASSWORD = {"username": USERNAME, "password": PASSWORD}
LOGIN_FIELDS = ("username={username}", "password={password}", "grant_type=password")
ENTERED: Mapping[LoginStyle, dict[str, Any]] = {
    LoginStyle.NONE: {},
    LoginStyle.BASIC: {"login": "basic", **BY_PASSWORD},
    LoginStyle.DIGEST: {"login": "digest", **BY_PASSWORD},
    LoginStyle.BEARER: {"login": "bearer", "token": KEY},
    LoginStyle.HEADER: {"login": "header", "token": KEY},
    LoginStyle.QUERY: {"login": "query", "token": KEY},
    LoginStyle.PAGE: {"login": "form", "login_url": LOGIN_PATH, **BY_PASSWORD},
    LoginStyle.TOKEN: {
        "login": "form",
        "login_url": TOKEN_PATH,
        "login_fields": LOGIN_FIELDS,
        "login_answer": "/data/access_token",
        **BY_PASSWORD,
    },
}
"""What a person enters for each login."""


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    """A service without a login."""
    async with SimulatedService() as found:
        yield found


def config(service: SimulatedService, path: str = SETTINGS_PATH, **changes: object) -> dict[str, Any]:
    """Return what a person enters."""
    entered = {"url": service.origin + path, **ENTERED[service.logins.style]}
    if path == SETTINGS_PATH:
        entered["ignore"] = IGNORE
    if service.sha256:
        entered["certificate"] = service.sha256
    return entered | changes


async def fetch(service: SimulatedService, path: str = SETTINGS_PATH, **changes: object) -> Fetched:
    """Make one backup."""
    return await run_job(HttpHandler, config(service, path, **changes))


async def failure(service: SimulatedService, path: str = SETTINGS_PATH, **changes: object) -> DeviceBackupError:
    """Return the error that a backup ends with."""
    with pytest.raises(DeviceBackupError) as caught:
        await fetch(service, path, **changes)
    assert_no_canary(caught.value, repr(caught.value), caught.value.detail_in("de"))
    return caught.value


async def succeeds(service: SimulatedService, path: str = SETTINGS_PATH, **changes: object) -> Fetched:
    """Make a whole backup."""
    fetched = await fetch(service, path, **changes)
    assert (fetched.artifact.missing, fetched.doubts) == ((), ())
    return fetched
