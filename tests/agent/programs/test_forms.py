"""Forms of the output: what is cut, empty or something else is none of them."""

import gzip
import io
import tarfile

import pytest

from ha_device_backup_agent.programs.forms import OutputForm, check_form, without_time
from ha_device_backup_core import InvalidArtifactError


def tar_of(*contents: bytes, headers: dict[str, str] | None = None) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for content in contents:
            entry = tarfile.TarInfo("file")
            entry.size, entry.pax_headers = len(content), headers or {}
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


TAR = tar_of(b"x" * 3000)
TWO = tar_of(b"x" * 500, b"y" * 500)
SECOND = 1024
"""Where the second file begins in it."""
GZIP = gzip.compress(b"x" * 3_000_000, mtime=7)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (OutputForm.ANY, b"\0"),
        (OutputForm.TEXT, b"caf\xe9"),
        (OutputForm.JSON, b'{"a": 1}'),
        (OutputForm.TAR, TAR),
        (OutputForm.TAR, TWO),
        (OutputForm.TAR, TWO + b"what no program reads any more"),
        (OutputForm.TAR, TWO[: 2 * SECOND]),
        (OutputForm.GZIP, GZIP),
        (OutputForm.GZIP, GZIP + GZIP + bytes(512)),
    ],
)
def test_what_is_of_a_form(form: OutputForm, content: bytes) -> None:
    check_form(form, content)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        *((form, b"") for form in OutputForm),
        (OutputForm.TEXT, b"a\0b"),
        (OutputForm.JSON, b'{"a": '),
        (OutputForm.TAR, b"no archive" * 100),
        (OutputForm.TAR, TAR[:2000]),
        (OutputForm.TAR, TWO[: SECOND + 100]),
        (OutputForm.TAR, TWO[:SECOND] + b"?" + TWO[SECOND + 1 :]),
        (OutputForm.TAR, tar_of(b"x", headers={"GNU.sparse.map": "a,b"})),
        (OutputForm.TAR, tar_of(b"x", headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0"})),
        (OutputForm.GZIP, b"no archive"),
        (OutputForm.GZIP, GZIP[:-10]),
        (OutputForm.GZIP, GZIP[:200] + b"\xff" + GZIP[201:]),
        (OutputForm.GZIP, GZIP + b"more"),
    ],
)
def test_what_is_none(form: OutputForm, content: bytes) -> None:
    with pytest.raises(InvalidArtifactError):
        check_form(form, content)


def test_time_of_gzip_does_not_count() -> None:
    later = gzip.compress(b"x" * 3_000_000, mtime=8)
    assert without_time(OutputForm.GZIP, GZIP) == without_time(OutputForm.GZIP, later)
    assert without_time(OutputForm.TEXT, b"12345678") == b"12345678"
