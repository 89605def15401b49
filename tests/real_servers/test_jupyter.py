"""Jupyter Server: a login page with a hidden field, and a cookie from then on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ha_device_backup_core import AuthenticationError, CannotConnectError

from .conftest import failure, fetch
from .jupyter import PASSWORD, Jupyter

SETTINGS = b'{"hour": 6}'


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Jupyter]:
    async with Jupyter(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def jupyter(started: Jupyter) -> Jupyter:
    """Return the one of all tests, with the settings that it has before each."""
    (started.files / "settings.json").write_bytes(SETTINGS)
    return started


def config(server: Jupyter, **changes: object) -> dict[str, Any]:
    """Return what the README says to enter."""
    return {
        "url": f"{server.origin}/files/settings.json?download=1",
        "login": "form",
        "login_url": "/login",
        "password": PASSWORD,
    } | changes


async def test_a_file_behind_a_login_page(jupyter: Jupyter) -> None:
    first = await fetch(config(jupyter))
    assert (first.artifact.filename, first.artifact.content) == ("settings.json", SETTINGS)
    assert (first.artifact.missing, first.doubts) == ((), ())
    assert (await fetch(config(jupyter))).fingerprint == first.fingerprint
    (jupyter.files / "settings.json").write_bytes(b'{"hour": 7}')
    assert (await fetch(config(jupyter))).fingerprint != first.fingerprint


async def test_a_wrong_password_and_then_the_right_one(jupyter: Jupyter) -> None:
    assert isinstance(await failure(config(jupyter, password="canary-wrong")), AuthenticationError)
    await fetch(config(jupyter))


async def test_the_login_page_is_no_backup(jupyter: Jupyter) -> None:
    error = await failure(config(jupyter, login="none", login_url=None, password=None))
    assert isinstance(error, AuthenticationError)
    assert "none is set" in error.detail_in()
    await fetch(config(jupyter))


async def test_it_is_stopped_and_started(jupyter: Jupyter) -> None:
    await jupyter.stop()
    assert isinstance(await failure(config(jupyter)), CannotConnectError)
    await jupyter.start()
    await fetch(config(jupyter))
