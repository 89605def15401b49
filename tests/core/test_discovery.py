"""What announcements tell, hostile ones included."""

import pytest

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, Ssdp, Zeroconf
from ha_device_backup_core.discovery import Announcement, FoundDevice, match, wanted_devices
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler

from .example_handler import ExampleHandler

LAMP = "urn:acme-example:device:Lamp:1"
HOST = ConfigField(key="host", kind=FieldKind.HOST, label="Host")


class HouseHandler(ExampleHandler):
    spec = HandlerSpec(
        kind="acme",
        name="ACME house",
        api_version=ApiVersion(1, 0),
        fields=(HOST,),
        discovery=(Zeroconf(type="_acme._tcp.local.", name="acme-*", properties={"line": "home*"}),),
    )


class LampHandler(ExampleHandler):
    spec = HandlerSpec(
        kind="acme_lamp",
        name="ACME lamp",
        api_version=ApiVersion(1, 0),
        fields=(HOST, ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80)),
        discovery=(
            Zeroconf(type="_acmelamp._tcp.local.", fields={"host": "host", "port": "port"}, unique_id="properties.id"),
            Ssdp(
                st=LAMP,
                properties={"manufacturer": "ACME"},
                fields={"host": "host", "port": "upnp.webPort"},
                unique_id="upnp.serialNumber",
            ),
        ),
    )


REGISTRY = HandlerRegistry(
    handlers={
        handler.spec.kind: RegisteredHandler(handler=handler, distribution="acme", version="1")
        for handler in (HouseHandler, LampHandler)
    }
)


def by_ssdp(location: str | None = "http://192.0.2.7/d.xml", st: str = LAMP, **upnp: object) -> FoundDevice | None:
    announcement = Announcement.of_description(
        usn="uuid:x::y", targets=(st, None), location=location, description={"manufacturer": "ACME", **upnp}
    )
    matched = match(REGISTRY, announcement)
    return None if matched is None else matched[1]


def by_zeroconf(
    service: str = "_acmelamp._tcp.local.", name: str = "acme-1", **properties: str | None
) -> FoundDevice | None:
    announcement = Announcement.of_service(
        service=service,
        name=f"{name}.{service}",
        host="192.0.2.7",
        port=8080,
        hostname="acme-1.local.",
        properties=properties,
    )
    matched = match(REGISTRY, announcement)
    return None if matched is None else matched[1]


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


@pytest.mark.parametrize(
    ("udn", "mac"),
    [
        ("uuid:75802409-bccb-40e7-8e6c-2C3AFD0A1B2C", "2c3afd0a1b2c"),
        ("uuid:123402409-bccb-40e7-8e6c-2c3afd0a1b2c", "2c3afd0a1b2c"),
        ("uuid:75802409-bccb-40e7-8e6c-000000000000", None),
        ("uuid:75802409-bccb-40e7-8e6c-2C3AFD0A1B", None),
        ("uuid:lamp", None),
        ("", None),
    ],
)
def test_a_udn_ends_with_a_mac_address_or_tells_none(udn: str, mac: str | None) -> None:
    announcement = Announcement.of_description(usn=f"{udn}::{LAMP}", targets=(LAMP,), location=None, description={})
    assert announcement.value_at("udn.mac") == mac


@pytest.mark.parametrize("host", ["[fe80::1]", "169.254.1.1"])
def test_an_address_that_needs_an_interface_is_none(host: str) -> None:
    assert by_ssdp(f"http://{host}/d.xml", serialNumber="7") is None
    assert by_ssdp("http://[2001:db8::1]/d.xml", serialNumber="7") is not None


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
    assert by_zeroconf("_acme._tcp.local.", "other-1", line="HomeLine") is None


def test_what_is_listened_for_is_what_handlers_look_for() -> None:
    services, descriptions = wanted_devices(REGISTRY, Zeroconf), wanted_devices(REGISTRY, Ssdp)
    assert {target: [one.kind for one, _ in wanted] for target, wanted in {**services, **descriptions}.items()} == {
        "_acme._tcp.local.": ["acme"],
        "_acmelamp._tcp.local.": ["acme_lamp"],
        LAMP: ["acme_lamp"],
    }
    assert len(services) == 2
