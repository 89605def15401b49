"""Syncthing: an API key in a header, encrypted with a certificate of its own."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ha_device_backup_core import AuthenticationError, CannotConnectError, CertificateNotTrustedError

from .conftest import failure, fetch
from .syncthing import KEY, Syncthing

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Syncthing]:
    async with Syncthing(tmp_path_factory.mktemp("syncthing")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def syncthing(started: Syncthing) -> Syncthing:
    """Return the one of all tests, with the name that it has before each."""
    await started.rename("attic")
    return started


def config(server: Syncthing, **changes: object) -> dict[str, Any]:
    """Return what the README says to enter, with the certificate that was shown and trusted."""
    return {
        "url": f"{server.origin}/rest/config",
        "login": "header",
        "token": KEY,
        "content": "json",
        "pattern": '"deviceID"',
        "certificate": hashlib.sha256(server.shown_certificate()).hexdigest(),
    } | changes


async def test_the_configuration_is_backed_up_and_changes_are_noticed(syncthing: Syncthing) -> None:
    first = await fetch(config(syncthing))
    assert (first.artifact.filename, first.artifact.missing, first.doubts) == ("config.json", (), ())
    assert json.loads(first.artifact.content)["gui"]["apiKey"] == KEY
    again = await fetch(config(syncthing))
    await syncthing.rename("cellar")
    changed = await fetch(config(syncthing))
    assert first.fingerprint == again.fingerprint != changed.fingerprint


async def test_a_backup_can_be_put_back(syncthing: Syncthing) -> None:
    first = await fetch(config(syncthing))
    await syncthing.rename("cellar")
    assert (await fetch(config(syncthing))).fingerprint != first.fingerprint
    await syncthing.put_back(first.artifact.content)
    assert (await fetch(config(syncthing))).fingerprint == first.fingerprint


async def test_a_wrong_key_and_then_the_right_one(syncthing: Syncthing) -> None:
    assert isinstance(await failure(config(syncthing, token="canary-wrong")), AuthenticationError)
    await fetch(config(syncthing))


async def test_the_page_is_no_backup(syncthing: Syncthing) -> None:
    error = await failure(config(syncthing, url=f"{syncthing.origin}/", content="auto", pattern=None))
    assert isinstance(error, AuthenticationError)
    await fetch(config(syncthing))


async def test_an_unknown_certificate_is_shown_and_can_be_trusted(syncthing: Syncthing) -> None:
    error = await failure(config(syncthing, certificate=None))
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == hashlib.sha256(syncthing.shown_certificate()).hexdigest()
    await fetch(config(syncthing, certificate=error.sha256))


async def test_a_changed_certificate_is_never_accepted_silently(syncthing: Syncthing) -> None:
    known = config(syncthing)
    await syncthing.stop()
    assert isinstance(await failure(known), CannotConnectError)
    syncthing.forget_certificate()
    await syncthing.start()
    error = await failure(known)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 != known["certificate"]
    await fetch(known | {"certificate": error.sha256})
