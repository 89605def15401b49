"""Boxes and repeaters that people log in to with a password only: the box tells the name that goes with it."""

import dataclasses

import pytest

from ha_device_backup_core import AuthenticationError, ConfigError
from ha_device_backup_core.testing import run_probe
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.users import ANY_NAME, LoginPage, Users, parse_login_page, parse_user_list
from tests.simulators.fritzbox import PASSWORD, SimulatedFritzBox, User
from tests.simulators.fritzbox.services import SECURITY

from .conftest import LOCKED_FOR_2_SECONDS, config, failure, succeeds

OWN = "fritz4711"
WHICH_USER = "The FRITZ!Box has several users: fritz4711, other. Enter the name that the password belongs to."
USERNAME_NEEDED = (
    "The FRITZ!Box wants a user name with the password and does not say which. You find it under System, "
    "FRITZ!Box Users."
)
OTHER_USER = (
    "Check the user name and the password of the FRITZ!Box user. It knows the user names fritz4711. For "
    "2 seconds the FRITZ!Box takes no login. Nothing is tried again by itself."
)


@pytest.fixture
def fritz(fritz: SimulatedFritzBox) -> SimulatedFritzBox:
    """A box as it comes: one user, made in the factory, whose name nobody knows."""
    fritz.box.users.clear()
    fritz.box.users[OWN] = User(password=PASSWORD)
    return fritz


async def test_nobody_is_asked_for_a_user_name(fritz: SimulatedFritzBox) -> None:
    await succeeds(fritz, username=None)
    assert fritz.box.lockout.wrong_logins == 0
    declared = FritzBoxHandler.spec.field("username")
    assert declared is not None
    assert not declared.required


async def test_the_name_is_asked_for_by_an_action_where_the_page_is_closed(
    fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FritzBoxHandler, "ports", dataclasses.replace(FritzBoxHandler.ports, web=1))
    await succeeds(fritz, username=None)
    assert ("encrypted", "POST", "X_AVM-DE_GetUserList") in fritz.requests


async def test_of_several_the_one_that_logged_in_last_is_meant(fritz: SimulatedFritzBox) -> None:
    fritz.box.users["other"] = User(password="another")
    fritz.box.last_user = OWN
    await succeeds(fritz, username=None)


async def test_a_name_that_may_be_any_of_several_is_asked_for_and_not_guessed(fritz: SimulatedFritzBox) -> None:
    fritz.box.users["other"] = User(password="another")
    error = await failure(fritz, username=None)
    assert isinstance(error, ConfigError)
    assert (error.field, error.detail_in()) == (
        "username",
        WHICH_USER,
    )
    assert fritz.logins == 0
    await succeeds(fritz, username=OWN)


async def test_a_right_password_of_another_user_is_not_called_refused(fritz: SimulatedFritzBox) -> None:
    fritz.box.users["other"] = User(password="another")
    fritz.box.last_user = "other"
    error = await failure(fritz, username=None)
    assert isinstance(error, ConfigError)
    assert (error.field, error.detail_in(), fritz.logins) == (
        "username",
        WHICH_USER,
        1,
    )
    fritz.box.clock.ahead += 10
    await succeeds(fritz, username=OWN)


async def test_a_box_that_keeps_its_names_to_itself(fritz: SimulatedFritzBox) -> None:
    fritz.box.tells_users = False
    fritz.box.without(SECURITY)
    error = await failure(fritz, username=None)
    assert isinstance(error, ConfigError)
    assert (error.field, error.detail_in(), fritz.logins) == (
        "username",
        USERNAME_NEEDED,
        1,
    )
    fritz.box.clock.ahead += 10
    await succeeds(fritz, username=OWN)


async def test_a_box_that_knows_no_users_takes_any_name(fritz: SimulatedFritzBox) -> None:
    fritz.box.users.clear()
    fritz.box.users[ANY_NAME] = User(password=PASSWORD)
    fritz.box.tells_users = False
    fritz.box.without(SECURITY)
    await succeeds(fritz, username=None)


async def test_a_wrong_password_alone_is_one(fritz: SimulatedFritzBox) -> None:
    error = await failure(fritz, username=None, password="not the one")
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), error.retry_after, fritz.logins) == (
        LOCKED_FOR_2_SECONDS,
        2.0,
        1,
    )
    fritz.box.clock.ahead += 10
    await succeeds(fritz, username=None)


async def test_a_name_that_the_box_does_not_know_is_told_with_those_it_knows(fritz: SimulatedFritzBox) -> None:
    error = await failure(fritz, username="admin")
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), fritz.logins) == (
        OTHER_USER,
        1,
    )
    assert error.detail_in("de") == (
        "Prüfe Benutzername und Passwort des FRITZ!Box-Benutzers. Sie kennt die Benutzernamen fritz4711. Die "
        "FRITZ!Box nimmt 2 Sekunden lang keine Anmeldung an. Von selbst wird nichts noch einmal versucht."
    )
    fritz.box.clock.ahead += 10
    await succeeds(fritz, username=OWN)


@pytest.mark.parametrize("fault", ["fault", "web_page"])
async def test_names_that_cannot_be_had_are_no_error_of_their_own(fritz: SimulatedFritzBox, fault: str) -> None:
    fritz.box.tells_users = False
    fritz.faults.on = "X_AVM-DE_GetUserList"
    setattr(fritz.faults, fault, 1)
    assert (await failure(fritz, username=None)).detail_in() == USERNAME_NEEDED
    fritz.box.clock.ahead += 10
    await succeeds(fritz, username=None)


async def test_an_odd_name_is_passed_over(fritz: SimulatedFritzBox) -> None:
    fritz.box.users["a:b"] = User(password="another")
    fritz.box.users["\udcfc\x01"] = User(password="another")
    assert (await run_probe(FritzBoxHandler, config(fritz, username=None))).model == "FRITZ!Box 7590"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", LoginPage(users=Users(), block_seconds=0)),
        (b"<html>", LoginPage(users=Users(), block_seconds=0)),
        (b"<S><BlockTime>12</BlockTime></S>", LoginPage(users=Users(), block_seconds=12)),
        (b"<S><BlockTime>-1</BlockTime></S>", LoginPage(users=Users(), block_seconds=0)),
        (b"<S><BlockTime>99999999</BlockTime></S>", LoginPage(users=Users(), block_seconds=24 * 3600)),
        (
            b'<S><BlockTime>4</BlockTime><Users><User last="1">a</User><User>M\xfcller</User><User>a</User></Users>',
            LoginPage(users=Users(names=("a", "Müller"), last="a"), block_seconds=4),
        ),
        (
            b'<S><Users><User last="1">a</User><User last="1">b</User></Users></S>',
            LoginPage(users=Users(names=("a", "b")), block_seconds=0),
        ),
        (b"<S><Users>" + b"<User>a</User>" * 1000, LoginPage(users=Users(names=("a",)), block_seconds=0)),
    ],
)
def test_what_the_page_of_a_box_tells(body: bytes, expected: LoginPage) -> None:
    assert parse_login_page(body) == expected


def test_the_list_of_users() -> None:
    listed = '<List><Username last_user="1">a</Username><Username last_user="0">b</Username></List>'
    assert parse_user_list(listed) == Users(names=("a", "b"), last="a")
