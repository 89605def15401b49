"""Logins, passwords and rights that are refused; each error is cleared, and the backup succeeds."""

import dataclasses

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    PermissionDeniedError,
)
from ha_device_backup_core.testing import run_probe
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import Ports
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.fritzbox.services import SECURITY

from .conftest import (
    EXPORT_NAME,
    LOCKED_FOR_2_SECONDS,
    NO_RIGHT,
    as_told,
    config,
    failure,
    fetch,
    succeeds,
)

LOCKED_FOR_16_SECONDS = (
    "Check the user name and the password of the FRITZ!Box user. For 16 seconds the FRITZ!Box takes no "
    "login. Nothing is tried again by itself."
)
WRONG_LOGIN = (
    "Check the user name and the password of the FRITZ!Box user. After each wrong login the FRITZ!Box "
    "makes everybody wait longer. Nothing is tried again by itself."
)
PASSWORD_CHARACTERS = (
    "The FRITZ!Box does not take this export password. Use letters without accents, digits and common signs."
)


async def test_a_wrong_password_is_tried_once_and_the_wait_is_told(fritz: SimulatedFritzBox) -> None:
    error = await failure(fritz, password="not the one")
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), error.retry_after) == (
        LOCKED_FOR_2_SECONDS,
        2.0,
    )
    assert (fritz.logins, fritz.box.lockout.wrong_logins) == (1, 1)
    fritz.box.clock.ahead += 3
    await succeeds(fritz)


async def test_the_right_password_is_refused_while_the_box_is_locked(fritz: SimulatedFritzBox) -> None:
    for _ in range(4):
        fritz.box.lockout.wrong()
    error = await failure(fritz)
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), fritz.logins) == (
        LOCKED_FOR_16_SECONDS,
        1,
    )
    fritz.box.clock.ahead += 17
    await succeeds(fritz)


async def test_a_wrong_login_where_the_page_of_the_box_is_closed(
    fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: Ports = FritzBoxHandler.ports
    monkeypatch.setattr(FritzBoxHandler, "ports", dataclasses.replace(known, web=1))
    error = await failure(fritz, username="nobody")
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), error.retry_after) == (
        WRONG_LOGIN,
        None,
    )
    fritz.box.clock.ahead += 3
    await succeeds(fritz)


@pytest.mark.parametrize("spoil", ["huge", "hang", "web_page", "entities", "drop", "redirect"])
async def test_a_wrong_login_is_one_whatever_the_page_of_the_box_says(fritz: SimulatedFritzBox, spoil: str) -> None:
    fritz.faults.on = "/login_sid.lua"
    setattr(fritz.faults, spoil, 2)
    error = await failure(fritz, username="nobody")
    assert isinstance(error, AuthenticationError)
    assert (error.detail_in(), fritz.logins) == (
        WRONG_LOGIN,
        1,
    )
    setattr(fritz.faults, spoil, 0)
    fritz.box.clock.ahead += 3
    await succeeds(fritz)


async def test_a_login_that_is_refused_while_rights_are_asked_for(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "X_AVM-DE_GetCurrentUser", 503, 1
    assert isinstance(await failure(fritz), AuthenticationError)
    await succeeds(fritz)


async def test_a_password_that_is_changed_meanwhile_ends_the_job(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "GetPhonebookList", 503, 1
    assert isinstance(await failure(fritz), AuthenticationError)
    assert fritz.requests[-2:] == [("encrypted", "POST", "GetPhonebookList"), ("web", "GET", "/login_sid.lua")]
    await succeeds(fritz)


async def test_a_user_without_the_right_to_settings(fritz: SimulatedFritzBox) -> None:
    user = fritz.box.users["homeassistant"]
    user.rights = frozenset({"Phone"})
    error = await failure(fritz)
    assert isinstance(error, PermissionDeniedError)
    assert error.detail_in() == NO_RIGHT
    user.rights = frozenset({"Phone", "BoxAdmin"})
    await succeeds(fritz)


async def test_a_user_without_the_right_to_the_phone(fritz: SimulatedFritzBox) -> None:
    user = fritz.box.users["homeassistant"]
    user.rights = frozenset({"BoxAdmin"})
    fetched = await fetch(fritz)
    assert sorted(fetched.artifact.files()) == [EXPORT_NAME, "device.json"]
    text = (
        "Phone books, Call barring, Call diversions: give the FRITZ!Box user the right to voice messages, "
        "fax messages, FRITZ!App Fon and call list."
    )
    assert as_told(fetched.artifact.missing) == [("phone_right", text)]
    german = (
        "Telefonbücher, Rufsperren, Rufumleitungen: Gib dem FRITZ!Box-Benutzer das Recht auf Sprachnachrichten, "
        "Faxnachrichten, FRITZ!App Fon und Anrufliste."
    )
    assert as_told(fetched.artifact.missing, "de") == [("phone_right", german)]
    user.rights = frozenset({"Phone", "BoxAdmin"})
    await succeeds(fritz)


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"username": "a:b"}, "username", "A user name has no colon."),
        (
            {"export_password": "pässword"},
            "export_password",
            PASSWORD_CHARACTERS,
        ),
    ],
)
async def test_what_no_box_takes_is_refused_before_any_contact(
    fritz: SimulatedFritzBox, changes: dict[str, object], field: str, detail: str
) -> None:
    error = await failure(fritz, **changes)
    assert isinstance(error, ConfigError)
    assert (error.field, error.detail_in(), fritz.requests) == (field, detail, [])
    await succeeds(fritz)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (801, "Choose a longer export password."),
        (802, "Choose a shorter export password."),
        (
            803,
            PASSWORD_CHARACTERS,
        ),
        (
            600,
            PASSWORD_CHARACTERS,
        ),
    ],
)
async def test_an_export_password_that_the_box_does_not_take(fritz: SimulatedFritzBox, code: int, detail: str) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "X_AVM-DE_GetConfigFile", code, 1
    error = await failure(fritz)
    assert isinstance(error, ConfigError)
    assert (error.field, error.detail_in()) == ("export_password", detail)
    await succeeds(fritz)


async def test_an_export_password_that_is_too_short(fritz: SimulatedFritzBox) -> None:
    fritz.box.shortest_export_password = 8
    error = await failure(fritz, export_password="short")
    assert isinstance(error, ConfigError)
    assert error.detail_in() == "Choose a longer export password."
    await succeeds(fritz)


async def test_rights_that_the_box_does_not_tell_are_no_error(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.fault = "X_AVM-DE_GetCurrentUser", 1
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [note.code for note in device.notices] == ["unattended"]


async def test_a_box_without_users_rights_to_tell(fritz: SimulatedFritzBox) -> None:
    fritz.box.without(SECURITY)
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [note.code for note in device.notices] == ["unattended"]
