"""A custom integration for benchmarks alone: as many devices and entities as another one, and no work at all."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

DOMAIN = "empty_integration"


class EmptyEntity(Entity):
    """Belongs to the device of its entry, and shows nothing."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: ConfigEntry, platform: str, number: int) -> None:
        """Name it by its number."""
        self._attr_unique_id = f"{entry.unique_id}_{platform}_{number}"
        self._attr_name = f"{platform} {number}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, str(entry.unique_id))}, name=entry.title)


def platform_of[T: EmptyEntity](platform: str, kind: type[T]) -> Callable[..., object]:
    """Return the set-up of a platform, with as many entities as the entry says."""

    async def async_setup_entry(
        hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
    ) -> None:
        async_add_entities(kind(entry, platform, number) for number in range(entry.data["entities"][platform]))

    return async_setup_entry


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up an entry."""
    await hass.config_entries.async_forward_entry_setups(entry, list(entry.data["entities"]))
    return True
