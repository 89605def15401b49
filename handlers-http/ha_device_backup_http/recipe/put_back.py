"""What of a backup the steps of a restore put back: a step whose files it does not hold is left out; pure."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from math import prod

from ha_device_backup_core import RestoreRejectedError, UnexpectedResponseError
from ha_device_backup_core.toolkit import Body

from ..translation import _
from .entries import MOST_PUT_BACK, checked_entries, entries_of
from .recipe import RecipeRestore, inner_steps
from .steps import Expectation, Step
from .stored import stored_values
from .templates import Gap, Template, UnknownValueError, Value, templates_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a step takes out of a backup: values by their names, and whole files."""

    values: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def __or__(self, other: "Needs") -> "Needs":
        """Return what both need."""
        return Needs(values=self.values | other.values, files=self.files | other.files)

    def are_met(self, values: Mapping[str, Value], files: Mapping[str, bytes]) -> bool:
        """Return whether a backup holds all of it."""
        return self.values <= values.keys() and all(
            any(fnmatchcase(name, pattern) for name in files) for pattern in self.files
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSteps:
    """The steps that are taken, the values for them, and which files they are about."""

    values: Mapping[str, Value]
    steps: tuple[Step, ...]
    files: frozenset[str]
    """Patterns of the files that the steps put back."""
    left: frozenset[str]
    """Patterns of those whose steps are left out."""

    @property
    def may_change(self) -> bool:
        """Whether any step may change the device."""
        return any(map(changes, self.steps))

    def counts(self, name: str, *, is_held: bool) -> bool:
        """Return whether the device has to have a file as the backup has it afterwards, or not to have it either."""
        if any(fnmatchcase(name, pattern) for pattern in self.files):
            return True
        return is_held and not any(fnmatchcase(name, pattern) for pattern in self.left)


def taken_steps(restore: RecipeRestore, files: Mapping[str, bytes]) -> TakenSteps:
    """Return what is put back of a backup. Raises RestoreRejectedError."""
    with _refused():
        values = stored_values(restore.values, files)
    taken: list[Step] = []
    patterns: dict[bool, set[str]] = {True: set(), False: set()}
    for step, needs in needs_of_steps(restore):
        are_met = needs.are_met(values, files)
        patterns[are_met] |= _patterns(restore, needs)
        if are_met:
            taken.append(step)
    with _refused():
        number = sum(_requests(step, values) for step in taken)
    if number > MOST_PUT_BACK:
        raise RestoreRejectedError(_("It would take more than {most} requests.", most=MOST_PUT_BACK))
    return TakenSteps(
        values=values, steps=tuple(taken), files=frozenset(patterns[True]), left=frozenset(patterns[False])
    )


def needs_of_steps(restore: RecipeRestore) -> Iterator[tuple[Step, Needs]]:
    """Return each step with what it needs; what a step captures needs what the step needs."""
    known = {name: Needs(values=frozenset({name})) for value in restore.values for name in value.names}
    for step in restore.steps:
        named = {file for inner in inner_steps(step) for file in (inner.upload, inner.puts_back)}
        needs = Needs(files=frozenset(named - {""}))
        for name in _used(step):
            needs |= known.get(name, Needs())
        for inner in inner_steps(step):
            known |= dict.fromkeys((*inner.capture, *inner.set), needs)
        yield step, needs


def upload_of(step: Step, files: Mapping[str, bytes]) -> Body:
    """Return the file of a backup that a step sends. Raises UnknownValueError."""
    content = files.get(step.upload)
    if content is None:
        raise UnknownValueError(step.upload)
    return Body.file(step.upload.rpartition("/")[2], content, field=step.part) if step.part else Body(content)


def changes(step: Step) -> bool:
    """Return whether a step, or one in it, may change the device."""
    return any(inner.may_change for inner in inner_steps(step))


@contextmanager
def _refused() -> Iterator[None]:
    """Raise RestoreRejectedError for what the backup lacks, and for lists that are none: nothing is sent then."""
    try:
        yield
    except UnknownValueError as unknown:
        raise RestoreRejectedError(
            _("This backup has no {name}, which putting it back needs.", name=unknown.name)
        ) from unknown
    except UnexpectedResponseError as error:
        raise RestoreRejectedError(error.detail) from error


def _requests(step: Step, values: Mapping[str, Value]) -> int:
    """Return how many requests a step is at most for what a backup holds; lists of the device count as one entry."""
    lists = [_entries(name, listed, values) for name, listed in step.each.items()]
    number = prod(map(len, lists))
    others = {name: value for name, value in values.items() if name not in step.each}
    gaps = [] if step.is_passable else _always_filled(step)
    for entry in product(*lists) if number <= MOST_PUT_BACK else ():
        inner_values = others.copy()
        for known in entry:
            inner_values |= known
        for gap in gaps:
            if gap.name in inner_values:
                gap.filled(inner_values)
        number += sum(_requests(inner, inner_values) for inner in step.then)
        if number > MOST_PUT_BACK:
            break
    return number


def _always_filled(step: Step) -> list[Gap]:
    """Return the gaps that are filled for each entry, those that are left out included."""
    filters = [membership.value for membership in (step.only, step.unless) if membership is not None]
    templates = filters or [step.target, *step.query.values(), *templates_in(step.body)]
    return [gap for template in templates for gap in template.gaps]


def _entries(name: str, listed: str | tuple[Value, ...], values: Mapping[str, Value]) -> list[dict[str, Value]]:
    if not isinstance(listed, str):
        return [{name: entry} for entry in listed]
    if listed.partition("/")[0] not in values:
        return [{}]
    return [{name: entry} for entry in checked_entries(listed, entries_of(listed, values), MOST_PUT_BACK)]


def _patterns(restore: RecipeRestore, needs: Needs) -> set[str]:
    return {value.pattern for value in restore.values if needs.values & set(value.names)} | needs.files


def _used(step: Step) -> set[str]:
    """Return the names of the values that a step takes from before it."""
    used = _names(step.target, *step.query.values(), *templates_in([step.body, step.send]))
    used |= _names(*templates_in([list(found.json.values()) for found in _conditions(step)]))
    for membership in filter(None, (step.only, step.unless)):
        used |= _names(membership.value) | _listed(membership.listed)
    within = _names(*step.set.values())
    for inner in (*step.then, *filter(None, (step.otherwise,))):
        within |= _used(inner)
    used |= within - step.capture.keys() - step.set.keys()
    lists = [_listed(listed) for listed in step.each.values()]
    return (used - step.each.keys()).union(*lists)


def _conditions(step: Step) -> Iterator[Expectation]:
    yield step.expect
    yield step.until
    if step.wait is not None:
        yield step.wait.until


def _listed(listed: str | tuple[Value, ...]) -> set[str]:
    return {listed.partition("/")[0]} if isinstance(listed, str) else _names(*templates_in(list(listed)))


def _names(*templates: Template) -> set[str]:
    return {name for template in templates for name in template.names}
