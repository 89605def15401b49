"""Downloads of backups in the browser: by a link that is signed for one administrator and soon expires."""

import re
from datetime import timedelta
from urllib.parse import quote

from aiohttp import hdrs
from aiohttp.web import Request, Response
from homeassistant.components import websocket_api
from homeassistant.components.http import KEY_HASS, HomeAssistantView, require_admin
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_REFRESH_TOKEN_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import current_request

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import Backup, BackupNotFoundError, DeviceKey

from ..const import DOMAIN
from ..manager import async_get_manager
from ..translation import async_error_text, async_person_language

LINK_LIFE = timedelta(minutes=10)
_LONGEST_NAME = 40
"""Characters of a device's name that become part of a file's, so that every disk takes it."""
_URL = f"/api/{DOMAIN}/download/{{kind}}/{{unique_id}}/{{backup_id}}"


@callback
def async_register_downloads(hass: HomeAssistant) -> None:
    """Offer the downloads."""
    hass.http.register_view(BackupDownload)


@callback
def async_download_link(hass: HomeAssistant, key: DeviceKey, backup_id: str) -> str | None:
    """Return a path that works for whoever asks, for ten minutes; None where nobody is logged in."""
    connection, request = websocket_api.current_connection.get(), current_request.get()
    is_logged_in = (connection is not None and connection.refresh_token_id) or (
        request is not None and KEY_HASS_REFRESH_TOKEN_ID in request
    )
    if not is_logged_in:
        return None
    parts = {"kind": key.kind, "unique_id": key.unique_id, "backup_id": backup_id}
    path = _URL.format(**{name: quote(part, safe="") for name, part in parts.items()})
    return async_sign_path(hass, path, LINK_LIFE)


def file_name(backup: Backup) -> str:
    """Return a name that tells what the file is, even outside of Home Assistant."""
    name = re.sub(r"[^\w .-]", "_", backup.device.name)[:_LONGEST_NAME].strip()
    return f"{backup.key.kind} {name} {backup.path.rpartition('/')[2].removeprefix('backup_')}"


class BackupDownload(HomeAssistantView):
    """Sends a backup, compared with its digest, byte for byte as it was stored."""

    url = _URL
    name = f"api:{DOMAIN}:download"

    @require_admin
    async def get(self, request: Request, kind: str, unique_id: str, backup_id: str) -> Response:
        """Send it."""
        hass = request.app[KEY_HASS]
        try:
            manager = await async_get_manager(hass)
            backup, artifact = await manager.stored.read_backup(DeviceKey(kind, unique_id), backup_id)
        except BackupNotFoundError as error:
            return self.json_message(await _words(hass, error), 404)
        except DeviceBackupError as error:
            return self.json_message(await _words(hass, error), 500)
        return Response(
            body=artifact.content,
            content_type="application/octet-stream",
            headers={
                hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(file_name(backup), safe='')}",
                hdrs.CACHE_CONTROL: "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


async def _words(hass: HomeAssistant, error: DeviceBackupError) -> str:
    """Return what an error says to whoever downloads."""
    return await async_error_text(hass, error, await async_person_language(hass))
