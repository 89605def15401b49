"""The form of the repairs about one device: put a backup back, or say that all is right as it is."""

import asyncio
from typing import Any, override

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import callback

from ha_device_backup_core.errors import BackupNotFoundError, DeviceBackupError
from ha_device_backup_core.manager import ANY_PERSON, BackupManager, DeviceStatus, RestorePreview, RestoreResult
from ha_device_backup_core.records import Backup, DeviceKey, UnfinishedRestore
from ha_device_backup_core.text import Text, in_language, numbered

from ..actions.restore_guide import async_restore_guide, is_guided
from ..const import DOMAIN
from ..issues.device_issues import (
    ANOTHER_DEVICE,
    KINDS,
    LOOKS_RESET,
    NOT_WHOLE,
    RESTORE_UNFINISHED,
    local_time_of,
    placeholders,
)
from ..issues.issues import bullets
from ..manager import async_get_manager
from ..translation import async_error_text, async_person_language, async_phrases, named, plain

_WAYS = {
    LOOKS_RESET: ["restore", "accept"],
    RESTORE_UNFINISHED: ["proceed", "undo", "dismiss"],
    NOT_WHOLE: ["back_up", "accept"],
    ANOTHER_DEVICE: ["moved", "replaced", "another"],
}


class DeviceFlow(RepairsFlow):
    """Leads a person back to a device that is as it should be."""

    _manager: BackupManager
    _kind: str
    _key: DeviceKey
    _source: DeviceKey
    _backup_id: str | None = None
    _job: "asyncio.Task[RestoreResult] | None" = None
    _outcome: dict[str, str]

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Find the device that the id of the issue names, and offer what can be done."""
        try:
            self._manager = await async_get_manager(self.hass)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        for kind in KINDS:
            for status in self._manager.statuses():
                if self.issue_id == f"{kind}_{status.key}":
                    self._kind, self._key, self._source = kind, status.key, status.key
                    return await self.async_step_start()
        return self.async_abort(reason="gone")

    async def async_step_start(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is wrong, and offer the ways on."""
        if (status := self._status()) is None:
            return self.async_abort(reason="gone")
        ways = _WAYS[self._kind]
        unfinished = status.unfinished_restore
        if unfinished is not None and unfinished.safety_backup_id is None:
            ways = [way for way in ways if way != "undo"]
        if self._kind == LOOKS_RESET and status.recommended is None:
            ways = [way for way in ways if way != "restore"]
        return self.async_show_menu(
            step_id="start",
            menu_options=ways,
            description_placeholders=placeholders(status, await async_person_language(self.hass)),
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
        return self.async_create_entry(data={})

    async def async_step_accept(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Take the person's word that the last backup is right."""
        status = self._status()
        if status is not None and status.latest is not None:
            try:
                await self._manager.accept(self._key, status.latest.id)
            except DeviceBackupError as error:
                return await self._async_fail(error)
        return self.async_create_entry(data={})

    async def async_step_back_up(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Look whether the device gives everything now."""
        result = await self._manager.back_up(self._key, person=ANY_PERSON)
        if result.error is not None:
            return await self._async_fail(result.error)
        if result.backup is not None and result.backup.flaws:
            return await self.async_step_start()
        return self.async_create_entry(data={})

    # The restore

    async def async_step_plan(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Tell what would happen, and do it after that was confirmed."""
        if user_input is not None:
            return await self.async_step_restoring()
        try:
            if self._source.kind == self._key.kind and is_guided(self._manager.registry.get(self._key.kind)):
                return await self.async_step_guide()
            preview = await self._manager.plan_restore(
                self._key, self._backup_id, source=self._source, person=ANY_PERSON
            )
        except DeviceBackupError as error:
            return await self._async_fail(error)
        self._backup_id = preview.backup.id
        return self.async_show_form(
            step_id="plan",
            description_placeholders={**self._named(preview.backup), "plan": await self._async_plan(preview)},
        )

    async def async_step_guide(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Give the steps and the file where only a person can restore."""
        if user_input is not None:
            return self.async_create_entry(data={})
        guide = await async_restore_guide(self.hass, self._manager, self._source, self._backup_id, export=True)
        language = await async_person_language(self.hass)
        return self.async_show_form(
            step_id="guide",
            description_placeholders={
                "path": plain(str(guide.path)),
                "steps": in_language(numbered(guide.steps) or "", language),
            },
        )

    async def async_step_restoring(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Put it back, and show that it lasts."""
        if self._job is None:
            restore = self._manager.restore(self._key, self._backup_id, source=self._source, person=ANY_PERSON)
            self._job = self.hass.async_create_background_task(restore, f"{DOMAIN} restore of {self._key}")
        if not self._job.done():
            return self.async_show_progress(step_id="restoring", progress_action="restoring", progress_task=self._job)
        job, self._job = self._job, None
        try:
            result = job.result()
        except DeviceBackupError as error:
            self._outcome = {"error": await self._async_say(error)}
            return self.async_show_progress_done(next_step_id="failed")
        self._outcome = await self._async_report(result)
        return self.async_show_progress_done(next_step_id="restored")

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say why, and offer to try again."""
        return self.async_show_menu(
            step_id="failed", menu_options=["plan", "start"], description_placeholders=self._outcome
        )

    async def async_step_restored(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what was proven, and what is left to do."""
        if user_input is not None:
            return self.async_create_entry(data={})
        return self.async_show_form(step_id="restored", description_placeholders=self._outcome)

    @callback
    @override
    def async_remove(self) -> None:
        """Leave the restore to the manager: it goes on without the form."""

    # Parts

    def _status(self) -> DeviceStatus | None:
        try:
            return self._manager.status(self._key)
        except BackupNotFoundError:
            return None

    def _unfinished(self) -> UnfinishedRestore | None:
        status = self._status()
        return None if status is None else status.unfinished_restore

    def _named(self, backup: Backup) -> dict[str, str]:
        status = self._status()
        return {**named("" if status is None else status.title), "date": local_time_of(backup)}

    async def _async_plan(self, preview: RestorePreview) -> str:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        plan = preview.plan
        lines = []
        for file in plan.files:
            lines.append(f"- {plain(file.name)}: {phrases(f'file_{file.change.value}')}")
            lines += [f"    - {plain(in_language(text, language))}" for text in file.details]
        parts = ["\n".join(lines)]
        for key, texts in (("refused", plan.refused), ("risks", plan.risks), ("needs", plan.needs)):
            if texts:
                parts.append(f"{phrases(f'plan_{key}')}\n\n{_listed(texts, language)}")
        if plan.restarts:
            parts.append(phrases("plan_restarts"))
        return "\n\n".join(parts)

    async def _async_report(self, result: RestoreResult) -> dict[str, str]:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        parts = []
        report = result.report
        for key, texts in (
            ("proven", () if report is None else report.proven),
            ("unproven", () if report is None else report.unproven),
            ("needs", () if report is None else report.needs),
        ):
            if texts:
                parts.append(f"{phrases(f'report_{key}')}\n\n{_listed(texts, language)}")
        return {**self._named(result.backup), "report": "\n\n".join(parts)}

    async def _async_say(self, error: DeviceBackupError) -> str:
        return plain(await self._async_told(error))

    async def _async_told(self, error: DeviceBackupError) -> str:
        """Return what an error says, as it is for places without Markdown."""
        return await async_error_text(self.hass, error, await async_person_language(self.hass))

    async def _async_fail(self, error: DeviceBackupError) -> RepairsFlowResult:
        return self.async_abort(reason="failed", description_placeholders={"error": await self._async_say(error)})


def _listed(texts: tuple[Text, ...], language: str) -> str:
    return bullets(plain(in_language(text, language)) for text in texts)
