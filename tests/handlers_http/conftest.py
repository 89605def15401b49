"""The handler against simulated services."""

import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.testing import Fetched, run_job
from ha_device_backup_http import HttpHandler
from tests.simulators.http_service import CANARIES, KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService
from tests.simulators.http_service.logins import LOGIN_PATH, TOKEN_PATH

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


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert_no_canary(caplog.text)


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    """A service without a login."""
    async with SimulatedService() as found:
        yield found


def assert_no_canary(*texts: object) -> None:
    """Fail when a secret is in one of them."""
    for text in texts:
        assert not [canary for canary in CANARIES if canary in str(text)]


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
