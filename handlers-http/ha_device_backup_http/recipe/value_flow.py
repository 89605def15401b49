"""Which values of a recipe are known at which step, and which never are."""

from collections.abc import Callable, Iterator

from ha_device_backup_core import FieldKind

from ..translation import _
from .field_language import CERTIFICATE
from .language import STEPS
from .positions import Place
from .problems import RecipeProblem, known_names
from .recipe import Recipe, inner_steps
from .steps import ErrorRule, Expectation, Membership, Step
from .templates import Template, templates_in

_NEVER_LISTS = frozenset({"header", "cookie", "html", "xml", "regex", "body"})


class ValueFlow:
    """Follows which values are known at which step; of some a mistake elsewhere hides that they are."""

    def __init__(self, recipe: Recipe, is_lost: Callable[[str], bool]) -> None:
        """Look at what all steps capture and set."""
        self._recipe = recipe
        self._is_lost = is_lost
        self._fields = {field.key for field in recipe.spec.fields} - {CERTIFICATE}
        steps = [inner for phase in STEPS for step in getattr(recipe, phase) for inner in inner_steps(step)]
        self._ever = {name for step in steps for name in (*step.capture, *step.set)}
        self._stored = {name for value in recipe.restore.values for name in value.names}
        self._single = _single_values(recipe, steps)

    def faults(self) -> Iterator[RecipeProblem]:
        """Return each value that is used and not known, or known as something else."""
        yield from self._of_what_goes_along()
        yield from self._of_stored()
        recipe, known = self._recipe, set(self._fields)
        for phase in STEPS:
            for step in getattr(recipe, phase):
                yield from self._of_step(step, known)
            if phase == "open":
                before = known | self._stored
                for step in recipe.restore.steps:
                    yield from self._of_step(step, before)
            if phase == "identify":
                for key in ("unique_id", "name", "model", "version", "mac"):
                    template = getattr(recipe.device, key)
                    if template is not None:
                        yield from self._unknown(template, ("device", key), known)

    def _of_stored(self) -> Iterator[RecipeProblem]:
        """Return what is unknown in the names of the files that values come out of."""
        known: set[str] = set()
        for number, value in enumerate(self._recipe.restore.values):
            place: Place = ("restore", "value", number)
            for name, listed in value.each.items():
                yield from self._of_list(listed, (*place, "each", name), known)
            yield from self._unknown(Template.of(value.file), (*place, "file"), set(value.each))
            known |= set(value.names)

    def _of_what_goes_along(self) -> Iterator[RecipeProblem]:
        """Return what is unknown in what goes with every request, and in what is looked at in every answer."""
        recipe = self._recipe
        yield from self._unknown(recipe.base, ("base",), self._fields, is_late=False)
        for key in ("username", "password", "token"):
            yield from self._unknown(getattr(recipe.auth, key), ("auth", key), self._fields)
        for name, template in recipe.headers.items():
            yield from self._unknown(template, ("headers", name), self._fields | self._ever)
        for number, rule in enumerate(recipe.errors):
            yield from self._of_error(rule, ("error", number), self._fields | self._ever)

    def _of_step(self, step: Step, known: set[str]) -> Iterator[RecipeProblem]:
        """Return what is unknown in a step; what it captures is known afterwards."""
        own = set(known)
        yield from self._of_each(step, own)
        for place, template in _templates_of(step):
            yield from self._unknown(template, place, own)
        for name, template in step.headers.items():
            yield from self._unknown(template, (*step.place, "headers", name), own | self._ever)
        before = set(own)
        own |= set(step.capture)
        for number, rule in enumerate(step.errors):
            yield from self._of_error(rule, (*step.place, "error", number), own | self._ever)
        for name, template in step.set.items():
            yield from self._unknown(template, (*step.place, "set", name), own)
            own.add(name)
        yield from self._taken_names(step)
        if step.otherwise is not None:
            yield from self._of_step(step.otherwise, before)
            own |= before
        for inner in step.then:
            yield from self._of_step(inner, own)
        if step.save is not None:
            yield from self._unknown(step.save.path, (*step.place, "save"), own)
        known |= own - set(step.each)

    def _of_each(self, step: Step, own: set[str]) -> Iterator[RecipeProblem]:
        for name, listed in step.each.items():
            place = (*step.place, "each", name)
            if isinstance(listed, str):
                yield from self._of_list(listed, place, own)
            for template in templates_in([] if isinstance(listed, str) else list(listed)):
                yield from self._unknown(template, place, own)
            own.add(name)
        for key, membership in (("unless", step.unless), ("only", step.only)):
            if membership is not None:
                yield from self._of_membership(membership, (*step.place, key), own)

    def _of_list(self, listed: str, place: Place, own: set[str]) -> Iterator[RecipeProblem]:
        wanted = listed.partition("/")[0]
        if wanted not in own:
            if not self._is_lost(wanted):
                yield self._problem(wanted, place, own)
        elif wanted in self._single:
            wrong = _("“{name}” is no list", name=wanted)
            right = _("capture it with {example}, or write a list", example='"json:/items/*"')
            yield RecipeProblem(place=place, wrong=wrong, right=right)

    def _of_membership(self, membership: Membership, place: Place, own: set[str]) -> Iterator[RecipeProblem]:
        yield from self._unknown(membership.value, (*place, "value"), own)
        listed = membership.listed
        if isinstance(listed, str):
            yield from self._of_list(listed, (*place, "in"), own)
        else:
            for template in templates_in(list(listed)):
                yield from self._unknown(template, (*place, "in"), own)

    def _of_error(self, rule: ErrorRule, place: Place, known: set[str]) -> Iterator[RecipeProblem]:
        for template in _in_condition(rule.condition):
            yield from self._unknown(template, (*place, "json"), known)

    def _taken_names(self, step: Step) -> Iterator[RecipeProblem]:
        for key, names in (("each", step.each), ("capture", step.capture), ("set", step.set)):
            for name in self._fields & set(names):
                wrong, right = _("“{name}” is a field already", name=name), _("choose another name")
                yield RecipeProblem(place=(*step.place, key, name), wrong=wrong, right=right)

    def _unknown(
        self, template: Template, place: Place, known: set[str], *, is_late: bool = True
    ) -> Iterator[RecipeProblem]:
        for name in sorted(template.names - known):
            if not self._is_lost(name):
                yield self._problem(name, place, known, is_late=is_late)

    def _problem(self, name: str, place: Place, known: set[str], *, is_late: bool = True) -> RecipeProblem:
        if is_late and name in self._ever:
            wrong, right = _("“{name}” is captured only later", name=name), _("capture it in a step before")
            return RecipeProblem(place=place, wrong=wrong, right=right)
        wrong = _("nothing captures “{name}”, and it is no field", name=name)
        return RecipeProblem(place=place, wrong=wrong, right=known_names(name, known))


