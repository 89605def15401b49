"""Files packed by gzip; read in pieces and within limits, because little can unpack to very much; pure."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

GZIP_START = b"\x1f\x8b\x08"
_FORMAT = 31
"""What zlib calls gzip."""
_READ = 16 * 1024
_WRITTEN = 1024 * 1024
_MEBIBYTE = 1024 * 1024


class TooMuchError(Exception):
    """Going on would cost more than any device is worth."""


@dataclass(slots=True)
class Budget:
    """What may be spent on one backup: bytes that are unpacked, and files, members and levels that are opened."""

    unpacked: int = 256 * _MEBIBYTE
    members: int = 10_000

    def spend(self, unpacked: int = 0, members: int = 0) -> None:
        """Note what was spent; raise TooMuchError where that is more than there is."""
        self.unpacked -= unpacked
        self.members -= members
        if self.unpacked < 0 or self.members < 0:
            raise TooMuchError


def is_gzip(content: bytes, budget: Budget | None = None) -> bool:
    """Return whether this is a whole gzip file that unpacks to no more than any device has."""
    if not content.startswith(GZIP_START):
        return False
    try:
        for _ in _parts(content, budget or Budget()):
            pass
    except (zlib.error, TooMuchError):
        return False
    return True


def gunzip(content: bytes, budget: Budget) -> bytes | None:
    """Return what is in a gzip file, None for what is none; raise TooMuchError."""
    if not content.startswith(GZIP_START):
        return None
    found = io.BytesIO()
    try:
        for part in _parts(content, budget):
            found.write(part)
    except zlib.error:
        return None
    return found.getvalue()


def _parts(content: bytes, budget: Budget) -> Iterator[bytes]:
    """Return what is unpacked; each byte is read once, but for the rest of a piece after each member."""
    whole, at = memoryview(content), 0
    while True:
        budget.spend(members=1)
        reader = zlib.decompressobj(_FORMAT)
        while not reader.eof:
            piece = reader.unconsumed_tail or whole[at : at + _READ]
            at += 0 if reader.unconsumed_tail else len(piece)
            part = reader.decompress(piece, _WRITTEN)
            if not (part or len(piece) or reader.eof):
                raise zlib.error
            budget.spend(unpacked=len(part))
            yield part
        at -= len(reader.unused_data)
        if content.startswith(GZIP_START, at):
            continue
        # Several may stand one after the other, with zeros at the end.
        if any(content[start : start + _READ].strip(b"\0") for start in range(at, len(content), _READ)):
            raise zlib.error
        return
