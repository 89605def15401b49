"""From the text of a recipe to the recipe, or to all that is wrong with it; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from ha_device_backup_core import in_language

from ..translation import _
from .build import built
from .flow import faults_of_flow
from .language import RECIPE
from .mending import mended
from .positions import Place, line_at, lines_of
from .problems import RecipeError, RecipeProblem
from .recipe import Recipe
from .step_language import FORMAT
from .templates import Value
from .toml_text import DEEPEST, LARGEST, document_of, text_of, too_deep, too_long

__all__ = ["LARGEST", "load_recipe"]
_MOST_FAULTS = 200
_LAST_FORMAT = 1_000_000
_LONGEST_NUMBER = 64
"""Bits."""


def load_recipe(name: str, content: bytes) -> Recipe:
    """Return the recipe; raise RecipeError with everything that is wrong with it."""
    text = text_of(name, content)
    document = document_of(name, text)
    faults = list(islice(_faults(document), _MOST_FAULTS))
    recipe = None
    if faults:
        faults += islice(_faults_behind(document, faults), _MOST_FAULTS)
    else:
        recipe, faults = built(document)
        faults += () if recipe is None else islice(faults_of_flow(recipe), _MOST_FAULTS)
    if faults or recipe is None:
        raise _error(name, text, faults)
    return recipe


def _faults(document: dict[str, Value]) -> Iterator[RecipeProblem]:
    version = document.get("format")
    if type(version) is int and FORMAT < version < _LAST_FORMAT:
        wrong = _(
            "this is format {version}, and this version of the handler knows {known}", version=version, known=FORMAT
        )
        yield RecipeProblem(
            place=("format",), wrong=wrong, right=_("update {package}", package="ha-device-backup-http")
        )
        return
    if (deep := _too_deep(document)) is not None:
        yield RecipeProblem(place=deep, wrong=_("it is nested too deep"), right=too_deep())
        return
    if (long := _too_long(document)) is not None:
        number, digits = too_long()
        yield RecipeProblem(place=long, wrong=number, right=digits)
        return
    for problem in RECIPE.faults(document, ()):
        yield _moved(problem) if _is_of_the_recipe(problem) else problem


def _is_of_the_recipe(problem: RecipeProblem) -> bool:
    """Return whether it is about a key of the recipe itself that stands within a table: TOML has no end of one."""
    return len(problem.place) > 1 and problem.is_unknown_key and problem.place[-1] in RECIPE.keys


def _moved(problem: RecipeProblem) -> RecipeProblem:
    return replace(problem, right=_("it belongs to the recipe: write it above the first line with [ ]"), meant="")


def _too_long(value: Value, place: Place = ()) -> Place | None:
    """Return where a number is longer than those of TOML: Python writes none of more than 4,300 digits."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        return next((found for part, one in inner if (found := _too_long(one, (*place, part))) is not None), None)
    return place if type(value) is int and value.bit_length() > _LONGEST_NUMBER else None


def _too_deep(value: Value) -> Place | None:
    """Return a place that is nested too deep."""
    level: list[tuple[Place, Value]] = [((), value)]
    for _number in range(DEEPEST):
        level = [
            ((*place, part), inner)
            for place, outer in level
            if isinstance(outer, dict | list)
            for part, inner in (outer.items() if isinstance(outer, dict) else enumerate(outer))
        ]
    return level[0][0] if level else None


def _faults_behind(document: dict[str, Value], faults: list[RecipeProblem]) -> Iterator[RecipeProblem]:
    """Return what is wrong with the recipe as a whole beside mistakes in its values."""
    if len(faults) == _MOST_FAULTS or not RECIPE.takes(document) or faults[0].place[:1] == ("format",):
        return
    left = mended(document, faults)
    recipe = None if left is None else built(left.document)[0]
    if left is not None and recipe is not None:
        for problem in faults_of_flow(recipe, left):
            yield replace(problem, place=left.in_file(problem.place))


def _error(name: str, text: str, faults: list[RecipeProblem]) -> RecipeError:
    lines = lines_of(text)
    placed = {_in_short(fault): replace(fault, line=line_at(lines, fault.place)) for fault in reversed(faults)}
    left = [fault for key, fault in placed.items() if not _is_said_of_the_step(key, placed)]
    return RecipeError(name, sorted(left, key=lambda fault: (fault.line, fault.key, str(fault))))


def _in_short(fault: RecipeProblem) -> tuple[Place, str]:
    return fault.place, in_language(fault.wrong)


def _is_said_of_the_step(key: tuple[Place, str], placed: Mapping[tuple[Place, str], RecipeProblem]) -> bool:
    """Return whether the same is told of the step that this one stands in for, and takes its keys from."""
    place, wrong = key
    return any((place[:at] + place[at + 1 :], wrong) in placed for at, part in enumerate(place) if part == "otherwise")
