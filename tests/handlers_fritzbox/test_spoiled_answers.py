"""Answers that are none; each error is cleared, and the backup succeeds."""

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    PermissionDeniedError,
    UnexpectedResponseError,
    in_language,
)
from ha_device_backup_core.http_errors import BROKE_OFF, CLOSED, NO_ANSWER
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import NO_RIGHT, NO_SERIAL, REDIRECTED, failure, succeeds

NO_SENSE = "Its answer does not belong to the question."
NO_CONNECTION = "Is “Allow access for applications” on in the FRITZ!Box (Home Network, Network, Network Settings)?"


@pytest.mark.parametrize(
    ("spoil", "error", "detail"),
    [
        ("drop", CannotConnectError, in_language(CLOSED)),
        ("hang", CannotConnectError, in_language(NO_ANSWER)),
        ("busy", DeviceBusyError, "It answered with HTTP status 503."),
        ("web_page", UnexpectedResponseError, "It sent a web page instead of an answer."),
        ("empty", UnexpectedResponseError, NO_SENSE),
        ("truncate", UnexpectedResponseError, NO_SENSE),
        ("break_off", UnexpectedResponseError, in_language(BROKE_OFF)),
        ("redirect", UnexpectedResponseError, REDIRECTED),
        ("entities", UnexpectedResponseError, NO_SENSE),
        ("huge", ArtifactTooLargeError, None),
    ],
)
async def test_a_spoiled_answer_to_an_action(
    fritz: SimulatedFritzBox, spoil: str, error: type[DeviceBackupError], detail: str | None
) -> None:
    fritz.faults.on = "GetInfo"
    setattr(fritz.faults, spoil, 3)
    found = await failure(fritz)
    assert found.code == error.code
    assert detail is None or found.detail_in() == detail
    setattr(fritz.faults, spoil, 0)
    await succeeds(fritz)


@pytest.mark.parametrize(
    ("code", "error", "detail"),
    [
        (402, UnexpectedResponseError, "It refused with error 402."),
        (501, DeviceBusyError, "It refused for now, with error 501."),
        (
            606,
            PermissionDeniedError,
            NO_RIGHT,
        ),
        (820, DeviceBusyError, "It refused for now, with error 820."),
        (999, UnexpectedResponseError, "It refused with error 999."),
    ],
)
async def test_the_faults_of_an_action_are_told_apart(
    fritz: SimulatedFritzBox, code: int, error: type[DeviceBackupError], detail: str
) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "GetInfo", code, 1
    found = await failure(fritz)
    assert (type(found), found.detail_in()) == (error, detail)
    await succeeds(fritz)


@pytest.mark.parametrize("spoil", ["fault", "web_page"])
async def test_a_box_that_does_not_name_its_port_is_asked_at_the_usual_one(
    fritz: SimulatedFritzBox, spoil: str
) -> None:
    fritz.faults.on = "GetSecurityPort"
    setattr(fritz.faults, spoil, 1)
    await succeeds(fritz)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "", "x", "99999999"])
async def test_a_port_that_is_none_is_not_used(fritz: SimulatedFritzBox, port: str) -> None:
    fritz.box.tamper = lambda given: {"NewSecurityPort": port} if "NewSecurityPort" in given else given
    await succeeds(fritz)


async def test_nothing_answers(fritz: SimulatedFritzBox) -> None:
    await fritz.stop()
    error = await failure(fritz)
    assert isinstance(error, CannotConnectError)
    assert error.detail_in() == NO_CONNECTION
    await fritz.start()
    await succeeds(fritz)


async def test_a_port_that_is_not_encrypted(fritz: SimulatedFritzBox) -> None:
    error = await failure(fritz, port=fritz.plain_port)
    assert isinstance(error, CannotConnectError)
    assert error.detail_in() == "No encrypted connection could be made. Leave the port empty: the FRITZ!Box names it."
    await succeeds(fritz)


async def test_an_answer_without_what_was_asked_for(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: {}
    assert (await failure(fritz)).detail_in() == NO_SERIAL
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)


async def test_an_action_that_fails_without_words(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.gone = "GetInfo", 1
    assert (await failure(fritz)).detail_in() == "It answered with HTTP status 500."
    await succeeds(fritz)


async def test_an_answer_that_is_too_long_for_one(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: {**given, "More": "." * (5 * 1024 * 1024)}
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail_in() == "Its answer is too long."
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)
