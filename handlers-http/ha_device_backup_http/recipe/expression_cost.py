"""How much all the expressions of a recipe are together: each one may be fair, and hundreds of them not; pure."""

from collections.abc import Iterable, Iterator, Mapping

from ..expression_size import size_of
from ..expression_syntax import parse_expression
from ..translation import _
from .language import STEPS
from .positions import Place
from .problems import RecipeProblem
from .recipe import Recipe, inner_steps
from .sources import Source
from .steps import ErrorRule, Expectation, Step

_MOST_LINKS = 600_000
"""Those of all shipped recipes together are fewer by far."""


def faults_of_cost(recipe: Recipe) -> Iterator[RecipeProblem]:
    """Return the expression with which all of them become too much."""
    links = 0
    sizes: dict[str, int] = {}
    for place, source in _expressions(recipe):
        if source not in sizes:
            sizes[source] = size_of(parse_expression(source).node).links
            links += sizes[source]
        if links > _MOST_LINKS:
            wrong = _("all expressions together explode: they repeat too much within repeats")
            yield RecipeProblem(place=place, wrong=wrong, right=_("write fewer, or simpler ones"))
            return


def _expressions(recipe: Recipe) -> Iterator[tuple[Place, str]]:
    phases = [*(getattr(recipe, phase) for phase in STEPS), recipe.restore.steps]
    for step in (inner for steps in phases for outer in steps for inner in inner_steps(outer)):
        yield from _of_step(step)
    for number, error in enumerate(recipe.errors):
        yield from _of_condition(error.condition, ("error", number))
    for number, value in enumerate(recipe.restore.values):
        yield from _of_captures(value.capture, ("restore", "value", number))
    for key, rules in (("compare", recipe.compare), ("secret", recipe.secrets)):
        for number, rule in enumerate(rules):
            yield from (((key, number, "lines", at), line) for at, line in enumerate(rule.lines))
            yield from (((key, number, "laid_out", at), line) for at, line in enumerate(rule.laid_out))


def _of_step(step: Step) -> Iterator[tuple[Place, str]]:
    yield from _of_condition(step.expect, (*step.place, "expect"))
    yield from _of_condition(step.until, (*step.place, "until"))
    if step.wait is not None:
        yield from _of_condition(step.wait.until, (*step.place, "wait", "until"))
    yield from _of_errors(step.errors, step.place)
    yield from _of_captures(step.capture, step.place)
    if step.save is not None:
        yield from (((*step.place, "contains", at), line) for at, line in enumerate(step.save.contains))
        yield from _of_sources(step.save.required, (*step.place, "required"))


def _of_errors(errors: Iterable[ErrorRule], place: Place) -> Iterator[tuple[Place, str]]:
    for number, error in enumerate(errors):
        yield from _of_condition(error.condition, (*place, "error", number))


def _of_condition(condition: Expectation, place: Place) -> Iterator[tuple[Place, str]]:
    if condition.body:
        yield (*place, "body"), condition.body
    for name, pattern in condition.header.items():
        yield (*place, "header", name), pattern


def _of_captures(captures: Mapping[str, Iterable[Source]], place: Place) -> Iterator[tuple[Place, str]]:
    for name, sources in captures.items():
        yield from _of_sources(sources, (*place, "capture", name))


def _of_sources(sources: Iterable[Source], place: Place) -> Iterator[tuple[Place, str]]:
    for source in sources:
        if expression := source.expression:
            yield place, expression
