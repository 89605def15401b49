"""What a server packed for the way, unpacked again; what the device itself keeps packed stays so; pure."""

import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from ha_device_backup_core import ArtifactTooLargeError, Text, UnexpectedResponseError

from .gzip_files import GZIP_START, Budget, TooMuchError, gunzip
from .translation import _

_BROKE_OFF = _("The answer ended too early.")
_GZIP = frozenset({"gzip", "x-gzip"})
_MOST_ENCODINGS = 3
"""One upon the other; each costs as much as a whole file."""
_OTHERS = frozenset({"br", "zstd", "compress", "x-compress", "bzip2", "x-bzip2", "dcb", "dcz", "xz", "lzma", "exi"})
"""What else can be packed with; any other word is no packing, but what the device thinks an encoding is."""
_PACKED_NAMES = frozenset({".gz", ".tgz", ".taz"})
_PACKED_TYPES = frozenset(
    f"application/{kind}"
    for kind in ("gzip", "x-gzip", "x-gunzip", "x-tgz", "x-targz", "x-gtar-compressed", "x-compressed-tar", "gzipped")
)


def promises_gzip(media_type: str, names: Sequence[str]) -> bool:
    """Return whether a file is one that the device keeps packed, by its names or its type."""
    return media_type.lower() in _PACKED_TYPES or any(
        PurePosixPath(name).suffix.lower() in _PACKED_NAMES for name in names
    )


def decoded(body: bytes, encoding: str, *, is_packed_file: bool, limit: int) -> bytes:
    """Return the file that was sent with this Content-Encoding, as the device would store it.

    Many servers take the header for the name of the format: then the packed file is what was asked for.
    """
    words = [word.strip().lower() for word in encoding.split(",")]
    if len(words) > _MOST_ENCODINGS:
        raise UnexpectedResponseError(_unknown_encoding(encoding))
    for applied in reversed(words):
        if applied in _GZIP:
            body = _without_gzip(body, limit, is_packed_file=is_packed_file)
        elif applied == "deflate":
            body = _inflated(body, limit)
        elif applied in _OTHERS:
            raise UnexpectedResponseError(_unknown_encoding(applied))
    return body


def _without_gzip(body: bytes, limit: int, *, is_packed_file: bool) -> bytes:
    if not body.startswith(GZIP_START):
        return body
    try:
        inner = gunzip(body, Budget(unpacked=limit))
    except TooMuchError:
        if is_packed_file:
            return body
        raise ArtifactTooLargeError(too_much(limit)) from None
    if inner is None and not is_packed_file:
        raise UnexpectedResponseError(_BROKE_OFF)
    return body if inner is None or (is_packed_file and not inner.startswith(GZIP_START)) else inner


def _inflated(body: bytes, limit: int) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        reader = zlib.decompressobj(window)
        try:
            inner = reader.decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(inner) > limit:
            raise ArtifactTooLargeError(too_much(limit))
        if reader.eof:
            return inner
    raise UnexpectedResponseError(_BROKE_OFF)


def too_much(limit: int) -> Text:
    """Say that all files together are too large."""
    return _("All files together have more than {limit} bytes.", limit=limit)


def _unknown_encoding(name: str) -> Text:
    return _("It packed the answer with {name}, which was not asked for.", name=name[:20])