def _single_values(recipe: Recipe, steps: list[Step]) -> set[str]:
    """Return the names of values that are never a list: fields of one line, and what no JSON gives."""
    kinds = {field.key: field.kind for field in recipe.spec.fields}
    single = {key for key, kind in kinds.items() if kind is not FieldKind.LINES}
    captured: dict[str, set[str]] = {}
    for step in steps:
        for name, sources in step.capture.items():
            # What an `each` captures is a list of all of it afterwards.
            kinds_of_sources = {"json"} if step.each else {source.kind for source in sources}
            captured.setdefault(name, set()).update(kinds_of_sources)
    made = {name for step in steps for name in (*step.set, *step.each)}
    return (single | {name for name, found in captured.items() if found <= _NEVER_LISTS}) - made


def _templates_of(step: Step) -> Iterator[tuple[Place, Template]]:
    yield (*step.place, "request"), step.target
    for name, template in step.query.items():
        yield (*step.place, "query", name), template
    for template in templates_in(step.body):
        yield (*step.place, step.body_kind), template
    for template in templates_in(step.send):
        yield (*step.place, "send"), template
    for template in _in_condition(step.until):
        yield (*step.place, "until"), template
    for template in _in_condition(step.expect):
        yield (*step.place, "expect", "json"), template
    if step.wait is not None:
        for template in _in_condition(step.wait.until):
            yield (*step.place, "wait"), template


def _in_condition(condition: Expectation) -> Iterator[Template]:
    return templates_in(list(condition.json.values()))
