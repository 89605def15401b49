"""The simulated box, checked with the client that Home Assistant uses, and with plain requests."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from fritzconnection import FritzConnection
from fritzconnection.core.exceptions import (
    FritzActionError,
    FritzActionFailedError,
    FritzAuthorizationError,
    FritzConnectionException,
    FritzSecurityError,
)
from fritzconnection.lib.fritzphonebook import FritzPhonebook

from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD, Contact, SimulatedFritzBox, canaries
from tests.simulators.fritzbox.box import Box, Origin
from tests.simulators.fritzbox.services import DEVICE_CONFIG

OPENED: list[FritzConnection] = []


@pytest.fixture
async def fritz() -> AsyncIterator[SimulatedFritzBox]:
    """A box as it comes, and the end of all connections to it."""
    async with SimulatedFritzBox() as found:
        yield found
        while OPENED:
            OPENED.pop().session.close()


async def connect(fritz: SimulatedFritzBox, password: str = PASSWORD, *, use_tls: bool = False) -> FritzConnection:
    """Connect as Home Assistant does."""
    OPENED.append(
        connection := await asyncio.to_thread(
            FritzConnection,
            address=fritz.host,
            port=fritz.encrypted_port if use_tls else fritz.plain_port,
            user="homeassistant",
            password=password,
            use_tls=use_tls,
            timeout=10.0,
        )
    )
    return connection


async def call(connection: FritzConnection, service: str, action: str, **arguments: str) -> dict[str, Any]:
    """Call an action of a service."""
    given: dict[str, Any] = await asyncio.to_thread(connection.call_action, service, action, arguments=arguments)
    return given


@pytest.fixture(autouse=True)
def certificates_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client decide which certificates it takes, whatever the machine has it do."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("use_tls", [False, True])
async def test_the_usual_client_finds_everything(fritz: SimulatedFritzBox, use_tls: bool) -> None:
    connection = await connect(fritz, use_tls=use_tls)
    assert connection.modelname == "FRITZ!Box 7590"
    assert connection.system_version == "8.2"
    assert sorted(connection.services) == [
        "DeviceConfig1",
        "DeviceInfo1",
        "LANConfigSecurity1",
        "X_AVM-DE_Auth1",
        "X_AVM-DE_OnTel1",
    ]
    info = await call(connection, "DeviceInfo1", "GetInfo")
    assert (info["NewSerialNumber"], info["NewSoftwareVersion"]) == ("2C3AFD0A1B2C", "154.08.02")
    port = await call(connection, "DeviceInfo1", "GetSecurityPort")
    assert port == {"NewSecurityPort": str(fritz.encrypted_port)}
    assert await call(connection, "X_AVM-DE_Auth1", "GetInfo") == {"NewEnabled": True}


async def test_the_usual_client_reads_phone_books(fritz: SimulatedFritzBox) -> None:
    books = FritzPhonebook(fc=await connect(fritz))
    assert await asyncio.to_thread(lambda: books.phonebook_ids) == [0, 1]
    assert (await asyncio.to_thread(books.phonebook_info, 1))["name"] == "Praxis <1>"
    assert await asyncio.to_thread(books.get_all_name_numbers, 0) == [
        ("Erika Mustermann", [canaries.NUMBER]),
        ("Max & Co", [canaries.NUMBER]),
    ]


async def test_a_confirmation_is_demanded_and_an_export_made_once_it_is_switched_off(fritz: SimulatedFritzBox) -> None:
    connection = await connect(fritz)
    arguments = {"NewX_AVM-DE_Password": EXPORT_PASSWORD}
    with pytest.raises(FritzConnectionException, match="866"):
        await call(connection, "DeviceConfig1", "X_AVM-DE_GetConfigFile", **arguments)
    fritz.box.confirmation.enabled = False
    given = await call(connection, "DeviceConfig1", "X_AVM-DE_GetConfigFile", **arguments)
    url = given["NewX_AVM-DE_ConfigFileUrl"]
    assert url.startswith(f"https://127.0.0.1:{fritz.file_port}/")
    assert fritz.box.passwords_of_exports == [EXPORT_PASSWORD]


async def test_a_wrong_login_locks_everybody_out_for_longer_and_longer(fritz: SimulatedFritzBox) -> None:
    for waits in (2, 4, 8):
        with pytest.raises(FritzAuthorizationError):
            await call(await connect(fritz, "wrong"), "DeviceInfo1", "GetInfo")
        assert fritz.box.lockout.seconds == waits
        with pytest.raises(FritzAuthorizationError):
            await call(await connect(fritz), "DeviceInfo1", "GetInfo")
        fritz.box.clock.ahead += waits + 1
    assert (await call(await connect(fritz), "DeviceInfo1", "GetInfo"))["NewModelName"] == "FRITZ!Box 7590"


async def test_rights_and_unknown_actions_have_their_faults(fritz: SimulatedFritzBox) -> None:
    connection = await connect(fritz)
    fritz.box.users["homeassistant"].rights = frozenset()
    with pytest.raises(FritzSecurityError):
        await call(connection, "X_AVM-DE_OnTel1", "GetPhonebookList")
    fritz.faults.on, fritz.faults.fault = "GetInfo", 1
    with pytest.raises(FritzActionFailedError):
        await call(connection, "DeviceInfo1", "GetInfo")
    fritz.box.without(next(service for service in fritz.box.services if service.name == "DeviceInfo"))
    with pytest.raises(FritzActionError):
        await call(connection, "DeviceInfo1", "GetInfo")


async def test_access_for_applications_can_be_off(fritz: SimulatedFritzBox) -> None:
    fritz.box.allows_applications = False
    with pytest.raises(FritzConnectionException):
        await connect(fritz)
    fritz.box.allows_applications = True
    await connect(fritz)


async def test_an_export_is_offered_once_and_not_for_long(fritz: SimulatedFritzBox) -> None:
    async with aiohttp.ClientSession() as http:
        fritz.box.confirmation.enabled = False
        connection = await connect(fritz)
        pinned = aiohttp.Fingerprint(bytes.fromhex(fritz.sha256))

        async def address() -> str:
            given = await call(
                connection, "DeviceConfig1", "X_AVM-DE_GetConfigFile", **{"NewX_AVM-DE_Password": EXPORT_PASSWORD}
            )
            return str(given["NewX_AVM-DE_ConfigFileUrl"])

        async def get(url: str) -> int:
            login = aiohttp.DigestAuthMiddleware("homeassistant", PASSWORD)
            async with http.get(url, ssl=pinned, middlewares=(login,)) as response:
                await response.read()
                return response.status

        url = await address()
        async with http.get(url, ssl=pinned) as response:
            assert response.status == 401
            challenge = response.headers["WWW-Authenticate"]
            assert re.fullmatch(r'Digest realm="HTTPS Access",nonce="[0-9A-F]{16}",algorithm=MD5,qop="auth"', challenge)
            assert response.headers["Connection"] == "close"
        assert await get(url) == 200
        assert await get(url) == 404
        url = await address()
        fritz.box.clock.ahead += 31
        assert await get(url) == 404


async def test_a_box_takes_back_its_own_exports_only() -> None:
    box = Box()
    origin = Origin(asked="", files="", encrypted_port=0)
    box.confirmation.enabled = False
    user = box.users["homeassistant"]
    box.perform(DEVICE_CONFIG.type, "X_AVM-DE_GetConfigFile", {}, "", user, origin)
    ((_, export),) = box.exports.values()
    before = box.holding
    box.reset()
    assert box.holding != before
    with pytest.raises(KeyError):
        box.take_back(export[:-1])
    box.take_back(export)
    assert box.holding == before


async def test_a_certificate_can_change_and_is_its_own_issuer() -> None:
    async with SimulatedFritzBox() as fritz, aiohttp.ClientSession() as http:
        url = f"https://127.0.0.1:{fritz.encrypted_port}/tr64desc.xml"
        before = fritz.sha256
        with pytest.raises(aiohttp.ClientConnectorCertificateError) as caught:
            await http.get(url)
        assert isinstance(caught.value.certificate_error, ssl.SSLCertVerificationError)
        async with http.get(url, ssl=aiohttp.Fingerprint(bytes.fromhex(before))) as response:
            assert response.status == 200
    async with SimulatedFritzBox() as fritz, aiohttp.ClientSession() as http:
        fritz.change_certificate()
        with pytest.raises(aiohttp.ServerFingerprintMismatch):
            await http.get(f"https://127.0.0.1:{fritz.encrypted_port}/", ssl=aiohttp.Fingerprint(bytes.fromhex(before)))


async def test_a_phone_book_has_a_default_limit_and_its_address_is_the_login(fritz: SimulatedFritzBox) -> None:
    async with aiohttp.ClientSession() as http:
        fritz.box.phonebooks[0].contacts = [Contact(name=str(number)) for number in range(1001)]
        connection = await connect(fritz)
        given = await call(connection, "X_AVM-DE_OnTel1", "GetPhonebook", NewPhonebookID="0")
        url = given["NewPhonebookURL"]
        for address, count in ((url, 999), (f"{url}&max=5000", 1001)):
            async with http.get(address) as response:
                assert (await response.read()).count(b"<contact>") == count
        async with http.get(url.replace(canaries.SESSION, "0")) as response:
            assert response.status == 404


async def test_the_page_of_the_box_tells_how_long_logins_are_locked(fritz: SimulatedFritzBox) -> None:
    async with aiohttp.ClientSession() as http:
        fritz.box.lockout.wrong()
        async with http.get(f"http://127.0.0.1:{fritz.web_port}/login_sid.lua?version=2") as response:
            assert "<BlockTime>2</BlockTime>" in await response.text()


async def test_users_are_listed_without_a_login(fritz: SimulatedFritzBox) -> None:
    given = await call(await connect(fritz), "LANConfigSecurity1", "X_AVM-DE_GetUserList")
    assert given == {"NewX_AVM-DE_UserList": '<List><Username last_user="0">homeassistant</Username></List>'}
    assert fritz.logins == 0
