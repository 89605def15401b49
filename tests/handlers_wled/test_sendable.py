"""What is put on a controller can be read there: by firmware that looks for a text in place of reading a file."""

import json

import pytest

from ha_device_backup_core import FileChange, PlannedFile
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.sendable import is_held, sendable
from tests.simulators.wled import SimulatedWled

from .conftest import changed, fetch, files_of, plan, restore

MARK = b"\xef\xbb\xbf"
BACKWARDS = list(range(143, -1, -1))
WIDE = json.dumps({"n": "Back wards", "map": BACKWARDS}, indent=2).encode()
BY_HAND = b"""{
  "0xFF629D": {"cmd": "T=2", "rpt": true, "label": "Toggle"},  // the red one
  "0xFF22DD": {"cmd": "!presetFallback", "PL": 1},
}"""
"""As the firmware's own documentation writes it."""


@pytest.mark.parametrize(
    ("name", "content", "sent"),
    [
        ("ledmap.json", b'{"n": "a  b", "map": [ 1,\n\t2 ]}', b'{"n":"a  b","map":[1,2]}'),
        ("ledmap15.json", MARK + b'{"map":[1]}', b'{"map":[1]}'),
        ("ir.json", b'{"0x1" : {"cmd": "T=2"}}', b'{"0x1":{"cmd":"T=2"}}'),
        ("ir.json", BY_HAND, BY_HAND),
        ("remote.json", b'{ "16": {} }', b'{"16":{}}'),
        ("palette0.json", MARK + b'{"palette": [0]}', b'{"palette": [0]}'),
        ("2d-gaps.json", MARK + b"[1, 1]", b"[1, 1]"),
        ("presets.json", b' {"0":{}}\n', b'{"0":{}}'),
        ("presets.json", b'{"0":{}}   ', b'{"0":{}}'),
        ("holidays.json", b"[ ]", b"[ ]"),
        ("my own.json", MARK + b'{"map": []}', MARK + b'{"map": []}'),
        ("skin.css", MARK + b":root { }", MARK + b":root { }"),
    ],
)
def test_only_what_the_firmware_would_not_find_is_changed(name: str, content: bytes, sent: bytes) -> None:
    assert sendable(name, content) == sent
    assert sendable(name, sent) == sent
    assert is_held(name, sent, sent)
    assert not is_held(name, sent, None)


@pytest.mark.parametrize("version", ["0.14.4", "0.15.5", "16.0.0"])
async def test_a_led_map_with_blanks_works_on_a_newer_firmware(version: str) -> None:
    async with SimulatedWled("0.14.4", extra_files={"ledmap3.json": WIDE}) as old:
        assert old.device.led_map(3) == BACKWARDS
        artifact = (await fetch(old)).artifact
        assert files_of(artifact)["ledmap3.json"] == WIDE
    async with SimulatedWled(version, extra_files={"ledmap3.json": WIDE}) as wled:
        assert wled.device.led_map(3) == ([] if wled.device.firmware.searches_led_maps else BACKWARDS)
        planned = await plan(wled, artifact)
        assert PlannedFile(name="ledmap3.json", change=FileChange.CHANGED) in planned.files
        await restore(wled, artifact)
        assert wled.device.led_map(3) == BACKWARDS
        again = (await fetch(wled)).artifact
        assert WledHandler.normalize(again)["ledmap3.json"] == WledHandler.normalize(artifact)["ledmap3.json"]


async def test_a_file_of_a_remote_that_is_written_by_hand_is_put_back_and_a_cut_one_is_not() -> None:
    async with SimulatedWled() as wled:
        wled.device.files.write("/ir.json", BY_HAND)
        toggle = wled.device.command("0xFF629D")
        fetched = await fetch(wled)
        assert fetched.doubts == ()
        assert toggle == {"cmd": "T=2", "rpt": True, "label": "Toggle"}
        wled.device.wipe()
        await restore(wled, fetched.artifact)
        assert wled.device.command("0xFF629D") == toggle
        cut = changed(fetched.artifact, ir_json=BY_HAND[:-4])
        assert [doubt.code for doubt in WledHandler.validate(cut)] == ["files_damaged"]
