"""Taking over one device that Home Assistant already has, where a person has to add or trust something."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import override

from homeassistant.config_entries import ConfigFlowResult, FlowType

from ha_device_backup_core import AuthenticationError, ConfigField, DeviceBackupError

from ..discovery.found_devices import Offer, flows_that_take_over
from ..forms.handler_fields import missing_fields, optional, wrong_field
from .add import AddFlow

_NOTHING: Mapping[str, object] = MappingProxyType({})


class TakeOverFlow(AddFlow):
    """Asks only for what the other integration does not know, and for everything once that turns out to be wrong."""

    _found: Mapping[str, object] = _NOTHING
    """What the other integration knows, without secrets."""
    _copied: Mapping[str, object] = _NOTHING
    """Its secrets, which the person agreed to use; the browser never gets them."""
    _missing: list[ConfigField] | None = None
    """What it does not know; None where everything is asked."""

    async def _async_take_over(self, offer: Offer, *, with_secrets: bool) -> ConfigFlowResult:
        self._name = offer.found.title
        self.context["title_placeholders"] = {"name": self._name}
        self._found = offer.found.fields
        self._copied = offer.found.secrets if with_secrets else _NOTHING
        self._config = offer.known(with_secrets=with_secrets)
        self._missing = missing_fields(self._registered.spec, self._config)
        return await self._async_ask_new() if self._missing else await self._async_connect(self._config)

    @override
    def _asked_fields(self) -> list[ConfigField]:
        if self._missing is not None:
            return self._missing
        return [
            optional(declared) if declared.key in self._copied else declared for declared in super()._asked_fields()
        ]

    @override
    def _suggested_values(self) -> Mapping[str, object]:
        return {key: value for key, value in super()._suggested_values().items() if key not in self._copied}

    @override
    async def _async_ask_new(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        if error is not None and self._missing is not None:
            wrong = wrong_field(self._registered.spec, error)
            if isinstance(error, AuthenticationError) or wrong not in self._missing:
                self._missing = None
        if isinstance(error, AuthenticationError):
            self._config = dict(self._suggested_values())
        self._copied = {key: value for key, value in self._copied.items() if self._config.get(key) == value}
        return await super()._async_ask_new(error)

    @override
    async def _async_connect(self, config: Mapping[str, object]) -> ConfigFlowResult:
        known = {**({} if self._missing is None else self._found), **self._copied}
        return await super()._async_connect({**known, **config})

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the next device that waits for the person who just finished one."""
        others = [flow_id for flow_id in flows_that_take_over(self.hass) if flow_id != self.flow_id]
        if self._found and others:
            result["next_flow"] = (FlowType.CONFIG_FLOW, others[0])
        return result
