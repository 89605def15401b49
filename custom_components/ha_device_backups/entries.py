"""What a set-up config entry holds, and which of the two sorts of entries it is."""

from dataclasses import dataclass

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceInfo
from ha_device_backup_core.host import BackupManager, DeviceKey

from .const import CONF_DEVICE_UNIQUE_ID, CONF_KIND, DOMAIN, SERVICE_UNIQUE_ID


@dataclass(frozen=True, slots=True)
class DeviceBackupsData:
    """The one manager, and the device of a device entry (None for the service entry)."""

    manager: BackupManager
    key: DeviceKey | None
    has_handler: bool = True
    """Whether the device could be backed up when it was set up; its entry is reloaded when that changes."""


type DeviceBackupsConfigEntry = ConfigEntry[DeviceBackupsData]


def is_service(entry: ConfigEntry) -> bool:
    """Return whether this is the entry that holds the defaults."""
    return entry.unique_id == SERVICE_UNIQUE_ID


def is_device(entry: ConfigEntry) -> bool:
    """Return whether this is the entry of a device."""
    return entry.source != SOURCE_IGNORE and CONF_KIND in entry.data


def device_key(entry: ConfigEntry) -> DeviceKey:
    """Return the identity of the device of an entry."""
    return DeviceKey(entry.data[CONF_KIND], entry.data[CONF_DEVICE_UNIQUE_ID])


@callback
def service_entry(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the entry that holds the defaults, None while there is none."""
    return hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, SERVICE_UNIQUE_ID)


@callback
def device_entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the entries of all devices, disabled ones included."""
    return [entry for entry in hass.config_entries.async_entries(DOMAIN) if is_device(entry)]


@callback
def device_entry(hass: HomeAssistant, key: DeviceKey) -> ConfigEntry | None:
    """Return the entry of a device."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, str(key))
    return entry if entry is not None and is_device(entry) else None


def described(device: DeviceInfo) -> str:
    """Return what a person tells a device by."""
    about = " ".join(filter(None, (device.model, device.version)))
    return f"{device.name} ({about})" if about else device.name
