"""Files that are kept for a while outside of what Home Assistant backs up."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_hex

from ha_device_backup_core.host import StoreFullError

from ..const import DOMAIN

RESERVE = 256 * 1024 * 1024
"""Bytes that are left to everybody else on the disk."""

_FOLDER: HassKey[Path] = HassKey(f"{DOMAIN}_temporary")


async def async_temporary_folder(hass: HomeAssistant) -> Path:
    """Return a new folder; whatever is left of all of them goes when Home Assistant stops, or at its next start."""
    if _FOLDER not in hass.data:
        hass.data[_FOLDER] = _place(hass)
        await hass.async_add_executor_job(_make, hass.data[_FOLDER])

        async def remove(_: Event) -> None:
            await async_remove_temporary(hass, hass.data.pop(_FOLDER, None))

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, remove)
    return hass.data[_FOLDER] / ulid_hex()


async def async_remove_temporary(hass: HomeAssistant, path: Path | None) -> None:
    """Remove a file or a folder, if it is there."""
    if path is not None:
        await hass.async_add_executor_job(_remove, path)


def require_room(folder: Path, size: int) -> None:
    """Raise StoreFullError unless so many bytes more leave enough to others; blocking."""
    present = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if shutil.disk_usage(present).free < size + RESERVE:
        raise StoreFullError(str(present))


def _place(hass: HomeAssistant) -> Path:
    """Return the one folder of this installation: what a crash left in it is found again."""
    digest = hashlib.sha256(hass.config.config_dir.encode(errors="surrogatepass")).hexdigest()[:12]
    return Path(gettempdir()) / f"home-assistant-{DOMAIN}-{digest}"


def _make(folder: Path) -> None:
    _remove(folder)
    folder.mkdir(mode=0o700, parents=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # As above: who stops an unpacking has to be told that, not this.
            path.unlink()
