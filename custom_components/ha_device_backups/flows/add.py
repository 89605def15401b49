"""Adding a device: enter its fields, see what a backup holds, choose when it is backed up."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import SOURCE_IGNORE, ConfigFlowResult

from ha_device_backup_core import ConfigField, DeviceBackupError, DeviceInfo, HandlerSpec, in_language
from ha_device_backup_core.host import (
    DeviceKey,
    RegisteredHandler,
    identity_of,
    new_assigned_identity,
    parse_config,
)

from ..const import CONF_AGENT, CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, CONF_KIND
from ..discovery.recognition import async_recognise, entry_of_nameless
from ..entries import DeviceBackupsConfigEntry, device_entry, device_key
from ..forms.handler_fields import FieldForm, address_field, first_fields, is_later, later_fields, wrong_field
from ..forms.selectors import choose_one
from ..translation import async_person_language, escape_markdown, named
from .known_fields import KnownFields
from .options import OptionSteps, OptionsToAsk
from .replace import ReplaceSteps

CONF_REPLACES = "replaces"
REPLACES_NOTHING = "nothing"


class AddSteps(OptionSteps, ReplaceSteps):
    """The way from the person's "Add", or from a discovered device, to a new entry."""

    _name: str | None = None
    """What the device is called, where that is known before it is asked."""
    _known: KnownFields

    def _begin(
        self, registered: RegisteredHandler, config: Mapping[str, object], known: KnownFields | None = None
    ) -> None:
        """Make this the flow that adds one device of a kind."""
        self._known = known or KnownFields(registered.spec)
        self._connect_to(registered, config, ask=self._async_ask_fields, answered=self._async_new_device)

    async def _async_ask_fields(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        """Show the form, or of two steps the one that has what was wrong."""
        wrong = None
        if error is not None:
            wrong = wrong_field(self._connection.spec, error, self._connection.config)
            self._connection.config = self._known.after(error, self._connection.config)
        is_first_empty = not self._first_fields() and bool(self._later_fields())
        if (wrong is not None and is_later(self._connection.spec, wrong)) or is_first_empty:
            return await self._async_show_asked("details", await self._async_later_form(), error)
        return await self._async_show_asked("fields", await self._async_first_form(), error)

    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try what was entered, or ask for what has to be entered with it."""
        if user_input is None:
            return await self._async_ask_fields()
        entered = (await self._async_first_form()).entered(user_input)
        asked_later = {declared.key for declared in self._known.asked} - {one.key for one in self._first_fields()}
        later = {key: value for key, value in self._connection.config.items() if key in asked_later}
        self._connection.config = {**later, **self._known.with_known(entered)}
        if not self._later_fields():
            return await self._async_connect(self._known.with_known(entered))
        return await self._async_show_asked("details", await self._async_later_form(), None)

    async def async_step_details(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try what was entered in both steps."""
        form = await self._async_later_form()
        if user_input is None:
            return await self._async_show_asked("details", form, None)
        first = {declared.key for declared in self._first_fields()}
        entered = {key: value for key, value in self._connection.config.items() if key in first}
        return await self._async_connect(self._known.with_known(entered | form.entered(user_input)))

    def _first_fields(self) -> list[ConfigField]:
        return first_fields(self._connection.spec, self._known.asked)

    def _later_fields(self) -> list[ConfigField]:
        return later_fields(self._connection.spec, self._known.asked, self._connection.config)

    async def _async_first_form(self) -> FieldForm:
        return await self._async_asked_form(self._first_fields())

    async def _async_later_form(self) -> FieldForm:
        return await self._async_asked_form(self._later_fields())

    async def _async_asked_form(self, fields: list[ConfigField]) -> FieldForm:
        return await self._async_field_form(fields, self._known.suggested(self._connection.config))

    async def _async_show_asked(
        self, step_id: str, form: FieldForm, error: DeviceBackupError | None
    ) -> ConfigFlowResult:
        name = self._name or in_language(self._connection.spec.name, await async_person_language(self.hass))
        return await self._async_show_field_form(step_id, form, error, **named(name))

    async def _async_new_device(self, device: DeviceInfo) -> ConfigFlowResult:
        """Take the device that answered, unless it is there already."""
        self._device = device
        entry = await self._async_without_id(device)
        if entry is None:
            key = self._key_of(device)
            entry = await self.async_set_unique_id(str(key), raise_on_progress=False)
        if entry is not None and entry.source != SOURCE_IGNORE:
            registered, config = self._connection.registered, self._config_for(entry)
            data = {**entry.data, **entry_data(device_key(entry), config, registered.agent)}
            self.hass.config_entries.async_update_entry(entry, data=data)
            return self.async_abort(reason="already_configured")
        self._key = key
        self._options = OptionsToAsk(
            present={},
            done=self._async_create,
            further=await self._async_replaceable(),
            placeholders=await self._async_about_device(),
        )
        return await self.async_step_device_options()

    def _config_for(self, entry: DeviceBackupsConfigEntry) -> dict[str, object]:
        """Return the configuration of an entry with what was entered here."""
        entered = {key: value for key, value in self._connection.config.items() if value is not None}
        return dict(entry.data[CONF_DEVICE_CONFIG]) | entered

    async def _async_without_id(self, device: DeviceInfo) -> DeviceBackupsConfigEntry | None:
        """Return the entry of this very device if it told no id until now, or tells none any more."""
        spec, config, agent = self._connection.spec, self._connection.config, self._connection.registered.agent
        if device.unique_id is None:
            return entry_of_nameless(self.hass, spec, config, agent)
        manager = await self._async_manager()
        return await async_recognise(self.hass, manager, spec, device.unique_id, config, agent=agent)

    def _key_of(self, device: DeviceInfo) -> DeviceKey:
        """Return the identity that the new entry gets: one of its address, unless the device there moved away."""
        spec = self._connection.spec
        key = DeviceKey(spec.kind, identity_of(spec, parse_config(spec, self._connection.config), device))
        moved_away = device.unique_id is None and device_entry(self.hass, key) is not None
        return DeviceKey(spec.kind, new_assigned_identity()) if moved_away else key

    async def _async_replaceable(self) -> dict[vol.Marker, object]:
        """Offer that it replaces a device of the kind that is away; nothing is chosen at first."""
        away = self._away()
        stored = (await self._async_manager()).stored
        if not away or self._device.unique_id is None or await stored.list_backups(self._key):
            return {}
        nothing = {REPLACES_NOTHING: (await self._async_phrases())("replaces_nothing")}
        names = {entry_id: titled(entry, self._connection.spec) for entry_id, entry in away.items()}
        return {vol.Required(CONF_REPLACES, default=REPLACES_NOTHING): choose_one(nothing | names)}

    @override
    async def async_step_device_options(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options of the new device, or let it take the place of the one that it replaces."""
        entry = None if user_input is None else self._away().get(user_input.pop(CONF_REPLACES, REPLACES_NOTHING))
        if entry is None:
            return await super().async_step_device_options(user_input)
        self._replaced = entry
        self._connection.config = self._config_for(entry)
        return await self.async_step_replaced()

    async def _async_create(self, options: dict[str, Any]) -> ConfigFlowResult:
        """Make the entry, called as its backups from earlier are: after a reset a device has lost its own name."""
        earlier = await (await self._async_manager()).stored.device(self._key)
        title = self._device.name if earlier is None else earlier.title
        return self.async_create_entry(
            title=title,
            data=entry_data(self._key, self._connection.config, self._connection.registered.agent),
            options=options,
        )

    async def _async_about_device(self) -> dict[str, str]:
        """Say what the person should know before relying on backups of this device."""
        phrases = await self._async_phrases()
        language = await async_person_language(self.hass)
        spec, device = self._connection.spec, self._device
        about = " ".join(part for part in (device.manufacturer, device.model, device.version) if part)
        found = (
            f"**{escape_markdown(device.name)}** ({escape_markdown(about)})"
            if about
            else f"**{escape_markdown(device.name)}**"
        )
        said = [phrases("found", device=found)]
        said += [escape_markdown(in_language(notice.text, language)) for notice in device.notices]
        if device.unique_id is None:
            said.append(phrases("minted"))
        manager = await self._async_manager()
        if earlier := await manager.stored.list_backups(self._key):
            said.append(phrases("earlier_backups", count=str(len(earlier))))
        if spec.omits:
            omits = "\n".join(f"- {escape_markdown(in_language(omitted, language))}" for omitted in spec.omits)
            said.append(phrases("omits", list=omits))
        return {**named(device.name), "summary": "\n\n".join(said)}


def entry_data(key: DeviceKey, config: dict[str, object], agent: str | None = None) -> dict[str, object]:
    """Return the data of a device's entry, with the agent that asks it if one does."""
    data: dict[str, object] = {
        CONF_KIND: key.kind,
        CONF_DEVICE_UNIQUE_ID: key.unique_id,
        CONF_DEVICE_CONFIG: config,
    }
    return data if agent is None else data | {CONF_AGENT: agent}


def titled(entry: DeviceBackupsConfigEntry, spec: HandlerSpec) -> str:
    """Return the name of a device with its address, by which it is told from others of that name."""
    declared = address_field(spec)
    address = None if declared is None else entry.data[CONF_DEVICE_CONFIG].get(declared.key)
    return f"{entry.title} ({address})" if address else entry.title
