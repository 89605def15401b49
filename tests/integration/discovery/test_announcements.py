"""What announcements tell, hostile ones included."""

from ipaddress import ip_address

import pytest
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.ha_device_backups.discovery.announcements import match_ssdp, match_zeroconf
from custom_components.ha_device_backups.discovery.found_devices import FoundDevice
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler

from ..acme_device_backup import AcmeHandler, AcmeLampHandler
from ..network import LAMP

REGISTRY = HandlerRegistry(
    handlers={
        handler.spec.kind: RegisteredHandler(handler=handler, distribution="acme", version="1")
        for handler in (AcmeHandler, AcmeLampHandler)
    }
)


def by_ssdp(location: str | None = "http://192.0.2.7/d.xml", st: str = LAMP, **upnp: object) -> FoundDevice | None:
    info = SsdpServiceInfo(
        ssdp_usn="uuid:x::y", ssdp_st=st, ssdp_location=location, upnp={"manufacturer": "ACME", **upnp}
    )
    match = match_ssdp(REGISTRY, info)
    return None if match is None else match[1]


def by_zeroconf(service: str = "_acmelamp._tcp.local.", **properties: str | None) -> FoundDevice | None:
    info = ZeroconfServiceInfo(
        ip_address=ip_address("192.0.2.7"),
        ip_addresses=[ip_address("192.0.2.7")],
        port=8080,
        hostname="acme-1.local.",
        type=service,
        name=f"acme-1.{service}",
        properties=properties,
    )
    match = match_zeroconf(REGISTRY, info)
    return None if match is None else match[1]


def test_a_description_fills_the_fields() -> None:
    assert by_ssdp(friendlyName="Bulb", serialNumber="7", webPort="8080") == FoundDevice(
        kind="acme_lamp", unique_id="7", title="Bulb", fields={"host": "192.0.2.7", "port": 8080}
    )
    assert by_ssdp(webPort="many") == FoundDevice(
        kind="acme_lamp", unique_id=None, title="192.0.2.7", fields={"host": "192.0.2.7", "port": "many"}
    )


def test_what_is_no_text_is_left_out_and_what_is_too_long_is_cut() -> None:
    assert by_ssdp(friendlyName="x" * 300, serialNumber={"a": "b"}, webPort=["80"]) == FoundDevice(
        kind="acme_lamp", unique_id=None, title="x" * 255, fields={"host": "192.0.2.7"}
    )


def test_only_exact_descriptions_match() -> None:
    assert by_ssdp(manufacturer="ACME Ltd") is None
    assert by_ssdp(st="upnp:rootdevice") is None


@pytest.mark.parametrize("location", [None, "http://[::1", "no address"])
def test_a_location_that_is_none_tells_no_host(location: str | None) -> None:
    assert by_ssdp(location) == FoundDevice(kind="acme_lamp", unique_id=None, title="uuid:x::y", fields={})


@pytest.mark.parametrize("identity", ["", "x" * 256, "a\nb", "\x00"])
def test_an_identity_that_is_none_has_to_be_asked_for(identity: str) -> None:
    for found in (by_zeroconf(id=identity), by_ssdp(serialNumber=identity)):
        assert found is not None
        assert found.unique_id is None


def test_a_property_without_a_value_matches_no_pattern() -> None:
    assert by_zeroconf("_acme._tcp.local.", line=None) is None
    assert by_zeroconf("_acme._tcp.local.", line="HomeLine") == FoundDevice(
        kind="acme", unique_id=None, title="acme-1", fields={"host": "192.0.2.7"}
    )
