"""Recipes on the page: looked at before they are taken, with every mistake; kept, updated and removed."""

import base64
from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import MEBIBYTE, MOST_BYTES_OF_KIND_FILE, UnreadableFileError

from ..packages.recipes import OfferedRecipe, async_keep, async_offered, async_recipes, async_remove, facts_of
from ..translation import async_phrases
from .commands import Command, async_register
from .package_work import KEEP_RECIPE, REMOVE, async_begin

_NAME = vol.All(str, vol.Length(min=1, max=300))

_FILE = {vol.Required("name"): _NAME, vol.Required("content"): str}
"""The content is Base64: a file is taken byte for byte."""


@callback
def async_register_recipes(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "recipes/look", _look, _FILE)
    async_register(hass, "recipes/keep", _keep, _FILE)
    async_register(hass, "recipes/remove", _remove, {vol.Required("file"): _NAME})


def recipes_answer(command: Command) -> list[dict[str, Any]]:
    """Return the recipes that are kept here."""
    return [
        {
            "file": recipe.file,
            "kind": recipe.kind,
            "name": in_language(recipe.name, command.language),
            "devices": recipe.devices,
            "problem": recipe.problem and in_language(recipe.problem, command.language),
        }
        for recipe in async_recipes(command.hass, command.manager.registry)
    ]


async def _look(command: Command) -> Mapping[str, Any]:
    """Return what a recipe does, or all that is wrong with it; nothing is kept."""
    phrases = await async_phrases(command.hass, command.language)
    offered = await _offered(command)
    mistakes = [in_language(mistake, command.language) for mistake in offered.mistakes]
    return {
        "name": _title(offered, command.language),
        "kind": offered.kind,
        "is_update": offered.is_update,
        "facts": [] if mistakes else list(facts_of(offered, phrases)),
        "mistakes": mistakes,
    }


async def _keep(command: Command) -> None:
    """Begin to keep a recipe, in place of an earlier one of its kind."""
    offered = await _offered(command)
    if offered.mistakes:
        raise DeviceBackupError(offered.mistakes[0])
    await async_begin(
        command,
        KEEP_RECIPE,
        _title(offered, command.language),
        lambda: async_keep(command.hass, command.manager, offered),
    )


async def _remove(command: Command) -> None:
    """Begin to remove a recipe; its devices wait, and their backups stay."""
    file = command.values["file"]
    names = {recipe.file: recipe.name for recipe in async_recipes(command.hass, command.manager.registry)}
    if file in names:
        title = in_language(names[file], command.language)
        await async_begin(command, REMOVE, title, lambda: async_remove(command.hass, command.manager, file))


async def _offered(command: Command) -> OfferedRecipe:
    phrases = await async_phrases(command.hass, command.language)
    try:
        content = base64.b64decode(command.values["content"], validate=True)
    except ValueError as error:
        raise UnreadableFileError from error
    if len(content) > MOST_BYTES_OF_KIND_FILE:
        raise UnreadableFileError(phrases("file_too_large", limit=str(MOST_BYTES_OF_KIND_FILE // MEBIBYTE)))
    return await async_offered(command.manager, command.values["name"], content, phrases)


def _title(offered: OfferedRecipe, language: str) -> str:
    handler = None if offered.read is None else offered.read.handler
    return offered.kind if handler is None else in_language(handler.spec.name, language)
