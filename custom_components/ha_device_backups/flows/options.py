"""The steps of the options: of a device (also while it is added) and of what holds for all devices."""

from abc import abstractmethod
from collections.abc import Mapping
from html import escape
from typing import Any, override

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowContext, ConfigFlowResult, OptionsFlow

from ha_device_backup_core.errors import ConfigError, DeviceBackupError
from ha_device_backup_core.manager import BackupManager, JobResult
from ha_device_backup_core.manager.settings import REMIND_DAYS
from ha_device_backup_core.policies.schedule import ScheduleKind
from ha_device_backup_core.records import DeviceKey, Outcome

from ..const import OPTION_REMIND, OPTION_SCHEDULE, OPTION_SCHEDULE_ENABLED, OPTION_SECOND_COPY
from ..entries import device_key, is_service, service_entry
from ..forms.default_words import async_default_words
from ..forms.download import CONF_BACKUP, LISTED_BACKUPS, download_schema
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
from ..listeners.firmware_updates import is_in_care
from ..manager import async_get_manager, async_running_manager
from ..options import defaults_of, schedule_of
from ..panel.download import async_download_link, file_name
from ..translation import async_error_text, async_person_language, async_phrases, plain
from .packages import PackageSteps
from .person_steps import PersonSteps


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
            data_schema=device_schema(self._present_options(), words),
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
    PersonSteps[ConfigFlowContext, ConfigFlowResult], PackageSteps, OptionSteps, OptionsFlow
):
    """The options flow of both sorts of entries."""

    _backed_up_step = "backed_up"
    _failed_step = "not_backed_up"

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
            menu_options=["back_up", "device_options", *reminder, "download", "hand_in"],
            description_placeholders={"name": plain(self.config_entry.title)},
        )

    async def async_step_backed_up(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that it worked."""
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

    async def async_step_download(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which backup, and give a link to it."""
        key = device_key(self.config_entry)
        name = plain(self.config_entry.title)
        language = await async_person_language(self.hass)
        try:
            manager = await async_get_manager(self.hass)
            backups = (await manager.list_backups(key))[:LISTED_BACKUPS]
        except DeviceBackupError as error:
            text = plain(await async_error_text(self.hass, error, language))
            return self.async_abort(reason="failed", description_placeholders={"error": text})
        if not backups:
            return self.async_abort(reason="nothing_stored", description_placeholders={"name": name})
        if user_input is None:
            phrases = await async_phrases(self.hass, language)
            recommended = manager.status(key).recommended or backups[0]
            schema = download_schema(backups, recommended, phrases)
            return self.async_show_form(step_id="download", data_schema=schema, description_placeholders={"name": name})
        chosen = next(backup for backup in backups if backup.id == user_input[CONF_BACKUP])
        link = async_download_link(self.hass, key, chosen.id)
        return self.async_abort(
            reason="download_ready",
            description_placeholders={"link": f'<a href="{link}" target="_blank">{escape(file_name(chosen))}</a>'},
        )

    @override
    async def _async_handed_in(self, result: JobResult, user_input: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_abort(
            reason="handed_in_unchanged" if result.outcome is Outcome.UNCHANGED else "handed_in",
            description_placeholders={**self._named(), "backup": "" if result.backup is None else result.backup.id},
        )

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
