"""What all entities of this integration have in common."""

from typing import Any, override

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from ha_device_backup_core.host import DeviceBackupManager, DeviceKey

from .const import DOMAIN, SERVICE_TITLE
from .coordinator import Coordinator, DeviceChange, ShownDevice, async_coordinator
from .entries import DeviceBackupsConfigEntry
from .listeners.device_registry import device_info
from .page_paths import overview_path, page_link

type EntityView = tuple[Any, dict[str, Any]]
"""State and attributes."""

NOTHING: EntityView = (None, {})


class _Entity(Entity):
    _attr_has_entity_name = True
    _attr_should_poll = False
    _view: EntityView = NOTHING

    def __init__(self, entry: DeviceBackupsConfigEntry, description: EntityDescription) -> None:
        """Name it after the entry and its description."""
        self.entity_description = description
        self._attr_unique_id = f"{entry.unique_id}_{description.key}"
        self._attr_translation_key = description.key
        self._entry = entry

    @property
    def _manager(self) -> DeviceBackupManager:
        return self._entry.runtime_data.manager

    @property
    def _coordinator(self) -> Coordinator:
        return async_coordinator(self.hass)

    def _take(self, view: EntityView) -> bool:
        """Show this; return whether it is something else than before."""
        if view == self._view:
            return False
        self._view = view
        self._attr_extra_state_attributes = view[1]
        self._set_value(view[0])
        return True

    def _set_value(self, value: Any) -> None:  # noqa: ANN401 - each platform has its own
        """Keep the state as the platform wants it."""

    async def _async_require_admin(self) -> None:
        """Refuse users who are no administrators; automations act for nobody."""
        context = self._context
        if context is None or context.user_id is None:
            return
        user = await self.hass.auth.async_get_user(context.user_id)
        if user is None:
            raise UnknownUser(context=context, entity_id=self.entity_id, permission=POLICY_CONTROL)
        if not user.is_admin:
            raise Unauthorized(context=context, entity_id=self.entity_id, permission=POLICY_CONTROL)


class DeviceEntity(_Entity):
    """Shows what is known about the backups of one device; available while the device is switched off, too."""

    def __init__(self, entry: DeviceBackupsConfigEntry, key: DeviceKey, description: EntityDescription) -> None:
        """Belong to the device of the entry."""
        super().__init__(entry, description)
        self._key = key
        self._attr_device_info = device_info(entry, self._manager.status(key).newest)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the device."""
        self.async_on_remove(self._coordinator.listen(self._key, self._follow))
        self._take(self._view_of(self._coordinator.of(self._key)))

    def _view_of(self, shown: ShownDevice) -> EntityView:
        """Return what is to be shown."""
        return NOTHING

    @callback
    def _follow(self, change: DeviceChange) -> None:
        if change.shown is not None and self._take(self._view_of(change.shown)):
            self.async_write_ha_state()


class ServiceEntity(_Entity):
    """Shows what concerns all devices."""

    def __init__(self, entry: DeviceBackupsConfigEntry, description: EntityDescription) -> None:
        """Belong to the service."""
        super().__init__(entry, description)
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(entry.unique_id))},
            name=SERVICE_TITLE,
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=page_link(overview_path()),
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow all devices."""
        self.async_on_remove(self._coordinator.listen_overview(self._follow))
        self._take(self._view_now())

    def _view_now(self) -> EntityView:
        """Return what is to be shown."""
        return NOTHING

    @callback
    def _follow(self) -> None:
        if self._take(self._view_now()):
            self.async_write_ha_state()
