"""The handler packages of this Home Assistant, for its forms and reports, and which one brings what is missing."""

from dataclasses import replace

from homeassistant.core import HomeAssistant

from ha_device_backup_core.host import (
    FILE,
    DeviceBackupManager,
    PackageOverview,
    Problem,
    ProblemKind,
    packages_overview,
)

from ..translation import Phrases, async_person_language, async_phrases, loaded_phrases
from .catalogue import async_bundled, async_catalogue, async_titles
from .installed_list import async_package_list
from .package_manager import async_get_package_manager


async def async_overview(
    hass: HomeAssistant, manager: DeviceBackupManager, phrases: Phrases | None = None
) -> list[PackageOverview]:
    """Return all handler packages by name, in these words, else those of the person who asks."""
    package_manager = await async_get_package_manager(hass, manager)
    phrases = phrases or await async_phrases(hass, await async_person_language(hass))
    return packages_overview(
        manager.registry,
        package_manager.records,
        {name: error.sentence(phrases) for name, error in package_manager.absent.items()},
        await async_bundled(hass),
        async_titles(hass, manager.registry),
    )


async def async_explained(hass: HomeAssistant, manager: DeviceBackupManager, problem: Problem) -> Problem:
    """Return the problem with the package that a person would have to see to, where one is known."""
    if problem.kind is not ProblemKind.NOT_INSTALLED:
        return problem
    phrases, package_manager = loaded_phrases(hass), await async_get_package_manager(hass, manager)
    titles = async_titles(hass, manager.registry)
    had = (await async_package_list(hass)).owners.get(problem.handler_kind or "", "")
    if had.startswith(FILE):
        return replace(problem, message=phrases("recipe_brings_it", file=had.removeprefix(FILE)))
    for record in package_manager.records:
        if problem.handler_kind in record.kinds:
            return replace(problem, message=phrases("package_comes_again", package=titles(record.package.name)))
    for entry in await async_catalogue(hass):
        if problem.handler_kind in entry.kinds:
            return replace(problem, message=phrases("package_brings_it", package=entry.name))
    return problem
