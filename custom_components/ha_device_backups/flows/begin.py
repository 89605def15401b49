"""What every flow begins with."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import BackupManager

from ..manager import async_get_manager
from ..translation import async_person_language, escaped


async def async_flow_manager(hass: HomeAssistant) -> BackupManager:
    """Return the manager, or end the flow saying why there is none."""
    try:
        return await async_get_manager(hass)
    except DeviceBackupError as error:
        raise AbortFlow(error.code, escaped(error.placeholders(await async_person_language(hass)))) from error
