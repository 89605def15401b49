"""The steps of a restore, in the settings of a device and in its repairs: plan, confirm, progress, result."""

import asyncio
from abc import abstractmethod
from typing import Any

from homeassistant.data_entry_flow import FlowContext, FlowResult

from ha_device_backup_core import DeviceBackupError, Text, in_language
from ha_device_backup_core.host import ANYONE, Backup, DeviceKey, RestorePreview, RestoreResult, numbered

from ..actions.restore_guide import async_restore_guide, is_guided
from ..const import DOMAIN
from ..listeners.restores import async_take_back_end_of_restore
from ..translation import (
    async_error_text,
    async_person_language,
    async_phrases,
    bullets,
    escape_markdown,
    moment,
    named,
)
from ..wording.gaps import restore_gaps
from ..wording.restore_report import report_parts, undo_text
from .person_steps import DeviceSteps


class RestoreSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any]](DeviceSteps[ContextT, ResultT]):
    """Puts a backup on the device that these steps are about; it goes on in the manager, whoever watches."""

    _source: DeviceKey
    """The device whose backup that is."""
    _backup_id: str | None = None
    """None for the recommended one."""
    _begin_step: str
    """Where another backup or another way can be chosen."""
    _restore: "asyncio.Task[RestoreResult] | None" = None
    _result: RestoreResult | None = None
    _outcome: dict[str, str]

    @abstractmethod
    def _title(self) -> str:
        """Return what the device is called."""

    @abstractmethod
    def _show_restored(self) -> ResultT:
        """Show the outcome."""

    @abstractmethod
    def _show_guide(self, placeholders: dict[str, str]) -> ResultT:
        """Show the steps of a restore by hand."""

    async def async_step_plan(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Tell what would happen, and do it after that was confirmed."""
        if user_input is not None:
            return await self.async_step_restoring()
        manager, key = self._manager_of_device(), self._device_key()
        if manager is None:
            return self._show_nobody()
        try:
            if self._source.kind == key.kind and is_guided(manager.handlers.get(key)):
                guide = await async_restore_guide(self.hass, manager, self._source, self._backup_id, export=True)
                phrases = await async_phrases(self.hass, await async_person_language(self.hass))
                return self._show_guide(
                    {
                        "path": escape_markdown(str(guide.path)),
                        "gaps": restore_gaps(guide.backup, phrases),
                        "steps": in_language(numbered(guide.steps) or "", phrases.language),
                    }
                )
            preview = await manager.plan_restore(key, self._backup_id, source=self._source, person=ANYONE)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        self._backup_id = preview.backup.id
        named_backup = await self._async_named(preview.backup)
        return self.async_show_form(
            step_id="plan", description_placeholders={**named_backup, "plan": await self._async_plan(preview)}
        )

    async def async_step_restoring(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Put it back, and show that it lasts."""
        if self._restore is None:
            manager, key = self._manager_of_device(), self._device_key()
            if manager is None:
                return self._show_nobody()
            begun = self.hass.async_create_task(
                manager.begin_restore(key, self._backup_id, source=self._source, person=ANYONE)
            )
            await asyncio.wait([begun])
            # Home Assistant cancels this when the form is closed: that ends the wait, not the restore.
            self._restore = self.hass.async_create_background_task(_end_of(begun), f"{DOMAIN} restore of {key}")
        if not self._restore.done():
            return self.async_show_progress(
                step_id="restoring", progress_action="restoring", progress_task=self._restore
            )
        restore, self._restore = self._restore, None
        try:
            self._result = restore.result()
        except DeviceBackupError as error:
            self._result, self._outcome = None, {"error": escape_markdown(await self._async_error_text(error))}
            return self.async_show_progress_done(next_step_id="failed_restore")
        self._outcome = await self._async_report(self._result)
        return self.async_show_progress_done(next_step_id="restored")

    async def async_step_failed_restore(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Say why, and offer to try again."""
        async_take_back_end_of_restore(self.hass, self._device_key(), None)
        return self.async_show_menu(
            step_id="failed_restore",
            menu_options=["plan", self._begin_step],
            description_placeholders=self._outcome,
        )

    async def async_step_restored(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Say what was proven, what is left to do, and where it is undone."""
        async_take_back_end_of_restore(self.hass, self._device_key(), self._result)
        return self._show_restored()

    def _find_running(self) -> bool:
        """Return whether something is being put on the device already; the steps are about that from then on."""
        manager = self._manager_of_device()
        running = None if manager is None else manager.running_restore(self._device_key())
        if running is None:
            return False
        self._source, self._backup_id = running.source, running.backup_id
        return True

    async def _async_named(self, backup: Backup) -> dict[str, str]:
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        return {**named(self._title()), "date": moment(backup.taken_at, phrases)}

    async def _async_plan(self, preview: RestorePreview) -> str:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        plan = preview.plan
        lines = []
        for file in plan.files:
            lines.append(f"- {escape_markdown(file.name)}: {phrases(f'file_{file.change.value}')}")
            lines += [f"    - {escape_markdown(in_language(text, language))}" for text in file.details]
        parts = ["\n".join(lines), *filter(None, [restore_gaps(preview.backup, phrases)])]
        for key, texts in (("refused", plan.refused), ("risks", plan.risks), ("needs", plan.needs)):
            if texts:
                parts.append(f"{phrases(f'plan_{key}')}\n\n{_listed(texts, language)}")
        if plan.restarts:
            parts.append(phrases("plan_restarts"))
        return "\n\n".join(parts)

    async def _async_report(self, result: RestoreResult) -> dict[str, str]:
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        parts = [*report_parts(self.hass, result, phrases, escape_markdown)]
        if (undo := undo_text(result, phrases, escape_markdown)) is not None:
            parts.append(undo)
        return {**await self._async_named(result.backup), "report": "\n\n".join(parts)}

    async def _async_error_text(self, error: DeviceBackupError) -> str:
        """Return what an error says, as it is for places without Markdown."""
        return await async_error_text(self.hass, error, await async_person_language(self.hass))

    async def _async_fail(self, error: DeviceBackupError) -> ResultT:
        return self.async_abort(
            reason="failed", description_placeholders={"error": escape_markdown(await self._async_error_text(error))}
        )


async def _end_of(begun: "asyncio.Task[asyncio.Task[RestoreResult]]") -> RestoreResult:
    running = begun.result()
    await asyncio.wait([running])
    return running.result()


def _listed(texts: tuple[Text, ...], language: str) -> str:
    return bullets(escape_markdown(in_language(text, language)) for text in texts)
