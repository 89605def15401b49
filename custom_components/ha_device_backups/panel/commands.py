"""The commands of the page: for administrators, with errors in the language of whoever asks."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import DeviceBackupManager, DeviceKey, expected_errors_only

from ..const import DOMAIN
from ..manager import async_get_manager
from ..translation import async_error_text

_LOGGER = logging.getLogger(__name__)

DEVICE_KEY = vol.All(str, lambda text: DeviceKey(*_halves(text)))
DEVICE = {vol.Required("device_key"): DEVICE_KEY}
BACKUP_ID = vol.All(str, vol.Length(min=1, max=100))
BACKUP = {**DEVICE, vol.Required("backup_id"): BACKUP_ID}
_LANGUAGE = vol.All(str, vol.Length(min=1, max=35))


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What an administrator asks for."""

    hass: HomeAssistant
    connection: ActiveConnection
    manager: DeviceBackupManager
    language: str
    """Of the page in front of the person."""
    values: Mapping[str, Any]

    @property
    def id(self) -> int:
        """Return what answers and events refer to."""
        return int(self.values["id"])

    @property
    def key(self) -> DeviceKey:
        """Return which device it is about."""
        key: DeviceKey = self.values["device_key"]
        return key

    @property
    def backup_id(self) -> str:
        """Return which of its backups it is about."""
        return str(self.values["backup_id"])


type Work = Callable[[Command], Awaitable[Mapping[str, Any] | None]]


@callback
def async_register(hass: HomeAssistant, name: str, work: Work, schema: Mapping[vol.Marker, Any] | None = None) -> None:
    """Offer a command: what the work returns is its answer, and what it raises is told in words."""

    @websocket_api.require_admin
    @websocket_api.async_response
    async def answer(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        language = message.get("language", hass.config.language)
        try:
            with expected_errors_only(_LOGGER, f"The command {name} of the page", HomeAssistantError):
                manager = await async_get_manager(hass)
                command = Command(hass=hass, connection=connection, manager=manager, language=language, values=message)
                result = await work(command)
        except DeviceBackupError as error:
            connection.send_error(message["id"], error.code, await async_error_text(hass, error, language))
        else:
            connection.send_result(message["id"], result)

    kind = f"{DOMAIN}/{name}"
    websocket_api.async_register_command(
        hass,
        kind,
        answer,
        websocket_api.BASE_COMMAND_MESSAGE_SCHEMA.extend(
            {vol.Required("type"): kind, vol.Optional("language"): _LANGUAGE, **(schema or {})}
        ),
    )


def _halves(text: str) -> tuple[str, str]:
    kind, separator, unique_id = text.partition(":")
    if not separator or not kind:
        raise vol.Invalid("expected KIND:ID")
    return kind, unique_id
