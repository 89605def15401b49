"""Which package brings a handler that is not there."""

from dataclasses import replace

from homeassistant.core import HomeAssistant

from ha_device_backup_core.host import BackupManager, Problem, ProblemKind

from ..translation import loaded_phrases
from .catalogue import async_catalogue
from .package_manager import async_get_keeper
from .titles import async_titles


async def async_explained(hass: HomeAssistant, manager: BackupManager, problem: Problem) -> Problem:
    """Return the problem with the package that a person would have to see to, where one is known."""
    if problem.kind is not ProblemKind.NOT_INSTALLED:
        return problem
    phrases, keeper = loaded_phrases(hass), await async_get_keeper(hass, manager)
    titles = async_titles(hass, manager.registry)
    for record in keeper.records:
        if problem.handler_kind in record.kinds:
            return replace(problem, message=phrases("package_comes_again", package=titles(record.package.name)))
    for entry in await async_catalogue(hass):
        if problem.handler_kind in entry.kinds:
            return replace(problem, message=phrases("package_brings_it", package=entry.name))
    return problem
