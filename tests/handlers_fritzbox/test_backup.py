"""Backups without a confirmation: what is in them, and when they count as changed."""

import json

import pytest

from ha_device_backup_core import DeviceInfo
from ha_device_backup_core.testing import run_probe
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.validate import validate
from tests.simulators.fritzbox import EXPORT_PASSWORD, Contact, Deflection, SimulatedFritzBox

from .conftest import EXPORT_NAME, SERIAL, as_told, assert_no_canary, config, fetch


async def test_a_backup_holds_the_export_and_the_lists(fritz: SimulatedFritzBox) -> None:
    fetched = await fetch(fritz)
    files = fetched.artifact.files()
    assert sorted(files) == [
        EXPORT_NAME,
        "call-barring.xml",
        "deflections.xml",
        "device.json",
        "phonebook-0.xml",
        "phonebook-1.xml",
    ]
    assert files[EXPORT_NAME].startswith(b"**** FRITZ!Box 7590 CONFIGURATION EXPORT\n")
    assert json.loads(files["device.json"]) == {
        "model": "FRITZ!Box 7590",
        "serial": SERIAL,
        "software": "154.08.02",
    }
    assert b"Max &amp; Co" in files["phonebook-0.xml"]
    assert (fetched.artifact.missing, fetched.doubts) == ((), ())
    assert fetched.artifact.attributes == {"model": "FRITZ!Box 7590", "software": "154.08.02"}
    assert fritz.box.passwords_of_exports == [EXPORT_PASSWORD]
    assert fritz.max_in_flight == 1
    assert_no_canary(fetched, FritzBoxHandler.redact(fetched.artifact))


async def test_the_box_is_described(fritz: SimulatedFritzBox) -> None:
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert device == DeviceInfo(
        unique_id=SERIAL,
        name="FRITZ!Box 7590",
        manufacturer="AVM",
        model="FRITZ!Box 7590",
        version="8.02",
        connections=(("mac", "2c:3a:fd:0a:1b:2c"),),
        configuration_url="http://127.0.0.1",
    )
    assert as_told(device.notices) == [
        ("unattended", "This FRITZ!Box exports its settings without a confirmation: schedules back up everything."),
    ]


async def test_what_a_person_should_know_is_told(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = True
    fritz.box.users["homeassistant"].rights = frozenset({"Phone"})
    device = await run_probe(FritzBoxHandler, config(fritz, export_password=None, tls=False))
    assert as_told(device.notices) == [
        (
            "attended",
            (
                "This FRITZ!Box exports its settings only after a confirmation at the box. Schedules back up phone "
                "books, barred numbers and call diversions. For the settings, press “Back up now” from time to time "
                "when you are near it."
            ),
        ),
        (
            "no_settings_right",
            "The FRITZ!Box user seems to lack the right “FRITZ!Box Settings”. Without it there is no export.",
        ),
        (
            "no_export_password",
            "Without an export password the backups restore only on this very FRITZ!Box, not on a replacement.",
        ),
        ("not_encrypted", "The connection to this FRITZ!Box is not encrypted."),
    ]
    assert fritz.box.confirmation.started == 0


async def test_a_user_who_may_not_read_the_phone_is_told_what_will_be_missing(fritz: SimulatedFritzBox) -> None:
    user = fritz.box.users["homeassistant"]
    user.rights = frozenset({"BoxAdmin"})
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [code for code, _ in as_told(device.notices)] == ["no_phone_right"]
    assert [note.code for note in (await fetch(fritz)).artifact.missing] == ["phone_right"]
    user.rights = frozenset({"BoxAdmin", "Phone"})
    device = await run_probe(FritzBoxHandler, config(fritz))
    assert [code for code, _ in as_told(device.notices)] == ["unattended"]
    assert (await fetch(fritz)).artifact.missing == ()


async def test_two_exports_are_never_equal_but_nothing_changed(fritz: SimulatedFritzBox) -> None:
    first = await fetch(fritz)
    fritz.box.configuration.last_check = "2026-01-02 03:00:00"
    fritz.box.configuration.calls.append("a call")
    again = await fetch(fritz)
    assert first.artifact.content != again.artifact.content
    assert first.fingerprint == again.fingerprint


@pytest.mark.parametrize(
    "change", ["setting", "secret", "contact", "number", "barred", "deflection", "firmware", "phonebook"]
)
async def test_a_change_counts(fritz: SimulatedFritzBox, change: str) -> None:
    first = await fetch(fritz)
    box = fritz.box
    match change:
        case "setting":
            box.configuration.settings["mode"] = "dsldmode_bridge"
        case "secret":
            box.configuration.secrets["passwd"] = "a secret that is longer than the one before"
        case "contact":
            box.phonebooks[0].contacts.append(Contact(name="Neu"))
        case "number":
            box.phonebooks[1].contacts[0].number = "089123"
        case "barred":
            box.barred.contacts.clear()
        case "deflection":
            box.deflections.append(Deflection())
        case "firmware":
            box.software = "154.08.20"
        case "phonebook":
            del box.phonebooks[1]
    assert (await fetch(fritz)).fingerprint != first.fingerprint


async def test_a_secret_replaced_by_one_as_long_is_not_noticed_as_the_documentation_says(
    fritz: SimulatedFritzBox,
) -> None:
    first = await fetch(fritz)
    fritz.box.configuration.secrets["passwd"] = "provider-sEcReT"
    assert (await fetch(fritz)).fingerprint == first.fingerprint


async def test_plain_is_possible_where_the_person_chooses_so(fritz: SimulatedFritzBox) -> None:
    fetched = await fetch(fritz, tls=False, certificate=None)
    assert EXPORT_NAME in fetched.artifact.files()
    assert "encrypted" not in {port for port, _, _ in fritz.requests}


async def test_a_port_that_is_entered_is_not_asked_for(fritz: SimulatedFritzBox) -> None:
    await fetch(fritz, port=fritz.encrypted_port)
    assert "plain" not in {port for port, _, _ in fritz.requests}


async def test_the_box_may_call_itself_by_name(fritz: SimulatedFritzBox) -> None:
    fritz.url_host = "localhost"
    assert EXPORT_NAME in (await fetch(fritz)).artifact.files()
    fritz.url_host = "no-such-name.invalid"
    assert EXPORT_NAME in (await fetch(fritz)).artifact.files()


async def test_without_an_export_password_an_empty_one_is_sent(fritz: SimulatedFritzBox) -> None:
    await fetch(fritz, export_password=None)
    assert fritz.box.passwords_of_exports == [""]


async def test_nonces_that_run_out_are_no_wrong_logins(fritz: SimulatedFritzBox) -> None:
    for way in fritz.ways:
        way.digest.uses_of_a_nonce = 2
    fetched = await fetch(fritz)
    assert fetched.artifact.missing == ()
    assert fritz.box.lockout.wrong_logins == 0


async def test_faults_with_status_200_are_faults(fritz: SimulatedFritzBox) -> None:
    fritz.box.faults.fault_status = 200
    fritz.box.confirmation.enabled = True
    fetched = await fetch(fritz)
    assert [note.code for note in fetched.artifact.missing] == ["configuration_export"]


async def test_an_export_from_the_page_of_the_box_is_a_backup(fritz: SimulatedFritzBox) -> None:
    content = (await fetch(fritz)).artifact.files()[EXPORT_NAME]
    imported = type((await fetch(fritz)).artifact)(filename="my router.export", content=content)
    assert validate(imported) == ()
    assert FritzBoxHandler.validate(imported) == ()
