"""Which devices an action is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from ha_device_backup_core.host import DeviceBackupManager, DeviceKey

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry, device_entry, device_key, is_device
from ..listeners.device_registry import identifier_of

ATTR_DEVICE_ID = "device_id"
ATTR_DEVICE_KEY = "device_key"


@dataclass(frozen=True, slots=True)
class ActionTarget:
    """A device of an action; without an entry it was removed, and only its backups are left."""

    key: DeviceKey
    title: str
    entry: DeviceBackupsConfigEntry | None

    def require_set_up(self) -> None:
        """Raise unless the device can be asked for something."""
        if self.entry is None or self.entry.state is not ConfigEntryState.LOADED:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="device_not_set_up",
                translation_placeholders={"name": self.title},
            )


async def async_targets(hass: HomeAssistant, manager: DeviceBackupManager, call: ServiceCall) -> list[ActionTarget]:
    """Return the devices that the call names, by device or by key, in its order and each once."""
    named = [async_target_of_device(hass, device_id) for device_id in call.data.get(ATTR_DEVICE_ID, ())]
    if text := call.data.get(ATTR_DEVICE_KEY):
        named.append(await async_target_of_key(hass, manager, text))
    return list({target.key: target for target in named}.values())


async def async_all_targets(hass: HomeAssistant, manager: DeviceBackupManager) -> list[ActionTarget]:
    """Return all devices: those that are set up, then those of which only backups are left."""
    present = [_of_entry(entry) for entry in hass.config_entries.async_entries(DOMAIN) if is_device(entry)]
    known = {target.key for target in present}
    left = [
        ActionTarget(record.key, record.title, None)
        for record in await manager.stored.without_device()
        if record.key not in known
    ]
    return sorted(present, key=_title) + sorted(left, key=_title)


async def async_one_target(hass: HomeAssistant, manager: DeviceBackupManager, call: ServiceCall) -> ActionTarget:
    """Return the one device that the call names."""
    targets = await async_targets(hass, manager, call)
    if len(targets) != 1:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="device_or_key")
    return targets[0]


@callback
def async_device_ids(hass: HomeAssistant, keys: Iterable[DeviceKey]) -> dict[DeviceKey, str | None]:
    """Return the id of each device in Home Assistant's registry, None where it has none."""
    return {key: _device_id(hass, key) for key in keys}


@callback
def _device_id(hass: HomeAssistant, key: DeviceKey) -> str | None:
    if (entry := device_entry(hass, key)) is None:
        return None
    device = dr.async_get(hass).async_get_device_by_identifier(identifier_of(entry), entry.entry_id)
    return None if device is None else device.id


@callback
def async_target_of_device(hass: HomeAssistant, device_id: str) -> ActionTarget:
    """Return the device with that id in Home Assistant's registry."""
    device = dr.async_get(hass).async_get(device_id)
    entry = None if device is None else hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN or not is_device(entry):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_device",
            translation_placeholders={"device_id": device_id},
        )
    return _of_entry(entry)


async def async_target_of_key(hass: HomeAssistant, manager: DeviceBackupManager, text: str) -> ActionTarget:
    """Return the device with that key, set up or removed."""
    for target in await async_all_targets(hass, manager):
        if str(target.key) == text:
            return target
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key="unknown_device_key", translation_placeholders={"device_key": text}
    )


def _of_entry(entry: DeviceBackupsConfigEntry) -> ActionTarget:
    return ActionTarget(device_key(entry), entry.title, entry)


def _title(target: ActionTarget) -> tuple[str, DeviceKey]:
    return target.title.casefold(), target.key
