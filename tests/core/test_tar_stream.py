import io
import random
import tarfile
from collections.abc import Mapping
from contextlib import suppress

import pytest

from ha_device_backup_core.tar_stream import LARGEST_FILE, EntryKind, TarEntry, TarError, TarStream, is_tar_start

LONG = "a/" + "long " * 60 + "ü.txt"


def packed(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=form) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mtime = 1.5
            tar.addfile(member, io.BytesIO(content))
    return written.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    stream = TarStream(io.BytesIO(content))
    found = {entry.name: stream.read() for entry in stream.entries()}
    assert stream.has_end
    return found


def with_header(**changes: bytes) -> bytes:
    """Return a tar file of one file whose header says something else; its sum is right."""
    places = {"name": 0, "size": 124, "kind": 156, "magic": 257}
    header = bytearray(packed({"a": b""}, tarfile.GNU_FORMAT)[:512])
    for field, value in changes.items():
        header[places[field] : places[field] + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_files_of_any_name_and_size(form: int) -> None:
    chance = random.Random(1)
    sizes = (0, 1, 511, 512, 513, 3_000_000)
    files = {f"{LONG}{size}": chance.randbytes(size) for size in sizes}
    assert read(packed(files, form)) == files


def test_names_with_a_prefix() -> None:
    files = {f"{'p' * 90}/{'n' * 90}": b"x"}
    assert read(packed(files, tarfile.USTAR_FORMAT)) == files


def test_what_is_no_file() -> None:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, kind in (
            ("d", tarfile.DIRTYPE),
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("p", tarfile.FIFOTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "to"
            tar.addfile(member)
    found = list(TarStream(io.BytesIO(written.getvalue())).entries())
    assert found == [
        TarEntry("d/", EntryKind.FOLDER, 0, "to"),
        TarEntry("s", EntryKind.OTHER, 0, "to"),
        TarEntry("h", EntryKind.HARD_LINK, 0, "to"),
        TarEntry("p", EntryKind.OTHER, 0, "to"),
    ]


def test_what_is_not_read_is_skipped() -> None:
    content = packed({"a": b"1" * 5000, "b": b"22", "c": b"333"})
    stream = TarStream(io.BytesIO(content))
    found = {}
    for entry in stream.entries():
        found[entry.name] = stream.read(2)
        if entry.name == "a":
            stream.skip(10)
    assert found == {"a": b"11", "b": b"22", "c": b"33"}


def test_numbers_of_many_bytes() -> None:
    content = with_header(size=b"\x80" + (3).to_bytes(11)) + b"abc".ljust(512, b"\0") + bytes(1024)
    assert read(content) == {"a": b"abc"}


FOUR_TB = b"\x80" + (4 << 40).to_bytes(11)
DAMAGED = "A header in it is damaged."
CUT_OFF = "It is cut off."


def pax(record: bytes) -> bytes:
    """Return a header that tells something about the next entry."""
    return with_header(kind=b"x", size=b"00000000024\0") + record.ljust(512, b"\0")


ODD = {
    "no tar file": (b"no tar file" * 100, DAMAGED),
    "short": (b"short", CUT_OFF),
    "4 TB": (with_header(size=FOUR_TB), "A file in it claims 4398046511104 bytes: a."),
    "less than nothing": (with_header(size=b"\xff" * 12), DAMAGED),
    "no octal number": (with_header(size=b"99999999999\0"), DAMAGED),
    "a long pax header": (with_header(kind=b"x", size=b"7" * 11), "A header in it claims 8589934591 bytes."),
    "a long name": (with_header(kind=b"L", size=FOUR_TB), "A header in it claims 4398046511104 bytes."),
    "sparse": (with_header(kind=b"S"), "It holds a file with gaps, which cannot be read."),
    "cut off in a file": (with_header(size=b"00000010000\0") + b"some", CUT_OFF),
    "cut off in a header": (packed({LONG: b"x"})[:600], CUT_OFF),
    "no length": (pax(b"x path=a\n"), DAMAGED),
    "length of nothing": (pax(b"0 path=a\n"), DAMAGED),
    "a long length": (pax(b"999999999999999999999999 a"), DAMAGED),
    "a wrong length": (pax(b"9 path=ab\n"), DAMAGED),
    "a size that is none": (pax(b"20 size=-9999999999\n") + with_header(), DAMAGED),
    "a large size": (pax(b"20 size=99999999999\n") + with_header(), CUT_OFF),
}


def read_all(stream: TarStream) -> int:
    return sum(len(stream.read()) for _ in stream.entries())


@pytest.mark.parametrize(("content", "message"), ODD.values(), ids=ODD)
def test_odd_ones_end_in_an_error(content: bytes, message: str) -> None:
    with pytest.raises(TarError) as raised:
        read_all(TarStream(io.BytesIO(content)))
    assert str(raised.value.text) == message


def test_the_largest_file_is_only_cut_off() -> None:
    stream = TarStream(io.BytesIO(with_header(size=b"\x80" + LARGEST_FILE.to_bytes(11))))
    (entry,) = [next(stream.entries())]
    assert entry.size == LARGEST_FILE
    with pytest.raises(TarError):
        stream.skip(LARGEST_FILE)
    with pytest.raises(TarError):
        stream.skip(LARGEST_FILE + 1)


def test_an_end_that_is_missing_is_told() -> None:
    stream = TarStream(io.BytesIO(with_header()))
    assert [entry.name for entry in stream.entries()] == ["a"]
    assert not stream.has_end


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_an_error_or_another_content(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(packed({LONG: b"x" * 700, "b": b"y"}))
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    stream = TarStream(io.BytesIO(content[: chance.randint(len(content) // 2, len(content))]))
    with suppress(TarError):
        assert read_all(stream) <= len(content)


def test_a_beginning_is_known() -> None:
    assert is_tar_start(packed({"a": b""}, tarfile.USTAR_FORMAT))
    assert not is_tar_start(b"")
    assert not is_tar_start(bytes(512))
