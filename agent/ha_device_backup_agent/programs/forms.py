"""What the output of a program has to be; pure."""

import io
import tarfile
import zlib
from collections.abc import Callable, Mapping
from enum import StrEnum

from ha_device_backup_core import InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, read_json

from ..translation import _

_PIECE = 1024 * 1024
_MOST_UNPACKED = 512 * _PIECE
"""Bytes that are unpacked to check them; what comes after is taken as it is."""
_GZIP_TIME = slice(4, 8)


class OutputForm(StrEnum):
    """Forms that an administrator can name."""

    ANY = "any"
    TEXT = "text"
    JSON = "json"
    TAR = "tar"
    GZIP = "gzip"


MEDIA_TYPES: Mapping[OutputForm, str] = {
    OutputForm.ANY: "application/octet-stream",
    OutputForm.TEXT: "text/plain",
    OutputForm.JSON: "application/json",
    OutputForm.TAR: "application/x-tar",
    OutputForm.GZIP: "application/gzip",
}


def check_form(form: OutputForm, content: bytes) -> None:
    """Raise InvalidArtifactError for what is not of the form."""
    if not content:
        raise InvalidArtifactError(_("It is empty."))
    _CHECKS[form](content)


def without_time(form: OutputForm, content: bytes) -> bytes:
    """Return the content without the time that a form has in its head."""
    if form is not OutputForm.GZIP or len(content) < _GZIP_TIME.stop:
        return content
    return content[: _GZIP_TIME.start] + bytes(4) + content[_GZIP_TIME.stop :]


def _check_text(content: bytes) -> None:
    if b"\0" in content:
        raise InvalidArtifactError(_("It is no text."))


def _check_json(content: bytes) -> None:
    try:
        read_json(content, largest=len(content))
    except JsonError:
        raise InvalidArtifactError(_("It is no JSON.")) from None


def _check_tar(content: bytes) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            last = max((member.offset_data + member.size for member in archive), default=0)
            # What cannot be read ends it as what is left empty does.
            following = content[archive.offset : archive.offset + tarfile.BLOCKSIZE]
    except (tarfile.TarError, ValueError, KeyError, OverflowError, EOFError, RecursionError):
        raise InvalidArtifactError(_("It is no tar archive.")) from None
    if last > len(content) or following.strip(b"\0"):
        raise InvalidArtifactError(_("It ends in the middle."))


def _check_gzip(content: bytes) -> None:
    left, budget = content, _MOST_UNPACKED
    while left:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            while left and not unpacker.eof:
                budget -= len(unpacker.decompress(left, _PIECE))
                left = unpacker.unconsumed_tail
                if budget <= 0:
                    return
        except zlib.error:
            raise InvalidArtifactError(_("It is no gzip file, or it is damaged.")) from None
        if not unpacker.eof:
            raise InvalidArtifactError(_("It ends in the middle."))
        left = unpacker.unused_data.lstrip(b"\0")


_CHECKS: Mapping[OutputForm, Callable[[bytes], None]] = {
    OutputForm.ANY: lambda _content: None,
    OutputForm.TEXT: _check_text,
    OutputForm.JSON: _check_json,
    OutputForm.TAR: _check_tar,
    OutputForm.GZIP: _check_gzip,
}
