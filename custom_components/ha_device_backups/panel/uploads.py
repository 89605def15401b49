"""Files that a browser sends: for administrators, streamed to the disk, within limits, and never half there."""

from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote

from aiohttp.web import Request, Response
from homeassistant.components.http import KEY_HASS, HomeAssistantView, require_admin
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import MAX_ARTIFACT_BYTES, MEBIBYTE, StoreFullError, UnreadableFileError, as_store_error

from ..const import DOMAIN
from ..snapshots.desk import async_desk
from ..snapshots.sources import SnapshotSource
from ..snapshots.temporary import async_remove_temporary, async_temporary_folder, require_room
from ..translation import async_error_text, async_person_language, async_phrases
from .import_desk import async_import_desk

_PIECE = 1024 * 1024
_LONGEST_NAME = 200
PATH = "X-File-Path"
"""The header with the name of a file, as in an address: Home Assistant refuses addresses with some names in them."""


@callback
def async_register_uploads(hass: HomeAssistant) -> None:
    """Offer the uploads."""
    hass.http.register_view(SnapshotUpload)
    hass.http.register_view(ImportUpload)


class SnapshotUpload(HomeAssistantView):
    """Takes a backup of Home Assistant, of any size, and opens it."""

    url = f"/api/{DOMAIN}/snapshot"
    name = f"api:{DOMAIN}:snapshot"

    @require_admin
    async def post(self, request: Request) -> Response:
        """Take it."""
        hass = request.app[KEY_HASS]
        try:
            folder = await async_temporary_folder(hass)
            target = folder.with_suffix(".tar")
            size = await async_receive(hass, request, target, most=None)
            name = PurePosixPath(_path(request)).name[:_LONGEST_NAME] or target.name
            await async_desk(hass).async_open(SnapshotSource(name=name, size=size, path=target), None)
        except DeviceBackupError as error:
            return await async_refused(hass, self, error)
        return self.json({"name": name, "size": size})


class ImportUpload(HomeAssistantView):
    """Takes one of the files that are handed in together."""

    url = f"/api/{DOMAIN}/import/{{batch}}"
    name = f"api:{DOMAIN}:import"

    @require_admin
    async def post(self, request: Request, batch: str) -> Response:
        """Take it."""
        hass = request.app[KEY_HASS]
        try:
            desk = async_import_desk(hass)
            path = _path(request)
            desk.place_for(batch, path)
            # Not in its place before it is whole: it may be sent again while this line is not yet known to be lost.
            arriving = await async_temporary_folder(hass)
            size = await async_receive(hass, request, arriving, most=min(MAX_ARTIFACT_BYTES, desk.bytes_left))
            await desk.async_keep(batch, path, arriving, size)
        except DeviceBackupError as error:
            return await async_refused(hass, self, error)
        return self.json({"size": size})


async def async_receive(hass: HomeAssistant, request: Request, target: Path, *, most: int | None) -> int:
    """Write what is sent into a new file, a piece at a time; whatever goes wrong, nothing half is left.

    Raises UnreadableFileError for more bytes than that, StoreError where the disk takes no more.
    """
    size = 0
    try:
        await hass.async_add_executor_job(require_room, target, request.content_length or 0)
        file = await hass.async_add_executor_job(_new, target)
        try:
            async for piece in request.content.iter_chunked(_PIECE):
                size += len(piece)
                if most is not None and size > most:
                    raise UnreadableFileError(await _too_large(hass, most))
                await hass.async_add_executor_job(file.write, piece)
        finally:
            await hass.async_add_executor_job(file.close)
    except OSError as error:
        await async_remove_temporary(hass, target)
        raise as_store_error(error) from error
    except BaseException:
        await async_remove_temporary(hass, target)
        raise
    return size


async def async_refused(hass: HomeAssistant, view: HomeAssistantView, error: DeviceBackupError) -> Response:
    """Return why something was not taken, for whoever sent it."""
    status = HTTPStatus.INSUFFICIENT_STORAGE if isinstance(error, StoreFullError) else HTTPStatus.BAD_REQUEST
    text = await async_error_text(hass, error, await async_person_language(hass))
    return view.json_message(text, status, error.code)


async def _too_large(hass: HomeAssistant, most: int) -> str:
    phrases = await async_phrases(hass, await async_person_language(hass))
    return phrases("file_too_large", limit=str(most // MEBIBYTE))


def _path(request: Request) -> str:
    return unquote(request.headers.get(PATH, ""))


def _new(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("xb")
