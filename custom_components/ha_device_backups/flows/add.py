"""Adding a device: choose its handler, enter its fields, see what a backup holds, choose when it is backed up."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigFlowResult

from ha_device_backup_core import ConfigField, DeviceBackupError, DeviceInfo, HandlerSpec, in_language
from ha_device_backup_core.host import (
    DeviceKey,
    Problem,
    RegisteredHandler,
    identity_of,
    new_assigned_identity,
    parse_config,
)

from ..const import CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, CONF_KIND
from ..discovery.found_devices import discovered_kinds, possible_offers
from ..discovery.recognition import async_recognise, entry_at_address
from ..entries import device_entry
from ..forms.handler_fields import address_field, choose_by_search, choose_one, shown_fields
from ..packages.catalogue import CatalogueEntry, async_catalogue, kinds_for_anything, not_installed
from ..packages.errors import PackageError
from ..packages.installed_list import PackageRecord
from ..translation import async_person_language, named, plain
from .install import InstallSteps
from .options import OptionSteps
from .replace import ReplaceSteps

MENU_LENGTH = 10
"""Handlers offered at once; the others are found by search."""
CATALOGUE_STEP = "async_step_catalogue_"
"""Begin of the names of the steps of kinds whose package is not there yet."""
CONF_REPLACES = "replaces"
REPLACES_NOTHING = "nothing"
HANDLER_STEP = "async_step_handler_"
"""Begin of the names of the menu's steps, the kind comes behind."""


