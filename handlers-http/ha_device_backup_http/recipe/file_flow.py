"""The files that a recipe saves: their names, what makes them valid, and rules about files that are not there."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from math import prod

from ha_device_backup_core import Text

from ..translation import _
from .positions import Place
from .problems import RecipeProblem, known_names, shown
from .put_back import Needs, changes, needs_of_steps
from .recipe import Places, Recipe, inner_steps
from .step_language import ARCHIVES
from .steps import SavedFile, Step
from .syntax import place_in_bundle
from .written import MOST_NAMES, WrittenValues, written

_MOST_SHOWN = 50
_ONLY_FETCH = ("open", "identify", "close")
_OPEN_FORMS = frozenset({"any", "auto"})
_TEXTS = frozenset({"text", "page"})
"""Forms of what may be JSON or XML as well."""
_NOT_IN_ARCHIVES = frozenset({"zip", "tgz", "tar"})
"""Archives in which nothing is found without a member; a packed file is unpacked."""


def faults_of_files(recipe: Recipe, *, is_whole: bool) -> Iterator[RecipeProblem]:
    """Return what is wrong with the names of files, and with what is said of each."""
    for phase in _ONLY_FETCH:
        for step in getattr(recipe, phase):
            yield from _saved_elsewhere(step, _("move the step there"))
    for step in recipe.restore.steps:
        yield from _saved_elsewhere(step, _("drop it"))
    taken: dict[str, Place] = {}
    for step in recipe.fetch:
        yield from _faults_of_names(step, (), taken, written(recipe))
    for step in recipe.all_fetched():
        if step.save is not None:
            yield from _faults_of_form(step.save, step.place)
    if not is_whole:
        return
    if not recipe.files:
        right = _("add {example} to a step", example='save = "name"')
        yield RecipeProblem(place=("fetch",), wrong=_("nothing is saved"), right=right)
    elif not any(file.is_compared for file in recipe.files):
        wrong = _("nothing would be compared: no change would ever be noticed")
        right = _("fetch something beside it that can be compared, or compare it")
        yield RecipeProblem(place=("fetch",), wrong=wrong, right=right)


def faults_of_rules(recipe: Recipe, hides: Callable[[str], bool]) -> Iterator[RecipeProblem]:
    """Return which rules are about files that are never saved, or cannot be about them."""
    saved = _Saved(_names_of(recipe))
    for key, rules in (("compare", recipe.compare), ("secret", recipe.secrets)):
        for number, rule in enumerate(rules):
            if not hides(rule.file):
                yield from _faults_of_rule(rule, (key, number), saved, _forms_of(recipe, rule.file))
    restore = recipe.restore
    named: list[tuple[str, Place]] = [
        *((pattern, ("restore", "covers")) for pattern in restore.covers),
        *((value.file, ("restore", "value", number, "file")) for number, value in enumerate(restore.values)),
        *((step.upload, (*step.place, "upload")) for step in restore.steps if step.upload),
        *((step.puts_back, (*step.place, "puts_back")) for step in restore.steps if step.puts_back),
    ]
    for pattern, place in named:
        if not hides(pattern) and not saved.has(pattern):
            yield _never_saved(pattern, place, saved)


def faults_of_putting_back(recipe: Recipe) -> Iterator[RecipeProblem]:
    """Return which steps of a restore would be taken whatever a backup holds."""
    for step, needs in needs_of_steps(recipe.restore):
        if changes(step) and needs == Needs():
            wrong = _("it would change the device whatever a backup holds")
            right = _("say which file it is about: {example}", example='puts_back = "name"')
            yield RecipeProblem(place=(*step.place, "puts_back"), wrong=wrong, right=right)


def _saved_elsewhere(step: Step, right: Text) -> Iterator[RecipeProblem]:
    for inner in inner_steps(step):
        if inner.save is not None:
            place = (*inner.place, "save")
            yield RecipeProblem(place=place, wrong=_("only [[fetch]] saves files"), right=right)


def _faults_of_names(
    step: Step, above: Sequence[str], taken: dict[str, Place], known: WrittenValues
) -> Iterator[RecipeProblem]:
    names, known = (*above, *step.each), known.within(step)
    number = prod(len(found) for name in names if (found := known.values.get(name)))
    if number > MOST_NAMES:
        wrong = _("it would take {number} requests", number=number)
        right = _("write lists with at most {most} entries together", most=MOST_NAMES)
        yield RecipeProblem(place=(*step.place, "each"), wrong=wrong, right=right)
        return
    if step.save is not None:
        yield from _faults_of_own_names(step, step.save, names, taken, known)
    for inner in step.then:
        yield from _faults_of_names(inner, names, taken, known)


def _faults_of_own_names(
    step: Step, save: SavedFile, names: Sequence[str], taken: dict[str, Place], known: WrittenValues
) -> Iterator[RecipeProblem]:
    place, files = (*step.place, "save"), known.names(save.path)
    outside = next((fault for file in files if (fault := _place_in_bundle(file)) is not None), None)
    if outside is not None:
        right = _("write other values, or no * behind their name")
        yield RecipeProblem(place=place, wrong=outside, right=right)
    twice = next((file for file, times in Counter(files).items() if times > 1 or _key(file) in taken), None)
    if names and not save.path.names:
        wrong = _("all entries would be saved as {file}", file=shown(save.path.source))
        right = _("put {gap} into the name", gap=f"{{{names[-1]}}}")
        yield RecipeProblem(place=place, wrong=wrong, right=right)
    elif twice is not None:
        wrong = _("two files are called {file}", file=shown(twice))
        yield RecipeProblem(place=place, wrong=wrong, right=_("give each a name of its own"))
    elif (both := next(filter(None, (_file_and_folder(file, taken) for file in files)), None)) is not None:
        wrong = _("{file} would be a file and a folder", file=shown(both))
        yield RecipeProblem(place=place, wrong=wrong, right=_("give each a name of its own"))
    for file in files:
        taken.setdefault(_key(file), place)
        for folder in _folders(file):
            taken.setdefault(folder, ())


def _place_in_bundle(file: str) -> Text | None:
    fault = place_in_bundle(re.sub(r"\{[^{}]*\}", "x", file))
    return None if fault is None else fault.wrong


def _key(file: str) -> str:
    """Return what two files must not share: some computers take capitals for small letters."""
    return file.casefold()


def _folders(file: str) -> list[str]:
    parts = _key(file).split("/")
    return ["/".join(parts[:number]) + "/" for number in range(1, len(parts))]


def _file_and_folder(file: str, taken: Collection[str]) -> str | None:
    if f"{_key(file)}/" in taken:
        return file
    return next((folder[:-1] for folder in _folders(file) if folder[:-1] in taken), None)


def _faults_of_form(save: SavedFile, place: Place) -> Iterator[RecipeProblem]:
    """Return what is said of a file that its form cannot have."""
    if save.root and save.form != "xml":
        right = _("write {example}, or drop it", example='form = "xml"')
        yield RecipeProblem(place=(*place, "root"), wrong=_("only XML has a root"), right=right)
    if save.members and save.form not in {*ARCHIVES, *_OPEN_FORMS}:
        wrong = _("{form} has no members", form=save.form)
        right = _("write form = one of {names}", names=", ".join(ARCHIVES))
        yield RecipeProblem(place=(*place, "members"), wrong=wrong, right=right)
    for source in save.required:
        if source.kind != save.form and save.form not in _OPEN_FORMS | _TEXTS:
            wrong = _("a file of the form {form} has no place in {kind}", form=save.form, kind=source.kind.upper())
            right = _("write form = {form}, or drop it", form=f'"{source.kind}"')
            yield RecipeProblem(place=(*place, "required"), wrong=wrong, right=right)


class _Saved:
    """The names of all files; looked through once for each pattern, however many rules there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(names))
        self._exact = frozenset(self._names)
        self._with_gaps = [name for name in self._names if "{" in name]
        self._known: dict[str, bool] = {}
        self.some = sorted(self._names)[:_MOST_SHOWN]

    def has(self, pattern: str) -> bool:
        """Return whether a pattern may mean one of them."""
        if pattern not in self._known:
            self._known[pattern] = self._looked_for(pattern)
        return self._known[pattern]

    def _looked_for(self, pattern: str) -> bool:
        if pattern in self._exact:
            return True
        is_plain = not set(pattern) & set("*?[")
        names = self._with_gaps if is_plain else self._names
        return any(is_meant(pattern, name) for name in names)


