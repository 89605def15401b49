"""Device Backups handlers for anything with a URL, and for the kinds that recipes describe."""

from collections.abc import Iterable

from ha_device_backup_core import hookimpl

from .free.handler import HttpHandler
from .recipe import RecipeError, RecipeHandler, recipe_handlers, recipes
from .recipe.files import device_backup_facts_of_file, device_backup_handlers_of_file


@hookimpl
def device_backup_handlers() -> Iterable[object]:
    """Return the handler of URLs, and those of the recipes in this package."""
    return (HttpHandler, *recipe_handlers(__name__))


__all__ = [
    "HttpHandler",
    "RecipeError",
    "RecipeHandler",
    "device_backup_facts_of_file",
    "device_backup_handlers",
    "device_backup_handlers_of_file",
    "recipes",
]
