"""Tar files whose few bytes stand for very much."""

import gzip
import io
import tarfile

import pytest

from ha_device_backup_core import ArtifactTooLargeError, InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_ssh import tar_contents
from ha_device_backup_ssh.entries import entries_of_tar
from ha_device_backup_ssh.judging import members_of

from ..steps import steps_of


def tar(links: int, *, to: str = "etc/a", content: bytes = b"text") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        file = tarfile.TarInfo("etc/a")
        file.size = len(content)
        archive.addfile(file, io.BytesIO(content))
        for number in range(links):
            link = tarfile.TarInfo(f"etc/{number}")
            link.type, link.linkname = tarfile.LNKTYPE, to
            archive.addfile(link)
    return packed.getvalue()


def test_a_file_with_several_names_is_held_once() -> None:
    first, *others = [entry.content for entry in entries_of_tar(tar(3), ())]
    assert (first, len(others)) == (b"text", 3)
    assert all(other is first for other in others)
    assert members_of("etc.tar.gz", gzip.compress(tar(1))) == {"etc/a": ("0644", b"text"), "etc/0": ("0644", b"text")}


def test_names_of_what_is_left_out_still_have_its_content() -> None:
    (entry,) = entries_of_tar(tar(1), ("/etc/a",))
    assert (entry.path, entry.content) == ("/etc/0", b"text")


@pytest.mark.parametrize("to", ["etc/b", "etc/0"])
def test_a_link_to_nothing_and_to_itself(to: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="no tar file"):
        entries_of_tar(tar(1, to=to), ())


def test_many_names_of_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_contents, "MOST_BYTES", 1024 * 1024)
    large = tar(20, content=bytes(100_000))
    with pytest.raises(ArtifactTooLargeError, match="more than 1 MB"):
        entries_of_tar(large, ())
    with pytest.raises(InvalidArtifactError, match="no readable tar file"):
        members_of("etc.tar.gz", gzip.compress(large))
    assert len(entries_of_tar(tar(5, content=bytes(100_000)), ())) == 6


def test_many_links_cost_what_they_weigh() -> None:
    small, large = tar(200), tar(800)
    few = steps_of(lambda: entries_of_tar(small, ()))
    assert steps_of(lambda: entries_of_tar(large, ())) < 6 * few