def _names_of(recipe: Recipe) -> Iterator[str]:
    def names(step: Step, known: WrittenValues) -> Iterator[str]:
        known = known.within(step)
        if step.save is not None:
            yield from known.names(step.save.path)
        if step.otherwise is not None:
            yield from names(step.otherwise, known)
        for inner in step.then:
            yield from names(inner, known)

    for step in recipe.fetch:
        yield from names(step, written(recipe))


def _faults_of_rule(rule: Places, place: Place, saved: "_Saved", forms: set[str]) -> Iterator[RecipeProblem]:
    named = shown("!".join((rule.file, *rule.members)))
    if not saved.has(rule.file):
        yield _never_saved(rule.file, (*place, "file"), saved)
        return
    if rule.members and not forms & {*ARCHIVES, *_OPEN_FORMS}:
        right = _("give it one of the forms {names}", names=", ".join(ARCHIVES))
        yield RecipeProblem(place=(*place, "file"), wrong=_("“{file}” has no members", file=named), right=right)
    places = [key for key in ("json", "xml", "lines", "unordered") if getattr(rule, key)]
    if places and not rule.members and forms and forms <= _NOT_IN_ARCHIVES:
        wrong = _("{file} is an archive", file=named)
        right = _("name a member of it: {example}", example=f'"{named}!…"')
        yield RecipeProblem(place=(*place, "file"), wrong=wrong, right=right)
    for key, form in (("json", "xml"), ("unordered", "xml"), ("xml", "json")):
        if not rule.members and getattr(rule, key) and forms == {form}:
            wrong = _(
                "a file of the form {form} has no place in {kind}",
                form=form,
                kind=key.replace("unordered", "json").upper(),
            )
            yield RecipeProblem(place=(*place, key), wrong=wrong, right=_("write {example}, or drop it", example=form))


def _never_saved(pattern: str, place: Place, saved: "_Saved") -> RecipeProblem:
    wrong = _("“{file}” is never saved", file=shown(pattern))
    return RecipeProblem(place=place, wrong=wrong, right=known_names(pattern, saved.some))


def is_meant(pattern: str, name: str) -> bool:
    """Return whether a pattern of files may mean a file whose name has gaps."""
    if "{" not in name:
        return fnmatchcase(name, pattern)
    sample = re.sub(r"\{[^{}]*\}", "x", name)
    if fnmatchcase(sample, pattern):
        return True
    as_expression = re.sub(r"\\\{[^{}]*\\\}", "[^\x00]+", re.escape(name))
    return re.fullmatch(as_expression, pattern) is not None


def _forms_of(recipe: Recipe, pattern: str) -> set[str]:
    """Return the forms of the files that a pattern means."""
    return {file.form for file in recipe.files if is_meant(pattern, file.path.source)}
