"""What is a backup of a device, and what is none."""

from datetime import UTC, datetime

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError, Note
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota import validation_texts as texts
from ha_device_backup_tasmota.dump import parse_dump, with_settings
from tests.simulators.tasmota import VERSIONS, Chip, Place
from tests.simulators.tasmota.settings import crc32, pack, xor

from .artifacts import DUMP, RECORD, artifact, bare, device, dump, files, old_dump

NAME = "Config_lamp_14.4.1.dmp"
UNKNOWN_ORIGIN = (Note(code="origin_unknown", text="Only the settings."),)


@pytest.mark.parametrize("chip", Chip)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_bundle_and_a_bare_dump_are_backups(version: str, chip: Chip) -> None:
    assert TasmotaHandler.validate(artifact(files(version, chip))) == ()
    assert TasmotaHandler.validate(bare(dump(version, chip))) == UNKNOWN_ORIGIN


@pytest.mark.parametrize(
    ("number", "size", "version"),
    [
        (0x06000000, 3584, "6.0.0"),
        (0x06050000, 3584, "6.5.0"),
        (0x0606000A, 4096, "6.6.0.10"),
        (0x07020000, 4096, "7.2.0"),
    ],
)
def test_dumps_of_many_years_are_backups(number: int, size: int, version: str) -> None:
    content = old_dump(number, size)
    assert TasmotaHandler.validate(bare(content)) == UNKNOWN_ORIGIN
    readable = parse_dump(NAME, content)
    assert (readable.version_text, readable.chip, readable.saved_at) == (version, "ESP8266", None)


def test_a_bare_dump_tells_what_it_is_of() -> None:
    made = device()
    made.settings.put(Place.SAVED_AT, 1_760_000_000)
    (note,) = TasmotaHandler.validate(bare(made.dump()))
    assert note.text == texts.no_record("Lamp", "Tasmota 14.4.1, ESP32", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC))
    assert "(“Lamp”, Tasmota 14.4.1, ESP32, 2025-10-09 08:53 UTC)" in in_language(note.text, "en")


def test_a_build_whose_settings_begin_with_other_bytes_is_no_json() -> None:
    made = device()
    made.settings.put(0x000, 0x207B, 2)
    made.settings.seal()
    assert parse_dump(NAME, pack(bytes(made.settings.content), {})).version_text == "14.4.1"


def test_what_no_device_could_hold_is_refused_at_once() -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(dump("8.5.1") + bytes(2 * 1024 * 1024), NAME))
    assert caught.value.detail == texts.too_large(NAME)


@pytest.mark.parametrize("with_drivers", [False, True])
def test_other_settings_in_a_dump_are_valid_and_all_else_stays(with_drivers: bool) -> None:
    made = device()
    content = pack(bytes(made.settings.content), made.drivers if with_drivers else {})
    changed = bytearray(made.settings.content)
    changed[0x544:0x548] = b"\xc0\xa8\x02\x05"
    other = with_settings(content, bytes(changed))
    read, before = parse_dump(NAME, other), parse_dump(NAME, content)
    assert read.settings[:-4] == bytes(changed[:-4])
    assert read.drivers == before.drivers
    assert with_settings(other, before.settings) == content


@pytest.mark.parametrize(("number", "size"), [(0x06000000, 3584), (0x0606000A, 4096)])
def test_other_settings_of_an_old_firmware_are_valid(number: int, size: int) -> None:
    content = old_dump(number, size)
    changed = bytearray(parse_dump(NAME, content).settings)
    changed[0x544] = 10
    assert parse_dump(NAME, with_settings(content, bytes(changed))).settings[0x544] == 10


