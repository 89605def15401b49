"""What is shown of a backup."""

import json

import pytest

from ha_device_backup_wled import WledHandler
from tests.simulators.wled import VERSIONS

from .artifacts import artifact, files
from .conftest import assert_no_canary


@pytest.mark.parametrize("version", VERSIONS)
def test_no_secret_is_shown(version: str) -> None:
    content = files(version)
    configuration = json.loads(content["cfg.json"])
    configuration["nw"]["ins"][0]["psk"] = "canary-wifi-password-0815"
    configuration["um"] = {"mod": {"apiKey": "canary-hue-key-6174", "pin": "canary-ap-password-2342", "gpio": 4}}
    content |= {"cfg.json": json.dumps(configuration).encode(), "bkp.cfg.json": json.dumps(configuration).encode()}
    shown = WledHandler.redact(artifact(content))
    assert_no_canary(shown)
    assert json.loads(shown["cfg.json"])["nw"]["ins"][0]["ssid"] == "**REDACTED**"
    assert json.loads(shown["cfg.json"])["um"]["mod"]["gpio"] == 4
    assert json.loads(shown["cfg.json"])["hw"] == configuration["hw"]


def test_what_is_readable_is_shown_and_the_rest_is_not() -> None:
    content = files() | {"ledmap2.json": b"{"}
    shown = WledHandler.redact(artifact(content))
    readable = {name for name in content if name.endswith((".json", ".css"))} - {"ledmap2.json"}
    assert shown.keys() == readable
    assert "Warm white" in shown["presets.json"]
    assert "uptime" not in shown[".device-backup/info.json"]