class AddFlow(InstallSteps, OptionSteps, ReplaceSteps):
    """The way from the person's "Add", or from a discovered device, to a new entry."""

    _name: str | None = None
    _wanted: str = ""
    """The kind of the catalogue that was chosen."""
    _brought: tuple[str, ...]
    """The kinds of a package that was installed in this flow."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer the devices that Home Assistant already has, then the kinds of devices, the likely ones first."""
        manager = await self._async_manager()
        language = await async_person_language(self.hass)
        registry = manager.registry
        phrases = await self._async_phrases()
        menu: dict[str, str] = {}
        known = [
            count
            for registered in registry.handlers.values()
            if (count := possible_offers(self.hass, registered, include_ignored=False))
        ]
        if len(known) > 1:
            menu["everything"] = phrases("menu_everything", count=str(sum(known)))
        likely = discovered_kinds(self.hass)
        for kind, registered in registry.handlers.items():
            if count := possible_offers(self.hass, registered):
                likely.add(kind)
                name = in_language(registered.spec.name, language)
                menu[f"adopt_{kind}"] = phrases("menu_adopt", name=name, count=str(count))
        choices = {
            kind: (f"handler_{kind}", in_language(registry.handlers[kind].spec.name, language))
            for kind in sorted(registry.handlers, key=lambda kind: (kind not in likely, kind))
        }
        for kind, entry in (await self._async_offered()).items():
            choices[kind] = (f"catalogue_{kind}", phrases("menu_catalogue", name=entry.name))
        last = kinds_for_anything(await async_catalogue(self.hass))
        in_order = [choices[kind] for kind in sorted(choices, key=lambda kind: kind in last)]
        menu |= dict(islice(in_order, MENU_LENGTH))
        if len(choices) > MENU_LENGTH:
            menu["other"] = phrases("menu_other")
        menu["install_package"] = phrases("menu_install")
        self._wanted = ""
        problems = phrases("problems", list=_told(registry.problems, language)) if registry.problems else ""
        return self.async_show_menu(step_id="user", menu_options=menu, description_placeholders={"problems": problems})

    async def async_step_other(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Search among all kinds of devices."""
        manager = await self._async_manager()
        offered = await self._async_offered()
        names = _distinct_names(manager.registry.handlers, offered, await async_person_language(self.hass))
        last = kinds_for_anything(await async_catalogue(self.hass))
        in_order = sorted(names, key=lambda name: (names[name] in last, name))
        errors: dict[str, str] = {}
        if user_input is not None:
            if (kind := names.get(user_input["kind"])) in offered:
                return await self._async_catalogue_chosen(kind)
            if kind is not None:
                return await self._async_handler_chosen(kind)
            errors["kind"] = "unknown_kind"
        return self.async_show_form(
            step_id="other",
            data_schema=vol.Schema({vol.Required("kind"): choose_by_search(in_order)}),
            errors=errors,
            last_step=False,
        )

    async def _async_catalogue_chosen(self, kind: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        self._wanted = kind
        return await self._async_show_confirm()

    async def async_step_confirm_install(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Install the package of the kind that was chosen, which the person agreed to."""
        if (entry := (await self._async_offered()).get(self._wanted)) is None:
            return await self._async_handler_chosen(self._wanted)
        if user_input is None:
            return await self._async_show_confirm()
        return await self._async_install(entry.package)

    async def _async_show_confirm(self, error: PackageError | None = None) -> ConfigFlowResult:
        entry, phrases = (await self._async_offered())[self._wanted], await self._async_phrases()
        language = await async_person_language(self.hass)
        return self.async_show_form(
            step_id="confirm_install",
            data_schema=vol.Schema({}),
            errors=None if error is None else {"base": "package"},
            description_placeholders={
                "plain_name": in_language(entry.name, language),
                "backs_up": plain(in_language(entry.backs_up, language)),
                "package": plain(str(entry.package)),
                "link": entry.link,
                "error": "" if error is None else error.told(phrases),
            },
            last_step=False,
        )

    async def _async_offered(self) -> dict[str, CatalogueEntry]:
        """Return the kinds whose package would have to be installed first."""
        registry, keeper = (await self._async_manager()).registry, await self._async_keeper()
        present = [*(plugin.distribution for plugin in registry.plugins), *(one.package.name for one in keeper.records)]
        return {
            kind: entry
            for entry in not_installed(await async_catalogue(self.hass), present)
            for kind in entry.kinds
            if kind not in registry.handlers
        }

    @override
    async def _async_package_failed(self, error: PackageError) -> ConfigFlowResult:
        return await (self._async_show_confirm(error) if self._wanted else super()._async_package_failed(error))

    @override
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        """Go on with the form of the new handler."""
        self._brought = (self._wanted,) if self._wanted in record.kinds else record.kinds
        return await self.async_step_package_kinds()

    async def async_step_package_kinds(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which of the kinds that a package brought is wanted, where there are several."""
        if len(self._brought) == 1:
            return await self._async_handler_chosen(self._brought[0])
        registry, language = (await self._async_manager()).registry, await async_person_language(self.hass)
        menu = {f"handler_{kind}": in_language(registry.get(kind).spec.name, language) for kind in self._brought}
        return self.async_show_menu(step_id="package_kinds", menu_options=menu)

    async def _async_handler_chosen(self, kind: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        await self._async_use_handler(kind)
        self._config = {}
        return await self._async_ask_new()

    def _asked_fields(self) -> list[ConfigField]:
        """Return the fields to enter."""
        return shown_fields(self._registered.spec)

    def _suggested_values(self) -> Mapping[str, object]:
        """Return what the fields hold when the form opens."""
        return self._config

    async def _async_ask_new(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        form = await self._async_field_form(self._asked_fields(), self._suggested_values())
        language = await async_person_language(self.hass)
        name = self._name or in_language(self._registered.spec.name, language)
        return await self._async_show_field_form("fields", form, error, **named(name))

    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try what was entered."""
        if user_input is None:
            return await self._async_ask_new()
        form = await self._async_field_form(self._asked_fields(), self._suggested_values())
        return await self._async_connect(form.entered(user_input))

    async def _async_new_device(self, device: DeviceInfo) -> ConfigFlowResult:
        """Take the device that answered, unless it is there already."""
        self._device = device
        entry = await self._async_without_id(device)
        if entry is None:
            key = self._key_of(device)
            entry = await self.async_set_unique_id(str(key), raise_on_progress=False)
        if entry is not None and entry.source != SOURCE_IGNORE:
            entered = {key: value for key, value in self._config.items() if value is not None}
            config = dict(entry.data[CONF_DEVICE_CONFIG]) | entered
            self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DEVICE_CONFIG: config})
            return self.async_abort(reason="already_configured")
        self._key = key
        return await self.async_step_device_options()

    async def _async_without_id(self, device: DeviceInfo) -> ConfigEntry | None:
        """Return the entry of this very device if it told no id until now."""
        spec = self._registered.spec
        if device.unique_id is None:
            return entry_at_address(self.hass, spec, self._config)
        return await async_recognise(self.hass, await self._async_manager(), spec, device.unique_id, self._config)

    def _key_of(self, device: DeviceInfo) -> DeviceKey:
        """Return the identity that the new entry gets: one of its address, unless the device there moved away."""
        spec = self._registered.spec
        key = DeviceKey(spec.kind, identity_of(spec, parse_config(spec, self._config), device))
        moved_away = device.unique_id is None and device_entry(self.hass, key) is not None
        return DeviceKey(spec.kind, new_assigned_identity()) if moved_away else key

    @override
    async def _async_further_options(self) -> dict[vol.Marker, object]:
        """Offer that it replaces a device of the kind that is away; nothing is chosen at first."""
        away = self._away()
        if not away or self._device.unique_id is None or await (await self._async_manager()).list_backups(self._key):
            return {}
        nothing = {REPLACES_NOTHING: (await self._async_phrases())("replaces_nothing")}
        names = {entry_id: titled(entry, self._registered.spec) for entry_id, entry in away.items()}
        return {vol.Required(CONF_REPLACES, default=REPLACES_NOTHING): choose_one(nothing | names)}

    @override
    async def async_step_device_options(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options of the new device, or let it take the place of the one that it replaces."""
        entry = None if user_input is None else self._away().get(user_input.pop(CONF_REPLACES, REPLACES_NOTHING))
        if entry is None:
            return await super().async_step_device_options(user_input)
        self._replaced = entry
        entered = {key: value for key, value in self._config.items() if value is not None}
        self._config = dict(entry.data[CONF_DEVICE_CONFIG]) | entered
        return await self.async_step_replaced()

    async def _async_create(self, options: dict[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(
            title=self._device.name, data=entry_data(self._key, self._config), options=options
        )

    @override
    async def _async_option_placeholders(self) -> dict[str, str]:
        """Say what the person should know before relying on backups of this device."""
        phrases = await self._async_phrases()
        language = await async_person_language(self.hass)
        spec, device = self._registered.spec, self._device
        about = " ".join(part for part in (device.manufacturer, device.model, device.version) if part)
        found = f"**{plain(device.name)}** ({plain(about)})" if about else f"**{plain(device.name)}**"
        said = [phrases("found", device=found)]
        said += [plain(in_language(notice.text, language)) for notice in device.notices]
        if device.unique_id is None:
            said.append(phrases("minted"))
        manager = await self._async_manager()
        if earlier := await manager.list_backups(self._key):
            said.append(phrases("earlier_backups", count=str(len(earlier))))
        if spec.omits:
            omits = "\n".join(f"- {plain(in_language(omitted, language))}" for omitted in spec.omits)
            said.append(phrases("omits", list=omits))
        return {**named(device.name), "summary": "\n\n".join(said)}


def entry_data(key: DeviceKey, config: dict[str, object]) -> dict[str, object]:
    """Return the data of a device's entry."""
    return {CONF_KIND: key.kind, CONF_DEVICE_UNIQUE_ID: key.unique_id, CONF_DEVICE_CONFIG: config}


def titled(entry: ConfigEntry, spec: HandlerSpec) -> str:
    """Return the name of a device with its address, by which it is told from others of that name."""
    declared = address_field(spec)
    address = None if declared is None else entry.data[CONF_DEVICE_CONFIG].get(declared.key)
    return f"{entry.title} ({address})" if address else entry.title


def _told(problems: tuple[Problem, ...], language: str) -> str:
    return "\n".join(
        f"- **{plain(f'{problem.distribution} {problem.version}'.strip())}**: "
        + plain(in_language(problem.message, language))
        for problem in problems
    )


def _distinct_names(
    handlers: Mapping[str, RegisteredHandler], offered: Mapping[str, CatalogueEntry], language: str
) -> dict[str, str]:
    """Return the kinds by names that differ."""
    named = {kind: registered.spec.name for kind, registered in handlers.items()}
    names: dict[str, str] = {}
    for kind, text in {**{kind: entry.name for kind, entry in offered.items()}, **named}.items():
        name = in_language(text, language)
        names[f"{name} ({kind})" if name in names else name] = kind
    return names
