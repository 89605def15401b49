"""The export: its structure, its checksum, and everything that is none."""

import hashlib
import zlib
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError, Note
from ha_device_backup_fritzbox.checksum import checksum, has_right_checksum
from ha_device_backup_fritzbox.export_file import Header, Section, parse_export
from ha_device_backup_fritzbox.files import EXPORT, export_name, files_by_role
from ha_device_backup_fritzbox.validate import validate
from tests.simulators.fritzbox import Configuration
from tests.simulators.fritzbox.export_file import make_export

from .conftest import CHECKSUM_DOUBT, as_told
from .exports import CHECKSUM, VECTOR, imported

CUT_OFF = "The export is cut off: its last line is missing."
NO_EXPORT = "It does not begin as the export of a FRITZ!Box does (“**** … CONFIGURATION EXPORT”)."

NOTHING: Mapping[str, bytes | None] = MappingProxyType({})


def test_the_vector_is_the_one_that_others_computed() -> None:
    assert hashlib.sha256(VECTOR).hexdigest() == "a12eaac32aeb271b6963e96cfdfd548e18dd80a37ee12eb90fcde286404f973b"


@pytest.mark.parametrize(
    "content", [VECTOR, VECTOR.replace(b"\n", b"\r\n"), VECTOR.removesuffix(b"\n"), VECTOR + b"\n"]
)
def test_the_checksum_of_the_vector(content: bytes) -> None:
    export = parse_export(content)
    assert (checksum(export), export.checksum, export.model) == (CHECKSUM, CHECKSUM, "FRITZ!Box 7590")
    assert export.header("FirmwareVersion") == "154.08.02"
    assert export.header("absent") is None
    assert [(section.kind, section.name, section.data()) for section in export.sections] == [
        ("CFGFILE", "ar7.cfg", None),
        ("BINFILE", "example_bin", b"\0\1\2\3\xff"),
        ("B64FILE", "example_b64", b"hello fritz"),
        ("CRYPTEDB64FILE", "example_crypted", bytes(range(16))),
    ]
    assert export.to_bytes() == VECTOR
    assert validate(imported(content)) == ()


def test_the_simulated_box_computes_checksums_on_its_own() -> None:
    for padding in (0, 1000):
        content = make_export("FRITZ!Box 7490", "113.07.21", Configuration(padding=padding), b"<phonebook/>")
        assert has_right_checksum(parse_export(content))


@pytest.mark.parametrize(
    ("old", "new", "counted"),
    [
        (b"OEM=avm", b"OEM=", b""),
        (b"OEM=avm", b"OEM=", b"OEM\0"),
        (b"OEM=avm", b"OEM=a=b", b"OEMa=b\0"),
        (b"OEM=avm", b"OEM=a=b", b"OEM=ab\0"),
    ],
)
def test_readings_of_the_rule_for_headers_are_all_right(old: bytes, new: bytes, counted: bytes) -> None:
    export = parse_export(VECTOR.replace(old, new))
    running = 0
    for part in export.parts:
        if isinstance(part, Header):
            line = counted if part.key == "OEM" else f"{part.key}{part.value}\0".encode()
            running = zlib.crc32(line, running)
        else:
            running = zlib.crc32(_counted(part), running)
    right = VECTOR.replace(old, new).replace(CHECKSUM.encode(), f"{running:08X}".encode())
    assert has_right_checksum(parse_export(right))


def _counted(section: Section) -> bytes:
    body = section.body.replace("\\\\", "\\").encode() if section.is_text else section.data()
    return f"{section.name}\0".encode() + (body or b"")