@pytest.mark.parametrize("with_drivers", [False, True])
def test_a_build_without_a_key_makes_readable_dumps(with_drivers: bool) -> None:
    made = device()
    drivers = made.drivers if with_drivers else {}
    content = xor(pack(bytes(made.settings.content), drivers), 18 if with_drivers else 2)
    readable = parse_dump(NAME, content)
    assert (readable.version_text, dict(readable.drivers)) == ("14.4.1", drivers)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", texts.empty(NAME)),
        (b"<!DOCTYPE html><html>Please log in</html>", texts.web_page(NAME)),
        (b" \r\n<HTML>", texts.web_page(NAME)),
        (b'{"header": {}}', texts.is_json(NAME)),
        (b"no settings at all" * 300, texts.not_a_dump(NAME)),
        (b"\x09", texts.not_a_dump(NAME)),
        (dump("8.5.1")[:3000], texts.cut_off(NAME, 3000, 4096)),
        (dump("8.5.1")[:100], texts.cut_off(NAME, 100, 4096)),
        (dump("8.5.1") + b"more", texts.cut_off(NAME, 4100, 4096)),
        (dump()[:4300], texts.cut_off(NAME, 4300, len(dump()))),
        (dump("8.5.1")[:2000] + b"?" + dump("8.5.1")[2001:], texts.damaged(NAME)),
        (dump()[:2000] + b"?" + dump()[2001:], texts.damaged(NAME)),
        (old_dump(0x06050000, 3584)[:-1] + b"?", texts.damaged(NAME)),
        (old_dump(0x05100000)[:2] + xor(b"\0" * 8 + b"\0\0\x10\x05" + b"\0" * 900, 2)[2:], texts.too_old(NAME)),
        (
            dump()[:4112] + xor(bytes(4112) + b"no header here!!", 18)[4112:] + dump()[4128:],
            texts.drivers_unreadable(NAME),
        ),
    ],
)
def test_what_is_no_dump_is_refused_with_the_reason(content: bytes, text: object) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(content, NAME))
    assert caught.value.detail == text


def test_a_driver_that_is_longer_than_the_file_is_refused() -> None:
    made = device()
    content = bytearray(xor(pack(bytes(made.settings.content), {".drvset010": made.drivers[".drvset010"]}), 18))
    content[4112 + 14] = 0xF0
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(xor(bytes(content), 18), NAME))
    assert caught.value.detail == texts.drivers_unreadable(NAME)


def test_settings_of_a_driver_that_are_damaged_on_the_device_are_doubted() -> None:
    made = device()
    made.drivers[".drvset010"] = b"????unused"
    doubts = TasmotaHandler.validate(artifact({**files(), DUMP: made.dump()}))
    assert doubts == (Note(code="drivers_damaged", text=texts.damaged_drivers([".drvset010"])),)
    assert ".drvset010" in str(doubts[0].text)


def test_the_settings_of_scripts_have_no_checksum() -> None:
    made = device()
    made.drivers[".drvset000"] = b'{"UserSet1":{"Param1":123}}'
    assert TasmotaHandler.validate(artifact({**files(), DUMP: made.dump()})) == ()


@pytest.mark.parametrize(
    "record", [b"", b"no JSON", b"[]", b"{}", b'{"StatusFWR":{"Version":"14.4.1"}}', b'{"a":' * 40 + b"1" + b"}" * 40]
)
def test_a_bad_record_is_refused(record: bytes) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(artifact({**files(), RECORD: record}))
    assert caught.value.detail == texts.BAD_RECORD


def test_a_bundle_without_a_dump_is_refused() -> None:
    content = files()
    del content[DUMP]
    with pytest.raises(InvalidArtifactError, match=r"config\.dmp is not in it"):
        TasmotaHandler.validate(artifact(content))


def test_the_zip_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidArtifactError, match=r"config\.dmp is not in it"):
        TasmotaHandler.validate(Artifact.bundle({"cfg.json": b"{}", "presets.json": b"{}"}))


def test_the_checksum_is_that_of_the_device() -> None:
    assert crc32(b"123456789") == 0xD202D277, "begun at 0, unlike everybody's"
