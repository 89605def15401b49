"""Whatever a box sends, only the errors of the contract come out."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_device_backup_core import (
    Artifact,
    DeviceError,
    InvalidArtifactError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_fritzbox import FritzBoxHandler, device_backup_handlers
from ha_device_backup_fritzbox.description import (
    SETTINGS_RIGHT,
    is_fritz_description,
    lacks_right,
    parse_description,
    parse_info,
)
from ha_device_backup_fritzbox.files import EXPORT
from ha_device_backup_fritzbox.normalize import normalize
from ha_device_backup_fritzbox.phone import _asking_for_all
from ha_device_backup_fritzbox.redact import redact
from ha_device_backup_fritzbox.soap import NoSoapError, SoapFaultError, parse_answer, request_body
from ha_device_backup_fritzbox.validate import validate
from ha_device_backup_fritzbox.xml_parts import MAX_DEPTH, End, XmlError, read_xml
from tests.simulators.fritzbox import soap as simulated

from .exports import VECTOR, imported

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINES = VECTOR.splitlines(keepends=True)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<s:Envelope xmlns:s='x'>",
            "</s:Envelope>",
            "<s:Body xmlns:s='x'>",
            "</s:Body>",
            "<s:Fault xmlns:s='x'>",
            "<UPnPError>",
            "<errorCode>866</errorCode>",
            "<errorCode>²</errorCode>",
            "</UPnPError>",
            "<GetInfoResponse>",
            "</GetInfoResponse>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]>",
            "&a;",
            "<?xml version='1.0' encoding='utf-16'?>",
            "<device><manufacturer>AVM</manufacturer></device>",
            "<service><serviceType>x</serviceType></service>",
            "<!--",
            "]]>",
            "\0",
            "ü",
        ]
    ),
    max_size=12,
).map("".join)
BODIES = st.one_of(st.binary(max_size=300), MARKUP.map(str.encode), MARKUP.map(lambda text: text.encode("utf-16")))


@FUZZ
@given(BODIES)
def test_answers(body: bytes) -> None:
    with contextlib.suppress(SoapFaultError, NoSoapError):
        parse_answer(body, "GetInfo")
    with contextlib.suppress(UnsupportedDeviceError, UnexpectedResponseError):
        parse_description(body)
    lacks_right(SETTINGS_RIGHT, body.decode("latin-1"))


@FUZZ
@given(
    st.dictionaries(st.sampled_from(["NewSerialNumber", "NewModelName", "NewSoftwareVersion"]), st.text(max_size=40))
)
def test_identities(answer: dict[str, str]) -> None:
    with contextlib.suppress(DeviceError):
        info = parse_info(answer)
        assert info.to_device("http://box", ()).unique_id


@FUZZ
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.sampled_from(LINES), max_size=40).map(b"".join),
        st.tuples(st.integers(0, len(VECTOR)), st.binary(max_size=8), st.integers(0, 40)).map(
            lambda cut: VECTOR[: cut[0]] + cut[1] + VECTOR[cut[0] + cut[2] :]
        ),
    )
)
def test_exports(content: bytes) -> None:
    artifact = imported(content)
    with contextlib.suppress(InvalidArtifactError):
        validate(artifact)
    once = normalize(artifact)
    assert normalize(imported(once[EXPORT])) == once
    redact(artifact)


@FUZZ
@given(st.dictionaries(st.sampled_from(["a.export", "phonebook-0.xml", "deflections.xml", "device.json"]), BODIES))
def test_bundles(files: dict[str, bytes]) -> None:
    artifact = Artifact.bundle(files)
    with contextlib.suppress(InvalidArtifactError):
        validate(artifact)
    once = normalize(artifact)
    assert normalize(Artifact.bundle(once)) == once
    redact(artifact)


@FUZZ
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"), max_size=60),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)
def test_every_argument_arrives_as_it_was(value: str, token: str) -> None:
    request = simulated.parse(request_body("urn:x:1", "Act", {"NewA": value}, token).content)
    assert request == simulated.Request(service="urn:x:1", action="Act", arguments={"NewA": value}, token=token)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        b"<a>" * 100_000,
        b"<a/>" * 2,
        b"",
    ],
)
def test_dangerous_xml_is_refused(body: bytes) -> None:
    with pytest.raises(XmlError):
        list(read_xml(body))
    assert [event for event in read_xml(b"<a><b>c</b></a>") if isinstance(event, End)] == [End("b", "c"), End("a", "")]


@pytest.mark.parametrize("namespace", ["urn:dslforum-org:control-1-0", "urn:schemas-upnp-org:control-1-0"])
def test_a_fault_is_found_in_either_namespace(namespace: str) -> None:
    with pytest.raises(SoapFaultError) as caught:
        parse_answer(simulated.fault(866, namespace), "GetInfo")
    assert caught.value.fault == 866


@pytest.mark.parametrize(
    "body",
    [
        simulated.answer(simulated.Request(service="urn:x:1", action="Other", arguments={}, token=""), {}),
        simulated.fault(0).replace(b"<errorCode>0", b"<errorCode>none"),
        simulated.fault(0).replace(b"UPnPError", b"Other"),
        b"<Envelope/>",
    ],
)
def test_what_is_no_answer_to_the_action(body: bytes) -> None:
    with pytest.raises(NoSoapError):
        parse_answer(body, "GetInfo")


@pytest.mark.parametrize("body", [b"<not xml", b"<root/>", b'{"a": 1}', b"SSH-2.0"])
def test_what_is_no_description_of_a_box(body: bytes) -> None:
    assert not is_fritz_description(body)
    with pytest.raises(UnsupportedDeviceError):
        parse_description(body)


@pytest.mark.parametrize(
    ("rights", "lacks"),
    [
        (
            "<rights><path>BoxAdmin</path><access>none</access><path>Phone</path><access>readwrite</access></rights>",
            True,
        ),
        (
            "<rights><path>BoxAdmin</path><access>readwrite</access><path>Phone</path><access>none</access></rights>",
            False,
        ),
        ("<rights><path>NAS</path><access>none</access></rights>", False),
        ("<rights>", False),
        ("", False),
    ],
)
def test_only_a_right_that_is_certainly_absent_is_said_to_be(rights: str, lacks: bool) -> None:
    assert lacks_right(SETTINGS_RIGHT, rights) is lacks


@pytest.mark.parametrize(("software", "version"), [("154.08.02", "8.02"), ("113.07.21", "7.21"), ("odd", "odd")])
def test_the_version_as_people_know_it(software: str, version: str) -> None:
    assert parse_info({"NewSerialNumber": "00040E123456", "NewSoftwareVersion": software}).version == version


def test_a_serial_number_that_is_no_mac_is_an_identity_too() -> None:
    device = parse_info({"NewSerialNumber": " W443.123 "}).to_device("http://box", ())
    assert (device.unique_id, device.connections, device.name) == ("w443.123", (), "FRITZ!Box")


def test_an_address_that_cannot_be_extended_stays() -> None:
    assert _asking_for_all("https://[bad") == "https://[bad"
    assert _asking_for_all("https://box/a.lua?sid=1&pbid=0") == "https://box/a.lua?sid=1&pbid=0&max=100000"


def test_the_package_registers_its_handler() -> None:
    assert tuple(device_backup_handlers()) == (FritzBoxHandler,)
