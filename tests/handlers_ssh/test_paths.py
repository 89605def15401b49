"""Paths of a device: their names in a backup, and which are left out."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core import Artifact, ConfigError
from ha_device_backup_ssh.paths import absolute, entered_paths, is_left_out, name_of, path_of, quoted_path


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name and b"/" not in name and name not in {b".", b".."}))
def test_every_name_goes_into_a_bundle_and_comes_back(name: bytes) -> None:
    path = f"/etc/{os.fsdecode(name)}"
    assert path_of(quoted_path(path)) == path
    assert list(Artifact.bundle({name_of(path): b""}).files()) == [name_of(path)]


@pytest.mark.parametrize(
    ("path", "patterns", "left_out"),
    [
        ("/etc/ssl/certs/a.pem", ["/etc/ssl/certs"], True),
        ("/etc/ssl/certs", ["/etc/ssl/certs/"], True),
        ("/etc/ssl/certs2", ["/etc/ssl/certs"], False),
        ("/home/pi/app/node_modules/x/y.js", ["node_modules"], True),
        ("/var/log/pump.log", ["*.log"], True),
        ("/var/log/pump.conf", ["*.log", "/var/*/pump.txt"], False),
        ("/etc/pve/.members", ["/etc/pve/.*"], True),
    ],
)
def test_what_is_left_out(path: str, patterns: list[str], left_out: bool) -> None:
    assert is_left_out(path, patterns) is left_out


def test_members_that_lead_elsewhere_are_none() -> None:
    assert absolute("./etc/hosts") == "/etc/hosts"
    assert absolute("etc//hosts") == "/etc/hosts"
    assert absolute("../etc/hosts") is None
    assert absolute("etc/../../hosts") is None


def test_entered_paths_are_tidied() -> None:
    assert entered_paths(["/etc/", "//opt/x/../y", "/etc"]) == ("/etc", "/opt/y")
    for wrong in (["etc"], ["~/x"], []):
        with pytest.raises(ConfigError) as caught:
            entered_paths(wrong)
        assert caught.value.field == "files"
