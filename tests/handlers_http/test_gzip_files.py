"""Packed files: whole ones, damaged ones, and such as unpack to too much."""

import gzip

import pytest

from ha_device_backup_http import gzip_files
from ha_device_backup_http.gzip_files import is_gzip, packed, unpacked

PLAIN = b"a" * 3_000_000
WHOLE = gzip.compress(PLAIN)


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (WHOLE, PLAIN),
        (WHOLE + WHOLE + b"\0\0", PLAIN * 2),
        (packed(b""), b""),
        (WHOLE[:-1], None),
        (WHOLE[: len(WHOLE) // 2], None),
        (WHOLE[:3], None),
        (WHOLE[:-6] + b"wrong!", None),
        (WHOLE + b"more", None),
        (PLAIN, None),
        (b"", None),
    ],
)
def test_unpacking(content: bytes, plain: bytes | None) -> None:
    assert unpacked(content) == plain
    assert is_gzip(content) == (plain is not None)


def test_what_holds_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_files, "_LARGEST_COMPARED", len(PLAIN) - 1)
    assert (unpacked(WHOLE), is_gzip(WHOLE)) == (None, True)
    monkeypatch.setattr(gzip_files, "_LARGEST_CHECKED", len(PLAIN) - 1)
    assert not is_gzip(WHOLE)


def test_the_same_content_makes_the_same_bytes() -> None:
    assert packed(PLAIN) == packed(PLAIN)
    assert unpacked(packed(PLAIN)) == PLAIN
