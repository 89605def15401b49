"""The language of recipes, format 1: every table and key, what it takes and what it means; the one place for it."""

from collections.abc import Iterator

from ..translation import _
from .field_language import DISCOVERY, FIELD, faults_of_fields
from .positions import Place
from .problems import RecipeProblem
from .shapes import Choice, Flag, ListOf, MapOf, Number, Schema, Shape, Texts, Word
from .step_language import (
    CAPTURES,
    ERROR,
    EXPECT,
    EXPRESSION,
    FILL_IN,
    FORMAT,
    HEADERS,
    NAME,
    ONLY,
    PAGES,
    PATH,
    PATTERN_OF_FILES,
    PLAIN,
    POINTER,
    SCHEMES,
    STEP,
    TEMPLATE,
    UNLESS,
    WAIT,
    XML_PLACE,
    faults_of_step,
)
from .syntax import fault_of_base, fault_of_content, fault_of_header, fault_of_kind, fault_of_name, fault_of_url
from .tables import Key, Table
from .templates import Value


class _Scheme(Shape):
    """The name of a way to log in; packages may bring more of them."""

    words = _("the name of a login scheme")

    def takes(self, value: Value) -> bool:
        """Return whether it is a string."""
        return isinstance(value, str)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it; which ones are installed is looked at later."""
        yield from PLAIN.faults(value, place)

    def schema(self) -> Schema:
        """Return the known ones, and what others look like."""
        return {"anyOf": [{"enum": list(SCHEMES)}, {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,31}$"}]}


_PARTS_OF_LOGINS = {
    **dict.fromkeys(("basic", "digest"), "username, password"),
    **dict.fromkeys(("bearer", "header", "query"), "token"),
}


def _of_auth(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    scheme = value.get("scheme")
    needed = _PARTS_OF_LOGINS.get(scheme) if isinstance(scheme, str) else None
    if needed and not value.keys() & {"username", "password", "token"}:
        right = _("add {example}", example=needed)
        yield RecipeProblem(place=place, wrong=_("nobody would be logged in"), right=right)
    if scheme == "header" and isinstance(name := value.get("name"), str) and (fault := fault_of_header(name)):
        right = _("write a name such as {example}; Host and lengths set themselves", example="X-API-Key")
        yield RecipeProblem(place=(*place, "name"), wrong=fault.wrong, right=right)


AUTH = Table(
    "auth",
    {
        "scheme": Key(_Scheme(), _("how each request shows who asks; packages bring more of them"), is_required=True),
        "username": Key(TEMPLATE, "for basic and digest"),
        "password": Key(TEMPLATE, "for basic and digest; it may be empty"),
        "token": Key(TEMPLATE, "for bearer, header and query"),
        "name": Key(PLAIN, "the header or the parameter of the token"),
    },
    "A login without a request of its own.",
    _of_auth,
)

DEVICE = Table(
    "device",
    {
        "unique_id": Key(TEMPLATE, "what tells it from all others: serial number or MAC address, never an address"),
        "name": Key(TEMPLATE, "what it is called"),
        "model": Key(TEMPLATE, "its model"),
        "version": Key(TEMPLATE, "the version of its firmware"),
        "mac": Key(TEMPLATE, "its MAC address, however it is written"),
    },
    "Who it is, from captured values.",
)


_NOT_COUNTING = ("skip", "json", "xml", "lines", "laid_out", "unordered")
_HIDING = ("json", "xml", "lines", "nothing")


def _of_compare(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value.keys() & {*_NOT_COUNTING}:
        right = _("add one of {names}", names=", ".join(_NOT_COUNTING))
        yield RecipeProblem(place=place, wrong=_("it does not say what does not count"), right=right)


COMPARE = Table(
    "compare",
    {
        "file": Key(PATTERN_OF_FILES, _("the file, or the member of it"), is_required=True),
        "skip": Key(Flag(), "leave it out as a whole"),
        "json": Key(ListOf(POINTER, or_one=True), "places that do not count"),
        "xml": Key(ListOf(XML_PLACE, or_one=True), "elements that do not count"),
        "lines": Key(ListOf(EXPRESSION, or_one=True), "lines that do not count"),
        "laid_out": Key(
            ListOf(EXPRESSION, or_one=True),
            "lines that do not count once JSON has a value a line, XML an element a line, and texts in them their own",
        ),
        "unordered": Key(
            ListOf(Word(fault_of_content, _("write {example}", example='"/items"'), may_be_empty=True), or_one=True),
            'lists in JSON whose order does not count; "" for the answer as a whole',
        ),
    },
    "What changes by itself, and is no change of the configuration.",
    _of_compare,
)


def _of_secret(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value.keys() & {*_HIDING}:
        right = _("add one of {names}", names=", ".join(_HIDING))
        yield RecipeProblem(place=place, wrong=_("it does not say what is secret"), right=right)


SECRET = Table(
    "secret",
    {
        "file": Key(PATTERN_OF_FILES, _("the file, or the member of it"), is_required=True),
        "json": Key(ListOf(POINTER, or_one=True), "places that are secret"),
        "xml": Key(ListOf(XML_PLACE, or_one=True), "elements that are secret"),
        "lines": Key(ListOf(EXPRESSION, or_one=True), "lines with a secret: what is behind = or : is hidden"),
        "nothing": Key(Flag(), "true where nothing in it is secret: it is shown as it is"),
    },
    "What nobody is shown when backups are compared; a file without such a table is not shown at all.",
    _of_secret,
)

RESTORE_STEP = Table(
    "restore_step",
    {
        **STEP.keys,
        "upload": Key(PATH, "the file of the backup that is sent"),
        "part": Key(PLAIN, "the name of the field that the file is sent in; without it, it is the body"),
        "puts_back": Key(
            PATTERN_OF_FILES, "the file of the backup that the step is about, where it takes nothing out of it"
        ),
    },
    STEP.means,
    faults_of_step,
)


def _of_restore(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if ("step" in value) != ("covers" in value):
        wrong = _("steps and what they cover go together")
        yield RecipeProblem(place=(*place, "covers"), wrong=wrong, right=_("write both, or a guide alone"))
    elif "step" not in value:
        for key in value.keys() & {"restarts", "value"}:
            right = _("add steps, or drop it")
            yield RecipeProblem(place=(*place, key), wrong=_("without steps it has no effect"), right=right)


def _of_stored(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    each = value.get("each", {})
    if each and (len(each) > 1 or "list" not in value or value.keys() & {"capture", "without"}):
        right = _("write one list in each, and list alone beside it")
        yield RecipeProblem(place=(*place, "each"), wrong=_("it does not make one list of files"), right=right)


STORED = Table(
    "stored",
    {
        "file": Key(PATTERN_OF_FILES, _("a file of the backup, or with * several"), is_required=True),
        "capture": Key(CAPTURES, "values to take out of it"),
        "without": Key(ListOf(POINTER, or_one=True), "places that are left out before, such as numbers that are new"),
        "list": Key(Word(fault_of_name, NAME), "a list of these files; each entry has name, path, text and pieces"),
        "each": Key(
            MapOf(Word(fault_of_name, NAME), fault_of_name, NAME, pattern="[a-z_][a-z0-9_]{0,39}"),
            "the list that the files belong to, an entry each; file is written as in save",
        ),
    },
    "Values that come out of the backup.",
    _of_stored,
)

RESTORE = Table(
    "restore",
    {
        "guide": Key(ListOf(Texts()), "the steps by which a person puts back what the steps here do not"),
        "covers": Key(ListOf(PATTERN_OF_FILES, or_one=True), "the files that the steps put back"),
        "restarts": Key(Flag(), "whether the device restarts by it, and forgets who is logged in"),
        "value": Key(ListOf(STORED), "values that come out of the backup"),
        "step": Key(ListOf(RESTORE_STEP, most=100), "steps that put it back; what the device holds then is read again"),
    },
    "How a backup goes back.",
    _of_restore,
)


def _of_recipe(value: dict[str, Value], _place: Place) -> Iterator[RecipeProblem]:
    yield from faults_of_fields(value)


BASE_IS = _("write {one}, or {other}", one='"{url}"', other='"http://{host}:{port}"')
RECIPE = Table(
    "recipe",
    {
        "format": Key(Choice((FORMAT,)), _("the version of this language"), is_required=True),
        "kind": Key(
            Word(fault_of_kind, _("write 2 to 32 lower-case letters, digits and _"), pattern="[a-z][a-z0-9_]{1,31}"),
            _("the kind of device; stays for ever"),
            is_required=True,
        ),
        "name": Key(Texts(), _("what people call it"), is_required=True),
        "manufacturer": Key(PLAIN, "who makes it"),
        "tested": Key(PLAIN, "the versions for which its facts were read"),
        "untested": Key(Flag(), "whether nobody has tried it on the real thing; the form says so"),
        "documentation": Key(
            Word(fault_of_url, _("write {example}", example='"https://…"'), pattern="https://.+"), "a page about it"
        ),
        "omits": Key(ListOf(Texts()), "what a backup can never hold"),
        "base": Key(
            Word(fault_of_base, BASE_IS),
            _("where all requests go to"),
            is_required=True,
        ),
        "timeout": Key(Number(5, 3600), "seconds for a whole job; 120 without it"),
        "pause": Key(Number(0, 60, is_whole=False), "seconds before each request, for small devices"),
        "max_size": Key(Number(1, 64), "MiB of all files together; 16 without it"),
        "field": Key(ListOf(FIELD, most=16), "what a person enters"),
        "auth": Key(AUTH, "a login without a request of its own"),
        "headers": Key(HEADERS, "sent with each request; one whose value is not known yet is left out"),
        "open": Key(ListOf(STEP, most=20), "steps that log in"),
        "identify": Key(ListOf(STEP, most=20), "steps that find out who it is"),
        "fetch": Key(ListOf(STEP, most=100), _("steps that get the files"), is_required=True),
        "close": Key(
            ListOf(STEP, most=20), "steps that log out; made whatever happened, and their failures are ignored"
        ),
        "device": Key(DEVICE, "who it is"),
        "discovery": Key(ListOf(DISCOVERY, most=20), "how such devices are found"),
        "error": Key(ListOf(ERROR, most=100), "answers that tell of errors"),
        "compare": Key(ListOf(COMPARE), "what changes by itself"),
        "secret": Key(ListOf(SECRET), "what nobody is shown"),
        "restore": Key(RESTORE, "how a backup goes back"),
    },
    "One kind of device, and how its configuration is fetched.",
    _of_recipe,
)

TABLES: tuple[Table, ...] = (
    *(RECIPE, FIELD, AUTH, STEP, EXPECT, PAGES, WAIT, ONLY, UNLESS, ERROR, DEVICE, COMPARE, SECRET),
    *(DISCOVERY, RESTORE, RESTORE_STEP, STORED, FILL_IN),
)
STEPS = ("open", "identify", "fetch", "close")
