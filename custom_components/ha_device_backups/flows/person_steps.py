"""The steps that a person takes for one device, in its settings and in its repair: back it up, or hand in a file."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, override

from homeassistant.core import callback
from homeassistant.data_entry_flow import FlowContext, FlowHandler, FlowResult

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import Backup, DeviceBackupManager, DeviceKey, JobResult

from ..entries import entry_path
from ..forms.file_upload import CONF_FILE, CONF_MADE_AT, async_import_file, file_schema
from ..listeners.notifications import async_take_back_end
from ..manager import async_get_manager
from ..translation import async_error_text, async_person_language, async_phrases, escape_markdown
from ..wording.gaps import listed, recommended_sentence, restore_gaps, suspicion_text
from .attended import AttendedBackup

REPAIRS_PATH = "/config/repairs"
"""Where Home Assistant lists repairs; links of texts lead there without loading anew."""


class DeviceSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any]](FlowHandler[ContextT, ResultT]):
    """Is about one device that is backed up."""

    @abstractmethod
    def _device_key(self) -> DeviceKey:
        """Return which device it is about."""

    @abstractmethod
    def _manager_of_device(self) -> DeviceBackupManager | None:
        """Return who backs it up, None where nobody does."""

    @abstractmethod
    def _show_nobody(self) -> ResultT:
        """Say that nobody backs it up."""


class AttendedSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any]](DeviceSteps[ContextT, ResultT]):
    """Backs a device up with somebody who follows the instruction."""

    _backed_up_step: str
    _failed_step: str
    _backup: AttendedBackup | None = None
    _backed_up: JobResult
    _error = ""

    async def async_step_back_up(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Back the device up, and show in place what it wants meanwhile."""
        if self._backup is None:
            manager = self._manager_of_device()
            if manager is None:
                return self._show_nobody()
            self._backup = AttendedBackup(self.hass, manager, self._device_key(), self.async_notify_flow_changed)
        backup = self._backup
        if not backup.task.done():
            return self.async_show_progress(
                step_id="back_up",
                progress_action=backup.progress_action,
                progress_task=backup.task,
                description_placeholders=await backup.async_instruction(),
            )
        self.async_remove()
        self._backed_up, self._error = backup.task.result(), await backup.async_unreliable_reason()
        if self._error and (way := await backup.async_way_on()) is not None:
            self._error = f"{self._error}\n\n{way}"
        return self.async_show_progress_done(next_step_id=self._step_after(self._backed_up.backup))

    def _step_after(self, backup: Backup | None) -> str:
        """Return the step that tells how it ended."""
        return self._failed_step if self._error else self._backed_up_step

    @callback
    @override
    def async_remove(self) -> None:
        """Follow no longer; the backup goes on, and its instruction is in the notifications, too."""
        if self._backup is not None:
            self._backup.leave()
            self._backup = None

    def _take_back_end(self) -> None:
        """Take the notification away: the person reads the same here."""
        async_take_back_end(self.hass, self._device_key())


class PersonSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any]](AttendedSteps[ContextT, ResultT]):
    """Tells how a backup ended, be it suspect or incomplete, and takes a file from a person, too."""

    @override
    def _step_after(self, backup: Backup | None) -> str:
        if backup is not None and backup.suspect:
            return "looks_reset"
        if self._error:
            return self._failed_step
        return self._backed_up_step if backup is None or backup.whole else "incomplete"

    async def async_step_looks_reset(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Say why the backup may be wrong and which one is recommended, and lead on to the repair that puts it back."""
        self._take_back_end()
        language = await async_person_language(self.hass)
        phrases, recommended = await async_phrases(self.hass, language), self._recommended()
        return self.async_abort(
            reason="looks_reset",
            description_placeholders={
                "name": escape_markdown(self._backed_up.title),
                "reason": escape_markdown(suspicion_text(self._backed_up.backup, language) or ""),
                "recommended": recommended_sentence(recommended, phrases),
                "gaps": restore_gaps(recommended, phrases),
                "repairs": REPAIRS_PATH,
            },
        )

    async def async_step_incomplete(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Say what the backup lacks, and offer to try again."""
        self._take_back_end()
        flaws = () if self._backed_up.backup is None else self._backed_up.backup.flaws
        return self.async_show_menu(
            step_id="incomplete",
            menu_options=["back_up", "import_file"],
            description_placeholders={
                "name": escape_markdown(self._backed_up.title),
                "list": listed(flaws, await async_person_language(self.hass)),
                "entry": entry_path(self.hass, self._device_key()),
            },
        )

    def _recommended(self) -> Backup | None:
        manager = self._manager_of_device()
        return None if manager is None else manager.status(self._device_key()).recommended

    @abstractmethod
    async def _async_show_imported(self, result: JobResult, user_input: Mapping[str, Any]) -> ResultT:
        """Say what became of the file."""

    async def async_step_import_file(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Take a backup file."""
        if user_input is None:
            return self._show_import({})
        try:
            manager = await async_get_manager(self.hass)
            result = await async_import_file(self.hass, manager, self._device_key(), user_input)
        except DeviceBackupError as error:
            text = await async_error_text(self.hass, error, await async_person_language(self.hass))
            return self._show_import(user_input, {CONF_FILE: "unusable"}, text)
        return await self._async_show_imported(result, user_input)

    def _show_failed(self) -> ResultT:
        """Say why there is no complete backup, and offer both ways again."""
        self._take_back_end()
        return self.async_show_menu(
            step_id=self._failed_step,
            menu_options=["back_up", "import_file"],
            description_placeholders={"error": self._error},
        )

    def _show_import(
        self, user_input: Mapping[str, Any], errors: dict[str, str] | None = None, error: str = ""
    ) -> ResultT:
        return self.async_show_form(
            step_id="import_file",
            data_schema=file_schema(user_input.get(CONF_MADE_AT)),
            errors=errors,
            description_placeholders={"error": error},
        )
