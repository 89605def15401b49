"""The steps of the options: of a device (also while it is added) and of what holds for all devices."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowContext, ConfigFlowResult, OptionsFlow

from ha_device_backup_core import ConfigError, DeviceBackupError, Text, in_language
from ha_device_backup_core.host import (
    REMIND_DAYS,
    Backup,
    DeviceBackupManager,
    DeviceKey,
    JobResult,
    Outcome,
    ScheduleKind,
    StoreError,
)

from ..const import OPTION_REMIND, OPTION_SCHEDULE, OPTION_SCHEDULE_ENABLED, OPTION_SECOND_COPY
from ..entries import device_key, is_service, service_entry
from ..folders import async_look
from ..forms.backup_list import CONF_BACKUP, backup_schema
from ..forms.default_words import async_default_words
from ..forms.options import (
    chosen_schedule,
    default_options,
    defaults_schema,
    device_options,
    device_schema,
    entered_schedule,
    reminder_schema,
    schedule_schema,
    unusable_folder,
)
from ..listeners.firmware_updates import is_in_care
from ..manager import async_get_manager, async_running_manager
from ..options import defaults_of, schedule_of
from ..panel.download import async_download_link, file_name
from ..panel.kind_file import async_kind_file, async_kind_file_link, has_kind_file
from ..translation import async_person_language, async_phrases, escape_markdown
from ..wording.gaps import unreliable_reason
from .packages import PackageSteps
from .person_steps import PersonSteps
from .recipes import RecipeSteps
from .restore_steps import RestoreSteps


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsToAsk:
    """What a form of options is about."""

    present: Mapping[str, Any]
    """What holds until now; nothing for a new device."""
    done: Callable[[dict[str, Any]], Awaitable[ConfigFlowResult]]
    """Keeps what was entered."""
    further: Mapping[vol.Marker, object] = field(default_factory=dict)
    """What else is asked, above a device's options: it may make them needless."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """What the text above them fills in."""


