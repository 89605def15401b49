"""The files on a device, by the pages on which its owner manages them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    DeviceError,
    Note,
)
from ha_device_backup_core.toolkit import Body, Response, decoded

from . import listing
from .client import NO_QUERY, ClosedEarlyError, TasmotaClient
from .translation import _

_OK = 200
_SEE_OTHER = 303
_NOT_FOUND = 404
_LONGEST_PAGE = 512 * 1024
_MOST_FOLDERS = 40
_MOST_ENTRIES = 1000
_MOST_REFUSED = 3
"""Folders; a device that gives none of so many is not asked for all of the rest."""
_FAILED = re.compile(r"</font></b><br><br>(?!<div)")
"""Between the headline and the reason where an upload failed, in every language; after success a restart is told."""


class NoFiles(Enum):
    """Why there are no files to read."""

    NOT_BUILT_IN = "not built in"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class TasmotaFileList:
    """The files, by path, with their sizes; and whether the list ends too early."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    is_cut: bool = False

    def notes(self) -> list[Note]:
        """Return what a backup says about a list that is cut."""
        if not self.is_cut:
            return []
        return [Note(code="file_list_cut", text=_("It has more folders or files than are read; some may be missing."))]


class FileSystem:
    """Opens the flash memory of the device, never its memory card, and shows the card again after it."""

    def __init__(self, client: TasmotaClient) -> None:
        """Keep the client; no I/O."""
        self._client = client
        self._left_card = False

    async def files(self) -> TasmotaFileList | NoFiles:
        """Return all files, those in folders included; what arrives spoiled is asked for once more."""
        answer = await self._list({})
        if answer is not None and listing.is_of_card(_page(answer)):
            self._left_card = True
            answer = await self._list({"dir": "2"})
        if answer is None:
            return NoFiles.UNREADABLE
        return NoFiles.NOT_BUILT_IN if answer.status == _NOT_FOUND else await self._walk(answer)

    async def read(self, path: str, size: int) -> bytes | None:
        """Return a file, None when the device does not give it, whatever is wrong with it.

        What has another size than the list says is read once more: it may have grown since, or have been cut. What is
        shorter both times counts only where the list tells that now.
        """
        content = await self._download(path, size)
        if content is None or len(content) == size:
            return content
        again = await self._download(path, max(size, len(content)))
        if again is None or not (len(again) == size or again.startswith(content)):
            return None
        return again if len(again) >= size or await self._size_now(path) == len(again) else None

    async def write(self, path: str, content: bytes, check: Callable[[], Awaitable[None]]) -> bool:
        """Put a file on the device, into a folder that is made if need be; its answer proves nothing.

        The check comes directly before each request that writes.
        """
        folder, _slash, name = path.rpartition("/")
        if folder and not await self._is_folder(folder):
            # The editor makes the folders of what it saves; uploads do not.
            await check()
            await self._client.post("/ufse", NO_QUERY, Body.multipart({"name": path, "content": ""}))
        # The page that is shown decides where an upload goes.
        if not await self._is_folder(folder or "/"):
            return False
        body = Body.file(name, content, field="ufsu")
        await check()
        answer = await self._client.post("/ufsu", {"fsz": str(len(content))}, body)
        return answer.status in {_OK, _SEE_OTHER} and not upload_failed(answer)

    async def free_bytes(self) -> int | None:
        """Return how much room there is, None when the device does not say."""
        free = (await self._client.command("UfsFree")).get("UfsFree")
        kilobytes = free[-1] if isinstance(free, list) and free else free
        return kilobytes * 1024 if isinstance(kilobytes, int) else None

    async def close(self) -> None:
        """Show the memory card again if the page showed it before."""
        if self._left_card:
            self._left_card = False
            await self._client.get("/ufsd", {"dir": "1"})

    async def _walk(self, root: Response) -> TasmotaFileList:
        sizes: dict[str, int] = {}
        page = _page(root)
        seen, left = {"/"}, list(listing.entries(page))
        is_cut, refused = not listing.is_understood(page), 0
        while left:
            entry = left.pop()
            if not entry.is_folder:
                sizes[entry.path] = entry.size
            elif entry.path not in seen:
                seen.add(entry.path)
                may_ask = len(seen) <= _MOST_FOLDERS and refused < _MOST_REFUSED and listing.is_plain(entry.path)
                answer = await self._list({"download": entry.path}) if may_ask else None
                page = "" if answer is None else _page(answer)
                refused += may_ask and answer is None
                is_cut = is_cut or answer is None or not listing.is_understood(page)
                left.extend(listing.entries(page, entry.path))
        return TasmotaFileList(dict(sorted(sizes.items())[:_MOST_ENTRIES]), is_cut or len(sizes) > _MOST_ENTRIES)

    async def _list(self, query: Mapping[str, str]) -> Response | None:
        """Return the page of a folder, or the answer that there are no such pages; None for neither, twice."""
        answer = await self._page_of(query)
        if answer is None or not any(listing.entries(_page(answer))):
            # A firmware without files says so again, and a folder without files is empty again.
            answer = await self._page_of(query) or answer
        return answer

    async def _page_of(self, query: Mapping[str, str]) -> Response | None:
        try:
            answer = await self._client.get("/ufsd", query)
        except AuthenticationError:
            if "download" not in query:
                raise
            return None
        except (DeviceError, ArtifactTooLargeError):
            return None
        is_list = answer.status == _OK and listing.is_listing(_page(answer))
        return answer if is_list or (answer.status == _NOT_FOUND and "download" not in query) else None

    async def _download(self, path: str, size: int) -> bytes | None:
        try:
            answer = await self._client.get("/ufsd", {"download": path}, size=size)
        except (DeviceError, ArtifactTooLargeError):
            return None
        return answer.body if answer.is_file else None

    async def _size_now(self, path: str) -> int | None:
        """Return the size of a file by the list as it is now."""
        folder = path.rpartition("/")[0]
        answer = await self._list({"download": folder} if folder else {})
        page = "" if answer is None else _page(answer)
        return next((entry.size for entry in listing.entries(page, folder or "/") if entry.path == path), None)

    async def _is_folder(self, folder: str) -> bool:
        try:
            answer = await self._client.get("/ufsd", {"download": folder})
        except ClosedEarlyError:
            return False
        return answer.status == _OK and listing.is_listing(_page(answer))


def upload_failed(answer: Response) -> bool:
    """Return whether the page after an upload tells that it failed."""
    return _FAILED.search(_page(answer)) is not None


def _page(answer: Response) -> str:
    """Return the text of a page, none for more than any page has: it is read in the event loop."""
    return decoded(answer.body) if len(answer.body) <= _LONGEST_PAGE else ""
