"""Devices that announce themselves on the network: new ones, known ones that moved, late ones that are back."""

from collections.abc import Mapping

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_SSDP, ConfigEntryState, ConfigFlowResult
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ha_device_backup_core import AuthenticationError, ConfigError, DeviceBackupError
from ha_device_backup_core.host import Announcement, DeviceBackupManager, DeviceKey, FoundDevice, Health, match

from ..const import CONF_DEVICE_CONFIG
from ..discovery.cards import async_announce
from ..discovery.found_devices import is_in_other_integration
from ..discovery.recognition import async_answers_still, async_known_at, async_recognise, is_ip_address
from ..discovery.ssdp import described_device
from ..discovery.zeroconf import announced_service
from ..entries import DeviceBackupsConfigEntry, agent_of, device_entries, device_key
from ..forms.handler_fields import address_field, secret_fields
from ..translation import escaped
from .add import AddSteps


class DiscoveredSteps(AddSteps):
    """From an announcement to a card of its own, to the card of its kind, or to a device that is there already."""

    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take an announcement by mDNS."""
        return await self._async_take_announcement(announced_service(discovery_info), discovery_info.name)

    async def async_step_ssdp(self, discovery_info: SsdpServiceInfo) -> ConfigFlowResult:
        """Take an announcement by SSDP."""
        return await self._async_take_announcement(described_device(discovery_info), discovery_info.ssdp_usn)

    async def _async_take_announcement(self, announcement: Announcement, announced_as: str) -> ConfigFlowResult:
        manager = await self._async_manager()
        matched = match(manager.registry, announcement)
        if matched is None:
            return self.async_abort(reason="no_handler_for_device")
        registered, found = matched
        self._begin(registered, found.fields)
        self._name = found.title
        unique_id = found.unique_id or await self._async_ask_identity(manager, found)
        if unique_id is None:
            await self._async_claim_unknown(manager, found, announced_as)
        else:
            key = DeviceKey(found.kind, unique_id)
            await self._async_claim(manager, key, found)
            if is_in_other_integration(self.hass, self._connection.spec, unique_id):
                async_announce(self.hass, key, found)
                return self.async_abort(reason="offered_together")
        self.context["title_placeholders"] = {"name": self._name}
        return await self._async_ask_fields()

    async def _async_ask_identity(self, manager: DeviceBackupManager, found: FoundDevice) -> str | None:
        """Ask a device whose announcement does not identify it; None where only a login tells."""
        try:
            device = await manager.probe(found.kind, found.fields)
        except (AuthenticationError, ConfigError):
            return None
        except DeviceBackupError as error:
            raise AbortFlow(error.code, escaped(error.placeholders(self.hass.config.language))) from error
        self._name = device.name
        return device.unique_id

    async def _async_claim_unknown(self, manager: DeviceBackupManager, found: FoundDevice, announced_as: str) -> None:
        """Make this the flow of what is announced by that name, or end it: a device at this address is there already.

        A device that moved has a card once more; adding it gives the entry that it has its new address.
        """
        for entry in device_entries(self.hass) if found.fields else ():
            key, config = device_key(entry), entry.data[CONF_DEVICE_CONFIG]
            if key.kind == found.kind and all(config.get(name) == value for name, value in found.fields.items()):
                await manager.back_up_if_late(key)
                raise AbortFlow("already_configured")
        await self.async_set_unique_id(f"{found.kind}:announced {announced_as}")
        self._abort_if_unique_id_configured()

    async def _async_claim(self, manager: DeviceBackupManager, key: DeviceKey, found: FoundDevice) -> None:
        """Make this the flow of the device, or end it with what the announcement says about a known device."""
        entry = await self.async_set_unique_id(str(key))
        if entry is None:
            spec = self._connection.spec
            known = await async_recognise(self.hass, manager, spec, key.unique_id, found.fields)
            if known is None and self.source == SOURCE_SSDP:
                known = await async_known_at(self.hass, manager, spec, found.fields)
            if known is None:
                return
            await manager.back_up_if_late(device_key(known))
            raise AbortFlow("already_configured")
        if entry.source != SOURCE_IGNORE:
            await self._async_follow(manager, entry, found.fields)
            await manager.back_up_if_late(key)
        raise AbortFlow("already_configured")

    async def _async_follow(
        self, manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry, fields: Mapping[str, object]
    ) -> None:
        """Take the new address of a known device, once the device itself answered there."""
        config = entry.data[CONF_DEVICE_CONFIG]
        moved = {key: value for key, value in fields.items() if config.get(key) != value}
        if not moved or not await self._async_may_follow(manager, entry):
            return
        if await self._async_answers_as(manager, device_key(entry), {**config, **moved}):
            data = {**entry.data, CONF_DEVICE_CONFIG: {**config, **moved}}
            self.hass.config_entries.async_update_entry(entry, data=data)

    async def _async_may_follow(self, manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry) -> bool:
        """Return whether the address may be replaced: a name that a person entered stays while it works.

        By SSDP a device tells each of its addresses, of all its networks. So an address stays, too, while it works, and
        a name in any case: the network knows where it leads.
        """
        if agent_of(entry) is not None:
            return False  # its network is another one
        address = address_field(self._connection.spec)
        is_name = address is not None and not is_ip_address(entry.data[CONF_DEVICE_CONFIG].get(address.key))
        if self.source == SOURCE_SSDP:
            return not is_name and not await async_answers_still(self.hass, manager, entry)
        if not is_name:
            return True
        if entry.state is not ConfigEntryState.LOADED:
            return False
        return manager.status(device_key(entry)).health is not Health.OK

    async def _async_answers_as(
        self, manager: DeviceBackupManager, key: DeviceKey, config: Mapping[str, object]
    ) -> bool:
        """Return whether this device answers there; nothing secret is sent to an address that merely was announced."""
        secrets = {declared.key for declared in secret_fields(self._connection.spec)}
        public = {name: value for name, value in config.items() if name not in secrets}
        try:
            return (await manager.probe(key.kind, public)).unique_id == key.unique_id
        except (AuthenticationError, ConfigError):
            return True  # It is announced as this device, and tells no more without a login.
        except DeviceBackupError:
            return False
