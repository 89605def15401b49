"""The files that somebody hands in together: a place for each while it arrives, and what became of them."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import DeviceBackupManager, DeviceKey, ImportBatch, UnreadableFileError, as_store_error

from ..const import DOMAIN
from ..snapshots.temporary import async_remove_temporary, async_temporary_folder

MOST_FILES = 2000
MOST_BYTES = 1024 * 1024 * 1024
_LONGEST_PART = 200
_MOST_PARTS = 20

_DESK: "HassKey[ImportDesk]" = HassKey(f"{DOMAIN}_import_desk")


class ImportDesk:
    """Owns the one batch of files that is handed in; a new one takes its place."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self.batch: ImportBatch | None = None
        self._watchers: list[Callable[[], None]] = []
        self._folder: Path | None = None
        self._id: str | None = None
        self._places: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._running: asyncio.Task[None] | None = None
        self._placing = asyncio.Lock()
        """Held while the folder is made anew, and while a file is put into it."""

    @property
    def is_running(self) -> bool:
        """Return whether files are looked at."""
        return self._running is not None and not self._running.done()

    @property
    def bytes_left(self) -> int:
        """Return how much more may come."""
        return MOST_BYTES - sum(self._sizes.values())

    @property
    def arrived(self) -> list[str]:
        """Return the names of what has arrived, for whoever goes on after a lost line."""
        return sorted(self._sizes)

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call the watcher whenever there is something new; return what ends that."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    async def async_begin(self, batch: str | None = None) -> str | None:
        """Make room for new files, and return how they are called together; None while others are looked at.

        With the name of those that are there, go on with them.
        """
        if batch is not None and batch == self._id:
            return self._id
        if self._running is not None and self.batch is not None and self.batch.is_done:
            await asyncio.wait([self._running])  # It tidies up.
        if self.is_running:
            return None
        async with self._placing:
            await async_remove_temporary(self._hass, self._folder)
            self._folder = await async_temporary_folder(self._hass)
            self._id, self._places, self._sizes, self.batch = self._folder.name, set(), {}, None
        self._publish()
        return self._id

    def place_for(self, batch: str, path: str) -> Path:
        """Return where a file goes; raises UnreadableFileError for a name that leads elsewhere, and for too many."""
        parts = [part for part in path.replace("\\", "/").split("/") if part]
        harmless = all(_is_harmless(part) for part in parts)
        if batch != self._id or self._folder is None or self.batch is not None or not parts or not harmless:
            raise UnreadableFileError
        if len(parts) > _MOST_PARTS or len(self._places - {path}) >= MOST_FILES:
            raise UnreadableFileError
        self._places.add(path)
        return self._folder.joinpath(*parts)

    async def async_keep(self, batch: str, path: str, file: Path, size: int) -> None:
        """Put what has come whole into its place; raises UnreadableFileError, StoreError."""
        try:
            async with self._placing:
                await self._hass.async_add_executor_job(_put, file, self.place_for(batch, path))
                self._sizes[path] = size
        except OSError as error:
            raise as_store_error(error) from error
        finally:
            await async_remove_temporary(self._hass, file)

    async def async_run(self, manager: DeviceBackupManager, batch: str) -> None:
        """Look at what came, once; it goes on whoever looks. Raises UnreadableFileError for what is not there."""
        if batch != self._id or self._folder is None:
            raise UnreadableFileError
        if self.batch is not None:
            return
        self.batch = ImportBatch(manager, self._folder, dt_util.get_default_time_zone(), self._publish)
        self._running = self._hass.async_create_background_task(self._async_run(self.batch), f"{DOMAIN} takes files in")
        self._publish()

    async def async_assign(self, names: tuple[str, ...], key: DeviceKey) -> None:
        """Keep a file that waits for somebody to say of which device it is."""
        if self.batch is not None and self.batch.is_done:
            await self.batch.assign(names, key)
            await self._async_tidy(self.batch)

    async def _async_run(self, batch: ImportBatch) -> None:
        await batch.run()
        await self._async_tidy(batch)

    async def _async_tidy(self, batch: ImportBatch) -> None:
        """Remove the files as soon as nobody reads them any more."""
        if not batch.is_needed:
            await async_remove_temporary(self._hass, self._folder)

    @callback
    def _publish(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()


@callback
def async_import_desk(hass: HomeAssistant) -> ImportDesk:
    """Return the one desk of this Home Assistant."""
    if (desk := hass.data.get(_DESK)) is None:
        desk = hass.data[_DESK] = ImportDesk(hass)
    return desk


def _put(file: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.replace(place)


def _is_harmless(part: str) -> bool:
    return part not in {".", ".."} and "\0" not in part and len(part.encode(errors="surrogatepass")) <= _LONGEST_PART
