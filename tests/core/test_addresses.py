"""The address of a device as a URL."""

import pytest
from yarl import URL

from ha_device_backup_core import ConfigValue, base_url
from ha_device_backup_core.addresses import host_header


@pytest.mark.parametrize(
    ("host", "port", "scheme", "url"),
    [
        ("192.0.2.7", None, "http", "http://192.0.2.7"),
        ("lamp.local", 80, "http", "http://lamp.local"),
        ("lamp.local", 8080, "http", "http://lamp.local:8080"),
        ("lamp.local", 443, "https", "https://lamp.local"),
        ("lamp.local", 80, "https", "https://lamp.local:80"),
        ("::1", None, "http", "http://[::1]"),
        ("fd00::1", 8080, "http", "http://[fd00::1]:8080"),
        ("[fd00::1]", 8080, "http", "http://[fd00::1]:8080"),
    ],
)
def test_the_address_of_a_device(host: ConfigValue, port: ConfigValue, scheme: str, url: str) -> None:
    assert base_url(host, port, scheme) == url
    parsed = URL(base_url(host, port, scheme) + "/settings")
    assert (parsed.host, parsed.path) == (str(host).strip("[]"), "/settings")


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("http://[fe80::1%eth0]/x", {"Host": "[fe80::1]"}),
        ("https://[fe80::1%25eth0]:8443/x", {"Host": "[fe80::1]:8443"}),
        ("http://[fe80::1]/x", {}),
        ("http://lamp.local/a%25b", {}),
    ],
)
def test_a_zone_is_told_to_nobody(url: str, header: dict[str, str]) -> None:
    assert host_header(URL(url)) == header
