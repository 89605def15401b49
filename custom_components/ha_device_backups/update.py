"""Updates of the handler packages that a person installed."""

from functools import partial
from typing import Any, override

from homeassistant.components.update import UpdateEntity, UpdateEntityDescription, UpdateEntityFeature
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ha_device_backup_core import in_language
from ha_device_backup_core.host import PackageError, PackageVersion, release_url

from .const import DOMAIN
from .entity import ServiceEntity
from .entries import DeviceBackupsConfigEntry
from .packages.catalogue import async_titles
from .packages.newer import async_watch_for_newer
from .packages.package_manager import SIGNAL_PACKAGES, PackageManager, async_get_package_manager
from .snapshots.deferred import async_publish
from .translation import loaded_phrases

PARALLEL_UPDATES = 0

PACKAGE = UpdateEntityDescription(key="package", entity_category=EntityCategory.CONFIG)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add an entity for each package of the list, now and whenever one comes."""
    package_manager = await async_get_package_manager(hass, entry.runtime_data.manager)
    shown: set[str] = set()

    @callback
    def show() -> None:
        names = {record.package.name for record in package_manager.records}
        async_add_entities([PackageUpdate(entry, package_manager, name) for name in sorted(names - shown)])
        shown.update(names)
        shown.intersection_update(names)

    show()
    later = partial(async_publish, hass, "shown packages", show)
    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_PACKAGES, later))
    entry.async_on_unload(async_watch_for_newer(hass, package_manager))


class PackageUpdate(ServiceEntity, UpdateEntity):
    """Tells of a newer version of a package, and installs it."""

    _attr_supported_features = UpdateEntityFeature.INSTALL | UpdateEntityFeature.SPECIFIC_VERSION

    def __init__(self, entry: DeviceBackupsConfigEntry, package_manager: PackageManager, name: str) -> None:
        """Belong to the service; `name` is that of the distribution."""
        super().__init__(entry, PACKAGE)
        self._attr_unique_id = f"{entry.unique_id}_package_{name}"
        self._package_manager = package_manager
        self._name = name
        self._attr_in_progress = False
        called = async_titles(package_manager.hass, self._manager.registry)(name)
        self._attr_title = in_language(called, package_manager.hass.config.language)
        self._attr_translation_placeholders = {"package": self._attr_title}

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the list."""
        later = partial(async_publish, self.hass, f"package {self._name}", self._look)
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_PACKAGES, later))
        self._attr_release_url = await self.hass.async_add_executor_job(release_url, self._name)
        self._look(write=False)

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Install the version; it runs from the next start on, which a repair tells."""
        await self._async_require_admin()
        self._show_progress(installing=True)
        try:
            await self._package_manager.async_install(
                PackageVersion.parse(f"{self._name}=={version or self._attr_latest_version}")
            )
        except PackageError as error:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="package_failed",
                translation_placeholders={"error": error.sentence(loaded_phrases(self.hass))},
            ) from error
        finally:
            self._show_progress(installing=False)

    def _show_progress(self, *, installing: bool) -> None:
        self._attr_in_progress = installing
        self.async_write_ha_state()

    @callback
    def _look(self, *, write: bool = True) -> None:
        """Show what is installed and what is known of newer versions; go where the package went."""
        record = next((one for one in self._package_manager.records if one.package.name == self._name), None)
        if record is None:
            er.async_get(self.hass).async_remove(self.entity_id)
            return
        self._attr_installed_version = record.package.version
        self._attr_latest_version = self._package_manager.newest(record.package)
        if write:
            self.async_write_ha_state()
