"""What a recipe as a whole has wrong: values, files, addresses, and steps that do not fit together."""

from collections.abc import Iterator

from ha_device_backup_core import FieldKind, KnownDevices

from ..translation import _
from .expression_cost import faults_of_cost
from .field_language import CERTIFICATE
from .file_flow import faults_of_files, faults_of_putting_back, faults_of_rules
from .language import BASE_IS, STEPS
from .logins import named_schemes
from .mending import Mended
from .positions import Place
from .problems import RecipeProblem, known_names, shown
from .recipe import Recipe
from .step_language import SCHEMES
from .steps import Step
from .syntax import names_a_host
from .value_flow import ValueFlow
from .written import WrittenValues, written

_MOST_NESTED = 2
_BASE_FIELDS = {FieldKind.URL, FieldKind.HOST, FieldKind.PORT}


def faults_of_flow(recipe: Recipe, left: Mended | None = None) -> Iterator[RecipeProblem]:
    """Return what is wrong with the values and the files of a recipe, or of what is left of one with mistakes."""
    left = left or Mended(document={})
    yield from ValueFlow(recipe, left.knows).faults()
    if "base" not in left.keys:
        yield from _faults_of_base(recipe)
    yield from _faults_of_login(recipe)
    yield from _faults_of_discovery(recipe, left)
    yield from _faults_of_nesting(recipe, left)
    yield from _faults_of_addresses(recipe)
    yield from faults_of_files(recipe, is_whole=left.has_all_files and not left.files and "fetch" not in left.keys)
    yield from faults_of_rules(recipe, left.hides)
    if not left.document:
        yield from faults_of_putting_back(recipe)
    yield from faults_of_cost(recipe)


def _faults_of_base(recipe: Recipe) -> Iterator[RecipeProblem]:
    kinds = {field.key: field.kind for field in recipe.spec.fields}
    place: Place = ("base",)
    if not recipe.base.gaps:
        wrong = _("nobody could enter the address of their own")
        yield RecipeProblem(place=place, wrong=wrong, right=BASE_IS)
    for gap in recipe.base.gaps:
        kind = kinds.get(gap.name)
        if kind is not None and kind not in _BASE_FIELDS:
            wrong = _("the field “{name}” has the kind {kind}", name=gap.name, kind=kind.value)
            right = _("give it the kind url, or host and port")
            yield RecipeProblem(place=place, wrong=wrong, right=right)
        elif kind is not None and (kind is FieldKind.URL) != (len(recipe.base.pieces) == 1):
            wrong = _("“{base}” does not fit its fields", base=shown(recipe.base.source))
            yield RecipeProblem(place=place, wrong=wrong, right=BASE_IS)


def _faults_of_discovery(recipe: Recipe, left: Mended) -> Iterator[RecipeProblem]:
    kinds = {field.key: field.kind for field in recipe.spec.fields if field.key != CERTIFICATE}
    for number, matcher in enumerate(recipe.spec.discovery):
        secrets = matcher.secrets if isinstance(matcher, KnownDevices) else {}
        for key, filled in (("fields", matcher.fields), ("secrets", secrets)):
            for name in filled:
                place = ("discovery", number, key, name)
                if left.knows(name):
                    continue
                if name not in kinds:
                    wrong = _("there is no field “{name}”", name=shown(name))
                    yield RecipeProblem(place=place, wrong=wrong, right=known_names(name, kinds))
                elif (kinds[name] is FieldKind.SECRET) != (key == "secrets"):
                    wrong = _("“{name}” is of the kind {kind}", name=name, kind=kinds[name].value)
                    right = _("secrets, and only they, go into secrets")
                    yield RecipeProblem(place=place, wrong=wrong, right=right)


def _faults_of_login(recipe: Recipe) -> Iterator[RecipeProblem]:
    scheme = recipe.auth.scheme
    if scheme not in SCHEMES and scheme not in (installed := named_schemes()):
        known = known_names(scheme, [*SCHEMES, *installed])
        right = _("{known}; or install the package that brings it", known=known)
        wrong = _("there is no “{value}”", value=shown(scheme))
        yield RecipeProblem(place=("auth", "scheme"), wrong=wrong, right=right)


def _faults_of_nesting(recipe: Recipe, left: Mended) -> Iterator[RecipeProblem]:
    def levels(step: Step, above: int) -> Iterator[RecipeProblem]:
        depth = above + len(step.each)
        if depth > _MOST_NESTED:
            wrong = _("each is nested {depth} levels", depth=depth)
            right = _("nest at most {most} levels", most=_MOST_NESTED)
            yield RecipeProblem(place=(*step.place, "each"), wrong=wrong, right=right)
        if step.then and not step.each and left.has_all_names:
            wrong, right = _("then goes with each"), _("write steps of their own")
            yield RecipeProblem(place=(*step.place, "then"), wrong=wrong, right=right)
        for inner in step.then:
            yield from levels(inner, depth)

    for step in _all_steps(recipe):
        yield from levels(step, 0)


def _faults_of_addresses(recipe: Recipe) -> Iterator[RecipeProblem]:
    """Return which values that the recipe writes make addresses to which nothing is ever sent."""

    def addresses(step: Step, known: WrittenValues) -> Iterator[RecipeProblem]:
        known = known.within(step)
        is_written = bool(step.target.pieces) and isinstance(step.target.pieces[0], str)
        for places, begin in () if is_written else known.places(step.target):
            place = places[0] if places else (*step.place, "request")
            if names_a_host(begin):
                wrong = _("“{text}” names a host", text=shown(begin))
                right = _("write the path alone: all requests go to the base")
                yield RecipeProblem(place=place, wrong=wrong, right=right)
            elif begin and not begin.startswith("/"):
                right = _("write {example}", example='"/path"')
                yield RecipeProblem(place=place, wrong=_("“{text}” is no path", text=shown(begin)), right=right)
        for inner in (*step.then, *filter(None, (step.otherwise,))):
            yield from addresses(inner, known)

    for step in _all_steps(recipe):
        yield from addresses(step, written(recipe))


def _all_steps(recipe: Recipe) -> Iterator[Step]:
    for phase in STEPS:
        yield from getattr(recipe, phase)
    yield from recipe.restore.steps
