"""Phone books, call barring and call diversions: whatever goes wrong with one costs only this one."""

import dataclasses
from collections.abc import Callable

import pytest

from ha_device_backup_core import CannotConnectError
from tests.simulators.fritzbox import Contact, Deflection, SimulatedFritzBox

from .conftest import BAD_URL, EXPORT_NAME, as_told, failure, fetch, succeeds

LISTS = ("GetPhonebookList", "GetCallBarringList", "GetDeflections")


def fail(fritz: SimulatedFritzBox, on: str, fault: str, count: int = 1, code: int = 820) -> None:
    """Have the next answers to that go wrong."""
    fritz.faults.on, fritz.faults.code = on, code
    setattr(fritz.faults, fault, count)


@pytest.mark.parametrize(
    ("on", "fault", "code", "note"),
    [
        ("GetPhonebookList", "fault", 820, ("phonebooks", "Phone books: It refused for now, with error 820.")),
        ("GetCallBarringList", "fault", 820, ("call_barring", "Call barring: It refused for now, with error 820.")),
        ("GetDeflections", "fault", 402, ("deflections", "Call diversions: It refused with error 402.")),
        (
            "GetDeflections",
            "fault",
            866,
            (
                "deflections",
                "Call diversions: Start the backup when you are near the FRITZ!Box, and follow the instruction.",
            ),
        ),
        (
            "GetDeflections",
            "fault",
            606,
            (
                "phone_right",
                (
                    "Call diversions: give the FRITZ!Box user the right to voice messages, fax messages, FRITZ!App Fon "
                    "and call list."
                ),
            ),
        ),
        ("GetDeflections", "drop", 0, ("deflections", "Call diversions: It closed the connection without an answer.")),
        ("GetCallBarringList", "hang", 0, ("call_barring", "Call barring: It did not answer in time.")),
        ("GetPhonebook", "fault", 820, ("phonebooks", "Phone books: It refused for now, with error 820.")),
        ("/phonebook.lua", "web_page", 0, ("phonebooks", "Phone books: Telefonbuch: What it sent is no whole list.")),
        ("/phonebook.lua", "truncate", 0, ("phonebooks", "Phone books: Telefonbuch: What it sent is no whole list.")),
        ("/phonebook.lua", "entities", 0, ("phonebooks", "Phone books: Telefonbuch: What it sent is no whole list.")),
        (
            "/phonebook.lua",
            "busy",
            0,
            ("phonebooks", "Phone books: Telefonbuch: It answered with HTTP status 503."),
        ),
        ("/phonebook.lua", "hang", 0, ("phonebooks", "Phone books: Telefonbuch: It did not answer in time.")),
        ("/phonebook.lua", "huge", 0, ("phonebooks", None)),
    ],
)
async def test_a_list_that_cannot_be_read_costs_only_itself(
    fritz: SimulatedFritzBox, on: str, fault: str, code: int, note: tuple[str, str | None]
) -> None:
    fail(fritz, on, fault, code=code)
    fetched = await fetch(fritz)
    (told,) = as_told(fetched.artifact.missing)
    assert told == (note[0], note[1] or told[1])
    assert EXPORT_NAME in fetched.artifact.files()
    await succeeds(fritz)


async def test_one_phone_book_that_is_refused_does_not_cost_the_others(fritz: SimulatedFritzBox) -> None:
    given = fritz.box.tamper

    def refuse(answer: dict[str, str]) -> dict[str, str]:
        return {**answer, "NewPhonebookURL": ""} if answer.get("NewPhonebookName") == "Telefonbuch" else answer

    fritz.box.tamper = refuse
    fetched = await fetch(fritz)
    assert as_told(fetched.artifact.missing) == [("phonebooks", f"Phone books: Telefonbuch: {BAD_URL}")]
    german = (
        "Telefonbücher: Telefonbuch: Sie hat eine Adresse genannt, die nicht ihre eigene oder nicht verschlüsselt "
        "ist. Von dort wurde nichts geholt."
    )
    assert as_told(fetched.artifact.missing, "de") == [("phonebooks", german)]
    assert "phonebook-1.xml" in fetched.artifact.files()
    fritz.box.tamper = given
    await succeeds(fritz)


