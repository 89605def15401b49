"""Everything that goes wrong, told apart; each error is cleared, and the backup succeeds."""

import asyncio
import dataclasses

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
    in_language,
)
from ha_device_backup_core.http_errors import BROKE_OFF, CLOSED, NO_ANSWER, NOT_HTTP
from ha_device_backup_core.testing import run_probe
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import Ports
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.fritzbox.services import DEVICE_CONFIG, DEVICE_INFO, PHONE, SECURITY

from .conftest import (
    CHECKSUM_DOUBT,
    EXPORT_NAME,
    SERIAL,
    Somebody,
    as_told,
    assert_no_canary,
    config,
    fetch,
)

EXPORT_PATH = "/canary-export-path"
LOCKED_FOR_2_SECONDS = (
    "Check the user name and the password of the FRITZ!Box user. For 2 seconds the FRITZ!Box takes no "
    "login. Nothing is tried again by itself."
)
LOCKED_FOR_16_SECONDS = (
    "Check the user name and the password of the FRITZ!Box user. For 16 seconds the FRITZ!Box takes no "
    "login. Nothing is tried again by itself."
)
WRONG_LOGIN = (
    "Check the user name and the password of the FRITZ!Box user. After each wrong login the FRITZ!Box "
    "makes everybody wait longer. Nothing is tried again by itself."
)
NO_RIGHT = "Give the FRITZ!Box user the right “FRITZ!Box Settings” (System, FRITZ!Box Users)."
PASSWORD_CHARACTERS = (
    "The FRITZ!Box does not take this export password. Use letters without accents, digits and common signs."
)
ACCESS_OFF = "Switch on “Allow access for applications” in the FRITZ!Box (Home Network, Network, Network Settings)."
NO_DESCRIPTION = (
    "Either no FRITZ!Box answers there, or its access for applications is off. Check the address, and "
    "switch on “Allow access for applications” (Home Network, Network, Network Settings)."
)
NOT_FRITZBOX = "What answers there is no FRITZ!Box."
NO_SERIAL = "It does not tell its serial number."
NO_SENSE = "Its answer does not belong to the question."
REDIRECTED = "It redirects to another address, which is not followed."
NO_CONNECTION = "Is “Allow access for applications” on in the FRITZ!Box (Home Network, Network, Network Settings)?"
BAD_URL = "It named an address that is not its own, or not encrypted. Nothing was fetched from there."


async def succeeds(fritz: SimulatedFritzBox, person: Somebody | None = None, **changes: object) -> None:
    """Make a whole backup."""
    fetched = await fetch(fritz, person, **changes)
    assert EXPORT_NAME in fetched.artifact.files()
    assert (fetched.artifact.missing, fetched.doubts) == ((), ())


async def failure(fritz: SimulatedFritzBox, **changes: object) -> DeviceBackupError:
    """Return the error that a backup ends with."""
    with pytest.raises(DeviceBackupError) as caught:
        await fetch(fritz, None, **changes)
    assert_no_canary(caught.value, caught.value.detail_in("de"))
    return caught.value


# Logins


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


# What answers, and how it is reached


async def test_a_new_certificate_is_shown_and_can_be_trusted(fritz: SimulatedFritzBox) -> None:
    error = await failure(fritz, certificate=None)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == fritz.sha256
    assert fritz.logins == 0
    await succeeds(fritz, certificate=error.sha256)


async def test_a_changed_certificate_is_never_accepted_silently(fritz: SimulatedFritzBox) -> None:
    known = fritz.sha256
    fritz.change_certificate()
    error = await failure(fritz, certificate=known)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == fritz.sha256 != known
    assert fritz.logins == 0
    await succeeds(fritz)


async def test_a_certificate_that_changes_before_the_export_is_fetched(fritz: SimulatedFritzBox) -> None:
    known = fritz.sha256

    def change(given: dict[str, str]) -> dict[str, str]:
        if "NewX_AVM-DE_ConfigFileUrl" in given:
            fritz.change_certificate()
        return given

    fritz.box.tamper = change
    error = await failure(fritz, certificate=known)
    assert isinstance(error, CertificateNotTrustedError)
    assert error.sha256 == fritz.sha256 != known
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)


async def test_another_box_at_this_address(fritz: SimulatedFritzBox) -> None:
    fritz.box.serial = "AABBCCDDEEFF"
    error = await failure(fritz)
    assert isinstance(error, WrongDeviceError)
    fritz.box.serial = SERIAL.upper()
    await succeeds(fritz)


async def test_access_for_applications_is_off(fritz: SimulatedFritzBox) -> None:
    fritz.box.allows_applications = False
    for changes in ({}, {"port": fritz.encrypted_port}, {"tls": False}):
        error = await failure(fritz, **changes)
        assert isinstance(error, UnsupportedDeviceError)
        assert error.detail_in() == ACCESS_OFF
    fritz.box.allows_applications = True
    await succeeds(fritz)


