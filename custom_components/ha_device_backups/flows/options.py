"""The steps of the options: of a device (also while it is added) and of what holds for all devices."""

from abc import abstractmethod
from collections.abc import Mapping
from html import escape
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowContext, ConfigFlowResult, OptionsFlow

from ha_device_backup_core import ConfigError, DeviceBackupError
from ha_device_backup_core.host import REMIND_DAYS, Backup, BackupManager, DeviceKey, JobResult, Outcome, ScheduleKind

from ..const import OPTION_REMIND, OPTION_SCHEDULE, OPTION_SCHEDULE_ENABLED, OPTION_SECOND_COPY
from ..entries import device_key, is_service, service_entry
from ..forms.backup_list import CONF_BACKUP, backup_schema
from ..forms.default_words import async_default_words
from ..forms.options import (
    chosen_schedule,
    default_options,
    defaults_schema,
    device_options,
    device_schema,
    entered_schedule,
    is_usable_folder,
    reminder_schema,
    schedule_schema,
)
from ..gaps import shortcoming
from ..listeners.firmware_updates import is_in_care
from ..manager import async_get_manager, async_running_manager
from ..options import defaults_of, schedule_of
from ..panel.download import async_download_link, file_name
from ..translation import async_person_language, async_phrases, plain
from .packages import PackageSteps
from .person_steps import PersonSteps
from .restore_steps import RestoreSteps


