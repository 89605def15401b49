"""The bytes on their way in or out, by what they are: whole or not there; of one client nothing is another's."""

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core.host import MAX_ARTIFACT_BYTES, MEBIBYTE, wire

from .data_folder import FILE_MODE, FOLDER_MODE
from .refusals import RefusedError

_FOLDER = "spool"
_PART = ".part"
MOST_BYTES = 512 * MEBIBYTE
"""Of one client at a time."""
MOST_CONTENTS = 64
KEPT_SECONDS = 600.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
type _Key = tuple[str, str]


@dataclass(slots=True)
class _Content:
    size: int
    used: float
    whole: bool = False
    received: int = 0
    busy: int = 0


class Spool:
    """Owns the folder; what is in it when the agent starts is of no use to anybody."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the folder of data."""
        self._folder = folder / _FOLDER
        self._clock = clock
        self._contents: dict[_Key, _Content] = {}

    def sweep_all(self) -> None:
        """Begin empty; blocking."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(FOLDER_MODE, exist_ok=True)

    async def sweep(self) -> None:
        """Remove what nobody asked for in time."""
        limit = self._clock() - KEPT_SECONDS
        for key, content in list(self._contents.items()):
            if content.used < limit and not content.busy:
                await self._drop(key)

    async def forget(self, client: str) -> None:
        """Remove what is of a client."""
        for key in [key for key in self._contents if key[0] == client and not self._contents[key].busy]:
            await self._drop(key)

    def received(self, client: str, sha256: str) -> int:
        """Return how many bytes are here, -1 where nobody began to send them."""
        content = self._contents.get((client, sha256))
        if content is None:
            return -1
        content.used = self._clock()
        return content.received

    async def append(self, client: str, wanted: wire.ContentRef, offset: int, chunks: AsyncIterator[bytes]) -> int:
        """Take what comes from an offset on, and return how much is here; whole is what has the right digest."""
        key = (client, wanted.sha256)
        content = await self._begun(key, wanted)
        if content.whole:
            return content.size
        if content.busy or offset != content.received:
            raise RefusedError(wire.Refusal.WRONG_OFFSET)
        with self._in_use(content):
            async for chunk in chunks:
                if content.received + len(chunk) > content.size:
                    raise RefusedError(wire.Refusal.TOO_LARGE)
                with _room():
                    await asyncio.to_thread(_write_at, self._path(key, _PART), content.received, chunk)
                content.received += len(chunk)
                content.used = self._clock()
            if content.received < content.size:
                return content.received
            right = await asyncio.to_thread(_finish, self._path(key, _PART), self._path(key), wanted.sha256)
        if not right:
            await self._drop(key)
            raise RefusedError(wire.Refusal.WRONG_DIGEST)
        content.whole = True
        return content.size

    async def store(self, client: str, data: bytes) -> wire.ContentRef:
        """Keep bytes for a client to fetch."""
        wanted = wire.ContentRef(sha256=await asyncio.to_thread(_digest, data), size=len(data))
        key = (client, wanted.sha256)
        content = await self._begun(key, wanted, results=True)
        if content.whole:
            return wanted
        with self._in_use(content), _room():
            await asyncio.to_thread(_write_whole, self._path(key), data)
        content.whole, content.received = True, content.size
        return wanted

    async def read(self, client: str, wanted: wire.ContentRef) -> bytes:
        """Return bytes that are here."""
        path = self.path(client, wanted.sha256)
        if self._contents[client, wanted.sha256].size != wanted.size:
            raise RefusedError(wire.Refusal.UNKNOWN_CONTENT)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise RefusedError(wire.Refusal.UNKNOWN_CONTENT) from None

    def path(self, client: str, sha256: str) -> Path:
        """Return where bytes are that are whole."""
        content = self._contents.get((client, sha256))
        if content is None or not content.whole:
            raise RefusedError(wire.Refusal.UNKNOWN_CONTENT)
        content.used = self._clock()
        return self._path((client, sha256))

    async def _begun(self, key: _Key, wanted: wire.ContentRef, *, results: bool = False) -> _Content:
        known = self._contents.get(key)
        if known is not None and known.size == wanted.size:
            known.used = self._clock()
            return known
        if known is not None:
            if known.busy or known.whole:
                raise RefusedError(wire.Refusal.MALFORMED, "These bytes have another size.")
            await self._drop(key)
        if not results and wanted.size > MAX_ARTIFACT_BYTES:
            raise RefusedError(wire.Refusal.TOO_LARGE)
        await self._make_room(key[0], wanted.size)
        content = self._contents[key] = _Content(wanted.size, self._clock())
        (self._folder / key[0]).mkdir(FOLDER_MODE, exist_ok=True)
        return content

    async def _make_room(self, client: str, size: int) -> None:
        """Let go of what was used longest ago."""
        own = sorted((content.used, key) for key, content in self._contents.items() if key[0] == client)
        total = sum(self._contents[key].size for _, key in own)
        count = len(own)
        for _, key in own:
            if total + size <= MOST_BYTES and count < MOST_CONTENTS:
                return
            if not self._contents[key].busy:
                total, count = total - self._contents[key].size, count - 1
                await self._drop(key)
        if total + size > MOST_BYTES or count >= MOST_CONTENTS:
            raise RefusedError(wire.Refusal.NO_ROOM)

    async def _drop(self, key: _Key) -> None:
        self._contents.pop(key, None)
        await asyncio.to_thread(_unlink, self._path(key), self._path(key, _PART))

    def _path(self, key: _Key, suffix: str = "") -> Path:
        return self._folder / key[0] / f"{key[1]}{suffix}"

    @contextlib.contextmanager
    def _in_use(self, content: _Content) -> Iterator[None]:
        content.busy += 1
        try:
            yield
        finally:
            content.busy -= 1
            content.used = self._clock()


@contextlib.contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise RefusedError(wire.Refusal.NO_ROOM) from error
        raise


def _write_at(path: Path, offset: int, chunk: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        rest = memoryview(chunk)
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            rest, offset = rest[written:], offset + written
    finally:
        os.close(descriptor)


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + _PART)
    part.unlink(missing_ok=True)
    _write_at(part, 0, data)
    _finish(part, path, None)


def _finish(part: Path, whole: Path, sha256: str | None) -> bool:
    """Give bytes their name, once they are on the disk and are what they were said to be."""
    descriptor = os.open(part, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    with os.fdopen(descriptor, "rb") as file:
        if sha256 is not None and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            return False
        os.fsync(file.fileno())
    part.replace(whole)
    return True


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unlink(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
