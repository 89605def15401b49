"""Managing handler packages: one place with all of them, to install, update and remove."""

import asyncio
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult

from ha_device_backup_core import in_language

from ..const import DOMAIN
from ..entries import device_entries, device_key
from ..forms.handler_fields import choose_one, enter_text
from ..packages.errors import PackageError
from ..packages.installed_list import PackageRecord
from ..packages.overview import Origin, PackageOverview
from ..packages.requirement import PackageVersion
from ..translation import Phrases, async_person_language, async_phrases, plain
from .install import PACKAGE, InstallSteps
from .lasting import PATIENCE

VERSION = "version"


class PackageSteps(InstallSteps):
    """Everything about packages but the page that leads here."""

    _updating: bool = False

    async def async_step_packages(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show all packages and what can be done."""
        phrases, language = await self._async_phrases(), await async_person_language(self.hass)
        found = await self._async_overview()
        menu = ["install_package"]
        if (await self._async_keeper()).missing:
            menu.append("install_again")
        if any(package.origin is Origin.PERSON for package in found):
            menu += ["update_package", "remove_package"]
        listed = "\n".join(_line(package, phrases, language) for package in found)
        return self.async_show_menu(
            step_id="packages", menu_options=menu, description_placeholders={"packages": listed}
        )

    async def async_step_install_again(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Install again what is missing, and show what is there then; what takes long goes on by itself."""
        keeper = await self._async_keeper()
        installing = self.hass.async_create_task(keeper.async_restore(), f"{DOMAIN} installs packages again")
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
        self._updating = True
        return await self._async_install(package)

    async def async_step_remove_package(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which package is to go, and remove it."""
        if user_input is None:
            return await self._async_show_remove()
        keeper, title = await self._async_keeper(), await self._async_title(user_input[PACKAGE])
        try:
            await keeper.async_remove(user_input[PACKAGE])
        except PackageError as error:
            return await self._async_show_remove(error)
        return self.async_abort(reason="package_removed", description_placeholders={"package": plain(title)})

    @override
    async def _async_package_ready(self, record: PackageRecord) -> ConfigFlowResult:
        (package,) = [one for one in await self._async_overview() if one.name == record.package.name]
        return self.async_abort(
            reason="package_waits" if package.waits_for_restart else "package_installed",
            description_placeholders={
                "package": plain(await self._async_title(package.name, record.package.version)),
                "running": plain(await self._async_title(package.name, package.version)),
            },
        )

    @override
    async def _async_package_failed(self, error: PackageError) -> ConfigFlowResult:
        if not self._updating:
            return await super()._async_package_failed(error)
        return await self._async_show_update(error, {PACKAGE: self._package.name, VERSION: self._package.version})

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
            description_placeholders={"error": "" if error is None else error.told(await self._async_phrases())},
        )

    async def _async_choices(self) -> dict[str, str]:
        """Return the packages of the list, with how many devices each serves."""
        phrases, keeper = await self._async_phrases(), await self._async_keeper()
        kinds = [device_key(entry).kind for entry in device_entries(self.hass)]
        return {
            record.package.name: phrases(
                "package_choice",
                package=await self._async_title(record.package.name, record.package.version),
                devices=str(sum(kind in record.kinds for kind in kinds)),
            )
            for record in keeper.records
        }

    async def _async_phrases(self) -> Phrases:
        return await async_phrases(self.hass, await async_person_language(self.hass))


def _line(package: PackageOverview, phrases: Phrases, language: str) -> str:
    title = in_language(package.title, language)
    said = [
        phrases(
            "package_line",
            package=plain(f"{title} {package.version}"),
            origin=phrases(f"package_origin_{package.origin}"),
        )
    ]
    if package.waits_for_restart:
        said.append(phrases("package_update_waits", package=plain(f"{title} {package.installed_version}")))
    said += [f"⚠ {plain(in_language(problem, language))}" for problem in package.problems]
    return "- " + "\n  - ".join(said)