def test_readings_of_the_rule_for_backslashes_are_all_right() -> None:
    content = VECTOR.replace(b"a\\\\b", b"a\\\\\\b")
    export = parse_export(content)
    for text in ("a\\\\b", "a\\b"):
        running = 0
        for part in export.parts:
            if isinstance(part, Header):
                running = zlib.crc32(f"{part.key}{part.value}\0".encode(), running)
            elif part.is_text:
                body = part.body.replace("a\\\\\\b", text)
                running = zlib.crc32(f"{part.name}\0{body}".encode(), running)
            else:
                running = zlib.crc32(_counted(part), running)
        right = content.replace(CHECKSUM.encode(), f"{running:08X}".encode())
        assert validate(imported(right)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"dsldmode_router", b"dsldmode_bridge"),
        (b"781C84DC", b"781c84dd"),
        (b"00010203", b"0001020"),
        (b"00010203", b"000102xx"),
        (b"aGVsbG8gZnJpdHo=", b"aGVsbG8gZnJpdHo"),
        (b"aGVsbG8gZnJpdHo=", b"\xe4GVsbG8gZnJpdHo="),
        (b"**** B64FILE:", b"**** NEWFILE:"),
    ],
)
def test_a_checksum_that_does_not_fit_is_a_doubt_and_none_when_it_does(old: bytes, new: bytes) -> None:
    assert as_told(validate(imported(VECTOR.replace(old, new)))) == [CHECKSUM_DOUBT]
    assert validate(imported(VECTOR)) == ()


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "The file is empty."),
        (b" \r\n", "The file is empty."),
        (b"<!DOCTYPE html><html></html>", "It is a web page, not the export of the settings."),
        (b"\xef\xbb\xbf\n<HTML>", "It is a web page, not the export of the settings."),
        (b'{"cfg": 1}', NO_EXPORT),
        (b"\n" + VECTOR, NO_EXPORT),
        (VECTOR[:-40], CUT_OFF),
        (VECTOR[: len(VECTOR) // 2], CUT_OFF),
        (VECTOR.splitlines(keepends=True)[0], CUT_OFF),
        (VECTOR.replace(b"OEM=avm", b"nonsense"), "The export is damaged in line 5."),
        (VECTOR.replace(b"**** END OF FILE ****\n**** BINFILE", b"**** BINFILE"), "The export is damaged in line 24."),
        (VECTOR.replace(b"**** CFGFILE:", b"**** B64FILE:"), "The export holds no settings."),
        (VECTOR + b"more\n", "Something follows behind the end of the export."),
        (VECTOR + VECTOR, "Something follows behind the end of the export."),
    ],
)
def test_what_is_no_whole_export_is_refused_with_the_reason(content: bytes, detail: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        validate(imported(content))
    assert caught.value.detail_in() == detail
    assert validate(imported(VECTOR)) == ()


@pytest.mark.parametrize("length", range(0, len(VECTOR) - 2, 7))
def test_no_cut_is_taken_for_whole(length: int) -> None:
    with pytest.raises(InvalidArtifactError):
        parse_export(VECTOR[:length])


def _bundle(changes: Mapping[str, bytes | None] = NOTHING, missing: tuple[Note, ...] = ()) -> Artifact:
    content = {"box.export": VECTOR, "device.json": b"{}", **changes}
    return Artifact.bundle({name: data for name, data in content.items() if data is not None}, missing=missing)


@pytest.mark.parametrize(
    ("artifact", "detail"),
    [
        (_bundle({"other.export": VECTOR}), "It holds more than one export."),
        (_bundle({"box.export": VECTOR[:50]}), CUT_OFF),
        (_bundle({"box.export": None}), "The export of the settings is missing in it, and nothing says why."),
        (_bundle({"device.json": b"[]"}), "device.json is missing or cannot be read."),
        (_bundle({"device.json": b"[" * 100_000}), "device.json is missing or cannot be read."),
    ],
)
def test_a_bundle_that_is_no_backup(artifact: Artifact, detail: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        validate(artifact)
    assert caught.value.detail_in() == detail
    assert validate(_bundle({"phonebook-0.xml": b"<phonebooks/>"})) == ()


def test_a_bundle_may_lack_the_export_when_it_says_so() -> None:
    assert validate(_bundle({"box.export": None}, (Note(code="configuration_export", text="why"),))) == ()


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("FRITZ.Box 7590 154.08.02_01.02.26_0304.export", "FRITZ.Box 7590 154.08.02_01.02.26_0304.export"),
        (None, EXPORT),
        ("", EXPORT),
        ("../x.export", EXPORT),
        ("a\\b.export", EXPORT),
        ("x.exe", EXPORT),
        ("ä.export", EXPORT),
        ("x" * 200 + ".export", EXPORT),
    ],
)
def test_only_a_plain_name_is_taken_from_the_box(suggested: str | None, name: str) -> None:
    assert export_name(suggested) == name


def test_the_export_is_compared_under_one_name() -> None:
    assert files_by_role(_bundle()) == {EXPORT: VECTOR, "device.json": b"{}"}
    assert files_by_role(imported(VECTOR, "mine.export")) == {EXPORT: VECTOR}