class OptionSteps(ConfigEntryBaseFlow):
    """Asks for options, and for the details of a schedule that needs some."""

    _options: OptionsToAsk
    _chosen: dict[str, Any]
    """Options that were entered, the schedule not yet."""
    _schedule_kind: ScheduleKind

    async def async_step_device_options(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options of one device."""
        if user_input is not None:
            defaults = defaults_of(service_entry(self.hass))
            return await self._async_schedule(user_input, device_options(user_input, defaults))
        defaults = defaults_of(service_entry(self.hass))
        words = await async_default_words(self.hass, defaults, await async_person_language(self.hass))
        return self.async_show_form(
            step_id="device_options",
            data_schema=vol.Schema(dict(self._options.further)).extend(
                device_schema(self._options.present, words).schema
            ),
            description_placeholders={**words.placeholders, **self._options.placeholders},
        )

    async def async_step_defaults(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for what holds for all devices."""
        schema = defaults_schema(self._options.present)
        if user_input is None:
            return self.async_show_form(step_id="defaults", data_schema=schema)
        options = default_options(user_input)
        folder = str(options.get(OPTION_SECOND_COPY, ""))
        if folder and (problem := await self._async_problem_with(folder)) is not None:
            error, detail = problem
            return self.async_show_form(
                step_id="defaults",
                data_schema=self.add_suggested_values_to_schema(schema, user_input),
                errors={"base": error},
                description_placeholders={
                    "folder": folder,
                    "error": in_language(detail, await async_person_language(self.hass)),
                },
            )
        return await self._async_schedule(user_input, options)

    async def _async_problem_with(self, folder: str) -> tuple[str, Text] | None:
        look = partial(unusable_folder, folder, self.hass.config.config_dir)
        try:
            return await async_look(self.hass, folder, look)
        except StoreError as error:
            return "second_copy_unusable", error.detail or ""

    async def _async_schedule(self, user_input: Mapping[str, Any], options: dict[str, Any]) -> ConfigFlowResult:
        kind = chosen_schedule(user_input)
        if kind is None:
            return await self._options.done(options)
        self._chosen, self._schedule_kind = options, kind
        needs_details = bool(schedule_schema(kind, None).schema)
        return await self.async_step_schedule(None if needs_details else {})

    async def async_step_schedule(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask when exactly."""
        schema = schedule_schema(self._schedule_kind, schedule_of(self._options.present))
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
        return await self._options.done(self._chosen | {OPTION_SCHEDULE: schedule.to_dict()})


class DeviceBackupsOptionsFlow(
    RestoreSteps[ConfigFlowContext, ConfigFlowResult],
    PersonSteps[ConfigFlowContext, ConfigFlowResult],
    PackageSteps,
    RecipeSteps,
    OptionSteps,
    OptionsFlow,
):
    """The options flow of both sorts of entries."""

    _backed_up_step = "backed_up"
    _failed_step = "not_backed_up"
    _begin_step = "restore"

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the form of this sort of entry."""
        self._options = OptionsToAsk(present=self.config_entry.options, done=self._async_keep)
        if is_service(self.config_entry):
            return self.async_show_menu(
                step_id="init",
                menu_options=["defaults", "packages", "recipes"],
                description_placeholders={"name": escape_markdown(self.config_entry.title)},
            )
        reminder = ["reminder"] if self._needs_person() else []
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                "back_up",
                "restore",
                "device_options",
                *reminder,
                "download",
                "import_file",
                *self._recipe(),
            ],
            description_placeholders={"name": escape_markdown(self.config_entry.title)},
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
    def _manager_of_device(self) -> DeviceBackupManager | None:
        manager = async_running_manager(self.hass)
        return manager if manager is not None and is_in_care(manager, self._device_key()) else None

    @override
    def _show_nobody(self) -> ConfigFlowResult:
        return self.async_abort(reason="not_set_up", description_placeholders=self._named())

    def _named(self) -> dict[str, str]:
        return {"name": escape_markdown(self.config_entry.title)}

    async def async_step_reminder(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how often a person wants to be reminded of a backup that only they can start."""
        options = self.config_entry.options
        if user_input is None:
            return self.async_show_form(
                step_id="reminder", data_schema=reminder_schema(options.get(OPTION_REMIND, REMIND_DAYS))
            )
        return self.async_create_entry(data={**options, OPTION_REMIND: int(user_input[OPTION_REMIND])})

    def _recipe(self) -> list[str]:
        manager = async_running_manager(self.hass)
        is_offered = manager is not None and has_kind_file(manager, self._device_key())
        return ["save_recipe"] if is_offered else []

    async def async_step_save_recipe(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Give a link to what was entered, as a recipe."""
        try:
            name, _content = await async_kind_file(self.hass, self.config_entry)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        link = async_kind_file_link(self.hass, self.config_entry)
        return self.async_abort(
            reason="recipe_ready",
            description_placeholders={"link": f'<a href="{link}" target="_blank">{escape(name)}</a>'},
        )

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
            chosen = await (await async_get_manager(self.hass)).stored.backup(key, user_input[CONF_BACKUP])
        except DeviceBackupError as error:
            return await self._async_fail(error)
        link = async_download_link(self.hass, key, chosen.id)
        return self.async_abort(
            reason="download_ready",
            description_placeholders={"link": f'<a href="{link}" target="_blank">{escape(file_name(chosen))}</a>'},
        )

    async def _async_show_backups(self, step_id: str) -> ConfigFlowResult:
        """Show what is stored of the device, for a step that wants one of it."""
        key = self._device_key()
        try:
            stored = (await async_get_manager(self.hass)).stored
            backups = await stored.list_backups(key)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        if not backups:
            return self.async_abort(reason="nothing_stored", description_placeholders=self._named())
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        return self.async_show_form(
            step_id=step_id,
            data_schema=backup_schema(backups, stored.offered(key, backups), phrases),
            description_placeholders=self._named(),
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
    async def _async_show_imported(self, result: JobResult, user_input: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_abort(
            reason="file_imported_unchanged" if result.outcome is Outcome.UNCHANGED else "file_imported",
            description_placeholders={
                **self._named(),
                "backup": "" if result.backup is None else result.backup.id,
                "but": await self._async_unreliable_reason(result.backup),
            },
        )

    async def _async_unreliable_reason(self, backup: Backup | None) -> str:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        return "" if backup is None else escape_markdown(unreliable_reason(backup, phrases, language) or "")

    def _needs_person(self) -> bool:
        manager, key = async_running_manager(self.hass), device_key(self.config_entry)
        statuses = () if manager is None else manager.statuses()
        return any(status.key == key and status.needs_person for status in statuses)

    async def _async_keep(self, options: dict[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(data=kept_options(self.config_entry.options, options))


def kept_options(present: Mapping[str, Any], entered: dict[str, Any]) -> dict[str, Any]:
    """Return the entered options with what other forms and switches set."""
    return {key: present[key] for key in (OPTION_SCHEDULE_ENABLED, OPTION_REMIND) if key in present} | entered
