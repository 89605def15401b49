"""Files that are handed in: what became of each, and of which device a file is that does not tell."""

from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import ImportedFile, UnreadableFileError, shown_name

from ..entries import device_entry
from ..translation import async_error_renderer, async_phrases
from .commands import DEVICE, Command, async_register
from .following import async_follow
from .import_desk import ImportDesk, async_import_desk

_ID = vol.All(str, vol.Length(min=1, max=100))
_BATCH = {vol.Required("batch"): _ID}
_NAMES = vol.All([vol.All(str, vol.Length(min=1, max=5000))], vol.Length(min=1, max=10))


@callback
def async_register_imports(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "import/begin", _begin, {vol.Optional("batch", default=None): vol.Any(None, _ID)})
    async_register(hass, "import/run", _run, _BATCH)
    async_register(hass, "import/assign", _assign, {**DEVICE, vol.Required("names"): _NAMES})
    async_register(hass, "import/subscribe", _subscribe)


async def _begin(command: Command) -> dict[str, Any]:
    desk = async_import_desk(command.hass)
    batch = await desk.async_begin(command.values["batch"])
    if batch is None:
        phrases = await async_phrases(command.hass, command.language)
        raise UnreadableFileError(phrases("page_import_running"))
    return {"batch": batch, "arrived": desk.arrived}


async def _run(command: Command) -> None:
    await async_import_desk(command.hass).async_run(command.manager, command.values["batch"])


async def _assign(command: Command) -> None:
    await async_import_desk(command.hass).async_assign(tuple(command.values["names"]), command.key)


async def _subscribe(command: Command) -> None:
    """Send what became of the files, also of those that were handed in before the page was opened."""
    render = await async_error_renderer(command.hass, command.language)
    desk = async_import_desk(command.hass)

    def shown(file: ImportedFile) -> dict[str, Any]:
        return {
            "names": list(file.names),
            "outcome": file.outcome.value,
            "kind": file.kind,
            "made_at": file.made_at and file.made_at.isoformat(),
            "device_key": file.key and str(file.key),
            "title": file.title and file.key and shown_name(file.title, file.key.unique_id),
            "is_set_up": file.key is not None and device_entry(command.hass, file.key) is not None,
            "backup_id": file.backup_id,
            "error": file.error and (file.error.detail_in(command.language) or render(file.error)),
        }

    def state() -> dict[str, Any]:
        return _state(desk, [] if desk.batch is None else [shown(file) for file in desk.batch.files])

    async_follow(command, desk.watch, state)


def _state(desk: ImportDesk, files: list[dict[str, Any]]) -> dict[str, Any]:
    batch = desk.batch
    return {
        "running": desk.is_running and batch is not None and not batch.is_done,
        "looked_at": 0 if batch is None else batch.looked_at,
        "total": 0 if batch is None else batch.total,
        "files": files,
    }
