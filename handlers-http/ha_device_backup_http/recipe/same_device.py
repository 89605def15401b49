"""By which steps a device is asked again whether it is the same; pure."""

from collections.abc import Iterator

from .recipe import Recipe
from .steps import Step


def steps_to_id(recipe: Recipe) -> tuple[Step, ...]:
    """Return the steps of `identify` up to the last that the device's own id is made of: few, for it is asked often.

    There is none where it has no own id, or where the login told that: a session is of one device.
    """
    template = recipe.device.unique_id
    names = frozenset[str]() if template is None else template.names
    needed = [number for number, step in enumerate(recipe.identify, 1) if names & told_by(step)]
    return recipe.identify[: max(needed, default=0)]


def told_by(step: Step) -> frozenset[str]:
    """Return the names of all that a step tells, or one within it."""
    return frozenset({*step.capture, *step.set}.union(*(told_by(inner) for inner in _within(step))))


def _within(step: Step) -> Iterator[Step]:
    yield from step.then
    if step.otherwise is not None:
        yield step.otherwise
