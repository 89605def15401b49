"""The handler packages of this Home Assistant, for its forms and reports."""

from homeassistant.core import HomeAssistant

from ha_device_backup_core.host import BackupManager

from ..translation import async_person_language, async_phrases
from .bundled import async_bundled
from .overview import PackageOverview, overview
from .package_manager import async_get_keeper
from .titles import async_titles


async def async_overview(hass: HomeAssistant, manager: BackupManager) -> list[PackageOverview]:
    """Return all handler packages by name, in the words of the person who asks."""
    keeper = await async_get_keeper(hass, manager)
    phrases = await async_phrases(hass, await async_person_language(hass))
    return overview(
        manager.registry,
        keeper.records,
        {name: error.told(phrases) for name, error in keeper.missing.items()},
        await async_bundled(hass),
        async_titles(hass, manager.registry),
    )
