"""What a recipe as a whole has wrong: values that nobody captures, names of files, comparisons of what is not there."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import product

from ha_device_backup_core import FieldKind, KnownDevices

from .language import STEPS
from .logins import named_schemes
from .positions import Place
from .problems import RecipeProblem, known_names
from .recipe import Places, Recipe, inner_steps
from .step_language import ARCHIVES, SCHEMES
from .steps import Membership, Step
from .templates import Template, templates_in, text_of_value

_MOST_NESTED = 2
_BASE_FIELDS = {FieldKind.URL, FieldKind.HOST, FieldKind.PORT}


def faults_of_flow(recipe: Recipe) -> Iterator[RecipeProblem]:
    """Return what is wrong with the values and the files of a recipe."""
    yield from _Values(recipe).faults()
    yield from _faults_of_base(recipe)
    yield from _faults_of_login(recipe)
    yield from _faults_of_discovery(recipe)
    yield from _faults_of_nesting(recipe)
    yield from _faults_of_files(recipe)
    yield from _faults_of_restore(recipe)
    saved = [file for step in recipe.all_fetched() for file in _expanded(step)]
    for key, rules in (("compare", recipe.compare), ("secret", recipe.secrets)):
        for number, rule in enumerate(rules):
            yield from _faults_of_rule(rule, (key, number), saved, _forms_of(recipe, rule.file))
    if recipe.files and not any(file.is_compared for file in recipe.files):
        right = "fetch something beside it that can be compared, or compare it"
        yield RecipeProblem(
            place=("fetch",), wrong="nothing would be compared: no change would ever be noticed", right=right
        )
    if not recipe.files:
        yield RecipeProblem(place=("fetch",), wrong="nothing is saved", right='add save = "name" to a step')


class _Values:
    """Follows which values are known at which step."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._fields = {field.key for field in recipe.spec.fields}
        steps = [inner for phase in STEPS for step in getattr(recipe, phase) for inner in inner_steps(step)]
        self._ever = {name for step in steps for name in (*step.capture, *step.set)}
        self._stored = {name for value in recipe.restore.values for name in (*value.capture, value.list)} - {""}

    def faults(self) -> Iterator[RecipeProblem]:
        recipe = self._recipe
        yield from self._unknown(recipe.base, ("base",), self._fields, is_late=False)
        for key in ("username", "password", "token"):
            yield from self._unknown(getattr(recipe.auth, key), ("auth", key), self._fields)
        for name, template in recipe.headers.items():
            yield from self._unknown(template, ("headers", name), self._fields | self._ever)
        known = set(self._fields)
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
            if isinstance(listed, str) and (wanted := listed.partition("/")[0]) not in own:
                yield self._problem(wanted, place, own)
            for template in templates_in([] if isinstance(listed, str) else list(listed)):
                yield from self._unknown(template, place, own)
            own.add(name)
        for key, membership in (("unless", step.unless), ("only", step.only)):
            if membership is not None:
                yield from self._of_membership(membership, (*step.place, key), own)

    def _of_membership(self, membership: Membership, place: Place, own: set[str]) -> Iterator[RecipeProblem]:
        yield from self._unknown(membership.value, place, own)
        listed = membership.listed
        if isinstance(listed, str) and (wanted := listed.partition("/")[0]) not in own:
            yield self._problem(wanted, place, own)
        for template in templates_in([] if isinstance(listed, str) else list(listed)):
            yield from self._unknown(template, place, own)

    def _taken_names(self, step: Step) -> Iterator[RecipeProblem]:
        for key, names in (("each", step.each), ("capture", step.capture), ("set", step.set)):
            for name in self._fields & set(names):
                wrong = f"“{name}” is a field already"
                yield RecipeProblem(place=(*step.place, key, name), wrong=wrong, right="choose another name")

    def _unknown(
        self, template: Template, place: Place, known: set[str], *, is_late: bool = True
    ) -> Iterator[RecipeProblem]:
        for name in sorted(template.names - known):
            yield self._problem(name, place, known, is_late=is_late)

    def _problem(self, name: str, place: Place, known: set[str], *, is_late: bool = True) -> RecipeProblem:
        if is_late and name in self._ever:
            return RecipeProblem(
                place=place, wrong=f"“{name}” is captured only later", right="capture it in a step before"
            )
        right = known_names(name, sorted(known))
        return RecipeProblem(place=place, wrong=f"nothing captures “{name}”, and it is no field", right=right)


