"""Installing a handler package, from the form to what came of it; in the config flow and in the options flow."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from ha_device_backup_core import in_language

from ..forms.handler_fields import choose_by_search
from ..packages.catalogue import CatalogueEntry, async_catalogue, not_installed
from ..packages.errors import PackageError
from ..packages.installed_list import PackageRecord
from ..packages.overview import PackageOverview
from ..packages.package_manager import PackageKeeper, async_get_keeper
from ..packages.present import async_overview
from ..packages.requirement import PackageVersion
from ..packages.titles import async_titles
from ..translation import Phrases, async_person_language, async_phrases, plain
from .begin import async_flow_manager
from .lasting import LastingWork, Told

PACKAGE = "package"


class InstallSteps(ConfigEntryBaseFlow):
    """Picks or takes `name==version`, says that this runs somebody's code, installs it and tells what went wrong."""

    _installing: LastingWork[PackageRecord | PackageError]
    _package: PackageVersion

    @abstractmethod
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        """Go on with what the package brought."""

    async def _async_package_failed(self, error: PackageError) -> ConfigFlowResult:
        """Say what went wrong where it was asked for."""
        return await self._async_show_install(error, {PACKAGE: self._package.requirement})

    async def async_step_install_package(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a package."""
        if user_input is None:
            return await self._async_show_install()
        try:
            package = PackageVersion.parse(user_input[PACKAGE])
        except PackageError as error:
            return await self._async_show_install(error, user_input)
        return await self._async_install(package)

    async def _async_install(self, package: PackageVersion) -> ConfigFlowResult:
        keeper = await self._async_keeper()
        self._package = package
        name = f"installation of {package.name}"
        self._installing = LastingWork(self.hass, name, _async_try(keeper, package), self._async_tell_installed)
        if await self._installing.async_has_ended_soon():
            return await self.async_step_package_installed()
        return await self.async_step_installing()

    async def async_step_installing(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the package is being installed."""
        if self._installing.is_done:
            return self.async_show_progress_done(next_step_id="package_installed")
        return self.async_show_progress(
            step_id="installing",
            progress_action="installing",
            progress_task=self._installing.page,
            description_placeholders={
                "package": plain(await self._async_title(self._package.name, self._package.version))
            },
        )

    async def async_step_package_installed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look at what came of it."""
        result = self._installing.read()
        if isinstance(result, PackageError):
            return await self._async_package_failed(result)
        return await self._async_package_ready(result)

    async def _async_title(self, package: str, version: str = "") -> str:
        """Return what people call a package."""
        manager, language = await async_flow_manager(self.hass), await async_person_language(self.hass)
        return in_language(async_titles(self.hass, manager.registry)(package, version), language)

    async def _async_tell_installed(self, result: PackageRecord | PackageError) -> Told:
        """Say how it ended to somebody who closed the page."""
        package = await self._async_title(self._package.name, self._package.version)
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        if isinstance(result, PackageError):
            return phrases("package_not_installed_title", package=package), plain(result.told(phrases))
        waits = next(one for one in await self._async_overview() if one.name == result.package.name).waits_for_restart
        key = "package_installed_waits" if waits else "package_installed"
        return phrases("package_installed_title", package=package), phrases(key)

    async def _async_overview(self) -> list[PackageOverview]:
        return await async_overview(self.hass, await async_flow_manager(self.hass))

    async def _async_keeper(self) -> PackageKeeper:
        return await async_get_keeper(self.hass, await async_flow_manager(self.hass))

    async def _async_show_install(
        self, error: PackageError | None = None, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        manager, keeper = await async_flow_manager(self.hass), await self._async_keeper()
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        present = [*(plugin.distribution for plugin in manager.registry.plugins)]
        present += [record.package.name for record in keeper.records]
        offered = not_installed(await async_catalogue(self.hass), present)
        labels = {entry.package.requirement: in_language(entry.name, language) for entry in offered}
        schema = vol.Schema({vol.Required(PACKAGE): choose_by_search(labels)})
        return self.async_show_form(
            step_id="install_package",
            # Without a value, Home Assistant shows the first one as if somebody had picked it.
            data_schema=self.add_suggested_values_to_schema(schema, user_input or {PACKAGE: ""}),
            errors=None if error is None else {PACKAGE: PACKAGE},
            description_placeholders={
                "catalogue": _listed(offered, phrases, language),
                "error": "" if error is None else error.told(phrases),
            },
        )


async def _async_try(keeper: PackageKeeper, package: PackageVersion) -> PackageRecord | PackageError:
    """Return the error instead of raising it: whoever closed the page does not come for it."""
    try:
        return await keeper.async_install(package)
    except PackageError as error:
        return error


def _listed(entries: Iterable[CatalogueEntry], phrases: Phrases, language: str) -> str:
    lines = "\n".join(
        f"- [{plain(in_language(entry.name, language))}]({entry.link}): {plain(in_language(entry.backs_up, language))}"
        for entry in entries
    )
    return phrases("catalogue", list=lines) if lines else ""
