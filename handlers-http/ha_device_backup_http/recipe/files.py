"""Recipes that a person hands in as files: a handler of each, and what to tell before it is taken."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from ha_device_backup_core import Text, hookimpl

from ..translation import _
from .handler import RecipeHandler
from .loader import load_recipe
from .packages import handler_of
from .problems import RecipeError
from .recipe import Recipe, inner_steps
from .steps import Step

ENDING = ".toml"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_REQUESTS = 20
_PACKAGE = __name__.partition(".")[0]


@hookimpl
def device_backup_handlers_of_file(name: str, content: bytes) -> Iterable[type[RecipeHandler] | RecipeError]:
    """Return the handler of a recipe, or all that is wrong with it."""
    return (_handler(name, content),) if name.endswith(ENDING) else ()


@hookimpl
def device_backup_facts_of_file(name: str, content: bytes) -> Iterable[Text]:
    """Return what a person wants to know of a recipe before it is taken."""
    handler = _handler(name, content) if name.endswith(ENDING) else None
    return () if handler is None or isinstance(handler, RecipeError) else tuple(facts(handler.recipe))


def facts(recipe: Recipe) -> Iterator[Text]:
    """Tell where it connects, what it sends beside reading, what it keeps and what it puts back."""
    yield _("It connects to the address that you enter and nowhere else.")
    changing = _changing(recipe)
    if changing:
        yield _("To read, it sends: {requests}", requests=", ".join(changing))
    else:
        yield _("To read, it sends nothing that changes anything.")
    yield _("It keeps: {files}", files=", ".join(sorted({file.pattern for file in recipe.files})))
    if recipe.restore.steps:
        sent = sorted({f"{step.method} {step.target.source}" for step in _all(recipe.restore.steps)})
        yield _(
            "It puts back {files}, by: {requests}",
            files=", ".join(_covered(recipe)),
            requests=", ".join(sent[:_MOST_REQUESTS]),
        )
    else:
        yield _("It puts nothing back by itself: it tells a person how.")
    if recipe.is_untested:
        yield _("Its author says that it has not been tried with the real thing.")


@lru_cache(maxsize=256)
def _handler(name: str, content: bytes) -> type[RecipeHandler] | RecipeError:
    try:
        return handler_of(load_recipe(name, content), _PACKAGE)
    except RecipeError as error:
        return error


def _changing(recipe: Recipe) -> list[str]:
    steps = _all((*recipe.open, *recipe.identify, *recipe.fetch, *recipe.close))
    requests = {f"{step.method} {step.target.source}" for step in steps if step.method not in _READING}
    return sorted(requests)[:_MOST_REQUESTS]


def _covered(recipe: Recipe) -> list[str]:
    patterns = {file.pattern for file in recipe.files}
    return sorted(name for name in patterns if any(fnmatchcase(name, covered) for covered in recipe.restore.covers))


def _all(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield from inner_steps(step)