def _templates_of(step: Step) -> Iterator[tuple[Place, Template]]:
    yield (*step.place, "request"), step.target
    for name, template in step.query.items():
        yield (*step.place, "query", name), template
    for template in templates_in(step.body):
        yield (*step.place, step.body_kind), template
    for template in templates_in(step.send):
        yield (*step.place, "send"), template
    for template in templates_in(list(step.until.json.values())):
        yield (*step.place, "until"), template
    for template in templates_in(list(step.expect.json.values())):
        yield (*step.place, "expect", "json"), template
    for template in templates_in([] if step.wait is None else list(step.wait.until.json.values())):
        yield (*step.place, "wait"), template


def _faults_of_base(recipe: Recipe) -> Iterator[RecipeProblem]:
    kinds = {field.key: field.kind for field in recipe.spec.fields}
    if not recipe.base.gaps:
        right = 'write "{url}" with a field of the kind url, or "http://{host}:{port}" with host and port'
        yield RecipeProblem(place=("base",), wrong="nobody could enter the address of their own", right=right)
    for gap in recipe.base.gaps:
        kind = kinds.get(gap.name)
        if kind is not None and kind not in _BASE_FIELDS:
            wrong = f"the field “{gap.name}” has the kind {kind.value}"
            yield RecipeProblem(place=("base",), wrong=wrong, right="give it the kind url, or host and port")
        elif kind is not None and (kind is FieldKind.URL) != (len(recipe.base.pieces) == 1):
            right = 'write "{url}" with a field of the kind url, or "http://{host}:{port}" with host and port'
            yield RecipeProblem(place=("base",), wrong=f"“{recipe.base.source}” does not fit its fields", right=right)


def _faults_of_discovery(recipe: Recipe) -> Iterator[RecipeProblem]:
    kinds = {field.key: field.kind for field in recipe.spec.fields}
    for number, matcher in enumerate(recipe.spec.discovery):
        secrets = matcher.secrets if isinstance(matcher, KnownDevices) else {}
        for key, filled in (("fields", matcher.fields), ("secrets", secrets)):
            for name in filled:
                place = ("discovery", number, key, name)
                if name not in kinds:
                    right = known_names(name, list(kinds))
                    yield RecipeProblem(place=place, wrong=f"there is no field “{name}”", right=right)
                elif (kinds[name] is FieldKind.SECRET) != (key == "secrets"):
                    right = "secrets, and only they, go into secrets"
                    yield RecipeProblem(place=place, wrong=f"“{name}” is of the kind {kinds[name].value}", right=right)


def _faults_of_login(recipe: Recipe) -> Iterator[RecipeProblem]:
    scheme = recipe.auth.scheme
    if scheme not in SCHEMES and scheme not in (installed := named_schemes()):
        right = f"{known_names(scheme, [*SCHEMES, *installed])}; or install the package that brings it"
        yield RecipeProblem(place=("auth", "scheme"), wrong=f"there is no “{scheme}”", right=right)


def _faults_of_nesting(recipe: Recipe) -> Iterator[RecipeProblem]:
    def levels(step: Step, above: int) -> Iterator[RecipeProblem]:
        depth = above + len(step.each)
        if depth > _MOST_NESTED:
            yield RecipeProblem(
                place=(*step.place, "each"), wrong=f"each is nested {depth} levels", right="nest at most two"
            )
        if step.then and not step.each:
            yield RecipeProblem(
                place=(*step.place, "then"), wrong="then goes with each", right="write steps of their own"
            )
        for inner in step.then:
            yield from levels(inner, depth)

    for phase in STEPS:
        for step in getattr(recipe, phase):
            yield from levels(step, 0)


