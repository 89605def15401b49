"""What a recipe itself writes into addresses and names of files: the values of `set` and of lists in `each`; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from .naming import quoted
from .positions import Place
from .recipe import Recipe, inner_steps
from .steps import Step
from .templates import Gap, Template, UnknownValueError, Value, text_of_value

MOST_NAMES = 2_000
"""Files of one step: no job makes more requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenValues:
    """The values that a name can have, as far as the recipe writes them, and where each stands."""

    values: Mapping[str, Mapping[Place, Value]] = field(default_factory=dict)

    def within(self, step: Step) -> "WrittenValues":
        """Return the same for a step and for those in it, with the entries of its own lists."""
        own = {
            name: {}
            if isinstance(listed, str)
            else {(*step.place, "each", name, at): one for at, one in enumerate(listed)}
            for name, listed in step.each.items()
        }
        return WrittenValues(values={**self.values, **own})

    def places(self, template: Template) -> list[tuple[tuple[Place, ...], str]]:
        """Return what a template begins with in each case, and where the values stand that it is made of."""
        return list(islice(self._begun(template), MOST_NAMES))

    def names(self, template: Template) -> list[str]:
        """Return the names of files that a template makes; gaps stay where only the device knows."""
        gaps = dict.fromkeys(gap.name for gap in template.gaps if self.values.get(gap.name))
        cases = product(*(self.values[name].values() for name in gaps))
        return [_named(template, dict(zip(gaps, case, strict=True))) for case in islice(cases, MOST_NAMES)]

    def _begun(self, template: Template) -> Iterator[tuple[tuple[Place, ...], str]]:
        leading: list[str | Gap] = []
        for piece in template.pieces:
            if isinstance(piece, Gap) and not self.values.get(piece.name):
                break
            leading.append(piece)
        gaps = dict.fromkeys(piece.name for piece in leading if isinstance(piece, Gap))
        for case in product(*(self.values[name].items() for name in gaps)):
            values = {name: value for name, (_place, value) in zip(gaps, case, strict=True)}
            try:
                text = "".join(
                    piece if isinstance(piece, str) else text_of_value(piece.filled(values)) for piece in leading
                )
            except UnknownValueError:
                continue
            yield tuple(place for place, _value in case), text


def written(recipe: Recipe) -> WrittenValues:
    """Return what the steps of a recipe set without asking the device."""
    steps = [inner for step in _steps(recipe) for inner in inner_steps(step)]
    found = {name for step in steps for name in step.capture}
    found |= {name for step in steps for name, template in step.set.items() if template.gaps}
    values: dict[str, dict[Place, Value]] = {}
    for step in steps:
        for name in step.set.keys() - found:
            values.setdefault(name, {})[*step.place, "set", name] = step.set[name].value({})
    return WrittenValues(values=values)


def _steps(recipe: Recipe) -> Iterator[Step]:
    for phase in (recipe.open, recipe.identify, recipe.fetch, recipe.close, recipe.restore.steps):
        yield from phase


def _named(template: Template, values: Mapping[str, Value]) -> str:
    return "".join(piece if isinstance(piece, str) else _part(piece, values) for piece in template.pieces)


def _part(gap: Gap, values: Mapping[str, Value]) -> str:
    try:
        return quoted(gap, text_of_value(gap.filled(values)))
    except UnknownValueError:
        return f"{{{gap.name}}}"
