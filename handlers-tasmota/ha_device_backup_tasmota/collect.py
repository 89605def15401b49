"""Collect all that a device gives."""

from dataclasses import dataclass

from ha_device_backup_core import InvalidArtifactError, Note, RunBlocking

from . import device_files, listing, texts
from .client import TasmotaClient
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .file_system import FileSystem, NoFiles
from .json_files import JsonObject
from .status import TasmotaStatus

_FOR_THE_REST = 256 * 1024
"""Bytes of a backup that are kept free for the settings, the record and the names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was got."""

    status: TasmotaStatus
    said: JsonObject
    dump: bytes
    files: dict[str, bytes]
    missing: tuple[Note, ...]


class Collector:
    """Reads a device."""

    def __init__(self, client: TasmotaClient, file_system: FileSystem, limit: int, run_blocking: RunBlocking) -> None:
        """Keep what is needed; `limit` is the most bytes that all files may have together."""
        self._client = client
        self._file_system = file_system
        self._limit = limit
        self._run_blocking = run_blocking

    async def collect(self) -> Collected:
        """Return the settings and the files."""
        said, status = await self._client.raw_status()
        dump = await self._client.dump()
        readable = await self._run_blocking(_readable, dump)
        files, missing = await self._files(readable)
        return Collected(status=status, said=said, dump=dump, files=files, missing=tuple(missing))

    async def _files(self, dump: Dump | None) -> tuple[dict[str, bytes], list[Note]]:
        if dump is None:
            return {}, []
        listed = await self._file_system.files()
        if listed is NoFiles.NOT_BUILT_IN:
            return {}, []
        if isinstance(listed, NoFiles):
            return {}, [Note(code="file_list_unreadable", text=texts.LIST_UNREADABLE)]
        kept = {path: size for path, size in listed.sizes.items() if device_files.is_kept(path, dump.drivers)}
        wanted = {path: size for path, size in kept.items() if listing.is_plain(path)}
        chosen = _that_fit(wanted, self._limit - _FOR_THE_REST)
        files = {path: await self._file_system.read(path, wanted[path]) for path in chosen}
        read = {path: content for path, content in files.items() if content is not None}
        too_large, unread = wanted.keys() - chosen.keys(), (kept.keys() - wanted.keys()) | (files.keys() - read.keys())
        return read, [*listed.notes(), *_notes(too_large, unread)]


def _that_fit(sizes: dict[str, int], room: int) -> dict[str, int]:
    """Return the smallest files as long as there is room, in the order of their paths."""
    chosen: dict[str, int] = {}
    for path, size in sorted(sizes.items(), key=lambda entry: (entry[1], entry[0])):
        if size > room:
            break
        room -= size
        chosen[path] = size
    return dict(sorted(chosen.items()))


def _notes(too_large: set[str], unread: set[str]) -> list[Note]:
    notes = []
    if too_large:
        notes.append(Note(code="files_too_large", text=texts.too_large(too_large)))
    if unread:
        notes.append(Note(code="files_unreadable", text=texts.not_read(unread)))
    return notes


def _readable(dump: bytes) -> Dump | None:
    """Return the settings, None for what will not be accepted as a backup anyway."""
    try:
        return parse_dump(CONFIGURATION, dump)
    except InvalidArtifactError:
        return None
