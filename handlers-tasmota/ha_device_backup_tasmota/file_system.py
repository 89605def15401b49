"""The files on a device, by the pages on which its owner manages them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ha_device_backup_core import Note, UnexpectedResponseError

from . import listing, texts
from .client import Answer, ClosedEarlyError, TasmotaClient
from .multipart import form_body, upload_body

_OK = 200
_SEE_OTHER = 303
_NOT_FOUND = 404
_LONGEST_PAGE = 512 * 1024
_MOST_FOLDERS = 40
_MOST_ENTRIES = 1000
_FAILED = re.compile(r"</font></b><br><br>(?!<div)")
"""Between the headline and the reason where an upload failed, in every language; after success a restart is told."""


class NoFiles(Enum):
    """Why there are no files to read."""

    NOT_BUILT_IN = "not built in"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileList:
    """The files, by path, with their sizes; and whether the list ends too early."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    is_cut: bool = False

    def notes(self) -> list[Note]:
        """Return what a backup says about a list that is cut."""
        return [Note(code="file_list_cut", text=texts.LIST_CUT)] if self.is_cut else []


class FileSystem:
    """Opens the flash memory of the device, never its memory card, and shows the card again after it."""

    def __init__(self, client: TasmotaClient) -> None:
        """Keep the client; no I/O."""
        self._client = client
        self._left_card = False

    async def files(self) -> FileList | NoFiles:
        """Return all files, those in folders included."""
        answer = await self._client.get("/ufsd")
        if answer.status == _NOT_FOUND:
            return NoFiles.NOT_BUILT_IN
        if listing.is_of_card(_page(answer)):
            self._left_card = True
            answer = await self._client.get("/ufsd", {"dir": "2"})
        if answer.status != _OK or not listing.is_listing(_page(answer)):
            return NoFiles.UNREADABLE
        return await self._walk(answer)

    async def read(self, path: str, size: int) -> bytes | None:
        """Return a file, None when the device does not give it."""
        try:
            answer = await self._client.get("/ufsd", {"download": path}, size=size)
        except (ClosedEarlyError, UnexpectedResponseError):
            return None
        return answer.body if answer.is_file else None

    async def write(self, path: str, content: bytes) -> bool:
        """Put a file on the device, into a folder that is made if need be; its answer proves nothing."""
        folder, _, name = path.rpartition("/")
        if folder and not await self._is_folder(folder):
            # The editor makes the folders of what it saves; uploads do not.
            body, kind = form_body({"name": path, "content": ""})
            await self._client.post("/ufse", {}, body, kind)
        # The page that is shown decides where an upload goes.
        if not await self._is_folder(folder or "/"):
            return False
        body, kind = upload_body("ufsu", name, content)
        answer = await self._client.post("/ufsu", {"fsz": str(len(content))}, body, kind)
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

    async def _walk(self, root: Answer) -> FileList:
        sizes: dict[str, int] = {}
        seen, left = {"/"}, list(listing.entries(_page(root)))
        is_cut = False
        while left:
            entry = left.pop()
            if not entry.is_folder:
                sizes[entry.path] = entry.size
            elif entry.path not in seen:
                seen.add(entry.path)
                inside = await self._inside(entry.path) if len(seen) <= _MOST_FOLDERS else None
                is_cut = is_cut or inside is None
                left.extend(inside or ())
        return FileList(dict(sorted(sizes.items())[:_MOST_ENTRIES]), is_cut or len(sizes) > _MOST_ENTRIES)

    async def _inside(self, folder: str) -> list[listing.Entry] | None:
        """Return what is in a folder, None where that cannot be had."""
        if not listing.is_plain(folder):
            return None
        try:
            answer = await self._client.get("/ufsd", {"download": folder})
        except (ClosedEarlyError, UnexpectedResponseError):
            return None
        page = _page(answer)
        return list(listing.entries(page)) if answer.status == _OK and listing.is_listing(page) else None

    async def _is_folder(self, folder: str) -> bool:
        try:
            answer = await self._client.get("/ufsd", {"download": folder})
        except ClosedEarlyError:
            return False
        return answer.status == _OK and listing.is_listing(_page(answer))


def upload_failed(answer: Answer) -> bool:
    """Return whether the page after an upload tells that it failed."""
    return _FAILED.search(_page(answer)) is not None


def _page(answer: Answer) -> str:
    """Return the text of a page, none for more than any page has: it is read in the event loop."""
    return answer.body.decode("utf-8", "replace") if len(answer.body) <= _LONGEST_PAGE else ""
