"""Repairs that can be worked off in a form."""

import asyncio
from collections.abc import Callable, Iterable
from typing import override

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import Decision, DeviceBackupManager, Health, JobResult, Trigger

from ..const import DOMAIN
from ..issues.issues import DEVICES_OVERDUE, async_report_damage, damage_placeholders
from ..issues.package_issues import PACKAGES_MISSING, RESTART_NEEDED, missing_packages
from ..issues.reminders import REMINDER_DUE, REMINDERS_DUE
from ..manager import async_get_manager
from ..packages.catalogue import async_titles
from ..packages.package_manager import async_get_package_manager
from ..translation import (
    async_error_renderer,
    async_error_text,
    async_person_language,
    async_phrases,
    bullets,
    escape_markdown,
)
from .another_device_fix_flow import AnotherDeviceFlow
from .device_fix_flow import DeviceFlow
from .reminder_fix_flow import PersonDueFlow

type Input = dict[str, str | int | float | None] | None


async def async_create_fix_flow(hass: HomeAssistant, issue_id: str, data: Input) -> RepairsFlow:
    """Return the form for a repair."""
    if issue_id == REMINDERS_DUE or issue_id.startswith(f"{REMINDER_DUE}_"):
        return PersonDueFlow()
    if issue_id.startswith(tuple(f"{kind}_" for kind in Decision)):
        return AnotherDeviceFlow() if issue_id.startswith(f"{Decision.ANOTHER_DEVICE}_") else DeviceFlow()
    if issue_id == RESTART_NEEDED:
        return RestartFlow()
    if issue_id == PACKAGES_MISSING:
        return InstallAgainFlow()
    return OverdueFlow() if issue_id == DEVICES_OVERDUE else DamageFlow()


class _ConfirmFlow(RepairsFlow):
    """Shows what is wrong, and after "Submit" looks whether it still is."""

    async def async_step_init(self, user_input: Input = None) -> RepairsFlowResult:
        """Begin; Home Assistant passes the id of the issue here."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: Input = None) -> RepairsFlowResult:
        """Show what is wrong, then work it off."""
        if user_input is None:
            return self.async_show_form(step_id="confirm", description_placeholders=self._placeholders())
        try:
            return await self._work_off(await async_get_manager(self.hass))
        except DeviceBackupError as error:
            text = await async_error_text(self.hass, error, await async_person_language(self.hass))
            return self.async_abort(reason="failed", description_placeholders={"error": escape_markdown(text)})

    def _placeholders(self) -> dict[str, str]:
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return dict((issue and issue.translation_placeholders) or {})

    async def _work_off(self, manager: DeviceBackupManager) -> RepairsFlowResult:
        raise NotImplementedError


class OverdueFlow(_ConfirmFlow):
    """Backs up the devices that are overdue."""

    @override
    async def _work_off(self, manager: DeviceBackupManager) -> RepairsFlowResult:
        overdue = [status.key for status in manager.statuses() if status.health is Health.OVERDUE]
        results = await asyncio.gather(*(manager.back_up(key, trigger=Trigger.MANUAL) for key in overdue))
        render = await async_error_renderer(self.hass, await async_person_language(self.hass))
        if failures := list(_failures(results, render)):
            return self.async_abort(reason="still_overdue", description_placeholders={"devices": bullets(failures)})
        return self.async_create_entry(data={})


class DamageFlow(_ConfirmFlow):
    """Reads everything again."""

    @override
    async def _work_off(self, manager: DeviceBackupManager) -> RepairsFlowResult:
        report = await manager.stored.verify()
        async_report_damage(self.hass, report, everything=True)
        if report.problems:
            phrases = await async_phrases(self.hass, await async_person_language(self.hass))
            placeholders = damage_placeholders(report, phrases)
            return self.async_abort(reason="still_damaged", description_placeholders=placeholders)
        return self.async_create_entry(data={})


class RestartFlow(_ConfirmFlow):
    """Restarts Home Assistant, so that updated packages are used."""

    @override
    async def _work_off(self, manager: DeviceBackupManager) -> RepairsFlowResult:
        try:
            await self.hass.services.async_call(HOMEASSISTANT_DOMAIN, "restart", blocking=True)
        except HomeAssistantError as error:
            return self.async_abort(reason="failed", description_placeholders={"error": escape_markdown(str(error))})
        return self.async_create_entry(data={})


class InstallAgainFlow(_ConfirmFlow):
    """Installs the packages that are missing, now."""

    @override
    async def _work_off(self, manager: DeviceBackupManager) -> RepairsFlowResult:
        package_manager = await async_get_package_manager(self.hass, manager)
        await package_manager.async_restore()
        if not package_manager.absent:
            return self.async_create_entry(data={})
        language = await async_person_language(self.hass)
        titles, phrases = async_titles(self.hass, manager.registry), await async_phrases(self.hass, language)
        listed = missing_packages(package_manager, titles, phrases, language)
        return self.async_abort(reason="still_missing", description_placeholders={"packages": listed})


def _failures(results: Iterable[JobResult], render: Callable[[DeviceBackupError], str]) -> Iterable[str]:
    for result in results:
        if result.error is not None:
            yield escape_markdown(f"{result.title}: {render(result.error)}")
