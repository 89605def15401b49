"""lighttpd: files behind Basic and Digest."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core import AuthenticationError, CannotConnectError, InvalidArtifactError, UnexpectedResponseError

from .conftest import failure, fetch
from .lighttpd import PASSWORD, USERNAME, Lighttpd

SETTINGS = b"[pump]\nhour=6\n"
LOGINS = ("basic", "digest")


@pytest.fixture
async def lighttpd(tmp_path: Path) -> AsyncIterator[Lighttpd]:
    server = Lighttpd(tmp_path)
    for login in (*LOGINS, "open"):
        (server.site / login / "settings.ini").write_bytes(SETTINGS)
        (server.site / login / "zones.xml").write_text("<zones><zone>Lawn</zone></zones>")
    async with server:
        yield server


def config(server: Lighttpd, folder: str, **changes: object) -> dict[str, Any]:
    """Return what a person enters."""
    return {
        "url": f"{server.origin}/{folder}/settings.ini",
        "files": ["zones.xml = zones.xml", "?notes = notes.txt"],
        "login": folder,
        "username": USERNAME,
        "password": PASSWORD,
        "pattern": "^hour=",
    } | changes


@pytest.mark.parametrize("login", LOGINS)
async def test_files_behind_a_login(lighttpd: Lighttpd, login: str) -> None:
    fetched = await fetch(config(lighttpd, login))
    assert fetched.artifact.files() == {"settings.ini": SETTINGS, "zones.xml": b"<zones><zone>Lawn</zone></zones>"}
    assert [note.code for note in fetched.remarks] == ["file_missing_notes"]
    assert (await fetch(config(lighttpd, login))).fingerprint == fetched.fingerprint
    (lighttpd.site / login / "notes.txt").write_text("Winter")
    whole = await fetch(config(lighttpd, login))
    assert whole.artifact.missing == ()
    assert whole.fingerprint != fetched.fingerprint


@pytest.mark.parametrize("login", LOGINS)
async def test_a_wrong_password_and_then_the_right_one(lighttpd: Lighttpd, login: str) -> None:
    assert isinstance(await failure(config(lighttpd, login, password="canary-wrong")), AuthenticationError)
    await fetch(config(lighttpd, login))


async def test_the_other_login(lighttpd: Lighttpd) -> None:
    error = await failure(config(lighttpd, "basic", login="digest"))
    assert (type(error), error.detail_in()) == (AuthenticationError, "It asks for another kind of login: Basic.")
    error = await failure(config(lighttpd, "digest", login="basic"))
    assert (type(error), error.detail_in()) == (AuthenticationError, "It asks for another kind of login: Digest.")
    await fetch(config(lighttpd, "digest"))


@pytest.mark.parametrize("login", LOGINS)
async def test_it_is_stopped_and_started(lighttpd: Lighttpd, login: str) -> None:
    await lighttpd.stop()
    assert isinstance(await failure(config(lighttpd, login)), CannotConnectError)
    await lighttpd.start()
    await fetch(config(lighttpd, login))


async def test_a_file_that_is_gone_or_another(lighttpd: Lighttpd) -> None:
    settings = lighttpd.site / "digest/settings.ini"
    settings.unlink()
    assert isinstance(await failure(config(lighttpd, "digest")), UnexpectedResponseError)
    settings.write_text("<html><body>Moved</body></html>")
    assert isinstance(await failure(config(lighttpd, "digest")), InvalidArtifactError)
    settings.write_bytes(b"[pump]\n")
    assert isinstance(await failure(config(lighttpd, "digest")), InvalidArtifactError)
    settings.write_bytes(SETTINGS)
    await fetch(config(lighttpd, "digest"))
