"""The form of the repairs about one device: put a backup back, or say that all is right as it is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    ANYONE,
    BackupNotFoundError,
    Decision,
    DeviceBackupManager,
    DeviceKey,
    DeviceStatus,
    UnfinishedRestore,
)

from ..flows.person_steps import AttendedSteps
from ..flows.restore_steps import RestoreSteps
from ..issues.device_issues import placeholders
from ..manager import async_get_manager
from ..translation import async_person_language, async_phrases

if TYPE_CHECKING:
    from homeassistant.components.repairs.models import RepairsFlowContext
else:
    # The oldest Home Assistant that is supported has none of its own.
    from homeassistant.data_entry_flow import FlowContext as RepairsFlowContext

_WAYS: Mapping[str, list[str]] = {
    Decision.LOOKS_RESET: ["restore", "accept"],
    Decision.RESTORE_UNFINISHED: ["proceed", "undo", "dismiss"],
    Decision.REPLACED: ["proceed", "dismiss"],
    Decision.NOT_WHOLE: ["back_up", "accept"],
    Decision.ANOTHER_DEVICE: ["moved", "replaced", "another"],
}


class DeviceFlow(
    RestoreSteps[RepairsFlowContext, RepairsFlowResult],
    AttendedSteps[RepairsFlowContext, RepairsFlowResult],
    RepairsFlow,
):
    """Leads a person back to a device that is as it should be."""

    _manager: DeviceBackupManager
    _kind: str
    _key: DeviceKey
    _begin_step = "start"
    _backed_up_step = "backed_up"
    _failed_step = "not_backed_up"

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Find the device that the id of the issue names, and offer what can be done."""
        try:
            self._manager = await async_get_manager(self.hass)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        for kind in Decision:
            for status in self._manager.statuses():
                if self.issue_id == f"{kind}_{status.key}":
                    self._kind, self._key, self._source = kind, status.key, status.key
                    return await self.async_step_start()
        return self.async_abort(reason="gone")

    async def async_step_start(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is wrong, and offer the ways on, or show the restore that is under way."""
        if (status := self._status()) is None:
            return self.async_abort(reason="gone")
        if self._find_running():
            return await self.async_step_restoring()
        ways = _WAYS[self._kind]
        unfinished = status.unfinished_restore
        if unfinished is not None and unfinished.safety_backup_id is None:
            ways = [way for way in ways if way != "undo"]
        if self._kind == Decision.LOOKS_RESET and status.recommended is None:
            ways = [way for way in ways if way != "restore"]
        language = await async_person_language(self.hass)
        return self.async_show_menu(
            step_id="start",
            menu_options=ways,
            description_placeholders=placeholders(
                self.hass, status, await async_phrases(self.hass, language), language
            ),
        )

    # Ways

    async def async_step_restore(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Put the recommended backup back."""
        self._backup_id = None
        return await self.async_step_plan()

    async def async_step_proceed(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Do what was cut off once more."""
        unfinished = self._unfinished()
        if unfinished is None:
            return self.async_create_entry(data={})
        self._source, self._backup_id = unfinished.source, unfinished.backup_id
        return await self.async_step_plan()

    async def async_step_undo(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Put back what was on the device before."""
        unfinished = self._unfinished()
        if unfinished is None:
            return self.async_create_entry(data={})
        self._source, self._backup_id = self._key, unfinished.safety_backup_id
        return await self.async_step_plan()

    async def async_step_dismiss(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Leave the device as it is."""
        try:
            await self._manager.dismiss_restore(self._key)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        if self._kind == Decision.REPLACED:
            taken = (await self._manager.back_up(self._key, person=ANYONE)).backup
            if taken is not None and taken.suspect:
                return await self.async_step_accept()
        return self.async_create_entry(data={})

    async def async_step_accept(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Take the person's word that the last backup is right."""
        status = self._status()
        if status is not None and status.latest is not None:
            try:
                await self._manager.stored.accept(self._key, status.latest.id)
            except DeviceBackupError as error:
                return await self._async_fail(error)
        return self.async_create_entry(data={})

    async def async_step_backed_up(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Look whether the device gives everything now."""
        self._take_back_end()
        status = self._status()
        if status is not None and status.gaps:
            return await self.async_step_start()
        return self.async_create_entry(data={})

    async def async_step_not_backed_up(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say why not."""
        self._take_back_end()
        return self.async_abort(reason="failed", description_placeholders={"error": self._error})

    async def async_step_guide(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """End after the steps of a restore by hand were read."""
        return self.async_create_entry(data={})

    @override
    async def async_step_restored(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        if user_input is not None:
            return self.async_create_entry(data={})
        return await super().async_step_restored()

    # Parts

    @override
    def _device_key(self) -> DeviceKey:
        return self._key

    @override
    def _manager_of_device(self) -> DeviceBackupManager | None:
        return None if self._status() is None else self._manager

    @override
    def _show_nobody(self) -> RepairsFlowResult:
        return self.async_abort(reason="gone")

    @override
    def _title(self) -> str:
        status = self._status()
        return "" if status is None else status.title

    @override
    def _show_restored(self) -> RepairsFlowResult:
        return self.async_show_form(step_id="restored", description_placeholders=self._outcome)

    @override
    def _show_guide(self, placeholders: dict[str, str]) -> RepairsFlowResult:
        return self.async_show_form(step_id="guide", description_placeholders=placeholders)

    def _status(self) -> DeviceStatus | None:
        try:
            return self._manager.status(self._key)
        except BackupNotFoundError:
            return None

    def _unfinished(self) -> UnfinishedRestore | None:
        status = self._status()
        return None if status is None else status.unfinished_restore
