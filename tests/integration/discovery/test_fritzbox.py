"""FRITZ!Box routers and repeaters that announce themselves by SSDP: a known one never has a second card."""

import socket
from dataclasses import replace

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_SSDP, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.loader import async_get_ssdp
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.discovery.ssdp import SsdpWatch
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager.health import Health
from tests.simulators.fritzbox import SimulatedFritzBox

from ..flow_steps import start, suggested
from ..router import ROUTER, SERIAL, add, router_entry

TARGET = "urn:schemas-upnp-org:device:fritzbox:1"
ANOTHER = "74427fb2b5a8"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know one name in this network."""

    async def resolve(resolver: AsyncResolver, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if host != "localhost":
            raise OSError(host)
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    monkeypatch.setattr(AsyncResolver, "resolve", resolve)
    others = socket.getaddrinfo

    def look_up(host: str, port: int | str | None, *arguments: int, **options: int) -> object:
        if host == "box.invalid":
            raise socket.gaierror(host)
        return others(host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def announced(host: str = "127.0.0.1", mac: str = SERIAL, name: str = "FRITZ!Box 7590") -> SsdpServiceInfo:
    """Return what a box says; the beginning of its UDN is no UUID on some."""
    udn = f"uuid:123402409-bccb-40e7-8e6c-{mac.upper()}"
    return SsdpServiceInfo(
        ssdp_usn=f"{udn}::{TARGET}",
        ssdp_st=TARGET,
        ssdp_udn=udn,
        ssdp_location=f"http://{host}:49000/fboxdesc.xml",
        upnp={"friendlyName": name, "modelName": name, "manufacturer": "AVM Berlin", "UDN": udn},
    )


async def announce(hass: HomeAssistant, info: SsdpServiceInfo) -> ConfigFlowResult:
    result = await start(hass, SOURCE_SSDP, info)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def known(hass: HomeAssistant, fritz: SimulatedFritzBox, **config: object) -> MockConfigEntry:
    """Have the box backed up here, with some of its configuration entered differently."""
    entry = router_entry(fritz)
    changed = {**entry.data, "config": {**entry.data["config"], **config}}
    return await add(hass, MockConfigEntry(domain=DOMAIN, title=entry.title, unique_id=entry.unique_id, data=changed))


def cards(hass: HomeAssistant) -> set[str | None]:
    return {flow["context"].get("unique_id") for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)}


async def test_an_announced_box_has_one_card_whatever_networks_it_is_in(hass: HomeAssistant) -> None:
    form = await announce(hass, announced("192.0.2.1"))

    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "fields")
    assert suggested(form)["host"] == "192.0.2.1"
    assert cards(hass) == {f"fritzbox:{SERIAL}"}
    assert (await announce(hass, announced("192.0.2.129")))["reason"] == "already_in_progress"
    assert (await announce(hass, announced("[fe80::1]")))["reason"] == "no_handler_for_device"


async def test_a_known_box_has_none_and_is_not_even_asked(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await known(hass, fritz)
    asked = len(fritz.requests)

    assert (await announce(hass, announced()))["reason"] == "already_configured"

    assert (entry.data["config"]["host"], len(fritz.requests), cards(hass)) == ("127.0.0.1", asked, set())


async def test_a_name_stays_whether_it_works_or_not(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await known(hass, fritz, host="localhost")
    assert (await announce(hass, announced()))["reason"] == "already_configured"
    assert entry.data["config"]["host"] == "localhost"

    unreachable = {**entry.data["config"], "host": "box.invalid"}
    hass.config_entries.async_update_entry(entry, data={**entry.data, "config": unreachable})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await announce(hass, announced()))["reason"] == "already_configured"
    assert entry.data["config"]["host"] == "box.invalid"


async def test_an_address_that_works_stays_when_another_is_announced(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    entry = await known(hass, fritz)

    for other in ("192.0.2.129", "[2001:db8::1]"):
        assert (await announce(hass, announced(other)))["reason"] == "already_configured"

    assert entry.data["config"]["host"] == "127.0.0.1"


async def test_a_box_that_moved_is_followed(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await known(hass, fritz, host="127.0.0.2")
    assert (await async_get_manager(hass)).status(ROUTER).health is not Health.OK

    assert (await announce(hass, announced()))["reason"] == "already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.data["config"]["host"] == "127.0.0.1"
    assert await (await async_get_manager(hass)).stored.list_backups(ROUTER) != []


async def test_an_entry_that_is_not_set_up_is_followed_without_a_login(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    entry = await known(hass, fritz, host="127.0.0.2")
    await hass.config_entries.async_unload(entry.entry_id)
    asked = len(fritz.requests)

    assert (await announce(hass, announced()))["reason"] == "already_configured"

    assert (entry.data["config"]["host"], len(fritz.requests)) == ("127.0.0.1", asked)


async def test_a_repeater_of_the_same_maker_is_a_device_of_its_own(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    await known(hass, fritz)

    form = await announce(hass, announced("192.0.2.27", ANOTHER, "Repeater attic"))
    assert form["type"] is FlowResultType.FORM
    assert cards(hass) == {f"fritzbox:{ANOTHER}"}
    assert (await announce(hass, announced("192.0.2.28", ANOTHER)))["reason"] == "already_in_progress"


async def test_an_ignored_box_stays_ignored(hass: HomeAssistant) -> None:
    await start(hass, SOURCE_IGNORE, {"unique_id": f"fritzbox:{SERIAL}", "title": "FRITZ!Box"})

    assert (await announce(hass, announced()))["reason"] == "already_configured"
    assert cards(hass) == set()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_known_box_that_is_announced_by_another_id_is_known_by_its_address(
    host: str, hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    entry = await known(hass, fritz, host=host)

    assert (await announce(hass, announced(mac=ANOTHER)))["reason"] == "already_configured"

    assert (entry.data["config"]["host"], cards(hass)) == (host, set())


async def test_a_login_that_is_refused_is_not_tried_with_each_announcement(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    entry = await known(hass, fritz)
    fritz.box.users["homeassistant"] = replace(fritz.box.users["homeassistant"], password="another-password")

    for _ in range(3):
        assert (await announce(hass, announced(mac=ANOTHER)))["reason"] == "already_configured"
        await hass.async_block_till_done(wait_background_tasks=True)

    manager = await async_get_manager(hass)
    assert manager.status(ROUTER).health is Health.BLOCKED
    assert [flow["context"]["source"] for flow in entry.async_get_active_flows(hass, {"reauth"})] == ["reauth"]
    asked = len(fritz.requests)
    await announce(hass, announced(mac=ANOTHER))
    assert (len(fritz.requests), cards(hass)) == (asked, {f"fritzbox:{SERIAL}"})


async def test_another_box_at_the_address_of_a_known_one_has_a_card(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    await known(hass, fritz)
    fritz.box.serial = ANOTHER.upper()

    assert (await announce(hass, announced(mac=ANOTHER)))["type"] is FlowResultType.FORM
    assert f"fritzbox:{ANOTHER}" in cards(hass)


async def test_a_box_of_which_nobody_knows_where_it_is_has_a_card_beside_a_known_one(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    await known(hass, fritz, host="box.invalid")
    nowhere = replace(announced(mac="74427fb2b5a9"), ssdp_location=None)

    for info in (announced(mac=ANOTHER), nowhere):
        assert (await announce(hass, info))["type"] is FlowResultType.FORM

    assert cards(hass) == {f"fritzbox:{ANOTHER}", "fritzbox:74427fb2b5a9"}


async def test_it_is_listened_for_once(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    await known(hass, fritz)

    assert TARGET not in SsdpWatch(hass, await async_get_manager(hass))._wanted()
    assert [matcher["st"] for matcher in (await async_get_ssdp(hass))[DOMAIN]] == [TARGET]


async def test_a_box_that_another_integration_has_is_on_the_card_of_its_kind(hass: HomeAssistant) -> None:
    tools = MockConfigEntry(domain="fritz", data={"username": "ha", "password": "canary-password"})
    tools.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=tools.entry_id,
        connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(SERIAL))},
        configuration_url="http://192.0.2.1",
        name="FRITZ!Box 7590",
    )

    assert (await announce(hass, announced("192.0.2.1")))["reason"] == "offered_together"
    assert cards(hass) == {"import:fritzbox"}