async def test_a_box_that_goes_away_while_lists_are_read_stores_nothing(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: _unplug(fritz, given)
    assert isinstance(await failure(fritz), CannotConnectError)
    fritz.box.tamper = lambda given: given
    fritz.faults.drop = 0
    await succeeds(fritz)


def _unplug(fritz: SimulatedFritzBox, given: dict[str, str]) -> dict[str, str]:
    if "NewPhonebookList" in given:
        fritz.faults.on, fritz.faults.drop = "", 1000
    return given


async def test_lists_that_hang_leave_the_export_its_time(fritz: SimulatedFritzBox) -> None:
    fritz.box.phonebooks = dict.fromkeys(range(20), fritz.box.phonebooks[0])
    fail(fritz, "/phonebook.lua", "hang", 100)
    fetched = await fetch(fritz)
    assert EXPORT_NAME in fetched.artifact.files()
    assert [path for _, _, path in fritz.requests].count("/phonebook.lua") == 2
    assert [missing.code for missing in fetched.artifact.missing] == ["phonebooks", "call_barring", "deflections"]
    fritz.faults.hang = 0
    await succeeds(fritz)


async def test_not_endlessly_many_phone_books_are_named(fritz: SimulatedFritzBox) -> None:
    first = fritz.box.phonebooks[0]
    fritz.box.phonebooks = {number: dataclasses.replace(first, name=f"{{text{number}}}") for number in range(9)}
    fail(fritz, "/phonebook.lua", "web_page", 100)
    told = dict(as_told((await fetch(fritz)).artifact.missing))["phonebooks"]
    named = (f"{{text{number}}}: What it sent is no whole list." for number in range(8))
    assert told == f"Phone books: {' '.join(named)} …"
    fritz.faults.web_page = 0
    await succeeds(fritz)


# Odd, but whole


def _undeclared_prefix(fritz: SimulatedFritzBox) -> str:
    fritz.box.phonebooks[
        0
    ].junk = '<contact xsi:type="x"><person><realName xsi:type="y">E</realName></person></contact>'
    return "phonebook-0.xml"


def _byte_of_another_encoding(fritz: SimulatedFritzBox) -> str:
    fritz.box.phonebooks[0].contacts.append(Contact(name="M\udcfcller"))
    return "phonebook-0.xml"


def _control_character(fritz: SimulatedFritzBox) -> str:
    fritz.box.barred.contacts.append(Contact(name="Werbung\x01"))
    return "call-barring.xml"


def _bare_ampersand(fritz: SimulatedFritzBox) -> str:
    fritz.box.phonebooks[1].junk = "<!-- Max & Moritz --><x:note>Max & Moritz &nbsp;</x:note>"
    return "phonebook-1.xml"


@pytest.mark.parametrize("spoil", [_undeclared_prefix, _byte_of_another_encoding, _control_character, _bare_ampersand])
async def test_an_odd_list_is_kept_as_it_came_and_the_export_counts(
    fritz: SimulatedFritzBox, spoil: Callable[[SimulatedFritzBox], str]
) -> None:
    name = spoil(fritz)
    fetched = await fetch(fritz)
    again = await fetch(fritz)
    assert (fetched.artifact.missing, fetched.doubts) == ((), ())
    text = f"{name} is kept as the FRITZ!Box sent it, but is no correct XML. Other programs may not read it."
    assert as_told(fetched.remarks) == [(f"list_odd:{name}", text)]
    assert fetched.remarks[0].is_remark
    assert fetched.fingerprint == again.fingerprint
    fritz.box.phonebooks[0].contacts.append(Contact(name="Neu"))
    assert (await fetch(fritz)).fingerprint != fetched.fingerprint


async def test_bytes_stay_as_they_came(fritz: SimulatedFritzBox) -> None:
    fritz.box.phonebooks[0].contacts.append(Contact(name="M\udcfcller\x02"))
    files = (await fetch(fritz)).artifact.files()
    assert b"M\xfcller\x02" in files["phonebook-0.xml"]


async def test_deflections_with_odd_names_are_kept(fritz: SimulatedFritzBox) -> None:
    fritz.box.deflections.append(Deflection(to="M\udcfcller <b> & Co"))
    fetched = await fetch(fritz)
    assert fetched.artifact.missing == ()
    assert "Müller".encode() in fetched.artifact.files()["deflections.xml"]


# How much there is


async def test_a_phone_book_with_more_contacts_than_the_box_sends_by_itself(fritz: SimulatedFritzBox) -> None:
    fritz.box.phonebooks[0].contacts = [Contact(name=f"Contact {number}") for number in range(1200)]
    files = (await fetch(fritz)).artifact.files()
    assert files["phonebook-0.xml"].count(b"<contact>") == 1200
    fritz.box.phonebooks[0].contacts = fritz.box.phonebooks[0].contacts[:999]
    files = (await fetch(fritz)).artifact.files()
    assert files["phonebook-0.xml"].count(b"<contact>") == 999


async def test_a_large_phone_book_that_cannot_be_asked_for_again(fritz: SimulatedFritzBox) -> None:
    fritz.box.phonebooks = {0: fritz.box.phonebooks[0]}
    fritz.box.phonebooks[0].contacts = [Contact(name=f"Contact {number}") for number in range(1200)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ha_device_backup_fritzbox.phone._asking_for_all", lambda url: "no address")
        files = (await fetch(fritz)).artifact.files()
    assert files["phonebook-0.xml"].count(b"<contact>") == 999


async def test_a_phone_book_that_vanishes_meanwhile(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "GetPhonebook", 713, 1
    fetched = await fetch(fritz)
    assert fetched.artifact.missing == ()
    assert "phonebook-0.xml" not in fetched.artifact.files()
    await succeeds(fritz)


async def test_an_address_of_a_phone_book_that_is_none(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: {
        key: "https://[bad" if key == "NewPhonebookURL" else value for key, value in given.items()
    }
    fetched = await fetch(fritz)
    assert [note.code for note in fetched.artifact.missing] == ["phonebooks", "call_barring"]
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)


async def test_xml_that_is_no_phone_book(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: {
        key: "<html/>" if key == "NewDeflectionList" else value for key, value in given.items()
    }
    fetched = await fetch(fritz)
    assert [note.code for note in fetched.artifact.missing] == ["deflections"]
    fritz.box.tamper = lambda given: given
    await succeeds(fritz)
