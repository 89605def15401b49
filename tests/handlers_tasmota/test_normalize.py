"""What changes by itself counts for nothing, what somebody changed does."""

import json

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.dump import CHIPS, Dump
from ha_device_backup_tasmota.volatile import lasting_driver, lasting_settings
from tests.simulators.tasmota import VERSIONS, Chip, Place, Settings, TextIndex

from .artifacts import DUMP, RECORD, artifact, bare, device, dump, files


def normalized(content: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a bundle that count."""
    return dict(TasmotaHandler.normalize(artifact(content)))


@pytest.mark.parametrize("chip", Chip)
@pytest.mark.parametrize("version", VERSIONS)
def test_use_and_restarts_change_nothing(version: str, chip: Chip) -> None:
    made = device(version, chip)
    before = normalized({**files(version, chip), DUMP: made.dump()})
    for number in range(1, 4):
        made.live(number)
        made.boot()
    assert made.dump() != dump(version, chip)
    assert normalized({**files(version, chip), DUMP: made.dump()}) == before


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("index", [TextIndex.TOPIC, TextIndex.WIFI_PASSWORD, TextIndex.WEB_PASSWORD])
def test_a_changed_text_counts(version: str, index: TextIndex) -> None:
    made = device(version)
    before = normalized({**files(version), DUMP: made.dump()})
    made.set_text(index, "changed")
    after = normalized({**files(version), DUMP: made.dump()})
    assert {name for name in after if after[name] != before[name]} == {DUMP}


def test_a_changed_rule_a_changed_driver_and_a_changed_script_count() -> None:
    made = device()
    before = normalized(files())
    made.settings.content[Place.RULES] ^= 1
    made.drivers[".drvset010"] = made.drivers[".drvset010"][:-1] + b"D"
    after = normalized({**files(), DUMP: made.dump(), "files/autoexec.be": b"print(1)"})
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {DUMP, "config.dmp.drvset010", "files/autoexec.be"}


def test_a_fixed_address_counts_and_its_router_too() -> None:
    made = device()
    made.settings.put(Place.ADDRESS, 0x0502A8C0)
    fixed = normalized({**files(), DUMP: made.dump()})
    assert fixed != normalized(files())
    made.settings.put(Place.ROUTER, 0x0602A8C0)
    assert normalized({**files(), DUMP: made.dump()}) != fixed


def test_the_firmware_counts_and_the_rest_of_the_record_does_not() -> None:
    content = files()
    record = json.loads(content[RECORD])
    record["StatusPRM"]["Uptime"] = "9T00:00:00"
    record["StatusSTS"] = {"Heap": 1}
    assert normalized({**content, RECORD: json.dumps(record).encode()}) == normalized(content)
    record["StatusFWR"]["Version"] = "14.5.0(release-tasmota)"
    assert normalized({**content, RECORD: json.dumps(record).encode()}) != normalized(content)


def test_the_name_of_a_bare_dump_counts_for_nothing() -> None:
    one, other = bare(dump(), "one.dmp"), bare(dump(), "other.dmp")
    assert TasmotaHandler.normalize(one) == TasmotaHandler.normalize(other)
    assert set(TasmotaHandler.normalize(one)) == {DUMP, "config.dmp.drvset010", "config.dmp.drvset027"}


def test_normalised_files_are_normal() -> None:
    once = normalized(files())
    assert normalized(once) == once
    bare_once = TasmotaHandler.normalize(bare(dump("8.5.1")))
    assert TasmotaHandler.normalize(Artifact.bundle(bare_once)) == bare_once


def test_an_unreadable_record_counts_as_it_is() -> None:
    assert normalized({**files(), RECORD: b"?"})[RECORD] == b"?"


@pytest.mark.parametrize("number", [0x10010000, 0x06000000])
def test_of_an_unknown_version_only_what_is_never_put_back_is_left_out(number: int) -> None:
    settings = Settings(bytes([0xFF]) * 4096)
    settings.put(Place.VERSION, number)
    lasting = lasting_settings(Dump(bytes(settings.content), {}))
    left_out = [place for place, byte in enumerate(lasting) if byte == 0 and settings.content[place]]
    assert left_out == [*range(4, 8), *range(12, 16), *range(4092, 4096)]


@pytest.mark.parametrize(
    ("number", "chip", "counted", "left_out"),
    [
        (0x0606000B, 0, [0x314, 0xE80, 0xEC8, 0xF7C], [0x370, 0x378, 0x554]),
        (0x09050004, 0, [0x314, 0x554], [0x370, 0xF9C]),
        (0x0A000001, 0, [0x370, 0x534], [0x314, 0x337, 0x378, 0x51C, 0xF9C]),
        (0x0E030007, 0, [0x378, 0x51C, 0xF9C, 0x384], [0x3A4, 0x534, 0xF7C]),
        (0x10000000, CHIPS.index("ESP32-P4"), [0x3A4, 0x534], [0x384]),
    ],
)
def test_places_are_those_of_the_version(number: int, chip: int, counted: list[int], left_out: list[int]) -> None:
    settings = Settings(bytes([0xFF]) * 4096)
    settings.put(Place.VERSION, number)
    settings.put(Place.CHIP, chip, 1)
    lasting = lasting_settings(Dump(bytes(settings.content), {}))
    assert [lasting[place] for place in counted] == [0xFF] * len(counted)
    assert [lasting[place] for place in left_out] == [0] * len(left_out)


def test_the_meter_of_the_energy_driver_counts_for_nothing() -> None:
    content = bytes([1]) * 4 + (0x0102).to_bytes(2, "little") + bytes([1]) * 342
    lasting = lasting_driver(".drvset003", content)
    assert [place for place, byte in enumerate(lasting) if not byte] == [
        *range(4),
        *range(6, 12),
        *range(164, 292),
        *range(324, 348),
    ]
    other = lasting_driver(".drvset003", content + b"\1")
    assert [place for place, byte in enumerate(other) if not byte] == [*range(4)]


def test_settings_of_drivers_that_are_files_of_their_own_count_without_checksum() -> None:
    one = normalized({**files("8.5.1"), "files/.drvset027": b"1111content"})
    other = normalized({**files("8.5.1"), "files/.drvset027": b"2222content"})
    assert one["files/.drvset027"] == other["files/.drvset027"] == b"\0\0\0\0content"
    assert lasting_driver(".drvset000", b'{"a":1}') == b'{"a":1}'
