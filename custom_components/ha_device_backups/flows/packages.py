"""Handler packages: installed where a device is added, and in the settings where all of them are managed."""

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from ha_device_backup_core import in_language
from ha_device_backup_core.host import PackageError, PackageOrigin, PackageOverview, PackageRecord, PackageVersion

from ..const import DOMAIN
from ..entries import device_entries, device_key
from ..forms.selectors import choose_by_search, choose_one, enter_text
from ..packages.catalogue import CatalogueEntry, async_catalogue, async_titles, not_installed
from ..packages.overview import async_overview
from ..packages.package_manager import PackageManager, async_get_package_manager
from ..translation import Phrases, async_person_language, async_phrases, escape_markdown
from .connect import async_flow_manager
from .lasting import PATIENCE, LastingWork, Notification

PACKAGE = "package"
VERSION = "version"


@dataclass(frozen=True, slots=True)
class Installation:
    """A package that is being installed."""

    package: PackageVersion
    work: LastingWork[PackageRecord | PackageError]
    failed: Callable[[PackageError], Awaitable[ConfigFlowResult]]
    """Shows the form again, with what went wrong."""


class InstallSteps(ConfigEntryBaseFlow):
    """Picks or takes `name==version`, says that this runs somebody's code, installs it and tells what went wrong."""

    _installation: "Installation"

    @abstractmethod
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        """Go on with what the package brought."""

    async def async_step_install_package(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a package."""
        if user_input is None:
            return await self._async_show_install()
        try:
            package = PackageVersion.parse(user_input[PACKAGE])
        except PackageError as error:
            return await self._async_show_install(error, user_input)

        async def show(error: PackageError) -> ConfigFlowResult:
            return await self._async_show_install(error, {PACKAGE: package.requirement})

        return await self._async_install(package, show)

    async def _async_install(
        self, package: PackageVersion, failed: Callable[[PackageError], Awaitable[ConfigFlowResult]]
    ) -> ConfigFlowResult:
        """Install it; `failed` shows the form again."""
        package_manager = await self._async_package_manager()
        name = f"installation of {package.name}"
        work = LastingWork(self.hass, name, _async_try(package_manager, package), self._async_describe_installation)
        self._installation = Installation(package, work, failed)
        if await work.async_has_ended_soon():
            return await self.async_step_package_installed()
        return await self.async_step_installing()

    async def async_step_installing(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the package is being installed."""
        package, work = self._installation.package, self._installation.work
        if work.is_done:
            return self.async_show_progress_done(next_step_id="package_installed")
        return self.async_show_progress(
            step_id="installing",
            progress_action="installing",
            progress_task=work.page,
            description_placeholders={
                "package": escape_markdown(await self._async_title(package.name, package.version))
            },
        )

    async def async_step_package_installed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look at what came of it."""
        result = self._installation.work.read()
        if isinstance(result, PackageError):
            return await self._installation.failed(result)
        return await self._async_package_ready(result)

    async def _async_title(self, package: str, version: str = "") -> str:
        """Return what people call a package."""
        manager, language = await async_flow_manager(self.hass), await async_person_language(self.hass)
        return in_language(async_titles(self.hass, manager.registry)(package, version), language)

    async def _async_describe_installation(self, result: PackageRecord | PackageError) -> Notification:
        """Say how it ended to somebody who closed the page."""
        package = await self._async_title(self._installation.package.name, self._installation.package.version)
        phrases = await async_phrases(self.hass, await async_person_language(self.hass))
        if isinstance(result, PackageError):
            return phrases("package_not_installed_title", package=package), escape_markdown(result.sentence(phrases))
        waits = next(one for one in await self._async_overview() if one.name == result.package.name).waits_for_restart
        key = "package_installed_waits" if waits else "package_installed"
        return phrases("package_installed_title", package=package), phrases(key)

    async def _async_overview(self) -> list[PackageOverview]:
        return await async_overview(self.hass, await async_flow_manager(self.hass))

    async def _async_package_manager(self) -> PackageManager:
        return await async_get_package_manager(self.hass, await async_flow_manager(self.hass))

    async def _async_show_install(
        self, error: PackageError | None = None, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        language = await async_person_language(self.hass)
        phrases = await async_phrases(self.hass, language)
        offered = await self._async_not_installed()
        labels = {entry.package.requirement: in_language(entry.name, language) for entry in offered}
        schema = vol.Schema({vol.Required(PACKAGE): choose_by_search(labels)})
        return self.async_show_form(
            step_id="install_package",
            # Without a value, Home Assistant shows the first one as if somebody had picked it.
            data_schema=self.add_suggested_values_to_schema(schema, user_input or {PACKAGE: ""}),
            errors=None if error is None else {PACKAGE: PACKAGE},
            description_placeholders={
                "catalogue": _listed(offered, phrases, language),
                "error": "" if error is None else error.sentence(phrases),
            },
        )

    async def _async_not_installed(self) -> list[CatalogueEntry]:
        """Return the packages of the catalogue that are neither there nor come again."""
        manager, package_manager = await async_flow_manager(self.hass), await self._async_package_manager()
        present = [plugin.distribution for plugin in manager.registry.plugins]
        present += [record.package.name for record in package_manager.records]
        return not_installed(await async_catalogue(self.hass), present)

    async def _async_phrases(self) -> Phrases:
        return await async_phrases(self.hass, await async_person_language(self.hass))


class PackageSteps(InstallSteps):
    """Everything about packages but the page that leads here."""

    async def async_step_packages(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show all packages and what can be done."""
        phrases, language = await self._async_phrases(), await async_person_language(self.hass)
        found = await self._async_overview()
        menu = ["install_package"]
        if (await self._async_package_manager()).absent:
            menu.append("install_again")
        if any(package.origin is PackageOrigin.PERSON for package in found):
            menu += ["update_package", "remove_package"]
        listed = "\n".join(_line(package, phrases, language) for package in found)
        return self.async_show_menu(
            step_id="packages", menu_options=menu, description_placeholders={"packages": listed}
        )

    async def async_step_install_again(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Install again what is missing, and show what is there then; what takes long goes on by itself."""
        package_manager = await self._async_package_manager()
        installing = self.hass.async_create_task(package_manager.async_restore(), f"{DOMAIN} installs packages again")
        await asyncio.wait([installing], timeout=PATIENCE)
        return await self.async_step_packages()

    async def async_step_update_package(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another version of a package."""
        if user_input is None:
            return await self._async_show_update()
        try:
            package = PackageVersion.parse(f"{user_input[PACKAGE]}=={user_input[VERSION]}")
        except PackageError as error:
            return await self._async_show_update(error, user_input)

        async def show(error: PackageError) -> ConfigFlowResult:
            return await self._async_show_update(error, {PACKAGE: package.name, VERSION: package.version})

        return await self._async_install(package, show)

    async def async_step_remove_package(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which package is to go, and remove it."""
        if user_input is None:
            return await self._async_show_remove()
        package_manager, title = await self._async_package_manager(), await self._async_title(user_input[PACKAGE])
        try:
            await package_manager.async_remove(user_input[PACKAGE])
        except PackageError as error:
            return await self._async_show_remove(error)
        return self.async_abort(reason="package_removed", description_placeholders={"package": escape_markdown(title)})

    @override
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        (package,) = [one for one in await self._async_overview() if one.name == record.package.name]
        return self.async_abort(
            reason="package_waits" if package.waits_for_restart else "package_installed",
            description_placeholders={
                "package": escape_markdown(await self._async_title(package.name, record.package.version)),
                "running": escape_markdown(await self._async_title(package.name, package.version)),
            },
        )

    async def _async_show_update(
        self, error: PackageError | None = None, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        schema = vol.Schema(
            {vol.Required(PACKAGE): choose_one(await self._async_choices()), vol.Required(VERSION): enter_text()}
        )
        return await self._async_show("update_package", schema, VERSION, error, user_input)

    async def _async_show_remove(self, error: PackageError | None = None) -> ConfigFlowResult:
        schema = vol.Schema({vol.Required(PACKAGE): choose_one(await self._async_choices())})
        return await self._async_show("remove_package", schema, PACKAGE, error, None)

    async def _async_show(
        self,
        step_id: str,
        schema: vol.Schema,
        field: str,
        error: PackageError | None,
        user_input: dict[str, Any] | None,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=None if error is None else {field: PACKAGE},
            description_placeholders={"error": "" if error is None else error.sentence(await self._async_phrases())},
        )

    async def _async_choices(self) -> dict[str, str]:
        """Return the packages of the list, with how many devices each serves."""
        phrases, package_manager = await self._async_phrases(), await self._async_package_manager()
        kinds = [device_key(entry).kind for entry in device_entries(self.hass)]
        return {
            record.package.name: phrases(
                "package_choice",
                package=await self._async_title(record.package.name, record.package.version),
                devices=str(sum(kind in record.kinds for kind in kinds)),
            )
            for record in package_manager.records
        }


async def _async_try(package_manager: PackageManager, package: PackageVersion) -> PackageRecord | PackageError:
    """Return the error instead of raising it: whoever closed the page does not come for it."""
    try:
        return await package_manager.async_install(package)
    except PackageError as error:
        return error


def _listed(entries: Iterable[CatalogueEntry], phrases: Phrases, language: str) -> str:
    lines = []
    for entry in entries:
        name, backs_up = (escape_markdown(in_language(text, language)) for text in (entry.name, entry.backs_up))
        lines.append(f"- [{name}]({entry.link}): {backs_up}")
    return phrases("catalogue", list="\n".join(lines)) if lines else ""


def _line(package: PackageOverview, phrases: Phrases, language: str) -> str:
    title = in_language(package.title, language)
    said = [
        phrases(
            "package_line",
            package=escape_markdown(f"{title} {package.version}"),
            origin=phrases(f"package_origin_{package.origin}"),
        )
    ]
    if package.waits_for_restart:
        said.append(phrases("package_update_waits", package=escape_markdown(f"{title} {package.installed_version}")))
    said += [f"⚠ {escape_markdown(in_language(problem, language))}" for problem in package.problems]
    return "- " + "\n  - ".join(said)
