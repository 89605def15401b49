"""Collect every file of a controller, all from one moment; the trouble of one file stays with that file."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from ha_device_backup_core import (
    ArtifactTooLargeError,
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    Note,
    UnexpectedResponseError,
    WrongDeviceError,
)
from ha_device_backup_core.toolkit import ConnectionClosedError, Pace, Response, name_list

from . import device_files
from .client import WledClient
from .device_files import CONFIGURATION, PRESETS
from .info import OTHER_DEVICE_NOW, WledInfo
from .translation import _
from .unlock import Closed, WledFileList, WledUnlock
from .validate import PRESETS_UNREADABLE

_OK = 200
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class WledFiles:
    """The files of a controller, by name without slash."""

    info: WledInfo
    raw_info: bytes
    files: dict[str, bytes]
    missing: tuple[Note, ...]


_MAIN_FILES = {CONFIGURATION, PRESETS}
_NO_ANSWER = Response(0, {}, b"")


class WledCollector:
    """Reads a controller, again if it changed while it was read."""

    def __init__(self, client: WledClient, access: WledUnlock, limit: int) -> None:
        """Keep what is needed; `limit` is the most bytes that all files may have together."""
        self._client = client
        self._access = access
        self._limit = limit
        self._ends = 0.0

    async def collect(self) -> WledFiles:
        """Return the files.

        Raises DeviceBusyError when they keep changing, UnexpectedResponseError when the configuration cannot be read,
        WrongDeviceError when another device takes over the address, AuthenticationError when the PIN is wrong.
        """
        self._ends = _now() + self._client.timing.collect_limit
        raw_info, before = await self._client.raw_info()
        try:
            return await self._collect(raw_info, before)
        except ConnectionClosedError as error:
            # It was there a moment ago: a firmware with too many open connections closes each new one.
            raise DeviceBusyError(_("It takes no more connections. Too many may be open.")) from error

    async def _collect(self, raw_info: bytes, before: WledInfo) -> WledFiles:
        for left in reversed(range(self._client.timing.collect_tries)):
            listed = await self._listed(before)
            files, unread = await self._read(before, listed)
            after, changed = await self._changed(before, listed)
            if not changed or (not left and not changed & _MAIN_FILES):
                return _collected(before, raw_info, listed, files, unread)
            if not left and after.restarted_since(before):
                raise DeviceBusyError(_("It restarted while its files were read."))
            await asyncio.sleep(self._client.timing.collect_pause)
            raw_info, before = await self._client.raw_info()
        raise DeviceBusyError(
            _("Its files kept changing while they were read. Somebody may be saving presets at the moment.")
        )

    async def _listed(self, info: WledInfo) -> WledFileList | Closed:
        """Return the list of files; one that never arrives does not cost the backup the files with known names."""
        try:
            return await self._access.files(info)
        except (CannotConnectError, UnexpectedResponseError):
            await self._client.info()
            return Closed.UNHEARD

    async def _changed(self, before: WledInfo, listed: WledFileList | Closed) -> tuple[WledInfo, set[str]]:
        """Return the files that changed since; each was read whole, but the main ones must be of one moment."""
        listed_now = await self._listed(before) if isinstance(listed, WledFileList) else listed
        if listed_now is Closed.UNHEARD:
            listed_now = listed
        after = await self._client.info()
        if after.mac != before.mac:
            raise WrongDeviceError(OTHER_DEVICE_NOW)
        resized = {name for name, size in _kept(listed).items() ^ _kept(listed_now).items()}
        presets_saved = after.presets_modified != before.presets_modified
        restarted = after.restarted_since(before)
        return after, resized | ({PRESETS} if presets_saved else set()) | (_MAIN_FILES if restarted else set())

    async def _read(self, info: WledInfo, listed: WledFileList | Closed) -> tuple[dict[str, bytes], set[str]]:
        if isinstance(listed, Closed):
            return await self._read_known(info)
        return await self._read_listed(info, listed)

    async def _read_listed(self, info: WledInfo, listed: WledFileList) -> tuple[dict[str, bytes], set[str]]:
        sizes = _kept(listed)
        self._check_total(sum(sizes.values()))
        files: dict[str, bytes] = {}
        # The small ones first: when the time is up, the fewest files are missing.
        for name, size in sorted(sizes.items(), key=lambda item: (item[0] not in _MAIN_FILES, item[1], item[0])):
            content = await self._read_one(info, name, size) if device_files.is_plain(name) else None
            if content is not None:
                files[name] = content
        return files, sizes.keys() - files.keys()

    async def _read_one(self, info: WledInfo, name: str, size: int) -> bytes | None:
        if device_files.is_served_by_path(name):
            answer = await self._try(size, lambda pace: self._client.read_file(name, pace=pace))
            if _is_whole(answer, size):
                return answer.body
        answer = await self._try(size, lambda pace: self._client.read_with_editor(info, name, pace=pace))
        return answer.body if _is_whole(answer, size) else None

    async def _read_known(self, info: WledInfo) -> tuple[dict[str, bytes], set[str]]:
        files: dict[str, bytes] = {}
        unread: set[str] = set()
        for name in device_files.known_names(info.ledmaps, info.palettes):
            found, answer = await self._read_by_path(name)
            if answer.is_file or (name in _MAIN_FILES and answer.status == _OK):
                files[found] = answer.body
                self._check_total(sum(map(len, files.values())))
            elif answer.status not in {_OK, _NOT_FOUND}:
                unread.add(found)
        if CONFIGURATION not in files and CONFIGURATION not in unread:
            raise unreadable(CONFIGURATION)
        return files, unread

    async def _read_by_path(self, name: str) -> tuple[str, Response]:
        """Return the file, or its compressed twin under the name of that."""
        answer = await self._try(self._limit, lambda pace: self._client.read_file(name, pace=pace))
        if answer.status == _OK and answer.is_encoded and "Content-Disposition" in answer.headers:
            name = f"{name}.gz"
            answer = await self._try(self._limit, lambda pace: self._client.read_file(name, pace=pace))
        return name, answer

    async def _try(self, size: int, reading: Callable[[Pace], Awaitable[Response]]) -> Response:
        """Return the answer; a file that never arrives, or not in time, costs the backup only that file.

        A device that answers nothing any more is away.
        """
        left = self._ends - _now()
        if left <= 0:
            return _NO_ANSWER
        try:
            return await reading(self._client.pace.for_bytes(size, left=left))
        except CannotConnectError:
            await self._client.info()
        except (ArtifactTooLargeError, DeviceError):
            pass
        return _NO_ANSWER

    def _check_total(self, total: int) -> None:
        if total > self._limit:
            raise ArtifactTooLargeError(
                _("Its files have {size} bytes, allowed are {limit}.", size=total, limit=self._limit)
            )


def _collected(
    info: WledInfo, raw_info: bytes, listed: WledFileList | Closed, files: dict[str, bytes], unread: set[str]
) -> WledFiles:
    if CONFIGURATION in unread:
        raise unreadable(CONFIGURATION)
    missing = [listed.note()] if isinstance(listed, Closed) else []
    if PRESETS in unread:
        missing.append(_not_read(PRESETS_UNREADABLE, [PRESETS]))
    if others := unread - {PRESETS}:
        missing.append(_not_read("files_unreadable", others))
    return WledFiles(info=info, raw_info=raw_info, files=files, missing=tuple(missing))


def unreadable(name: str) -> UnexpectedResponseError:
    """Return what to raise when a file that must be there cannot be read."""
    return UnexpectedResponseError(_("{name} could not be read completely.", name=name))


def _not_read(code: str, files: Iterable[str]) -> Note:
    return Note(code=code, text=_("These files could not be read: {files}.", files=name_list(files)))


def _is_whole(answer: Response, size: int) -> bool:
    return answer.status == _OK and not answer.is_encoded and len(answer.body) == size


def _kept(listed: WledFileList | Closed) -> dict[str, int]:
    if isinstance(listed, Closed):
        return {}
    return {name: size for name, size in listed.sizes.items() if device_files.is_kept(name)}


def _now() -> float:
    return asyncio.get_running_loop().time()
