"""The export and its address; each error is cleared, and the backup succeeds."""

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    InvalidArtifactError,
    UnexpectedResponseError,
)
from ha_device_backup_core.http_errors import BROKE_OFF
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import (
    BAD_URL,
    CHECKSUM_DOUBT,
    EXPORT_NAME,
    REDIRECTED,
    Somebody,
    as_told,
    failure,
    fetch,
    succeeds,
)

EXPORT_PATH = "/canary-export-path"


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        ("web_page", "It is a web page, not the export of the settings."),
        ("empty", "The file is empty."),
        ("truncate", "The export is cut off: its last line is missing."),
    ],
)
async def test_a_spoiled_export_is_fetched_once_more_and_never_stored(
    fritz: SimulatedFritzBox, spoil: str, detail: str
) -> None:
    fritz.faults.on = EXPORT_PATH
    setattr(fritz.faults, spoil, 2)
    error = await failure(fritz)
    assert isinstance(error, InvalidArtifactError)
    assert (error.detail_in(), len(fritz.box.passwords_of_exports)) == (detail, 2)
    setattr(fritz.faults, spoil, 1)
    await succeeds(fritz)


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        ("expire", "The address of the file was no longer good. Try again."),
        ("redirect", REDIRECTED),
    ],
)
async def test_an_address_that_is_no_longer_good(fritz: SimulatedFritzBox, spoil: str, detail: str) -> None:
    fritz.faults.on = EXPORT_PATH
    setattr(fritz.faults, spoil, 2)
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail_in() == detail
    await succeeds(fritz)


async def test_an_export_that_breaks_off_is_fetched_once_more(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.break_off = EXPORT_PATH, 1
    await succeeds(fritz)
    fritz.faults.break_off = 2
    assert (await failure(fritz)).detail == BROKE_OFF
    await succeeds(fritz)


async def test_an_export_without_end(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.huge = EXPORT_PATH, 1
    assert isinstance(await failure(fritz), ArtifactTooLargeError)
    await succeeds(fritz)


@pytest.mark.parametrize(
    "url",
    [
        "https://192.0.2.1:49443/export",
        "http://127.0.0.1:1/export",
        "https://user:password@127.0.0.1/export",
        "ftp://127.0.0.1/export",
        "https://[::bad/export",
        "https://127.0.0.1:99999/export",
        "https:///export",
        "export",
        "https://127.0.0.1/with space",
        "https://127.0.0.1/ümlaut",
    ],
)
async def test_an_address_that_is_not_the_box_is_not_asked(fritz: SimulatedFritzBox, url: str) -> None:
    fritz.faults.foreign_url = url
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail_in() == BAD_URL
    assert "files" not in {port for port, _, _ in fritz.requests}
    fritz.faults.foreign_url = ""
    await succeeds(fritz)


async def test_a_wrong_checksum_is_fetched_once_more_and_then_doubted(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.flip = EXPORT_PATH, 1
    await succeeds(fritz)
    fritz.faults.flip = 2
    fetched = await fetch(fritz)
    assert as_told(fetched.doubts) == [CHECKSUM_DOUBT]
    assert EXPORT_NAME in fetched.artifact.files()
    await succeeds(fritz)


async def test_a_wrong_checksum_is_kept_where_no_other_export_comes(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = True
    fritz.box.confirmation.polls_until_pressed = 0
    fritz.box.confirmation.exports_for_one = 1
    fritz.faults.on, fritz.faults.flip = EXPORT_PATH, 1
    fetched = await fetch(fritz, Somebody())
    assert [note.code for note in fetched.doubts] == ["checksum"]
    fritz.box.confirmation.exports_for_one = 2
    await succeeds(fritz, Somebody())


async def test_an_export_that_the_box_cannot_give(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.gone = EXPORT_PATH, 2
    assert (await failure(fritz)).detail_in() == "It answered with HTTP status 500."
    await succeeds(fritz)
