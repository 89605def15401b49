"""The form of a file shows at its beginning."""

import gzip
import io
import tarfile

import pytest

from ha_device_backup_core.file_forms import FileForm, form_of
from ha_device_backup_core.zip_files import pack


def tar() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", FileForm.EMPTY),
        (b" \r\n", FileForm.EMPTY),
        (pack({"a": b""}), FileForm.ZIP),
        (pack({}), FileForm.ZIP),
        (gzip.compress(b"a"), FileForm.GZIP),
        (tar(), FileForm.TAR),
        (b' {"a": 1}\n', FileForm.JSON),
        (b"\xef\xbb\xbf[1, 2]\0", FileForm.JSON),
        (b'[{"a": 1}]', FileForm.JSON),
        (b"{}", FileForm.JSON),
        (b"[section]\na = [b]\n", FileForm.TEXT),
        (b"[1]\na = b\n", FileForm.TEXT),
        (b"<?xml version='1.0'?><a/>", FileForm.XML),
        (b"<config>", FileForm.XML),
        (b"<!-- a --><config/>", FileForm.XML),
        (b"\n<!doctype  HTML>", FileForm.PAGE),
        (b"<?xml version='1.0'?><!-- a - b --><html lang='de'>", FileForm.PAGE),
        (b"\xef\xbb\xbf\r\n<!-- a --> <Link rel=x>", FileForm.PAGE),
        (b"<h1>Error", FileForm.PAGE),
        (b"<?xml version='1.0'?><form/>", FileForm.XML),
        (b"<header/>", FileForm.XML),
        (b"< 3", FileForm.TEXT),
        ("Küche = 1".encode("latin-1"), FileForm.TEXT),
        ("Küche".encode("utf-16"), FileForm.TEXT),
        (b"\x7fELF\x01\x00\x02", FileForm.BINARY),
    ],
)
def test_forms(content: bytes, form: FileForm) -> None:
    assert form_of(content) is form


@pytest.mark.parametrize("piece", [b"<!---->", b"<!--", b"<?a>", b"<!-", b" ", b"[ ", b"{"])
def test_a_beginning_made_to_hang_a_search_does_not(piece: bytes) -> None:
    assert form_of(piece * 500_000) in FileForm
