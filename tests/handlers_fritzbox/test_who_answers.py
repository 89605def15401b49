"""What answers at the address, and how it is reached; each error is cleared, and the backup succeeds."""

import asyncio

from ha_device_backup_core import (
    CertificateNotTrustedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.http_errors import NOT_HTTP
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.fritzbox.services import DEVICE_CONFIG, DEVICE_INFO, PHONE

from .conftest import (
    EXPORT_NAME,
    NO_SERIAL,
    SERIAL,
    failure,
    fetch,
    succeeds,
)

ACCESS_OFF = "Switch on “Allow access for applications” in the FRITZ!Box (Home Network, Network, Network Settings)."
NO_DESCRIPTION = (
    "Either no FRITZ!Box answers there, or its access for applications is off. Check the address, and "
    "switch on “Allow access for applications” (Home Network, Network, Network Settings)."
)
NOT_FRITZBOX = "What answers there is no FRITZ!Box."


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
