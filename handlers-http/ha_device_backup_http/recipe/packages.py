"""The recipes of a package as its handlers."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources

from ha_device_backup_core import hookimpl

from .handler import RecipeHandler
from .loader import load_recipe
from .problems import RecipeError
from .recipe import Recipe
from .restoring import RestoringRecipeHandler

FOLDER = "recipes"

type Hook = Callable[[], Iterable[object]]


def handler_of(recipe: Recipe, package: str) -> type[RecipeHandler]:
    """Return the handler class of a recipe; `package` is whose it is."""
    name = "".join(part.capitalize() for part in recipe.spec.kind.split("_"))
    attributes = {
        "__doc__": f"Backs up what the recipe {recipe.spec.kind} says.",
        "__module__": package,
        "spec": recipe.spec,
        "recipe": recipe,
    }
    base = RestoringRecipeHandler if recipe.restore.steps else RecipeHandler
    return type(f"{name}Recipe", (base,), attributes)


@cache
def recipe_handlers(package: str) -> tuple[type[RecipeHandler] | RecipeError, ...]:
    """Return a handler for each recipe in a package, and an error for each that cannot be used; blocking."""
    return tuple(_handlers(package))


def _handlers(package: str) -> Iterator[type[RecipeHandler] | RecipeError]:
    for name, content in recipe_files(package).items():
        try:
            yield handler_of(load_recipe(name, content), package)
        except RecipeError as error:
            yield error


def recipe_files(package: str) -> dict[str, bytes]:
    """Return the recipes of a package by the names of their files: from its folder `recipes`, or beside its modules."""
    root = resources.files(package)
    folder = root / FOLDER
    files = (folder if folder.is_dir() else root).iterdir()
    found = {file.name: file.read_bytes() for file in files if file.name.endswith(".toml")}
    return {name: found[name] for name in sorted(found)}


def recipes(package: str | None) -> Hook:
    """Return the hook of a package that consists of recipes, to be called `device_backup_handlers` there."""

    def device_backup_handlers() -> Iterable[object]:
        """Return the handlers of the recipes of this package."""
        return recipe_handlers(package or "")

    return hookimpl(device_backup_handlers)
