"""A switch for each device, for administrators: whether its schedule runs."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import OPTION_SCHEDULE_ENABLED
from .coordinator import ShownDevice
from .entity import DeviceEntity, EntityView
from .entries import DeviceBackupsConfigEntry

PARALLEL_UPDATES = 0

SCHEDULE = SwitchEntityDescription(key="schedule", entity_category=EntityCategory.CONFIG)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switch of a device."""
    if (key := entry.runtime_data.key) is not None:
        async_add_entities([ScheduleSwitch(entry, key, SCHEDULE)])


class ScheduleSwitch(DeviceEntity, SwitchEntity):
    """Switches the schedule of the device off and on; it can be backed up by hand all the same."""

    @override
    def _view_of(self, shown: ShownDevice) -> EntityView:
        return bool(self._entry.options.get(OPTION_SCHEDULE_ENABLED, True)), {}

    @override
    def _set_value(self, value: bool) -> None:
        self._attr_is_on = value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the schedule run."""
        await self._async_set(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop the schedule."""
        await self._async_set(enabled=False)

    async def _async_set(self, *, enabled: bool) -> None:
        await self._async_require_admin()
        options = {**self._entry.options, OPTION_SCHEDULE_ENABLED: enabled}
        self.hass.config_entries.async_update_entry(self._entry, options=options)
        self._take(self._view_of(self._coordinator.of(self._key)))
        self.async_write_ha_state()