class OptionSteps(ConfigEntryBaseFlow):
    """Asks for options, and for the details of a schedule that needs some."""

    _chosen: dict[str, Any]
    """Options that were entered, the schedule not yet."""
    _schedule_kind: ScheduleKind

    @abstractmethod
    def _present_options(self) -> Mapping[str, Any]:
        """Return what holds until now; nothing for a new device."""

    @abstractmethod
    async def _async_options_done(self, options: dict[str, Any]) -> ConfigFlowResult:
        """Keep the options."""

    async def _async_further_options(self) -> dict[vol.Marker, object]:
        """Return what else is asked with a device's options."""
        return {}

    async def _async_option_placeholders(self) -> dict[str, str]:
        """Return what the text above a device's options fills in."""
        return {}

    async def async_step_device_options(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options of one device."""
        if user_input is not None:
            defaults = defaults_of(service_entry(self.hass))
            return await self._async_schedule(user_input, device_options(user_input, defaults))
        defaults = defaults_of(service_entry(self.hass))
        words = await async_default_words(self.hass, defaults, await async_person_language(self.hass))
        return self.async_show_form(
            step_id="device_options",
            data_schema=device_schema(self._present_options(), words).extend(await self._async_further_options()),
            description_placeholders={**words.placeholders, **await self._async_option_placeholders()},
        )

    async def async_step_defaults(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for what holds for all devices."""
        schema = defaults_schema(self._present_options())
        if user_input is None:
            return self.async_show_form(step_id="defaults", data_schema=schema)
        options = default_options(user_input)
        if (folder := options.get(OPTION_SECOND_COPY)) and not await self.hass.async_add_executor_job(
            is_usable_folder, folder, self.hass.config.config_dir
        ):
            return self.async_show_form(
                step_id="defaults",
                data_schema=self.add_suggested_values_to_schema(schema, user_input),
                errors={"base": "second_copy_unusable"},
                description_placeholders={"folder": folder},
            )
        return await self._async_schedule(user_input, options)

    async def _async_schedule(self, user_input: Mapping[str, Any], options: dict[str, Any]) -> ConfigFlowResult:
        kind = chosen_schedule(user_input)
        if kind is None:
            return await self._async_options_done(options)
        self._chosen, self._schedule_kind = options, kind
        needs_details = bool(schedule_schema(kind, None).schema)
        return await self.async_step_schedule(None if needs_details else {})

    async def async_step_schedule(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask when exactly."""
        schema = schedule_schema(self._schedule_kind, schedule_of(self._present_options()))
        if user_input is None:
            return self.async_show_form(step_id="schedule", data_schema=schema)
        try:
            schedule = entered_schedule(self._schedule_kind, user_input)
        except ConfigError as error:
            return self.async_show_form(
                step_id="schedule",
                data_schema=self.add_suggested_values_to_schema(schema, user_input),
                errors={error.field: "cron_unusable"},
            )
        return await self._async_options_done(self._chosen | {OPTION_SCHEDULE: schedule.to_dict()})


class DeviceBackupsOptionsFlow(
    RestoreSteps[ConfigFlowContext, ConfigFlowResult],
    PersonSteps[ConfigFlowContext, ConfigFlowResult],
    PackageSteps,
    OptionSteps,
    OptionsFlow,
):
    """The options flow of both sorts of entries."""

    _backed_up_step = "backed_up"
    _failed_step = "not_backed_up"
    _begin_step = "restore"

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the form of this sort of entry."""
        if is_service(self.config_entry):
            return self.async_show_menu(
                step_id="init",
                menu_options=["defaults", "packages"],
                description_placeholders={"name": plain(self.config_entry.title)},
            )
        reminder = ["reminder"] if self._is_attended() else []
        return self.async_show_menu(
            step_id="init",
            menu_options=["back_up", "restore", "device_options", *reminder, "download", "hand_in"],
            description_placeholders={"name": plain(self.config_entry.title)},
        )

    async def async_step_backed_up(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that it worked."""
        self._take_back_end()
        return self.async_abort(reason="backed_up", description_placeholders=self._named())

    async def async_step_not_backed_up(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say why there is no complete backup, and offer to try again."""
        return self._show_failed()

    @override
    def _device_key(self) -> DeviceKey:
        return device_key(self.config_entry)

    @override
    def _manager_of_device(self) -> BackupManager | None:
        manager = async_running_manager(self.hass)
        return manager if manager is not None and is_in_care(manager, self._device_key()) else None

    @override
    def _show_nobody(self) -> ConfigFlowResult:
        return self.async_abort(reason="not_set_up", description_placeholders=self._named())

    def _named(self) -> dict[str, str]:
        return {"name": plain(self.config_entry.title)}

    async def async_step_reminder(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how often a person wants to be reminded of a backup that only they can start."""
        options = self.config_entry.options
        if user_input is None:
            return self.async_show_form(
                step_id="reminder", data_schema=reminder_schema(options.get(OPTION_REMIND, REMIND_DAYS))
            )
        return self.async_create_entry(data={**options, OPTION_REMIND: int(user_input[OPTION_REMIND])})

    async def async_step_restore(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which backup is put back, or show the restore that is under way."""
        if self._manager_of_device() is None:
            return self._show_nobody()
        if self._find_running():
            return await self.async_step_restoring()
        if user_input is None:
            return await self._async_show_backups("restore")
        self._source, self._backup_id = self._device_key(), user_input[CONF_BACKUP]
        return await self.async_step_plan()

    async def async_step_download(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which backup, and give a link to it."""
        if user_input is None:
            return await self._async_show_backups("download")
        key = self._device_key()
        try:
            chosen = await (await async_get_manager(self.hass)).stored_backup(key, user_input[CONF_BACKUP])
        except DeviceBackupError as error:
            return await self._async_fail(error)
        link = async_download_link(self.hass, key, chosen.id)
        return self.async_abort(
            reason="download_ready",
            description_placeholders={"link": f'<a href="{link}" target="_blank">{escape(file_name(chosen))}</a>'},
        )

    async def _async_show_backups(self, step_id: str) -> ConfigFlowResult:
        """Show what is stored of the device, for a step that wants one of it."""
        try:
            backups = await (await async_get_manager(self.hass)).list_backups(self._device_key())
        except DeviceBackupError as error:
            return await self._async_fail(error)
        if not backups:
            return self.async_abort(reason="nothing_stored", description_placeholders=self._named())
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        return self.async_show_form(
            step_id=step_id, data_schema=backup_schema(backups, phrases), description_placeholders=self._named()
        )

    @override
    def _title(self) -> str:
        return self.config_entry.title

    @override
    def _show_restored(self) -> ConfigFlowResult:
        return self.async_abort(reason="restored", description_placeholders=self._outcome)

    @override
    def _show_guide(self, placeholders: dict[str, str]) -> ConfigFlowResult:
        return self.async_abort(reason="restore_guide", description_placeholders=placeholders)

    @override
    async def _async_handed_in(self, result: JobResult, user_input: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_abort(
            reason="handed_in_unchanged" if result.outcome is Outcome.UNCHANGED else "handed_in",
            description_placeholders={
                **self._named(),
                "backup": "" if result.backup is None else result.backup.id,
                "but": await self._async_shortcoming(result.backup),
            },
        )

    async def _async_shortcoming(self, backup: Backup | None) -> str:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        return "" if backup is None else plain(shortcoming(backup, phrases, language) or "")

    def _is_attended(self) -> bool:
        manager, key = async_running_manager(self.hass), device_key(self.config_entry)
        statuses = () if manager is None else manager.statuses()
        return any(status.key == key and status.attended for status in statuses)

    @override
    def _present_options(self) -> Mapping[str, Any]:
        return self.config_entry.options

    @override
    async def _async_options_done(self, options: dict[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(data=kept_options(self.config_entry.options, options))


def kept_options(present: Mapping[str, Any], entered: dict[str, Any]) -> dict[str, Any]:
    """Return the entered options with what other forms and switches set."""
    return {key: present[key] for key in (OPTION_SCHEDULE_ENABLED, OPTION_REMIND) if key in present} | entered
