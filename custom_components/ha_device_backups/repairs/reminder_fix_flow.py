"""The form of the repair that asks for a backup with a person: start it and follow it, or hand in a file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, override

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import BackupNotFoundError, DeviceBackupManager, DeviceKey, DeviceStatus, JobResult

from ..flows.person_steps import PersonSteps
from ..forms.file_upload import CONF_MADE_AT
from ..issues.reminders import REMINDER_DUE, due_devices, due_placeholders, is_due
from ..manager import async_get_manager
from ..page_paths import overview_path
from ..translation import async_error_text, async_person_language, async_phrases, escape_markdown
from ..wording.page_links import page_links

if TYPE_CHECKING:
    from homeassistant.components.repairs.models import RepairsFlowContext
else:
    # The oldest Home Assistant that is supported has none of its own.
    from homeassistant.data_entry_flow import FlowContext as RepairsFlowContext

CONF_DEVICE = "device"


class PersonDueFlow(PersonSteps[RepairsFlowContext, RepairsFlowResult], RepairsFlow):
    """Leads a person through the backup of a device that is due."""

    _manager: DeviceBackupManager
    _key: DeviceKey
    _backed_up_step = "done"
    _failed_step = "failed"

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin; Home Assistant passes the id of the issue here."""
        try:
            self._manager = await async_get_manager(self.hass)
        except DeviceBackupError as error:
            return self.async_abort(
                reason="failed", description_placeholders={"error": await self._async_rendered(error)}
            )
        text = self.issue_id.removeprefix(f"{REMINDER_DUE}_")
        for status in self._manager.statuses():
            if str(status.key) == text:
                self._key = status.key
                return await self.async_step_start()
        return await self.async_step_choose()

    async def async_step_choose(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask which of many devices it is about."""
        due = {str(key): status for key, status in due_devices(self.hass, self._manager).items()}
        if user_input is not None and user_input[CONF_DEVICE] in due:
            self._key = due[user_input[CONF_DEVICE]].key
            return await self.async_step_start()
        if not due:
            return self.async_create_entry(data={})
        options = [SelectOptionDict(value=value, label=status.title) for value, status in due.items()]
        selector = SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST))
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        return self.async_show_form(
            step_id="choose",
            data_schema=vol.Schema({vol.Required(CONF_DEVICE, default=next(iter(due))): selector}),
            description_placeholders={"page": page_links(phrases, ("page_link", overview_path()))},
        )

    async def async_step_start(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is due, and offer both ways."""
        status = self._status()
        if status is None:
            return self._show_nobody()
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        return self.async_show_menu(
            step_id="start",
            menu_options=["back_up", "import_file"],
            description_placeholders=due_placeholders(status, phrases),
        )

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say why there is no whole backup, and offer to try again."""
        return self._show_failed()

    @override
    async def _async_show_imported(self, result: JobResult, user_input: Mapping[str, Any]) -> RepairsFlowResult:
        status = self._status()
        if status is not None and is_due(self.hass, status):
            return self._show_import(user_input, {CONF_MADE_AT: "still_due"})
        return await self.async_step_done()

    @override
    def _device_key(self) -> DeviceKey:
        return self._key

    @override
    def _manager_of_device(self) -> DeviceBackupManager | None:
        return None if self._status() is None else self._manager

    @override
    def _show_nobody(self) -> RepairsFlowResult:
        return self.async_abort(reason="gone")

    async def async_step_done(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """End; of many devices the others are still due."""
        self._take_back_end()
        left = due_devices(self.hass, self._manager)
        if left and not self.issue_id.startswith(f"{REMINDER_DUE}_"):
            return self.async_abort(reason="others_due", description_placeholders={"count": str(len(left))})
        return self.async_create_entry(data={})

    def _status(self) -> DeviceStatus | None:
        try:
            return self._manager.status(self._key)
        except BackupNotFoundError:
            return None

    async def _async_rendered(self, error: DeviceBackupError) -> str:
        return escape_markdown(await async_error_text(self.hass, error, await async_person_language(self.hass)))
