"""Answers that are odder than they should be, or cut: what is needed is read, and passing trouble is tried again."""

import pytest

from ha_device_backup_core import UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.identity import can_be_own
from ha_device_backup_core.toolkit import readable
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.description import IDENTITY, parse_description, parse_info
from ha_device_backup_fritzbox.soap import NoSoapError, SoapFaultError, parse_answer
from tests.simulators.fritzbox import SimulatedFritzBox, soap
from tests.simulators.fritzbox.descriptions import device_description
from tests.simulators.fritzbox.services import SERVICES

from .conftest import SERIAL, failure, succeeds

INFO = soap.Request(service="urn:x:1", action="GetInfo", arguments={}, token="")
TOLD = {"NewModelName": "FRITZ!Box 7590", "NewSerialNumber": SERIAL, "NewSoftwareVersion": "154.08.02"}
DESCRIPTION = device_description("AVM", "FRITZ!Box 7590", "154.08.02", SERIAL, SERVICES)


@pytest.mark.parametrize(
    "log",
    [
        "Internetverbindung hergestellt, PoP: \udce4",
        "an escape \x1b[0m and a zero \x00",
        "half a character \udcc3",
        "a noncharacter \uffff",
    ],
)
async def test_nobody_needs_the_event_log(fritz: SimulatedFritzBox, log: str) -> None:
    fritz.box.device_log = log
    await succeeds(fritz)


@pytest.mark.parametrize("model", ["FRITZ!Box 7590 \udce4", "FRITZ!Box \x07 7590", "FRITZ!Box Mü<ll>er & Söhne"])
async def test_a_box_may_have_an_odd_name(fritz: SimulatedFritzBox, model: str) -> None:
    fritz.box.tamper = lambda given: {**given, "NewModelName": model} if "NewModelName" in given else given
    await succeeds(fritz)


@pytest.mark.parametrize(
    "tail",
    [
        b"<NewDeviceLog>it ends here",
        b"<NewDeviceLog>it is <not escaped</NewDeviceLog></u:GetInfoResponse></s:Body></s:Envelope>",
        b"<NewDeviceLog>\xff\xfe</NewDeviceLog",
        b"",
    ],
)
def test_what_cannot_be_read_behind_what_is_needed_does_not_matter(tail: bytes) -> None:
    whole = soap.answer(INFO, TOLD)
    body = whole[: whole.index(b"</u:GetInfoResponse>")] + tail
    assert parse_answer(body, "GetInfo", IDENTITY) == TOLD
    with pytest.raises(NoSoapError):
        parse_answer(body, "GetInfo")


@pytest.mark.parametrize("junk", [b"\0\0", b"\r\n\0 ", b"<!-- ", b"</s:Envelope>", b"HTTP/1.1 200 OK\r\n", b"<a/>"])
def test_what_comes_behind_the_end_counts_for_nothing(junk: bytes) -> None:
    assert parse_answer(soap.answer(INFO, TOLD) + junk, "GetInfo") == TOLD


@pytest.mark.parametrize("name", TOLD)
def test_a_cut_in_what_is_needed_is_no_answer(name: str) -> None:
    whole = soap.answer(INFO, TOLD)
    with pytest.raises(NoSoapError):
        parse_answer(whole[: whole.index(f"</{name}>".encode())], "GetInfo", IDENTITY)


def test_a_fault_that_is_cut_behind_its_number_is_one() -> None:
    whole = soap.fault(866)
    with pytest.raises(SoapFaultError) as caught:
        parse_answer(whole[: whole.index(b"<errorDescription>")], "GetInfo")
    assert caught.value.fault == 866


@pytest.mark.parametrize("length", [0, 1, 30, 60, 500, 1500, len(DESCRIPTION) - 10])
def test_a_description_that_is_cut_is_tried_again(length: int) -> None:
    with pytest.raises((UnexpectedResponseError, UnsupportedDeviceError)) as caught:
        parse_description(DESCRIPTION[:length])
    expected = UnsupportedDeviceError if length == 1 else UnexpectedResponseError
    assert type(caught.value) is expected
    assert parse_description(DESCRIPTION).control_paths


@pytest.mark.parametrize("junk", ["\udce4", "\x01", "&nbsp;", " & ", "&#0;", "&#xFFFF;"])
def test_a_description_may_be_odd(junk: str) -> None:
    odd = DESCRIPTION.replace(b"<friendlyName>", b"<friendlyName>" + junk.encode("utf-8", "surrogateescape"))
    odd = odd.replace(b"<modelURL>", b"<x:odd y:z='1'></x:odd><modelURL>")
    assert parse_description(odd) == parse_description(DESCRIPTION)


@pytest.mark.parametrize("spoil", ["truncate", "empty"])
async def test_a_spoiled_description_is_no_reason_to_give_up(fritz: SimulatedFritzBox, spoil: str) -> None:
    fritz.faults.on = "/tr64desc.xml"
    setattr(fritz.faults, spoil, 1)
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert (error.detail_in(), error.retryable) == ("Its answer did not arrive whole.", True)
    await succeeds(fritz)


@pytest.mark.parametrize("serial", ["2C3AFD0A1B2C", "2c:3a:fd:0a:1b:2c", " 2C-3A-FD 0A1B2C\x00", "2C3AFD/0A1B2C"])
def test_a_serial_number_is_the_same_in_each_spelling(serial: str) -> None:
    assert parse_info({"NewSerialNumber": serial}).serial == SERIAL
    assert can_be_own(FritzBoxHandler.spec, SERIAL)
    assert not any(can_be_own(FritzBoxHandler.spec, odd) for odd in ("../x", "a b", "2C3AFD0A1B2C", "a", "ü23"))


@pytest.mark.parametrize("serial", ["", " ", "\x00", "1"])
def test_a_box_that_does_not_tell_who_it_is_for_now_is_asked_again(serial: str) -> None:
    with pytest.raises(UnexpectedResponseError):
        parse_info({"NewSerialNumber": serial})
    with pytest.raises(UnsupportedDeviceError):
        parse_info({"NewSerialNumber": "000000000000"})


async def test_rights_with_an_odd_name_of_the_user(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda given: (
        {**given, "NewX_AVM-DE_CurrentUsername": "M\udcfcller <x>"} if "NewX_AVM-DE_CurrentUsername" in given else given
    )
    await succeeds(fritz)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", "plain"),
        ("Müller".encode(), "Müller"),
        ("Müller".encode("latin-1"), "Müller"),
        ("Grün und Müller".encode() + "ß".encode("latin-1"), "Grün und Müllerß"),
        ("ü".encode()[:1], "Ã"),
        (b"\xef\xbb\xbfmarked", "marked"),
        (b"\xed\xa0\x80", "í\xa0\x80"),
    ],
)
def test_every_text_is_read_by_one_rule(content: bytes, text: str) -> None:
    assert readable(content) == text