def _faults_of_files(recipe: Recipe) -> Iterator[RecipeProblem]:
    for phase in ("open", "identify", "close"):
        for step in getattr(recipe, phase):
            for inner in inner_steps(step):
                if inner.save is not None:
                    place = (*inner.place, "save")
                    yield RecipeProblem(place=place, wrong="only [[fetch]] saves files", right="move the step there")
    taken: dict[str, Place] = {}
    for step in recipe.fetch:
        yield from _faults_of_names(step, (), taken)


def _faults_of_names(step: Step, above: Sequence[str], taken: dict[str, Place]) -> Iterator[RecipeProblem]:
    names = (*above, *step.each)
    if step.save is not None:
        place = (*step.place, "save")
        if names and not step.save.path.names:
            right = f"put {{{names[-1]}}} into the name"
            yield RecipeProblem(
                place=place, wrong=f"all entries would be saved as {step.save.path.source}", right=right
            )
        files = _expanded(step)
        twice = next((file for file, times in Counter(files).items() if times > 1 or file in taken), None)
        if twice is not None:
            yield RecipeProblem(place=place, wrong=f"two files are called {twice}", right="give each a name of its own")
        taken |= dict.fromkeys(files, place)
    for inner in step.then:
        yield from _faults_of_names(inner, names, taken)


def _expanded(step: Step) -> list[str]:
    """Return the names of the files of a step, as far as the recipe alone tells them; gaps stay."""
    if step.save is None:
        return []
    lists = [(name, listed) for name, listed in step.each.items() if not isinstance(listed, str)]
    found = []
    for values in product(*(listed for _, listed in lists)):
        known = {name: text_of_value(value) for (name, _), value in zip(lists, values, strict=True)}
        pieces = (
            piece if isinstance(piece, str) else known.get(piece.name, f"{{{piece.name}}}")
            for piece in step.save.path.pieces
        )
        found.append("".join(pieces))
    return found


def _faults_of_restore(recipe: Recipe) -> Iterator[RecipeProblem]:
    saved = [file for step in recipe.all_fetched() for file in _expanded(step)]
    restore = recipe.restore
    named = [
        *((pattern, ("restore", "covers")) for pattern in restore.covers),
        *((value.file, ("restore", "value", number)) for number, value in enumerate(restore.values)),
        *((step.upload, (*step.place, "upload")) for step in restore.steps if step.upload),
    ]
    for pattern, place in named:
        if not any(is_meant(pattern, name) for name in saved):
            yield RecipeProblem(place=place, wrong=f"“{pattern}” is never saved", right=known_names(pattern, saved))
    for step in restore.steps:
        for inner in inner_steps(step):
            if inner.save is not None:
                place = (*inner.place, "save")
                yield RecipeProblem(place=place, wrong="only [[fetch]] saves files", right="drop it")


def _faults_of_rule(rule: Places, place: Place, saved: Sequence[str], forms: set[str]) -> Iterator[RecipeProblem]:
    named = "!".join((rule.file, *rule.members))
    if not any(is_meant(rule.file, name) for name in saved):
        right = known_names(rule.file, saved)
        yield RecipeProblem(place=(*place, "file"), wrong=f"“{rule.file}” is never saved", right=right)
    elif rule.members and not forms & {*ARCHIVES, "any"}:
        right = f"give it one of the forms {', '.join(ARCHIVES)}"
        yield RecipeProblem(place=(*place, "file"), wrong=f"“{named}” has no members", right=right)


def is_meant(pattern: str, name: str) -> bool:
    """Return whether a pattern of files may mean a file whose name has gaps."""
    sample = re.sub(r"\{[^{}]*\}", "x", name)
    if fnmatchcase(sample, pattern):
        return True
    as_expression = re.sub(r"\\\{[^{}]*\\\}", "[^\x00]+", re.escape(name))
    return re.fullmatch(as_expression, pattern) is not None


def _forms_of(recipe: Recipe, pattern: str) -> set[str]:
    """Return the forms of the files that a pattern means."""
    return {file.form for file in recipe.files if is_meant(pattern, file.path.source)}
