"""Asking a device who it is, in every flow in which a configuration is entered."""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow

from ha_device_backup_core import (
    CertificateNotTrustedError,
    Config,
    ConfigError,
    ConfigField,
    DeviceBackupError,
    DeviceInfo,
    FieldKind,
    Prompt,
    in_language,
)
from ha_device_backup_core.host import (
    WELL_KNOWN_FIELDS,
    BackupManager,
    HandlerUnavailableError,
    RegisteredHandler,
    parse_config,
)

from ..forms.handler_fields import FieldForm, certificate_field, error_placeholders, field_form, form_errors
from ..translation import Phrases, async_person_language, async_phrases, escaped, named, plain
from .begin import async_flow_manager
from .lasting import PATIENCE

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ConnectingFlow(ConfigFlow):
    """Tries what was entered; what comes before and after is up to the flows below."""

    _registered: RegisteredHandler
    _config: dict[str, object]
    """What is being tried, certificate included."""
    _asking: asyncio.Task[DeviceInfo]
    _prompt: Prompt | None = None
    _certificates: dict[str, str]
    """What the page about a certificate shows."""
    _trusted: tuple[object, object] = (None, None)
    """At which address the person trusted a certificate in this flow, and which."""

    @abstractmethod
    async def _async_ask(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        """Show the form again, with what was wrong."""

    @abstractmethod
    async def _async_answered(self, device: DeviceInfo) -> ConfigFlowResult:
        """Go on with a device that answered."""

    async def _async_manager(self) -> BackupManager:
        return await async_flow_manager(self.hass)

    async def _async_use_handler(self, kind: str) -> None:
        """Take the handler of that kind, or end the flow saying what is wrong with it."""
        manager = await self._async_manager()
        try:
            self._registered = manager.registry.get(kind)
        except HandlerUnavailableError as error:
            language = await async_person_language(self.hass)
            raise AbortFlow(error.code, escaped(error.placeholders(language))) from error

    async def _async_phrases(self) -> Phrases:
        return await async_phrases(self.hass, await async_person_language(self.hass))

    async def _async_field_form(
        self, fields: list[ConfigField], suggested: Mapping[str, object], *, empty: Mapping[str, str] = _NOTHING
    ) -> FieldForm:
        """Return the form; `empty` holds by field which phrase says what becomes of it when it is left empty."""
        language, phrases = await async_person_language(self.hass), await self._async_phrases()
        form = field_form(self._registered.spec, fields, suggested, language)
        helps = {}
        for field in fields:
            about = plain(in_language(field.help, language))
            if not about and field.key in WELL_KNOWN_FIELDS:
                about = phrases(f"help_{field.key}")
            left_empty = phrases(empty[field.key]) if field.key in empty else ""
            helps[f"{form.names[field.key]}_help"] = f"{about} {left_empty}".strip()
        return replace(form, placeholders={**form.placeholders, **helps})

    async def _async_show_field_form(
        self, step_id: str, form: FieldForm, error: DeviceBackupError | None, **placeholders: str
    ) -> ConfigFlowResult:
        language = await async_person_language(self.hass)
        spec = self._registered.spec
        wrong = {} if error is None else error_placeholders(spec, error, language)
        return self.async_show_form(
            step_id=step_id,
            data_schema=form.schema,
            errors=None if error is None else form_errors(spec, error, form),
            description_placeholders={
                **named(in_language(spec.name, language)),
                "documentation": await self._async_documentation(),
                **placeholders,
                **form.placeholders,
                **wrong,
            },
            last_step=False if step_id == "fields" else None,
        )

    async def _async_documentation(self) -> str:
        url = self._registered.spec.documentation
        return (await self._async_phrases())("documentation", url=plain(url)) if url else ""

    async def _async_connect(self, config: Mapping[str, object]) -> ConfigFlowResult:
        """Ask the device at this configuration who it is."""
        self._config = dict(config)
        try:
            self._config = storable(parse_config(self._registered.spec, config))
        except ConfigError as error:
            return await self._async_ask(error)
        self._trust_again()
        manager = await self._async_manager()
        self._asking = self.hass.async_create_task(
            manager.probe(self._registered.kind, self._config, person=self), f"{self.handler} asks a device"
        )
        await asyncio.wait([self._asking], timeout=PATIENCE)
        if self._asking.done():
            return await self.async_step_connected()
        return await self.async_step_connect()

    async def async_step_connect(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the device is being asked, and what it wants from the person."""
        if self._asking.done():
            return self.async_show_progress_done(next_step_id="connected")
        language = await async_person_language(self.hass)
        return self.async_show_progress(
            step_id="connect",
            progress_action="connect" if self._prompt is None else "prompt",
            progress_task=self._asking,
            description_placeholders={
                "name": plain(in_language(self._registered.spec.name, language)),
                "instruction": "" if self._prompt is None else plain(in_language(self._prompt.text, language)),
            },
        )

    async def async_step_connected(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look at the answer."""
        try:
            device = self._asking.result()
        except CertificateNotTrustedError as error:
            return await self._async_ask_certificate(error)
        except DeviceBackupError as error:
            return await self._async_ask(error)
        return await self._async_answered(device)

    async def _async_ask_certificate(self, error: CertificateNotTrustedError) -> ConfigFlowResult:
        """Have the person compare and trust the certificate that was seen, a changed one too."""
        declared = certificate_field(self._registered.spec)
        if declared is None:
            return await self._async_ask(error)
        known = self._config.get(declared.key)
        self._certificates = {"fingerprint": _readable(error.sha256), "known": _readable(str(known or ""))}
        self._config[declared.key] = error.sha256
        if known:
            return await self.async_step_certificate_changed()
        return await self.async_step_certificate()

    async def async_step_certificate(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the certificate that was shown."""
        return await self._async_trust("certificate", user_input)

    async def async_step_certificate_changed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Trust the new certificate that was shown."""
        return await self._async_trust("certificate_changed", user_input)

    async def _async_trust(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        if user_input is not None:
            self._trusted = self._address(), self._certificate()
            return await self._async_connect(self._config)
        return self.async_show_form(
            step_id=step_id, description_placeholders=self._certificates, last_step=False, data_schema=vol.Schema({})
        )

    def _trust_again(self) -> None:
        """Use the certificate that was trusted at this very address: nobody is asked twice about the same."""
        declared = certificate_field(self._registered.spec)
        address, certificate = self._trusted
        if declared is not None and not self._certificate() and address == self._address():
            self._config[declared.key] = certificate

    def _certificate(self) -> object:
        declared = certificate_field(self._registered.spec)
        return None if declared is None else self._config.get(declared.key)

    def _address(self) -> list[object]:
        kinds = (FieldKind.HOST, FieldKind.PORT, FieldKind.URL)
        return [self._config.get(field.key) for field in self._registered.spec.fields if field.kind in kinds]

    @callback
    def tell(self, prompt: Prompt | None) -> None:
        """Show what the device wants from the person in front of this flow."""
        self._prompt = prompt
        if self.cur_step is not None and self.cur_step["step_id"] == "connect":
            self.async_notify_flow_changed()

    @callback
    def async_remove(self) -> None:
        """Leave the device alone when the flow is closed."""
        if hasattr(self, "_asking"):
            self._asking.cancel()


def storable(config: Config) -> dict[str, object]:
    """Return a configuration as it comes back from Home Assistant's storage."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in config.items()}


def _readable(sha256: str) -> str:
    """Return a fingerprint in two lines of groups, for people to compare."""
    digits = sha256.replace(":", "").upper()
    groups = [f"`{digits[start : start + 8]}`" for start in range(0, len(digits), 8)]
    return "\n".join(" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4))
