"""Collect all that a device gives."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import InvalidArtifactError, Note, RunBlocking
from ha_device_backup_core.toolkit import JsonObject, name_list

from . import device_files, listing
from .client import TasmotaClient
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .file_system import FileSystem, NoFiles
from .status import TasmotaStatus
from .translation import _

_ASK_AFTER = 2
"""Files that it does not give, one after the other: then it is asked whether it is there at all."""
_ASK_AGAIN = 3
"""Files that it did not give are asked for once more at the end, where they are no more than these."""
_FOR_THE_REST = 256 * 1024
"""Bytes of a backup that are kept free for the settings, the record and the names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasmotaParts:
    """What was got."""

    status: TasmotaStatus
    said: JsonObject
    dump: bytes
    files: dict[str, bytes]
    missing: tuple[Note, ...]


class TasmotaCollector:
    """Reads a device."""

    def __init__(
        self, client: TasmotaClient, file_system: FileSystem, run_blocking: RunBlocking, *, limit: int, seconds: float
    ) -> None:
        """Keep what is needed: the most bytes that all files may have together, and the seconds that there are."""
        self._client = client
        self._file_system = file_system
        self._run_blocking = run_blocking
        self._limit = limit
        self._end = asyncio.get_running_loop().time() + seconds

    async def collect(self) -> TasmotaParts:
        """Return the settings, the files, and at the end who gave all that."""
        dump = await self._client.dump()
        readable = await self._run_blocking(_readable, dump)
        files, missing = await self._files(readable)
        said, status = await self._client.raw_status()
        return TasmotaParts(status=status, said=said, dump=dump, files=files, missing=tuple(missing))

    async def _files(self, dump: Dump | None) -> tuple[dict[str, bytes], list[Note]]:
        if dump is None:
            return {}, []
        listed = await self._file_system.files()
        if listed is NoFiles.NOT_BUILT_IN:
            return {}, []
        if isinstance(listed, NoFiles):
            return {}, [
                Note(
                    code="file_list_unreadable",
                    text=_("The list of its files could not be read: Berry scripts and other files may be missing."),
                )
            ]
        kept = {path: size for path, size in listed.sizes.items() if device_files.is_kept(path, dump.drivers)}
        wanted = {path: size for path, size in kept.items() if listing.is_plain(path)}
        chosen = _that_fit(wanted, self._limit - _FOR_THE_REST)
        read = await self._read(chosen)
        too_large, unread = wanted.keys() - chosen.keys(), (kept.keys() - wanted.keys()) | (chosen.keys() - read.keys())
        return read, [*listed.notes(), *_notes(too_large, unread)]

    async def _read(self, sizes: Mapping[str, int]) -> dict[str, bytes]:
        """Return the files that the device gives: one that hangs costs that one, a device that is gone all."""
        read = await self._read_once(sizes)
        unread = {path: size for path, size in sizes.items() if path not in read}
        if len(unread) <= _ASK_AGAIN:
            # Trouble of a moment costs no file; where many are not given it is none of a moment.
            read |= await self._read_once(unread)
        return dict(sorted(read.items()))

    async def _read_once(self, sizes: Mapping[str, int]) -> dict[str, bytes]:
        read: dict[str, bytes] = {}
        refused = 0
        for path, size in sizes.items():
            content = await self._read_in_time(path, size)
            if content is not None:
                read[path] = content
                refused = 0
                continue
            refused += 1
            if refused % _ASK_AFTER == 0:
                await self._client.status()
        return read

    async def _read_in_time(self, path: str, size: int) -> bytes | None:
        try:
            async with asyncio.timeout_at(self._end):
                return await self._file_system.read(path, size)
        except TimeoutError:
            return None


def _that_fit(sizes: dict[str, int], room: int) -> dict[str, int]:
    """Return the files as long as there is room, the smallest first, so that a large one costs no other its time."""
    chosen: dict[str, int] = {}
    for path, size in sorted(sizes.items(), key=lambda entry: (entry[1], entry[0])):
        if size > room:
            break
        room -= size
        chosen[path] = size
    return chosen


def _notes(too_large: set[str], unread: set[str]) -> list[Note]:
    notes = []
    if too_large:
        notes.append(
            Note(
                code="files_too_large",
                text=_(
                    "These files were left out because all together are too large: {files}.", files=name_list(too_large)
                ),
            )
        )
    if unread:
        notes.append(
            Note(code="files_unreadable", text=_("These files could not be read: {files}.", files=name_list(unread)))
        )
    return notes


def _readable(dump: bytes) -> Dump | None:
    """Return the settings, None for what will not be accepted as a backup anyway."""
    try:
        return parse_dump(CONFIGURATION, dump)
    except InvalidArtifactError:
        return None
