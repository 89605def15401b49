"""Files packed by gzip, often with tar in them; read in parts, because little can unpack to very much; pure."""

import gzip
import zlib
from collections.abc import Iterator

GZIP_START = b"\x1f\x8b\x08"
_FORMAT = 31
"""What zlib calls gzip."""
_CHUNK = 1024 * 1024
_LARGEST_CHECKED = 1024 * 1024 * 1024
_LARGEST_COMPARED = 64 * 1024 * 1024


def is_gzip(content: bytes) -> bool:
    """Return whether this is a whole gzip file that unpacks to no more than any device has."""
    if not content.startswith(GZIP_START):
        return False
    size = 0
    try:
        for part in _parts(content):
            size += len(part)
            if size > _LARGEST_CHECKED:
                return False
    except zlib.error:
        return False
    return True


def unpacked(content: bytes) -> bytes | None:
    """Return what is in a gzip file, None for what is none or holds too much to compare."""
    if not content.startswith(GZIP_START):
        return None
    found = bytearray()
    try:
        for part in _parts(content):
            found += part
            if len(found) > _LARGEST_COMPARED:
                return None
    except zlib.error:
        return None
    return bytes(found)


def packed(content: bytes) -> bytes:
    """Return a gzip file; the same content makes the same bytes."""
    return gzip.compress(content, mtime=0)


def _parts(content: bytes) -> Iterator[bytes]:
    while content:
        reader = zlib.decompressobj(_FORMAT)
        while not reader.eof:
            part = reader.decompress(content, _CHUNK)
            content = reader.unconsumed_tail
            if not (part or content or reader.eof):
                raise zlib.error
            yield part
        # Several may stand one after the other, with zeros at the end.
        content = reader.unused_data.lstrip(b"\0")
