"""Asking a device who it is, in every flow in which a configuration is entered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import AbortFlow

from ha_device_backup_core import (
    CertificateNotTrustedError,
    ConfigError,
    ConfigField,
    DeviceBackupError,
    KeyPairOfferedError,
    in_language,
)
from ha_device_backup_core.host import DeviceBackupManager, HandlerUnavailableError, RegisteredHandler

from ..forms.handler_fields import FieldForm, async_field_form, error_placeholders, form_errors
from ..manager import async_get_manager
from ..translation import Phrases, async_person_language, async_phrases, escape_markdown, escaped, named
from .connection import Answered, Ask, DeviceConnection

_NOTHING: Mapping[str, str] = MappingProxyType({})
_BEFORE_OTHERS = frozenset({"fields", "details"})
"""Forms after which others come."""


async def async_flow_manager(hass: HomeAssistant) -> DeviceBackupManager:
    """Return the manager, or end the flow saying why there is none."""
    try:
        return await async_get_manager(hass)
    except DeviceBackupError as error:
        raise AbortFlow(error.code, escaped(error.placeholders(await async_person_language(hass)))) from error


class ConnectSteps(ConfigFlow):
    """Tries what was entered; what comes before and after is up to who makes the connection."""

    _connection: DeviceConnection
    _certificates: dict[str, str]
    """What the page about a certificate or host key shows."""
    _offered: KeyPairOfferedError
    """The pair of keys whose public half is shown."""

    async def _async_manager(self) -> DeviceBackupManager:
        return await async_flow_manager(self.hass)

    async def _async_handler(self, kind: str, agent: str | None = None) -> RegisteredHandler:
        """Return the handler of that kind, here or at an agent, or end the flow saying what is wrong with it."""
        manager = await self._async_manager()
        try:
            return manager.registry.get(kind, agent)
        except HandlerUnavailableError as error:
            language = await async_person_language(self.hass)
            raise AbortFlow(error.code, escaped(error.placeholders(language))) from error

    def _connect_to(
        self, registered: RegisteredHandler, config: Mapping[str, object], *, ask: Ask, answered: Answered
    ) -> None:
        """Make this the flow of one device: how it is asked for again, and what comes when it answered."""
        self._connection = DeviceConnection(registered, config, ask=ask, answered=answered, changed=self._show_prompt)

    async def _async_phrases(self) -> Phrases:
        return await async_phrases(self.hass, await async_person_language(self.hass))

    async def _async_field_form(
        self, fields: list[ConfigField], suggested: Mapping[str, object], *, empty: Mapping[str, str] = _NOTHING
    ) -> FieldForm:
        """Return the form; `empty` holds by field which phrase says what becomes of it when it is left empty."""
        return await async_field_form(self.hass, self._connection.spec, fields, suggested, empty)

    async def _async_show_field_form(
        self, step_id: str, form: FieldForm, error: DeviceBackupError | None, **placeholders: str
    ) -> ConfigFlowResult:
        language, spec = await async_person_language(self.hass), self._connection.spec
        wrong = {} if error is None else error_placeholders(spec, error, language)
        url = spec.documentation
        documentation = (await self._async_phrases())("documentation", url=escape_markdown(url)) if url else ""
        return self.async_show_form(
            step_id=step_id,
            data_schema=form.schema,
            errors=None if error is None else form_errors(spec, error, form, self._connection.config),
            description_placeholders={
                **named(in_language(spec.name, language)),
                "documentation": documentation,
                **placeholders,
                **form.placeholders,
                **wrong,
            },
            last_step=False if step_id in _BEFORE_OTHERS else None,
        )

    async def _async_connect(self, config: Mapping[str, object]) -> ConfigFlowResult:
        """Ask the device at this configuration who it is."""
        connection = self._connection
        try:
            has_answered = await connection.async_has_answered_soon(self.hass, await self._async_manager(), config)
        except ConfigError as error:
            return await connection.ask(error)
        return await (self.async_step_connected() if has_answered else self.async_step_connect())

    async def async_step_connect(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the device is being asked, and what it wants from the person."""
        connection = self._connection
        if connection.page.done():
            return self.async_show_progress_done(next_step_id="connected")
        language, prompt = await async_person_language(self.hass), connection.prompt
        return self.async_show_progress(
            step_id="connect",
            progress_action="connect" if prompt is None else "prompt",
            progress_task=connection.page,
            description_placeholders={
                "name": escape_markdown(in_language(connection.spec.name, language)),
                "instruction": "" if prompt is None else escape_markdown(in_language(prompt.text, language)),
            },
        )

    async def async_step_connected(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look at the answer."""
        try:
            device = self._connection.page.result()
        except CertificateNotTrustedError as error:
            return await self._async_ask_certificate(error)
        except KeyPairOfferedError as error:
            self._offered = self._connection.offer(error)
            return await self.async_step_key_pair()
        except DeviceBackupError as error:
            return await self._connection.ask(error)
        return await self._connection.answered(device)

    async def _async_ask_certificate(self, error: CertificateNotTrustedError) -> ConfigFlowResult:
        """Have the person compare and trust the certificate that was seen, a changed one too."""
        seen = self._connection.see_certificate(error)
        if seen is None:
            return await self._connection.ask(error)
        self._certificates = seen
        if self._connection.trusts_host_key:
            return await (self.async_step_host_key_changed() if seen["known"] else self.async_step_host_key())
        return await (self.async_step_certificate_changed() if seen["known"] else self.async_step_certificate())

    async def async_step_certificate(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the certificate that was shown."""
        return await self._async_trust("certificate", user_input)

    async def async_step_certificate_changed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the new certificate that was shown."""
        return await self._async_trust("certificate_changed", user_input)

    async def async_step_host_key(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the host key that was shown."""
        return await self._async_trust("host_key", user_input)

    async def async_step_host_key_changed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the new host key that was shown."""
        return await self._async_trust("host_key_changed", user_input)

    async def async_step_key_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the public half of a pair of keys that was made, and go on with the other half."""
        if user_input is not None:
            return await self._async_connect(self._connection.config | {self._offered.field: self._offered.private})
        return self.async_show_form(
            step_id="key_pair",
            description_placeholders={"line": self._offered.public.replace("`", "")},
            last_step=False,
            data_schema=vol.Schema({}),
        )

    async def _async_trust(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        if user_input is not None:
            self._connection.trust()
            return await self._async_connect(self._connection.config)
        return self.async_show_form(
            step_id=step_id, description_placeholders=self._certificates, last_step=False, data_schema=vol.Schema({})
        )

    @callback
    def _show_prompt(self) -> None:
        """Show what the device wants from the person in front of this flow."""
        if self.cur_step is not None and self.cur_step["step_id"] == "connect":
            self.async_notify_flow_changed()

    @callback
    def async_remove(self) -> None:
        """Leave the device alone when the flow is closed."""
        if hasattr(self, "_connection"):
            self._connection.leave()
