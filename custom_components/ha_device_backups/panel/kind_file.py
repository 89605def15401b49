"""Save as recipe: what was entered for one device, as a file by which others have such devices as a kind."""

from datetime import timedelta
from urllib.parse import quote

from aiohttp import hdrs
from aiohttp.web import Request, Response
from homeassistant.components.http import KEY_HASS, HomeAssistantView, require_admin
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceBackupError, DeviceBackupHandler
from ha_device_backup_core.host import BackupNotFoundError, DeviceBackupManager, DeviceKey, parse_config

from ..const import CONF_DEVICE_CONFIG, DOMAIN
from ..entries import DeviceBackupsConfigEntry, device_key, is_device
from ..manager import async_get_manager
from ..translation import async_error_text, async_person_language

_URL = f"/api/{DOMAIN}/kind_file/{{entry_id}}"
_LINK_LIFE = timedelta(minutes=10)
_ITS_NAME = "kind_files"


@callback
def async_register_kind_files(hass: HomeAssistant) -> None:
    """Offer the files."""
    hass.http.register_view(KindFileDownload)


@callback
def async_kind_file_link(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> str:
    """Return a path that works for whoever asks, for ten minutes."""
    return async_sign_path(hass, _URL.format(entry_id=entry.entry_id), _LINK_LIFE)


def has_kind_file(manager: DeviceBackupManager, key: DeviceKey) -> bool:
    """Return whether the handler of a device makes such files."""
    registered = manager.handlers.find(key)
    bases = () if registered is None else registered.handler.__mro__
    return any(_ITS_NAME in vars(base) for base in bases if base is not DeviceBackupHandler)


async def async_kind_file(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> tuple[str, bytes]:
    """Return name and content of the file; raises DeviceBackupError."""
    manager, key = await async_get_manager(hass), device_key(entry)
    registered = manager.handlers.get(key)
    config = parse_config(registered.spec, entry.data[CONF_DEVICE_CONFIG])
    backups = await manager.stored.list_backups(key)
    artifact = (await manager.stored.read_backup(key, backups[0].id))[1] if backups else None
    files = await hass.async_add_executor_job(registered.handler.kind_files, config, entry.title, artifact)
    if not files:
        raise BackupNotFoundError
    return next(iter(files.items()))


class KindFileDownload(HomeAssistantView):
    """Sends the file of one device."""

    url = _URL
    name = f"api:{DOMAIN}:kind_file"

    @require_admin
    async def get(self, request: Request, entry_id: str) -> Response:
        """Send it."""
        hass = request.app[KEY_HASS]
        entry = hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != DOMAIN or not is_device(entry):
            return Response(status=404)
        try:
            name, content = await async_kind_file(hass, entry)
        except DeviceBackupError as error:
            return self.json_message(await async_error_text(hass, error, await async_person_language(hass)), 409)
        return Response(
            body=content,
            content_type="application/toml",
            headers={
                hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                hdrs.CACHE_CONTROL: "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
