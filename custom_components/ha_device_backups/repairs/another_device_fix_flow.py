"""The form of the repair about another device at the address: it moved, it was replaced, or it is another one."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.config_entries import FlowType

from ha_device_backup_core import DeviceBackupError, FieldKind, HandlerSpec
from ha_device_backup_core.host import ANYONE, DeviceKey, is_another

from ..const import CONF_DEVICE_CONFIG
from ..discovery.cards import async_offer_separately
from ..entries import agent_of, described, device_entry
from ..forms.handler_fields import field_form, secret_fields
from ..listeners.identities import async_replace, async_require_replaceable
from ..options import settings_of
from ..translation import async_person_language, escape_markdown, named
from .device_fix_flow import DeviceFlow

_ADDRESS = (FieldKind.HOST, FieldKind.PORT, FieldKind.URL)


class AnotherDeviceFlow(DeviceFlow):
    """Leads a person on from a stranger at the address of a device."""

    _found: str = ""
    _found_id: str
    _tried: dict[str, Any] | None = None
    """The configuration at whose address another device answered, where the person entered one."""

    async def async_step_moved(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask where the device is now, and take that if it is there."""
        entry = device_entry(self.hass, self._key)
        if entry is None:
            return self.async_abort(reason="gone")
        try:
            spec = self._manager.handlers.get(self._key).spec
        except DeviceBackupError as error:
            return await self._async_fail(error)
        present = self._tried or dict(entry.data[CONF_DEVICE_CONFIG])
        if user_input is None:
            return await self._async_show_address(spec, present, {})
        fields = [declared for declared in spec.fields if declared.kind in _ADDRESS]
        form = field_form(spec, fields, {}, await async_person_language(self.hass))
        config = present | form.entered(user_input)
        try:
            info = await self._manager.probe(self._key.kind, config, agent=agent_of(entry), person=ANYONE)
        except DeviceBackupError as error:
            return await self._async_show_address(spec, config, {"base": "failed"}, await self._async_error_text(error))
        if is_another(self._key.unique_id, info.unique_id):
            self._tried, self._found = config, escape_markdown(described(info))
            return await self.async_step_still_another()
        self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DEVICE_CONFIG: config})
        await self._manager.update_device(settings_of(entry))
        return await self._async_settle()

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say which device is there now, and let it go on with the history of the old one after that was confirmed."""
        entry = device_entry(self.hass, self._key)
        if entry is None:
            return self.async_abort(reason="gone")
        try:
            if user_input is not None:
                self._key = await async_replace(self.hass, self._manager, entry, self._found_id, self._tried)
                self._source = self._key
                return await self.async_step_restore()
            config = self._tried or entry.data[CONF_DEVICE_CONFIG]
            info = await self._manager.probe(self._key.kind, config, agent=agent_of(entry), person=ANYONE)
            if info.unique_id is not None and info.unique_id != self._key.unique_id:
                await async_require_replaceable(self.hass, self._manager, self._key, info.unique_id)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        if info.unique_id is None or info.unique_id == self._key.unique_id:
            return await self._async_settle()
        self._found_id = info.unique_id
        return self.async_show_form(
            step_id="replaced",
            description_placeholders={**named(entry.title), "found": escape_markdown(described(info))},
        )

    async def async_step_still_another(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say who answers at the other address, and offer to go on with that one."""
        status = self._status()
        return self.async_show_menu(
            step_id="still_another",
            menu_options=["moved", "replaced"],
            description_placeholders={**named("" if status is None else status.title), "found": self._found},
        )

    async def async_step_another(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what to do with two devices, and go on with the flow that adds the other one, whose card stays."""
        entry = device_entry(self.hass, self._key)
        if entry is None:
            return self.async_abort(reason="gone")
        config = self._tried or dict(entry.data[CONF_DEVICE_CONFIG])
        try:
            spec = self._manager.handlers.get(self._key).spec
            info = await self._manager.probe(self._key.kind, config, agent=agent_of(entry), person=ANYONE)
        except DeviceBackupError as error:
            return await self._async_fail(error)
        if info.unique_id is None or not is_another(self._key.unique_id, info.unique_id):
            return await self._async_settle()
        placeholders = {"name": escape_markdown(entry.title), "found": escape_markdown(described(info))}
        if (other := device_entry(self.hass, DeviceKey(self._key.kind, info.unique_id))) is not None:
            return self.async_abort(
                reason="another_known", description_placeholders={**placeholders, "other": escape_markdown(other.title)}
            )
        # The password of the old device is none of the other one.
        secrets = {declared.key for declared in secret_fields(spec)}
        public = {key: value for key, value in config.items() if key not in secrets}
        flow_id = await async_offer_separately(self.hass, spec, info.unique_id, info.name, public)
        result = self.async_abort(reason="another", description_placeholders=placeholders)
        if flow_id is not None:
            # The same words; the oldest Home Assistant that is supported goes on without them, by the card.
            result["next_flow"] = (FlowType.CONFIG_FLOW, flow_id)  # type: ignore[typeddict-item]
        return result

    async def _async_settle(self) -> RepairsFlowResult:
        """Back the device up, which ends the repair."""
        result = await self._manager.back_up(self._key, person=ANYONE)
        if result.error is not None:
            return await self._async_fail(result.error)
        return self.async_create_entry(data={})

    async def _async_show_address(
        self, spec: HandlerSpec, suggested: dict[str, Any], errors: dict[str, str], error: str = ""
    ) -> RepairsFlowResult:
        fields = [declared for declared in spec.fields if declared.kind in _ADDRESS]
        form = field_form(spec, fields, suggested, await async_person_language(self.hass))
        status = self._status()
        return self.async_show_form(
            step_id="moved",
            data_schema=form.schema,
            errors=errors,
            description_placeholders={
                **form.placeholders,
                **named("" if status is None else status.title),
                "error": error,
            },
        )
