"""Entering a login again after it was refused, and changing how a device is reached."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)

from ha_device_backup_core import (
    AuthenticationError,
    CertificateNotTrustedError,
    ConfigError,
    ConfigField,
    DeviceBackupError,
    DeviceInfo,
    FieldKind,
)
from ha_device_backup_core.host import is_another

from ..const import CONF_DEVICE_CONFIG, CONF_PROBLEM
from ..entries import device_key, is_service
from ..forms.handler_fields import (
    FORGET_SECRETS,
    FieldForm,
    login_fields,
    optional,
    secret_fields,
    shown_fields,
    yes_or_no,
)
from ..translation import async_error_text, async_person_language, named, plain
from .options import OptionSteps, kept_options
from .replace import ReplaceSteps

EMPTY_DROPS = "empty_drops"
EMPTY_KEEPS = "empty_keeps"


class UpdateFlow(OptionSteps, ReplaceSteps):
    """Reauth asks for what was refused; reconfigure for everything. Neither ever shows a stored secret."""

    _entry: ConfigEntry
    _problem: DeviceBackupError | None = None
    """What a backup ended with, where that was no refused login."""
    _asks_address: bool = False

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
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
            self._without(self._config, self._wrong_secrets()),
            empty=_may_be_empty(self._wrong_fields()),
        )
        told = plain(await async_error_text(self.hass, self._problem, language))
        placeholders = {**named(self._entry.title), "problem": told}
        return await self._async_show_field_form("reauth_setting", form, error, **placeholders)

    async def async_step_reauth_setting(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try the new setting; one that is left empty is no longer used."""
        if user_input is None:
            return await self._async_ask_again()
        form = await self._async_field_form(self._wrong_fields(), {})
        return await self._async_connect(self._without(self._config, self._wrong_fields()) | form.entered(user_input))

    def _wrong_fields(self) -> list[ConfigField]:
        """Return the field whose value was refused; after a new certificate was trusted there is none."""
        wrong = self._problem.field if isinstance(self._problem, ConfigError) else None
        return [declared for declared in shown_fields(self._registered.spec) if declared.key == wrong]

    def _wrong_secrets(self) -> list[ConfigField]:
        return [declared for declared in self._wrong_fields() if declared.kind is FieldKind.SECRET]

    async def _async_ask_login(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        login = login_fields(self._registered.spec)
        form = await self._async_field_form(login, {}, empty=_may_be_empty(login))
        return await self._async_show_field_form("reauth_confirm", form, error, **named(self._entry.title))

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try the new login; what of it is left empty is no longer sent, and other secrets stay."""
        if user_input is None:
            return await self._async_ask_login()
        login = login_fields(self._registered.spec)
        form = await self._async_field_form(login, {})
        known = self._without(self._config, login)
        return await self._async_connect(known | form.entered(user_input))

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the device is reached now; on the service entry, for the defaults."""
        if user_input is None and not self._asks_address:
            entry = self._get_reconfigure_entry()
            if is_service(entry):
                self._entry = entry
                return await self.async_step_defaults()
            await self._async_begin_update(entry)
        if user_input is None:
            return await self._async_ask_connection()
        form = await self._async_connection_form()
        return await self._async_connect(self._kept(user_input) | form.entered(user_input))

    async def async_step_address(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for everything once more: at the address that was tried, another device answered."""
        self._asks_address = True
        return await self._async_ask_connection()

    async def _async_ask_update(self, error: DeviceBackupError | None) -> ConfigFlowResult:
        """Show the form that was answered."""
        asks_connection = self._asks_address or self.source == SOURCE_RECONFIGURE
        return await (self._async_ask_connection(error) if asks_connection else self._async_ask_again(error))

    async def _async_ask_connection(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        form = await self._async_connection_form()
        return await self._async_show_field_form("reconfigure", form, error, **named(self._entry.title))

    async def _async_connection_form(self) -> FieldForm:
        """Return the form, with a switch to remove secrets where some could be; the browser gets none of them."""
        spec = self._registered.spec
        suggested = self._without(self._config, secret_fields(spec))
        kept = [declared for declared in self._kept_secrets() if not declared.required]
        fields = [
            declared if declared.kind is not FieldKind.SECRET else optional(declared) for declared in shown_fields(spec)
        ]
        keeps = {declared.key: EMPTY_KEEPS for declared in self._kept_secrets()}
        form = await self._async_field_form(fields, suggested, empty=keeps)
        if not kept:
            return form
        schema = form.schema.extend({vol.Optional(FORGET_SECRETS, default=False): yes_or_no()})
        return FieldForm(schema, form.placeholders, form.names)

    def _kept(self, user_input: Mapping[str, Any]) -> dict[str, object]:
        """Return what is not shown but goes on to hold: secrets, unless they are to be forgotten, and a certificate."""
        stored = self._entry.data[CONF_DEVICE_CONFIG]
        shown = {declared.key for declared in shown_fields(self._registered.spec)}
        hidden = {key: value for key, value in stored.items() if key not in shown}
        forget = user_input.get(FORGET_SECRETS, False)
        return hidden | {
            declared.key: stored[declared.key] for declared in self._kept_secrets() if declared.required or not forget
        }

    def _kept_secrets(self) -> list[ConfigField]:
        stored = self._entry.data[CONF_DEVICE_CONFIG]
        return [declared for declared in secret_fields(self._registered.spec) if stored.get(declared.key)]

    async def _async_same_device(self, device: DeviceInfo) -> ConfigFlowResult:
        """Keep the new configuration if it is the same device that answered."""
        if is_another(device_key(self._entry).unique_id, device.unique_id):
            return await self._async_show_other(self._entry, device)
        if self._entry.state is not ConfigEntryState.LOADED or not self._entry.runtime_data.has_handler:
            self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
        # Without a reason newer Home Assistants show a text of their own.
        return self.async_update_and_abort(
            self._entry,
            data={**self._entry.data, CONF_DEVICE_CONFIG: self._config},
            reason="reauth_successful" if self.source == SOURCE_REAUTH else "reconfigure_successful",
        )

    async def _async_keep_defaults(self, options: dict[str, Any]) -> ConfigFlowResult:
        return self.async_update_and_abort(
            self._entry, options=kept_options(self._entry.options, options), reason="reconfigure_successful"
        )

    async def _async_begin_update(self, entry: ConfigEntry) -> None:
        self._entry = entry
        await self._async_use_handler(device_key(entry).kind)
        self._config = dict(entry.data[CONF_DEVICE_CONFIG])

    @staticmethod
    def _without(config: Mapping[str, object], fields: list[ConfigField]) -> dict[str, object]:
        keys = {declared.key for declared in fields}
        return {key: value for key, value in config.items() if key not in keys}


def _may_be_empty(fields: list[ConfigField]) -> dict[str, str]:
    return {declared.key: EMPTY_DROPS for declared in fields if not declared.required}
