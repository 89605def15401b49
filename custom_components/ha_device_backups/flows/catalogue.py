"""Kinds whose package is not there yet: a question, its installation, and on to the form of the kind."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult

from ha_device_backup_core import in_language
from ha_device_backup_core.host import PackageError, PackageRecord

from ..packages.catalogue import CatalogueEntry
from ..translation import async_person_language, escape_markdown, named
from .add import AddSteps
from .packages import InstallSteps


class CatalogueSteps(AddSteps, InstallSteps):
    """From a kind, or a package, that was chosen to the form of a device."""

    _wanted_package: CatalogueEntry
    """The package that was chosen, itself or by one of its kinds."""
    _wanted: str = ""
    """The kind that was chosen with it."""
    _package_kinds: tuple[str, ...]
    """The kinds of a package that came in this flow."""

    def _step_of(self, name: str, kind: str, step: Callable[..., Awaitable[ConfigFlowResult]]) -> str:
        """Make the step that a menu has for a kind, and return its id: Home Assistant finds steps by their names."""
        setattr(self, f"async_step_{name}_{kind}", partial(step, kind))
        return f"{name}_{kind}"

    async def _async_offered_kinds(self) -> dict[str, CatalogueEntry]:
        """Return the kinds whose package would have to be installed first."""
        handlers = (await self._async_manager()).registry.handlers
        offered = await self._async_not_installed()
        return {kind: entry for entry in offered for kind in entry.kinds if kind not in handlers}

    async def _async_catalogue_chosen(
        self, entry: CatalogueEntry, kind: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        self._wanted_package, self._wanted = entry, kind
        return await self._async_show_confirm()

    async def async_step_confirm_install(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Install the package that was chosen, which the person agreed to, unless it came in the meantime."""
        if user_input is None:
            return await self._async_show_confirm()
        package, handlers = self._wanted_package.package, (await self._async_manager()).registry.handlers
        there = [kind for kind, one in handlers.items() if kind == self._wanted or one.owner == package.name]
        if there:
            return await self._async_go_on_with(tuple(there))
        return await self._async_install(package, self._async_show_confirm)

    async def _async_show_confirm(self, error: PackageError | None = None) -> ConfigFlowResult:
        entry, phrases = self._wanted_package, await self._async_phrases()
        language = await async_person_language(self.hass)
        name = entry.kinds[self._wanted].name if self._wanted in entry.kinds else entry.name
        return self.async_show_form(
            step_id="confirm_install",
            data_schema=vol.Schema({}),
            errors=None if error is None else {"base": "package"},
            description_placeholders={
                **named(in_language(name, language)),
                "backs_up": escape_markdown(in_language(entry.backs_up, language)),
                "package": escape_markdown(str(entry.package)),
                "link": entry.link,
                "error": "" if error is None else error.sentence(phrases),
            },
            last_step=False,
        )

    @override
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        """Go on with the form of the new handler."""
        return await self._async_go_on_with(record.kinds)

    async def _async_go_on_with(self, kinds: tuple[str, ...]) -> ConfigFlowResult:
        self._package_kinds = (self._wanted,) if self._wanted in kinds else kinds
        return await self.async_step_package_kinds()

    async def async_step_package_kinds(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which of the kinds that a package brought is wanted, where there are several."""
        if len(self._package_kinds) == 1:
            return await self._async_handler_chosen(self._package_kinds[0])
        registry, language = (await self._async_manager()).registry, await async_person_language(self.hass)
        menu = {
            self._step_of("handler", kind, self._async_handler_chosen): in_language(
                registry.get(kind).spec.name, language
            )
            for kind in self._package_kinds
        }
        return self.async_show_menu(step_id="package_kinds", menu_options=menu)

    async def _async_handler_chosen(self, kind: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        self._begin(await self._async_handler(kind), {})
        return await self._async_ask_fields()
