"""Forms of the output: what is cut, empty or something else is none of them."""

import gzip
import io
import tarfile

import pytest

from ha_device_backup_agent.programs.forms import OutputForm, check_form, without_time
from ha_device_backup_core import InvalidArtifactError


def tar_of(content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("file")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


TAR = tar_of(b"x" * 3000)
GZIP = gzip.compress(b"x" * 3_000_000, mtime=7)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (OutputForm.ANY, b"\0"),
        (OutputForm.TEXT, b"caf\xe9"),
        (OutputForm.JSON, b'{"a": 1}'),
        (OutputForm.TAR, TAR),
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
