"""Tar files as programs write them, and as attackers do."""

import io
import tarfile

import pytest

from ha_device_backup_http.tar_files import TarMember, is_tar_start, read_tar, write_tar

LONG = "folder/" * 30 + "ä.txt"
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def member(name: str, kind: bytes = tarfile.REGTYPE, **changes: object) -> tarfile.TarInfo:
    """Return what the library writes."""
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in changes.items():
        setattr(info, key, value)
    return info


def tar(
    *members: tuple[tarfile.TarInfo, bytes], kind: int = tarfile.PAX_FORMAT, pax_headers: dict[str, str] | None = None
) -> bytes:
    """Return a tar file."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=kind, pax_headers=pax_headers) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


def names(content: bytes) -> list[tuple[str, bytes]] | None:
    """Return names and contents."""
    found = read_tar(content)
    return None if found is None else [(each.name.decode(), bytes(each.content)) for each in found.members]


@pytest.mark.parametrize("kind", FORMATS)
def test_what_programs_write(kind: int) -> None:
    name = "a" * 90 + "/" + "b" * 90 if kind == tarfile.USTAR_FORMAT else LONG
    content = tar(
        (member("folder", tarfile.DIRTYPE, mode=0o755), b""),
        (member(name, mtime=1.5, uid=7, uname="me"), b"x" * 1000),
        (member("link", tarfile.SYMTYPE, linkname="target"), b""),
        kind=kind,
    )
    found = read_tar(content)
    assert found is not None
    assert is_tar_start(content)
    assert [(each.name.decode().rstrip("/"), each.kind, each.link) for each in found.members] == [
        ("folder", b"5", b""),
        (name, b"0", b""),
        ("link", b"2", b"target"),
    ]
    assert found.members[1].content == b"x" * 1000
    assert found.has_end


@pytest.mark.parametrize("kind", FORMATS)
def test_times_owners_and_order_do_not_count(kind: int) -> None:
    def written(time: int, order: int) -> bytes:
        both = [(member(name, mtime=time, uid=time % 7, mode=0o600), name.encode()) for name in ("a", "b")]
        found = read_tar(tar(*both[::order], kind=kind))
        assert found is not None
        return write_tar(found.members)

    once = written(1, 1)
    assert once == written(1_700_000_000, -1)
    again = read_tar(once)
    assert again is not None
    assert write_tar(again.members) == once


def test_what_is_written_can_be_read_by_programs() -> None:
    members = [
        TarMember(LONG.encode(), b"0", 0o600, b"", b"1" * 513),
        TarMember(b"link", b"2", 0o777, LONG.encode(), b""),
        TarMember(b"empty", b"0", 0o644, b"", b""),
    ]
    with tarfile.open(fileobj=io.BytesIO(write_tar(members))) as archive:
        found = {info.name: (info.mode, info.linkname, info.mtime) for info in archive}
        read = archive.extractfile(LONG)
        assert read is not None
        assert read.read() == b"1" * 513
    assert found == {LONG: (0o600, "", 0), "link": (0o777, LONG, 0), "empty": (0o644, "", 0)}


def test_comments_and_times_in_extended_headers_are_read_over() -> None:
    one = tar((member("a", pax_headers={"comment": "1", "mtime": "1.25"}), b"x"), pax_headers={"comment": "all"})
    assert names(one) == [("a", b"x")]


WHOLE = tar((member("a"), b"x" * 700), (member("b"), b"y"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        WHOLE[:100],
        WHOLE[:1000],
        WHOLE[: 512 + 1024 + 100],
        b"x" * 2048,
        bytes(10_240),
        WHOLE[:124] + b"77777777777\0" + WHOLE[136:],
        WHOLE.replace(b"0000000", b"0000001", 1),
        tar((member("a", tarfile.GNUTYPE_SPARSE), b"x")),
        tar((member("a", pax_headers={"GNU.sparse.major": "1"}), b"x")),
        tar((member("a", pax_headers={"size": "99999999"}), b"x")),
        tar((member("a", pax_headers={"comment": "x" * 70_000}), b"x")),
        tar((member("a", tarfile.XHDTYPE), b"nonsense")),
        tar((member("a", tarfile.XHDTYPE), b"9 a=b")),
        tar((member("a", tarfile.XHDTYPE), b"11 path=b\n")),
    ],
)
def test_what_is_no_whole_tar_file(content: bytes) -> None:
    assert read_tar(content) is None
    assert names(WHOLE) == [("a", b"x" * 700), ("b", b"y")]


def test_one_without_its_end() -> None:
    found = read_tar(WHOLE[: 512 + 1024 + 512 + 1])
    assert found is not None
    assert not found.has_end


def test_a_size_that_leads_back() -> None:
    negative = bytearray(WHOLE)
    negative[124:136] = b"\xff" * 12
    negative[148:156] = b" " * 8
    negative[148:156] = b"%06o\0 " % sum(negative[:512])
    assert read_tar(bytes(negative)) is None


def test_many_headers() -> None:
    assert read_tar(tar((member("a"), b""))[:512] * 60_000) is None
