"""Buttons, for administrators: back up one device, or all."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ha_device_backup_core.host import ANYONE, Trigger

from .actions.responses import raise_if_any_failed
from .entity import DeviceEntity, ServiceEntity
from .entries import DeviceBackupsConfigEntry
from .listeners.notifications import async_notify_unreliable
from .translation import async_error_renderer, home_assistant_error

PARALLEL_UPDATES = 0

BACK_UP = ButtonEntityDescription(key="back_up", entity_category=EntityCategory.CONFIG)
BACK_UP_ALL = ButtonEntityDescription(key="back_up_all", entity_category=EntityCategory.CONFIG)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the button of a device, or that of the service."""
    if (key := entry.runtime_data.key) is None:
        async_add_entities([BackUpAllButton(entry, BACK_UP_ALL)])
    else:
        async_add_entities([BackUpButton(entry, key, BACK_UP)])


class BackUpButton(DeviceEntity, ButtonEntity):
    """Backs up the device."""

    @override
    async def async_press(self) -> None:
        """Back up the device now, with the person who pressed; raises what went wrong."""
        await self._async_require_admin()
        result = await self._manager.back_up(self._key, trigger=Trigger.MANUAL, person=ANYONE)
        if result.error is not None:
            raise home_assistant_error(result.error, self.hass.config.language) from result.error
        async_notify_unreliable(self.hass, [result])


class BackUpAllButton(ServiceEntity, ButtonEntity):
    """Backs up all devices, without asking anybody to confirm anything."""

    @override
    async def async_press(self) -> None:
        """Back up all devices now; raises what went wrong, when all are done."""
        await self._async_require_admin()
        results = await self._manager.back_up_all(trigger=Trigger.MANUAL)
        async_notify_unreliable(self.hass, results)
        raise_if_any_failed(results, await async_error_renderer(self.hass, self.hass.config.language))
