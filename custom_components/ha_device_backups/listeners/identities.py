"""Gives an entry the identity that its device tells: its own first one, or that of its replacement.

Entities keep their names.
"""

from collections.abc import Mapping
from dataclasses import replace

from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import DeviceBackupManager, DeviceKey, IdentityLearned, ManagerEvent

from ..const import CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, DOMAIN
from ..discovery.cards import async_hide_card
from ..entries import DeviceBackupsConfigEntry, device_entry, device_key
from ..translation import async_person_language, async_phrases


@callback
def async_watch_identities(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Follow what devices tell about who they are."""

    @callback
    def learned(event: ManagerEvent) -> None:
        if isinstance(event, IdentityLearned) and (entry := device_entry(hass, event.earlier)) is not None:
            # Only to take back that a person ignored the device does it wait.
            hass.async_create_task(_async_take_identity(hass, entry, event), f"{DOMAIN} takes an identity")

    manager.subscribe(learned)


async def async_require_replaceable(
    hass: HomeAssistant, manager: DeviceBackupManager, key: DeviceKey, unique_id: str
) -> None:
    """Raise DeviceBackupError, which says what else to do, where the device of that id cannot replace this one.

    An entry of its own stands in the way, also one that is switched off.
    """
    if (other := device_entry(hass, DeviceKey(key.kind, unique_id))) is not None:
        phrases = await async_phrases(hass, await async_person_language(hass))
        raise DeviceBackupError(phrases("replacement_has_entry", name=other.title))
    await manager.require_replaceable(key, unique_id)


async def async_replace(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    entry: DeviceBackupsConfigEntry,
    unique_id: str,
    config: Mapping[str, object] | None,
) -> DeviceKey:
    """Let the device of that id take the place of the one of an entry; return its key. Raises DeviceBackupError.

    The configuration says how the new one is reached, where that is another way.
    """
    await async_require_replaceable(hass, manager, device_key(entry), unique_id)
    key = await manager.replace_device(device_key(entry), unique_id, config)
    # The entry is set up anew with the new identity; until that is done, nobody knows the device.
    await hass.config_entries.async_reload(entry.entry_id)
    return key


async def _async_take_identity(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, event: IdentityLearned) -> None:
    earlier, now = str(event.earlier), str(event.key)
    same = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, now)
    if same is not None and same.source == SOURCE_IGNORE:
        await hass.config_entries.async_remove(same.entry_id)
    async_hide_card(hass, event.key)
    entities = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        own = entity.unique_id.removeprefix(f"{earlier}_")
        entities.async_update_entity(entity.entity_id, new_unique_id=f"{now}_{own}")
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        devices.async_update_device(device.id, new_identifiers={(DOMAIN, now)})
    entry.runtime_data = replace(entry.runtime_data, key=event.key)
    config = entry.data[CONF_DEVICE_CONFIG] if event.config is None else event.config
    data = {**entry.data, CONF_DEVICE_UNIQUE_ID: event.key.unique_id, CONF_DEVICE_CONFIG: dict(config)}
    hass.config_entries.async_update_entry(entry, unique_id=now, data=data)
    hass.config_entries.async_schedule_reload(entry.entry_id)
