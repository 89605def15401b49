"""What is a backup of a device, and what is none."""

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError, Note
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.dump import parse_dump, with_settings
from tests.simulators.tasmota import VERSIONS, Chip, Place
from tests.simulators.tasmota.settings import crc32, pack, xor

from .artifacts import DUMP, RECORD, artifact, bare, device, dump, files, old_dump
from .conftest import as_told

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
    english = (
        "It holds only the settings, as the device's own page saves them (“Lamp”, Tasmota 14.4.1, ESP32, "
        "2025-10-09 08:53 UTC): no files, and nothing tells which device they are of."
    )
    german = (
        "Es enthält nur die Einstellungen, wie die Seite des Geräts sie speichert („Lamp“, Tasmota 14.4.1, ESP32, "
        "09.10.2025 08:53 UTC): keine Dateien, und nichts sagt, von welchem Gerät sie sind."
    )
    assert (in_language(note.text), in_language(note.text, "de")) == (english, german)


def test_a_bare_dump_without_name_and_time_tells_its_build() -> None:
    (note,) = TasmotaHandler.validate(bare(old_dump(0x07020000)))
    assert in_language(note.text) == (
        "It holds only the settings, as the device's own page saves them (Tasmota 7.2.0, ESP8266): no files, and "
        "nothing tells which device they are of."
    )


def test_a_build_whose_settings_begin_with_other_bytes_is_no_json() -> None:
    made = device()
    made.settings.put(0x000, 0x207B, 2)
    made.settings.seal()
    assert parse_dump(NAME, pack(bytes(made.settings.content), {})).version_text == "14.4.1"


def test_what_no_device_could_hold_is_refused_at_once() -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(dump("8.5.1") + bytes(2 * 1024 * 1024), NAME))
    assert caught.value.detail_in() == f"{NAME} is larger than the settings of any device."


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
        (b"", f"{NAME} is empty."),
        (
            b"<!DOCTYPE html><html>Please log in</html>",
            f"{NAME} is a web page, not the settings: a login page, perhaps.",
        ),
        (b" \r\n<HTML>", f"{NAME} is a web page, not the settings: a login page, perhaps."),
        (
            b'{"header": {}}',
            f"{NAME} is JSON, not a .dmp file. Where it comes from decode-config, make a .dmp file of it there.",
        ),
        (b"no settings at all" * 300, f"{NAME} is no .dmp file of Tasmota: it does not begin as one."),
        (b"\x09", f"{NAME} is no .dmp file of Tasmota: it does not begin as one."),
        (dump("8.5.1")[:3000], f"{NAME} has 3000 bytes of settings instead of 4096; it was cut off or changed."),
        (dump("8.5.1")[:100], f"{NAME} has 100 bytes of settings instead of 4096; it was cut off or changed."),
        (dump("8.5.1") + b"more", f"{NAME} has 4100 bytes of settings instead of 4096; it was cut off or changed."),
        (dump()[:4300], f"{NAME} has 4300 bytes of settings instead of {len(dump())}; it was cut off or changed."),
        (
            dump("8.5.1")[:2000] + b"?" + dump("8.5.1")[2001:],
            f"{NAME} is damaged: its checksum is wrong. A device would refuse it.",
        ),
        (dump()[:2000] + b"?" + dump()[2001:], f"{NAME} is damaged: its checksum is wrong. A device would refuse it."),
        (
            old_dump(0x06050000, 3584)[:-1] + b"?",
            f"{NAME} is damaged: its checksum is wrong. A device would refuse it.",
        ),
        (
            old_dump(0x05100000)[:2] + xor(b"\0" * 8 + b"\0\0\x10\x05" + b"\0" * 900, 2)[2:],
            f"{NAME} is of a Tasmota before 6.0, whose settings have no checksum and fit no later version.",
        ),
        (
            dump()[:4112] + xor(bytes(4112) + b"no header here!!", 18)[4112:] + dump()[4128:],
            f"{NAME} is damaged: the settings of drivers in it are not readable.",
        ),
    ],
)
def test_what_is_no_dump_is_refused_with_the_reason(content: bytes, text: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(content, NAME))
    assert caught.value.detail_in() == text


def test_a_driver_that_is_longer_than_the_file_is_refused() -> None:
    made = device()
    content = bytearray(xor(pack(bytes(made.settings.content), {".drvset010": made.drivers[".drvset010"]}), 18))
    content[4112 + 14] = 0xF0
    with pytest.raises(InvalidArtifactError) as caught:
        TasmotaHandler.validate(bare(xor(bytes(content), 18), NAME))
    assert caught.value.detail_in() == f"{NAME} is damaged: the settings of drivers in it are not readable."


def test_settings_of_a_driver_that_are_damaged_on_the_device_are_doubted() -> None:
    made = device()
    made.drivers[".drvset010"] = b"????unused"
    doubts = TasmotaHandler.validate(artifact({**files(), DUMP: made.dump()}))
    assert as_told(doubts) == [
        ("drivers_damaged", "The settings of these drivers are damaged on the device itself: .drvset010.")
    ]


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
    assert caught.value.detail_in() == ".device-backup/status.json is not what a Tasmota device says about itself."


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
