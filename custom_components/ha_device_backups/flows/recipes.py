"""Recipes in the settings: listed, handed in after a look at them, and removed."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import MOST_BYTES_OF_KIND_FILE

from ..forms.file_upload import CONF_FILE, read_upload
from ..forms.selectors import choose_one
from ..packages.recipes import (
    ENDINGS,
    KeptRecipe,
    OfferedRecipe,
    async_keep,
    async_offered,
    async_recipes,
    async_remove,
    facts_of,
)
from ..translation import Phrases, async_error_text, async_person_language, bullets, escape_markdown
from .connect import async_flow_manager
from .packages import InstallSteps

RECIPE = "recipe"


class RecipeSteps(InstallSteps):
    """Everything about recipes but the page that leads here."""

    _offered: OfferedRecipe

    async def async_step_recipes(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show all recipes and what can be done."""
        phrases, manager = await self._async_phrases(), await async_flow_manager(self.hass)
        found = async_recipes(self.hass, manager.registry)
        return self.async_show_menu(
            step_id="recipes",
            menu_options=["add_recipe", *(["remove_recipe"] if found else [])],
            description_placeholders={
                "recipes": bullets(_line(recipe, phrases) for recipe in found) if found else phrases("recipes_none")
            },
        )

    async def async_step_add_recipe(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take a file, and tell each of its mistakes on a line of its own."""
        if user_input is None:
            return self._show_add()
        phrases, manager = await self._async_phrases(), await async_flow_manager(self.hass)
        try:
            name, content = await self.hass.async_add_executor_job(
                read_upload, self.hass, user_input[CONF_FILE], phrases, MOST_BYTES_OF_KIND_FILE
            )
        except DeviceBackupError as error:
            return self._show_add(error.detail_in(phrases.language))
        self._offered = await async_offered(manager, name, content, phrases)
        if self._offered.mistakes:
            lines = [escape_markdown(in_language(mistake, phrases.language)) for mistake in self._offered.mistakes]
            return self._show_add(phrases("recipe_wrong", list=bullets(lines)))
        return await self.async_step_confirm_recipe()

    async def async_step_confirm_recipe(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what the recipe does, and keep it once the person agreed."""
        phrases, manager = await self._async_phrases(), await async_flow_manager(self.hass)
        offered = self._offered
        if user_input is None:
            return self.async_show_form(
                step_id="confirm_recipe",
                data_schema=vol.Schema({}),
                description_placeholders={
                    "plain_name": _name(offered, phrases),
                    "kind": offered.kind,
                    "facts": bullets(escape_markdown(line) for line in facts_of(offered, phrases)),
                },
            )
        try:
            await async_keep(self.hass, manager, offered)
        except DeviceBackupError as error:
            return await self._async_recipe_failed(error)
        return self.async_abort(
            reason="recipe_updated" if offered.is_update else "recipe_kept",
            description_placeholders={"name": escape_markdown(_name(offered, phrases))},
        )

    async def async_step_remove_recipe(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which recipe is to go, and remove it."""
        phrases, manager = await self._async_phrases(), await async_flow_manager(self.hass)
        names = {
            recipe.file: phrases(
                "package_choice", package=f"{in_language(recipe.name, phrases.language)}", devices=str(recipe.devices)
            )
            for recipe in async_recipes(self.hass, manager.registry)
        }
        if user_input is None:
            return self.async_show_form(
                step_id="remove_recipe", data_schema=vol.Schema({vol.Required(RECIPE): choose_one(names)})
            )
        try:
            await async_remove(self.hass, manager, user_input[RECIPE])
        except DeviceBackupError as error:
            return await self._async_recipe_failed(error)
        return self.async_abort(
            reason="recipe_removed", description_placeholders={"name": escape_markdown(user_input[RECIPE])}
        )

    def _show_add(self, error: str = "") -> ConfigFlowResult:
        accept = ",".join(ENDINGS)
        return self.async_show_form(
            step_id="add_recipe",
            data_schema=vol.Schema({vol.Required(CONF_FILE): FileSelector(FileSelectorConfig(accept=accept))}),
            errors={CONF_FILE: RECIPE} if error else None,
            description_placeholders={"error": error},
        )

    async def _async_recipe_failed(self, error: DeviceBackupError) -> ConfigFlowResult:
        text = await async_error_text(self.hass, error, await async_person_language(self.hass))
        return self.async_abort(reason="failed", description_placeholders={"error": escape_markdown(text)})


def _name(offered: OfferedRecipe, phrases: Phrases) -> str:
    handler = None if offered.read is None else offered.read.handler
    return offered.kind if handler is None else in_language(handler.spec.name, phrases.language)


def _line(recipe: KeptRecipe, phrases: Phrases) -> str:
    name = escape_markdown(in_language(recipe.name, phrases.language))
    line = f"**{name}** ({escape_markdown(recipe.file)})"
    return (
        line if recipe.problem is None else f"{line} ⚠ {escape_markdown(in_language(recipe.problem, phrases.language))}"
    )