async def test_access_is_switched_off_meanwhile(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "GetInfo", 401, 1
    error = await failure(fritz)
    assert isinstance(error, UnsupportedDeviceError)
    assert error.detail_in() == ACCESS_OFF
    await succeeds(fritz)


async def test_a_web_server_that_is_no_box(fritz: SimulatedFritzBox) -> None:
    for changes in ({"port": fritz.web_port, "tls": False}, {"port": fritz.file_port}):
        fritz.faults.on, fritz.faults.web_page = "/tr64desc.xml", 1
        error = await failure(fritz, **changes)
        assert isinstance(error, UnsupportedDeviceError)
        assert error.detail_in() == NOT_FRITZBOX
    await succeeds(fritz)


async def test_another_router(fritz: SimulatedFritzBox) -> None:
    fritz.box.manufacturer, fritz.box.model = "Huawei", "Speedport W 724V"
    error = await failure(fritz)
    assert isinstance(error, UnsupportedDeviceError)
    assert error.detail_in() == NOT_FRITZBOX
    fritz.box.allows_applications = False
    assert (await failure(fritz)).detail_in() == NO_DESCRIPTION
    fritz.box.allows_applications = True
    fritz.box.manufacturer, fritz.box.model = "AVM", "FRITZ!Box 7590"
    await succeeds(fritz)


async def test_a_model_without_an_export(fritz: SimulatedFritzBox) -> None:
    services = fritz.box.services
    fritz.box.without(DEVICE_CONFIG)
    error = await failure(fritz)
    assert isinstance(error, UnsupportedDeviceError)
    assert error.detail_in() == "This model cannot export its settings."
    fritz.box.services = services
    await succeeds(fritz)


async def test_a_description_without_an_identity(fritz: SimulatedFritzBox) -> None:
    services = fritz.box.services
    fritz.box.without(DEVICE_INFO)
    assert (await failure(fritz)).detail_in() == NOT_FRITZBOX
    fritz.box.services = services
    fritz.box.serial = "000000000000"
    assert (await failure(fritz)).detail_in() == NO_SERIAL
    fritz.box.serial = SERIAL
    await succeeds(fritz)


async def test_a_repeater_without_a_phone(fritz: SimulatedFritzBox) -> None:
    services = fritz.box.services
    fritz.box.model = "FRITZ!Repeater 3000"
    fritz.box.without(PHONE)
    fetched = await fetch(fritz)
    assert sorted(fetched.artifact.files()) == ["FRITZ.Box 3000 154.08.02_01.02.26_0304.export", "device.json"]
    assert fetched.artifact.missing == ()
    fritz.box.services = services


async def test_an_old_firmware_that_lacks_lists(fritz: SimulatedFritzBox) -> None:
    gone = {name: PHONE.actions.pop(name) for name in ("GetCallBarringList", "GetDeflections")}
    try:
        fetched = await fetch(fritz)
    finally:
        PHONE.actions.update(gone)
    assert sorted(fetched.artifact.files()) == [EXPORT_NAME, "device.json", "phonebook-0.xml", "phonebook-1.xml"]
    assert fetched.artifact.missing == ()


# Answers that are none


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


# The export and its address


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


async def test_rights_that_the_box_does_not_tell_are_no_error(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.fault = "X_AVM-DE_GetCurrentUser", 1
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [note.code for note in device.notices] == ["unattended"]


async def test_an_answer_without_what_was_asked_for(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: {}
    assert (await failure(fritz)).detail_in() == NO_SERIAL
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)


async def test_a_box_without_users_rights_to_tell(fritz: SimulatedFritzBox) -> None:
    fritz.box.without(SECURITY)
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [note.code for note in device.notices] == ["unattended"]


async def test_a_description_that_cannot_be_had(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.gone = "/tr64desc.xml", 1
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail_in() == "It answered with HTTP status 500."
    await succeeds(fritz)


async def test_a_login_in_front_of_the_description_is_no_box(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.proxy = "/tr64desc.xml", 1
    error = await failure(fritz)
    assert isinstance(error, UnsupportedDeviceError)
    assert error.detail_in() == NOT_FRITZBOX
    await succeeds(fritz)


async def test_an_export_that_the_box_cannot_give(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.gone = EXPORT_PATH, 2
    assert (await failure(fritz)).detail_in() == "It answered with HTTP status 500."
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


async def test_a_device_that_speaks_no_http(fritz: SimulatedFritzBox) -> None:
    def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        error = await failure(fritz, tls=False, port=server.sockets[0].getsockname()[1])
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail == NOT_HTTP
    await succeeds(fritz)
