"""A device that answers in place of another one: it replaces it, is one more, or the address is wrong."""

from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowContext, ConfigFlowResult, FlowType

from ha_device_backup_core import CannotConnectError, DeviceBackupError, DeviceInfo, WrongDeviceError
from ha_device_backup_core.host import DeviceBackupManager, DeviceKey

from ..discovery.cards import async_offer_separately
from ..entries import DeviceBackupsConfigEntry, agent_of, described, device_entries, device_key
from ..listeners.firmware_updates import is_in_care
from ..listeners.identities import async_replace, async_require_replaceable
from ..manager import async_begin_backup, async_running_manager
from ..translation import async_error_text, async_person_language, escape_markdown, named
from .connect import ConnectSteps
from .restore_steps import RestoreSteps

_AWAY = frozenset({CannotConnectError.code, WrongDeviceError.code})
"""What the last backup of a device failed with that is no longer where it was."""


class ReplaceSteps(RestoreSteps[ConfigFlowContext, ConfigFlowResult], ConnectSteps):
    """Lets the device that answered take the place of one that is backed up, and goes on with the restore."""

    _begin_step = "later"
    _manager: DeviceBackupManager
    _key: DeviceKey
    _device: DeviceInfo
    """Who answered."""
    _replaced: DeviceBackupsConfigEntry
    """The entry of the device that it may replace."""

    async def _async_show_other(self, entry: DeviceBackupsConfigEntry, device: DeviceInfo) -> ConfigFlowResult:
        """Say who answered instead of the device of the entry, and offer the ways on."""
        self._replaced, self._device = entry, device
        return await self.async_step_other_device()

    async def async_step_other_device(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what it is; nothing has changed until then."""
        obstacle = await self._async_obstacle()
        known = self._entry_of_found() is not None
        ways = ["address", *(() if obstacle else ("replaced",)), *(() if known else ("separate",))]
        return self.async_show_menu(
            step_id="other_device",
            menu_options=ways,
            description_placeholders={**self._both(), "obstacle": escape_markdown(obstacle)},
        )

    async def async_step_separate(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go on with the flow that adds the other device, whose card stays if the person closes it."""
        key = self._key_of_found()
        flow_id = await async_offer_separately(
            self.hass, self._connection.spec, key.unique_id, self._device.name, self._connection.config
        )
        return self.async_abort(
            reason="separate",
            description_placeholders=self._both(),
            next_flow=None if flow_id is None else (FlowType.CONFIG_FLOW, flow_id),
        )

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Name both devices, and after that was confirmed let the new one go on with the history of the old one."""
        if user_input is None:
            return self._show_replaced()
        self._manager = await self._async_manager()
        await self.async_set_unique_id(None)
        try:
            self._key = await async_replace(
                self.hass, self._manager, self._replaced, self._key_of_found().unique_id, self._connection.config
            )
        except DeviceBackupError as error:
            language = await async_person_language(self.hass)
            return self._show_replaced({"base": "failed"}, await async_error_text(self.hass, error, language))
        self._source = self._key
        if self._manager.status(self._key).recommended is None:
            async_begin_backup(self.hass, self._manager, self._key)
            return self._show_done()
        return await self.async_step_plan()

    async def async_step_later(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Leave the restore to the repair."""
        return self._show_done()

    @override
    def _device_key(self) -> DeviceKey:
        return self._key

    @override
    def _manager_of_device(self) -> DeviceBackupManager | None:
        return self._manager if is_in_care(self._manager, self._key) else None

    @override
    def _show_nobody(self) -> ConfigFlowResult:
        return self._show_done()

    @override
    def _title(self) -> str:
        return self._replaced.title

    @override
    def _show_restored(self) -> ConfigFlowResult:
        return self.async_abort(reason="restored", description_placeholders=self._outcome)

    @override
    def _show_guide(self, placeholders: dict[str, str]) -> ConfigFlowResult:
        return self.async_abort(reason="restore_guide", description_placeholders=placeholders)

    @override
    async def _async_fail(self, error: DeviceBackupError) -> ConfigFlowResult:
        placeholders = {**self._both(), "error": escape_markdown(await self._async_error_text(error))}
        return self.async_abort(reason="not_restored", description_placeholders=placeholders)

    def _show_done(self) -> ConfigFlowResult:
        return self.async_abort(reason="replaced", description_placeholders=self._both())

    def _show_replaced(self, errors: dict[str, str] | None = None, error: str = "") -> ConfigFlowResult:
        return self.async_show_form(
            step_id="replaced",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders={**self._both(), "error": error},
            last_step=False,
        )

    def _both(self) -> dict[str, str]:
        """Return the names of both devices."""
        return {**named(self._replaced.title), "found": escape_markdown(described(self._device))}

    def _key_of_found(self) -> DeviceKey:
        return DeviceKey(self._connection.registered.kind, str(self._device.unique_id))

    def _entry_of_found(self) -> DeviceBackupsConfigEntry | None:
        key = self._key_of_found()
        return next((entry for entry in device_entries(self.hass) if device_key(entry) == key), None)

    async def _async_obstacle(self) -> str:
        """Return why it cannot replace the other one, and what else there is to do; nothing where it can."""
        manager = await self._async_manager()
        try:
            await async_require_replaceable(
                self.hass, manager, device_key(self._replaced), self._key_of_found().unique_id
            )
        except DeviceBackupError as error:
            return error.detail_in(await async_person_language(self.hass))
        return ""

    def _away(self) -> dict[str, DeviceBackupsConfigEntry]:
        """Return the devices of the kind that no longer answer where they were, by the ids of their entries."""
        manager = async_running_manager(self.hass)
        errors = (
            {}
            if manager is None
            else {
                status.key: status.last_attempt.error
                for status in manager.statuses()
                if status.last_attempt is not None
            }
        )
        return {
            entry.entry_id: entry
            for entry in device_entries(self.hass)
            if device_key(entry).kind == self._connection.registered.kind
            and agent_of(entry) == self._connection.registered.agent
            and errors.get(device_key(entry)) in _AWAY
        }
