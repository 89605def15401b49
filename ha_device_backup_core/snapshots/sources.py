"""Streams on streams: each holds a piece at a time, and is believed no more than it may claim."""

import gzip
import os
import zlib
from typing import BinaryIO, cast

from ha_device_backup_core.tar_stream import CUT_OFF, TarError, TarSource
from ha_device_backup_core.text import _

PIECE = 1024 * 1024
_UNPACKED_AT_ONCE = 256 * 1024 * 1024
_UNPACKED_OF_A_BYTE = 500
"""Configurations and databases unpack to a tenth of that; what unpacks to more is no backup of anything."""
_READ_FOR_NOTHING = 16 * 1024 * 1024
"""Bytes that may pass without anything coming of them; members that hold nothing cost far more than their size."""


class FileSource:
    """A file that can be skipped through; its size is looked at, so that nobody goes on behind its end."""

    def __init__(self, file: BinaryIO) -> None:
        """Take a file at its beginning, or a stream."""
        self._file = file
        self.size = file.seek(0, os.SEEK_END) if file.seekable() else None
        """None for a stream that tells none."""
        if self.size is not None:
            file.seek(0)

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        return self._file.read(size)

    def skip(self, size: int, /) -> None:
        """Go on behind them; raises TarError where there is nothing any more."""
        if self.size is None:
            read_on(self, size)
        elif self._file.seek(size, os.SEEK_CUR) > self.size:
            raise TarError(CUT_OFF)


class Peeked:
    """A stream whose beginning can be looked at first."""

    def __init__(self, source: TarSource) -> None:
        """Take the stream at its beginning."""
        self._source = source
        self._held = b""

    def start(self, size: int) -> bytes:
        """Return the first bytes, which are read again afterwards."""
        while len(self._held) < size and (piece := self._source.read(size - len(self._held))):
            self._held += piece
        return self._held[:size]

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, fewer at the end only."""
        if not self._held:
            return self._source.read(size)
        piece, self._held = self._held[:size], self._held[size:]
        return piece + self._source.read(size - len(piece)) if len(piece) < size else piece

    def skip(self, size: int, /) -> None:
        """Go on behind them."""
        held = self._held[:size]
        self._held = self._held[len(held) :]
        skip = getattr(self._source, "skip", None)
        if skip is None:
            read_on(self, size - len(held))
        else:
            skip(size - len(held))


class Gunzipped:
    """What is packed by gzip."""

    def __init__(self, source: TarSource) -> None:
        """Take the stream at its beginning."""
        self._counted = _Counted(source)
        self._file = gzip.GzipFile(fileobj=cast("BinaryIO", self._counted), mode="rb")
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        """Return the next bytes; raises TarError for what is damaged, or unpacks to more than anything is worth."""
        self._counted.for_nothing = 0
        try:
            piece = self._file.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TarError(_("What is packed in it is damaged or cut off.")) from error
        self._unpacked += len(piece)
        if self._unpacked > _UNPACKED_AT_ONCE + _UNPACKED_OF_A_BYTE * self._counted.count:
            raise TarError(_("It unpacks to far more than any backup."))
        return piece


class _Counted:
    def __init__(self, source: TarSource) -> None:
        self._source = source
        self.count = 0
        self.for_nothing = 0

    def read(self, size: int = PIECE, /) -> bytes:
        piece = self._source.read(size)
        self.count += len(piece)
        self.for_nothing += len(piece)
        if self.for_nothing > _READ_FOR_NOTHING:
            raise TarError(_("What is packed in it is empty."))
        return piece


def read_on(source: TarSource, size: int) -> None:
    """Read so many bytes for nothing; raises TarError where there are fewer."""
    while size:
        piece = source.read(min(size, PIECE))
        if not piece:
            raise TarError(CUT_OFF)
        size -= len(piece)
