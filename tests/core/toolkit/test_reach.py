"""Which parts of a backup say how a device is reached."""

import pytest

from ha_device_backup_core.toolkit import files_of_reach, settings_of_reach

SAME = b""


@pytest.mark.parametrize(
    ("now", "then", "found"),
    [
        (
            b'{"gui": {"address": ":8384", "theme": "dark"}}',
            b'{"gui": {"address": ":80", "theme": "dark"}}',
            ["gui/address"],
        ),
        (b'{"gui": {"apiKey": "a", "theme": "dark"}}', b'{"gui": {"apiKey": "b", "theme": "light"}}', ["gui/apiKey"]),
        (b'{"net": {"DHCP": true}}', b'{"net": {"DHCP": false, "ipAddr": "10.0.0.2"}}', ["net/DHCP", "net/ipAddr"]),
        (b'{"wifi": {"ssid": "a"}}', b'{"wifi": {"ssid": "b"}}', ["wifi/ssid"]),
        (b'[{"http_port": 80}]', b'[{"http_port": 81}]', ["http_port"]),
        (b"api:\n  listen: ':1984'\n", b"api:\n  listen: ':80'\n", ["listen"]),
        (b"api:\n  listen: ':1984'\n", b"api: {}\n", ["listen"]),
        (
            b"config interface 'lan'\n\toption ipaddr '192.168.1.1'\n",
            b"\toption ipaddr '10.0.0.1'\n",
            ["interface", "ipaddr"],
        ),
        (b"[network]\nstaticIP = 10.0.0.2\n", b"[network]\nstaticIP = 10.0.0.3\n", ["staticIP"]),
        (b"export hostname=lamp", b"export hostname=light", ["hostname"]),
        (b"tls:\n  enabled: false\nauth:\n  enabled: true", b"tls:\n  enabled: false\nauth:\n  enabled: true", []),
        (b'{"a": [{"port": 1}, {"port": 2}]}', b'{"a": [{"port": 2}, {"port": 1}]}', []),
        (b'{"import": 1, "support": "x", "report": 2}', b'{"import": 2, "support": "y", "report": 3}', []),
        (b"# the same\nname: lamp", b"name: light", []),
        (b"\xff\xfeport", b"\x00\x01", []),
        (b"", b'{"ip": "10.0.0.2"}', ["ip"]),
        (b"{" * 5000, b"}" * 5000, []),
        (b"a" * 100_000, b"b" * 100_000, []),
    ],
)
def test_settings_are_told_by_their_names(now: bytes, then: bytes, found: list[str]) -> None:
    assert settings_of_reach(now, then) == found
    assert settings_of_reach(then, then) == []


@pytest.mark.parametrize(
    "path",
    [
        "/etc/network/interfaces",
        "/etc/netplan/50-cloud-init.yaml",
        "/etc/NetworkManager/system-connections/home.nmconnection",
        "/etc/systemd/network/10-eth0.network",
        "/etc/wpa_supplicant/wpa_supplicant.conf",
        "/etc/wpa_supplicant-wlan0.conf",
        "/etc/dhcpcd.conf",
        "/etc/hostname",
        "/etc/config/network",
        "/etc/config/wireless",
        "/etc/config/dropbear",
        "/etc/ssh/sshd_config",
        "/home/pi/.ssh/authorized_keys",
        "/root/.ssh",
        "/etc/ufw/user.rules",
        "/etc/nftables.conf",
        "/data/var/lib/connman/ethernet/settings",
    ],
)
def test_files_are_told_by_where_they_are(path: str) -> None:
    assert files_of_reach([path]) == [path]


def test_other_files_are_not_told() -> None:
    others = [
        "/etc/motd",
        "/srv/homework/sheet.ods",
        "/opt/networking-notes.txt",
        "/etc/sshfs.txt",
        "configuration.yaml",
    ]
    assert files_of_reach(others) == []
