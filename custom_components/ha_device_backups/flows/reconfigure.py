"""Entering a login again after it was refused, and changing how a device is reached."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, ConfigEntryState, ConfigFlowResult

from ha_device_backup_core import (
    AuthenticationError,
    CertificateNotTrustedError,
    ConfigError,
    ConfigField,
    DeviceBackupError,
    DeviceInfo,
    FieldKind,
)
from ha_device_backup_core.host import HandlerUnavailableError, RegisteredHandler, is_another

from ..const import CONF_DEVICE_CONFIG, CONF_PROBLEM
from ..entries import DeviceBackupsConfigEntry, agent_of, device_key, is_service
from ..forms.handler_fields import (
    FORGET_SECRETS,
    FieldForm,
    decided,
    first_fields,
    in_sight,
    is_later,
    later_fields,
    login_fields,
    optional,
    secret_fields,
    shown_fields,
    wrong_field,
)
from ..forms.selectors import choose_one, yes_or_no
from ..translation import async_error_text, async_person_language, escape_markdown, named
from .add import entry_data
from .options import OptionSteps, OptionsToAsk, kept_options
from .replace import ReplaceSteps

EMPTY_DROPS = "empty_drops"
EMPTY_KEEPS = "empty_keeps"
CONF_ASKED_BY = "asked_by"
HOME_ASSISTANT = "home_assistant"
"""Who asks a device that no agent asks."""


class ReconfigureSteps(OptionSteps, ReplaceSteps):
    """Reauth asks for what was refused; reconfigure for everything. Neither ever shows a stored secret."""

    _entry: DeviceBackupsConfigEntry
    _problem: DeviceBackupError | None = None
    """What a backup ended with, where that was no refused login."""
    _asks_address: bool = False

    async def _async_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin after the device refused the login or a setting, or showed another certificate."""
        await self._async_begin_update(self._get_reauth_entry())
        self._problem = entry_data.get(CONF_PROBLEM)
        if isinstance(self._problem, CertificateNotTrustedError):
            return await self._async_ask_certificate(self._problem)
        return await self._async_ask_again()

    async def _async_ask_again(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        if self._problem is None or isinstance(error, AuthenticationError):
            return await self._async_ask_login(error)
        language = await async_person_language(self.hass)
        form = await self._async_field_form(
            self._wrong_fields(),
            self._without(self._connection.config, self._wrong_secrets()),
            empty=_may_be_empty(self._wrong_fields()),
        )
        problem = escape_markdown(await async_error_text(self.hass, self._problem, language))
        placeholders = {**named(self._entry.title), "problem": problem}
        return await self._async_show_field_form("reauth_setting", form, error, **placeholders)

    async def async_step_reauth_setting(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try the new setting; one that is left empty is no longer used."""
        if user_input is None:
            return await self._async_ask_again()
        form = await self._async_field_form(self._wrong_fields(), {})
        return await self._async_connect(
            self._without(self._connection.config, self._wrong_fields()) | form.entered(user_input)
        )

    def _wrong_fields(self) -> list[ConfigField]:
        """Return the field whose value was refused; after a new certificate was trusted there is none."""
        wrong = self._problem.field if isinstance(self._problem, ConfigError) else None
        return [in_sight(declared) for declared in shown_fields(self._connection.spec) if declared.key == wrong]

    def _wrong_secrets(self) -> list[ConfigField]:
        return [declared for declared in self._wrong_fields() if declared.kind is FieldKind.SECRET]

    async def _async_ask_login(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        login = self._login_fields()
        form = await self._async_field_form(login, {}, empty=_may_be_empty(login))
        return await self._async_show_field_form("reauth_confirm", form, error, **named(self._entry.title))

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try the new login; what of it is left empty is no longer sent, and other secrets stay."""
        if user_input is None:
            return await self._async_ask_login()
        login = self._login_fields()
        form = await self._async_field_form(login, {})
        known = self._without(self._connection.config, login)
        return await self._async_connect(known | form.entered(user_input))

    def _login_fields(self) -> list[ConfigField]:
        stored = self._entry.data[CONF_DEVICE_CONFIG]
        return [in_sight(declared) for declared in login_fields(self._connection.spec, stored)]

    async def _async_reconfigure(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask how the device is reached now; on the service entry, for the defaults."""
        if user_input is None and not self._asks_address:
            entry = self._get_reconfigure_entry()
            if is_service(entry):
                self._entry = entry
                self._options = OptionsToAsk(present=entry.options, done=self._async_keep_defaults)
                return await self.async_step_defaults()
            await self._async_begin_update(entry)
        if user_input is None:
            return await self._async_ask_connection()
        await self._async_ask_by(user_input.pop(CONF_ASKED_BY, None))
        form = await self._async_connection_form(self._first())
        entered = form.entered(user_input)
        if not self._later(entered):
            return await self._async_connect(self._kept(user_input, entered) | entered)
        first = {declared.key for declared in self._first()}
        rest = {key: value for key, value in self._connection.config.items() if key not in first}
        self._connection.config = rest | entered
        return await self._async_ask_connection_details()

    async def async_step_reconfigure_details(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for what goes with what was entered first."""
        if user_input is None:
            return await self._async_ask_connection_details()
        first = {declared.key for declared in self._first()}
        entered = {key: value for key, value in self._connection.config.items() if key in first}
        form = await self._async_connection_form(self._later(entered))
        return await self._async_connect(self._kept(user_input, entered) | entered | form.entered(user_input))

    async def async_step_address(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for everything once more: at the address that was tried, another device answered."""
        self._asks_address = True
        return await self._async_ask_connection()

    async def _async_ask_update(self, error: DeviceBackupError | None) -> ConfigFlowResult:
        """Show the form that was answered."""
        asks_connection = self._asks_address or self.source == SOURCE_RECONFIGURE
        return await (self._async_ask_connection(error) if asks_connection else self._async_ask_again(error))

    async def _async_ask_connection(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        """Show the form, or of two steps the one that has what was wrong."""
        wrong = None
        if error is not None:
            wrong = wrong_field(self._connection.spec, error, self._connection.config)
        if wrong is not None and is_later(self._connection.spec, wrong):
            return await self._async_ask_connection_details(error)
        form = await self._async_connection_form(self._first())
        if askers := await self._async_askers():
            asked_by = self._connection.registered.agent or HOME_ASSISTANT
            form = replace(
                form, schema=form.schema.extend({vol.Required(CONF_ASKED_BY, default=asked_by): choose_one(askers)})
            )
        return await self._async_show_field_form("reconfigure", form, error, **named(self._entry.title))

    async def _async_ask_connection_details(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        form = await self._async_connection_form(self._later(self._connection.config))
        return await self._async_show_field_form("reconfigure_details", form, error, **named(self._entry.title))

    async def _async_askers(self) -> dict[str, str]:
        """Return who can ask devices of this kind, where there is a choice, or the one that did is gone."""
        registry, kind = (await self._async_manager()).registry, self._connection.registered.kind
        phrases = await self._async_phrases()
        askers = {HOME_ASSISTANT: phrases("asked_from_here")} if kind in registry.handlers else {}
        askers |= {
            agent_id: phrases("asked_by_agent", agent=agent.name)
            for agent_id, agent in registry.agents.items()
            if kind in agent.handlers
        }
        return askers if len(askers) > 1 or agent_of(self._entry) not in (*askers, None) else {}

    async def _async_ask_by(self, asker: str | None) -> None:
        """Have the device asked from here, or by that agent, from now on."""
        if asker is not None:
            kind, agent = self._connection.registered.kind, None if asker == HOME_ASSISTANT else asker
            self._connection.registered = await self._async_handler(kind, agent)

    def _first(self) -> list[ConfigField]:
        return first_fields(self._connection.spec, shown_fields(self._connection.spec))

    def _later(self, entered: Mapping[str, object]) -> list[ConfigField]:
        spec = self._connection.spec
        return later_fields(spec, shown_fields(spec), entered)

    async def _async_connection_form(self, asked: list[ConfigField]) -> FieldForm:
        """Return the form, with a switch to remove secrets where some could be; the browser gets none of them."""
        spec = self._connection.spec
        suggested = self._without(self._connection.config, secret_fields(spec))
        kept = [declared for declared in self._kept_secrets() if declared in asked and not declared.required]
        fields = [declared if declared.kind is not FieldKind.SECRET else optional(declared) for declared in asked]
        keeps = {declared.key: EMPTY_KEEPS for declared in self._kept_secrets() if declared in asked}
        form = await self._async_field_form(fields, suggested, empty=keeps)
        if not kept:
            return form
        schema = form.schema.extend({vol.Optional(FORGET_SECRETS, default=False): yes_or_no()})
        return replace(form, schema=schema)

    def _kept(self, user_input: Mapping[str, Any], entered: Mapping[str, object]) -> dict[str, object]:
        """Return what is not shown but goes on to hold: secrets, unless they are to be forgotten, and a certificate."""
        stored = self._entry.data[CONF_DEVICE_CONFIG]
        shown = {declared.key for declared in shown_fields(self._connection.spec)}
        hidden = {key: value for key, value in stored.items() if key not in shown}
        forget = user_input.get(FORGET_SECRETS, False)
        values = decided(self._connection.spec, entered)
        return hidden | {
            declared.key: stored[declared.key]
            for declared in self._kept_secrets()
            if declared.is_asked(values) and (declared.required or not forget)
        }

    def _kept_secrets(self) -> list[ConfigField]:
        stored = self._entry.data[CONF_DEVICE_CONFIG]
        return [declared for declared in secret_fields(self._connection.spec) if stored.get(declared.key)]

    async def _async_same_device(self, device: DeviceInfo) -> ConfigFlowResult:
        """Keep the new configuration if it is the same device that answered."""
        if is_another(device_key(self._entry).unique_id, device.unique_id):
            return await self._async_show_other(self._entry, device)
        registered = self._connection.registered
        if (
            self._entry.state is not ConfigEntryState.LOADED
            or self._entry.runtime_data.handler is not registered.handler
        ):
            self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
        # Without a reason newer Home Assistants show a text of their own.
        return self.async_update_and_abort(
            self._entry,
            data=entry_data(device_key(self._entry), self._connection.config, registered.agent),
            reason="reauth_successful" if self.source == SOURCE_REAUTH else "reconfigure_successful",
        )

    async def _async_keep_defaults(self, options: dict[str, Any]) -> ConfigFlowResult:
        return self.async_update_and_abort(
            self._entry, options=kept_options(self._entry.options, options), reason="reconfigure_successful"
        )

    async def _async_begin_update(self, entry: DeviceBackupsConfigEntry) -> None:
        self._entry = entry
        registered = await self._async_handler_of(entry)
        self._connect_to(
            registered,
            entry.data[CONF_DEVICE_CONFIG],
            ask=self._async_ask_update,
            answered=self._async_same_device,
        )

    async def _async_handler_of(self, entry: DeviceBackupsConfigEntry) -> RegisteredHandler:
        """Return what backs up the device; where its agent is gone, what could do so in its place."""
        manager, kind = await self._async_manager(), device_key(entry).kind
        with suppress(HandlerUnavailableError):
            return manager.registry.get(kind, agent_of(entry))
        with suppress(HandlerUnavailableError):
            return manager.registry.reading(kind)
        return await self._async_handler(kind, agent_of(entry))

    @staticmethod
    def _without(config: Mapping[str, object], fields: list[ConfigField]) -> dict[str, object]:
        keys = {declared.key for declared in fields}
        return {key: value for key, value in config.items() if key not in keys}


def _may_be_empty(fields: list[ConfigField]) -> dict[str, str]:
    return {declared.key: EMPTY_DROPS for declared in fields if not declared.required}
