"""The largest and densest files cost little memory, whatever they hold, and work that grows with them alone."""

import tracemalloc
from collections.abc import Iterator

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.contract import MEBIBYTE
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.contacts import is_whole_list, normalize_list
from ha_device_backup_fritzbox.export_file import MAX_PARSED_EXPORT, MOST_PARTS, parse_export
from ha_device_backup_fritzbox.files import EXPORT
from ha_device_backup_fritzbox.xml_parts import MAX_PARSED, XmlError, read_xml

from .exports import VECTOR, imported, with_settings

LARGEST = FritzBoxHandler.spec.max_artifact_bytes
ALLOWED = 150 * MEBIBYTE


def filled(piece: bytes, size: int = LARGEST) -> Artifact:
    """Return an export whose settings are that, again and again."""
    head, tail = VECTOR.split(b"        mode = dsldmode_router;", 1)
    return imported(head + piece * ((size - len(VECTOR)) // len(piece)) + b"\n" + tail)


def with_book(piece: bytes, size: int) -> Artifact:
    """Return a backup with a phone book of that, again and again."""
    book = b"<phonebooks><phonebook>" + piece * (size // len(piece)) + b"</phonebook></phonebooks>"
    return Artifact.bundle({"box.export": VECTOR, "device.json": b"{}", "phonebook-0.xml": book})


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Fail when more is used at once than the largest file may cost."""
    tracemalloc.start()
    yield
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < ALLOWED


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(lambda: with_book(b"<contact><a/></contact>", 15 * MEBIBYTE), id="elements"),
        pytest.param(lambda: with_book(b"&", 15 * MEBIBYTE), id="references"),
        pytest.param(lambda: with_book(b"<a/>", MAX_PARSED // 4), id="elements that are read"),
        pytest.param(lambda: filled(b"\n"), id="empty lines"),
        pytest.param(lambda: filled(b"ab\n"), id="short lines"),
        pytest.param(lambda: filled(b"\\"), id="backslashes"),
        pytest.param(lambda: filled(b"a = 1;\n", MAX_PARSED_EXPORT // 8), id="settings that are read"),
        pytest.param(lambda: filled(b"landevices {\n", MAX_PARSED_EXPORT // 8), id="blocks that are read"),
    ],
)
def test_dense_files_cost_little_memory(artifact: object) -> None:
    made = artifact()  # type: ignore[operator] # made here, so that it is measured as well
    assert {note.code for note in FritzBoxHandler.validate(made)} <= {"checksum", "list_odd:phonebook-0.xml"}
    FritzBoxHandler.normalize(made)
    FritzBoxHandler.configured(made)
    FritzBoxHandler.redact(made)


def test_a_long_phone_book_is_compared_without_the_times_in_it() -> None:
    form = b"<phonebooks><phonebook><timestamp>%d</timestamp>" + b"<contact/>" * (MAX_PARSED // 10)
    first, later = (form % number + b"</phonebook></phonebooks>" for number in (1, 2))
    assert is_whole_list(first)
    assert normalize_list(first) == normalize_list(later)
    assert normalize_list(first) != normalize_list(first.replace(b"<contact/>", b"<contact />", 1))
    assert "phonebook-0.xml" not in FritzBoxHandler.redact(Artifact.bundle({"phonebook-0.xml": first}))


def test_a_long_export_is_checked_and_compared_as_it_is() -> None:
    long = filled(b"        a = 1;\n", 2 * MAX_PARSED_EXPORT)
    assert [note.code for note in FritzBoxHandler.validate(long)] == ["checksum"]
    assert FritzBoxHandler.normalize(long) == {EXPORT: long.content}
    assert FritzBoxHandler.redact(long) == {}
    with pytest.raises(InvalidArtifactError):
        FritzBoxHandler.validate(imported(long.content[:-40]))


@pytest.mark.parametrize("part", [b"a=b\n", b"**** B64FILE:x\n**** END OF FILE ****\n"])
def test_more_parts_than_a_box_has_are_none(part: bytes) -> None:
    begin, rest = VECTOR.split(b"\n", 1)
    assert len(parse_export(begin + b"\n" + part * 1000 + rest).parts) > 1000
    with pytest.raises(InvalidArtifactError):
        parse_export(begin + b"\n" + part * MOST_PARTS + rest)


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><phonebooks>&y;</phonebooks>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><phonebooks>&a;</phonebooks>',
    ],
)
def test_entities_are_never_followed(bomb: bytes) -> None:
    assert not is_whole_list(bomb)
    with pytest.raises(XmlError):
        list(read_xml(bomb))
    files = {"box.export": VECTOR, "device.json": b"{}", "phonebook-0.xml": bomb}
    notes = FritzBoxHandler.validate(Artifact.bundle(files))
    assert [(note.code, note.is_remark) for note in notes] == [("list_broken:phonebook-0.xml", True)]


@pytest.mark.parametrize("line", ['"\\' * 50_000, '"' * 100_001, "}" + " " * 100_000 + "!{", " " * 100_000 + "x"])
def test_a_line_is_searched_once(line: str) -> None:
    artifact = with_settings(line)
    once = FritzBoxHandler.normalize(artifact)
    assert FritzBoxHandler.normalize(imported(once[EXPORT])) == once
    assert line not in FritzBoxHandler.redact(artifact)[EXPORT]
