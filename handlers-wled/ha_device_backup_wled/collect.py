"""Collect every file of a controller, all from one moment."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from ha_device_backup_core import (
    ArtifactTooLargeError,
    DeviceBusyError,
    Note,
    UnexpectedResponseError,
    WrongDeviceError,
)

from . import device_files, texts
from .access import Access, Closed, FileList
from .client import Answer, WledClient
from .device_files import CONFIGURATION, PRESETS
from .info import WledInfo

_OK = 200
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The files of a controller, by name without slash."""

    info: WledInfo
    raw_info: bytes
    files: dict[str, bytes]
    missing: tuple[Note, ...]


_MAIN_FILES = {CONFIGURATION, PRESETS}
_NO_ANSWER = Answer(0, {}, b"")


class Collector:
    """Reads a controller, again if it changed while it was read."""

    def __init__(self, client: WledClient, access: Access, limit: int) -> None:
        """Keep what is needed; `limit` is the most bytes that all files may have together."""
        self._client = client
        self._access = access
        self._limit = limit

    async def collect(self) -> Collected:
        """Return the files.

        Raises DeviceBusyError when they keep changing, UnexpectedResponseError when one of the two main files cannot be
        read, WrongDeviceError when another device takes over the address, AuthenticationError when the PIN is wrong.
        """
        for left in reversed(range(self._client.timing.collect_tries)):
            raw_info, before = await self._client.raw_info()
            listed = await self._access.files(before)
            files, unread = await self._read(before, listed)
            changed = await self._changed(before, listed)
            if not changed or (not left and not changed & _MAIN_FILES):
                return _collected(before, raw_info, listed, files, unread)
            await asyncio.sleep(self._client.timing.collect_pause)
        raise DeviceBusyError(texts.KEEPS_CHANGING)

    async def _changed(self, before: WledInfo, listed: FileList | Closed) -> set[str]:
        """Return the files that changed since; each was read whole, but the main ones must be of one moment."""
        listed_now = await self._access.files(before) if isinstance(listed, FileList) else listed
        after = await self._client.info()
        if after.mac != before.mac:
            raise WrongDeviceError(texts.OTHER_DEVICE_NOW)
        resized = {name for name, _ in _kept(listed).items() ^ _kept(listed_now).items()}
        presets_saved = after.presets_modified != before.presets_modified
        restarted = after.uptime < before.uptime
        return resized | ({PRESETS} if presets_saved else set()) | (_MAIN_FILES if restarted else set())

    async def _read(self, info: WledInfo, listed: FileList | Closed) -> tuple[dict[str, bytes], set[str]]:
        if isinstance(listed, Closed):
            return await self._read_known(info)
        return await self._read_listed(info, listed)

    async def _read_listed(self, info: WledInfo, listed: FileList) -> tuple[dict[str, bytes], set[str]]:
        sizes = _kept(listed)
        self._check_total(sum(sizes.values()))
        files: dict[str, bytes] = {}
        for name, size in sorted(sizes.items()):
            content = await self._read_one(info, name, size) if device_files.is_plain(name) else None
            if content is not None:
                files[name] = content
        return files, sizes.keys() - files.keys()

    async def _read_one(self, info: WledInfo, name: str, size: int) -> bytes | None:
        if device_files.is_served_by_path(name):
            answer = await _try(name, self._client.read_file(name))
            if _is_whole(answer, size):
                return answer.body
        answer = await _try(name, read_with_editor(self._client, info, name))
        return answer.body if _is_whole(answer, size) else None

    async def _read_known(self, info: WledInfo) -> tuple[dict[str, bytes], set[str]]:
        files: dict[str, bytes] = {}
        unread: set[str] = set()
        for name in device_files.known_names(info.ledmaps, info.palettes):
            answer = await _try(name, self._client.read_file(name))
            found = name
            if answer.status == _OK and answer.is_twin and "Content-Disposition" in answer.headers:
                found = f"{name}.gz"
                answer = await _try(found, self._client.read_file(found))
            if answer.is_file or (name in _MAIN_FILES and answer.status == _OK):
                files[found] = answer.body
                self._check_total(sum(map(len, files.values())))
            elif answer.status not in {_OK, _NOT_FOUND}:
                unread.add(found)
        if CONFIGURATION not in files and CONFIGURATION not in unread:
            raise UnexpectedResponseError(texts.cannot_read(CONFIGURATION))
        return files, unread

    def _check_total(self, total: int) -> None:
        if total > self._limit:
            raise ArtifactTooLargeError(texts.too_large(total, self._limit))


async def _try(name: str, reading: Coroutine[None, None, Answer]) -> Answer:
    """Return the answer; a file that never arrives costs the backup only that file, unless it is a main one."""
    try:
        return await reading
    except UnexpectedResponseError:
        if name in _MAIN_FILES:
            raise
        return _NO_ANSWER


async def read_with_editor(client: WledClient, info: WledInfo, name: str) -> Answer:
    """Ask the file editor, which must be open, for a file."""
    if info.has_own_editor:
        return await client.get("/edit", {"func": "download", "path": f"/{name}"})
    return await client.get("/edit", {"download": f"/{name}"})


def _collected(
    info: WledInfo, raw_info: bytes, listed: FileList | Closed, files: dict[str, bytes], unread: set[str]
) -> Collected:
    for name in sorted(_MAIN_FILES & unread):
        raise UnexpectedResponseError(texts.cannot_read(name))
    missing = [listed.note()] if isinstance(listed, Closed) else []
    if unread:
        missing.append(Note(code="files_unreadable", text=texts.not_read(unread)))
    return Collected(info=info, raw_info=raw_info, files=files, missing=tuple(missing))


def _is_whole(answer: Answer, size: int) -> bool:
    return answer.status == _OK and not answer.is_twin and len(answer.body) == size


def _kept(listed: FileList | Closed) -> dict[str, int]:
    if isinstance(listed, Closed):
        return {}
    return {name: size for name, size in listed.sizes.items() if device_files.is_kept(name)}
