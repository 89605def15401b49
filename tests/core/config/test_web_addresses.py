"""Addresses that were copied from a browser, in the field for a host."""

import pytest

from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.contract import ApiVersion, ConfigField, FieldKind, HandlerSpec
from ha_device_backup_core.errors import ConfigError

HOST = ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True)
PORT = ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80)
CERTIFICATE = ConfigField(key="certificate", kind=FieldKind.CERTIFICATE, label="Certificate")
SSH_PORT = ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=22)
HOST_KEY = ConfigField(key="host_key", kind=FieldKind.HOST_KEY, label="Host key")


def spec_of(*fields: ConfigField) -> HandlerSpec:
    return HandlerSpec(kind="example", name="Example", api_version=ApiVersion(1, 0), fields=fields)


BARE, WEB, ENCRYPTED = spec_of(HOST), spec_of(HOST, PORT), spec_of(HOST, CERTIFICATE)
SSH = spec_of(HOST, SSH_PORT, HOST_KEY)


@pytest.mark.parametrize(
    ("spec", "entered", "host", "port"),
    [
        (BARE, "http://1.2.3.4/", "1.2.3.4", None),
        (BARE, " HTTP://WLED.local ", "wled.local", None),
        (BARE, "1.2.3.4/", "1.2.3.4", None),
        (BARE, "http://1.2.3.4:80", "1.2.3.4", None),
        (BARE, "http://[2001:DB8::1]/", "2001:db8::1", None),
        (BARE, "http://wled.local/#section", "wled.local", None),
        (WEB, "http://wled.local/", "wled.local", 80),
        (WEB, "http://wled.local:8080/", "wled.local", 8080),
        (WEB, "http://[fe80::1%25eth0]:8080/", "fe80::1%eth0", 8080),
        (ENCRYPTED, "https://fritz.box/", "fritz.box", None),
        (SSH, "https://pve.local/", "pve.local", 22),
    ],
)
def test_what_is_clear_is_taken(spec: HandlerSpec, entered: str, host: str, port: int | None) -> None:
    config = parse_config(spec, {"host": entered})
    assert (config["host"], config.get("port")) == (host, port)
    assert parse_config(spec, config) == config


@pytest.mark.parametrize(
    ("spec", "entered"),
    [
        (BARE, "http://wled.local/settings"),
        (BARE, "http://wled.local/?a=1"),
        (BARE, "http://user:secret@wled.local/"),
        (BARE, "http://wled.local:8080/"),
        (BARE, "http://wled.local:99999/"),
        (BARE, "http:///"),
        (BARE, "http://wled\n.local/"),
        (BARE, "ftp://wled.local/"),
        (BARE, "wled.local//"),
        (WEB, "https://wled.local/"),
        (ENCRYPTED, "https://fritz.box:8443/"),
        (SSH, "https://pve.local:8006/"),
    ],
)
def test_what_would_lose_something_is_refused(spec: HandlerSpec, entered: str) -> None:
    with pytest.raises(ConfigError, match="Enter only a host name or an IP address"):
        parse_config(spec, {"host": entered})


def test_another_port_that_was_entered_is_not_replaced() -> None:
    assert parse_config(WEB, {"host": "http://wled.local/", "port": 81})["port"] == 81
    assert parse_config(WEB, {"host": "http://wled.local:8080/", "port": 80.0})["port"] == 8080
    with pytest.raises(ConfigError, match="Enter only a host name"):
        parse_config(WEB, {"host": "http://wled.local:8080/", "port": 81})
