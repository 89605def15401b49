"""The language of recipes, format 1: every table and key, what it takes and what it means; the one place for it."""

from collections.abc import Iterator

from ha_device_backup_core import FieldKind

from .positions import Place
from .problems import RecipeProblem
from .shapes import Choice, Either, Flag, Key, ListOf, MapOf, Number, Schema, Shape, Table, Texts, Word
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
    WELL_KNOWN,
    XML_PLACE,
    faults_of_step,
)
from .syntax import fault_of_base, fault_of_content, fault_of_field_key, fault_of_kind, fault_of_name, fault_of_url
from .templates import Value

_FIELD_KINDS = tuple(kind.value for kind in FieldKind if kind is not FieldKind.CERTIFICATE)


def _of_field(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    kind = value.get("kind")
    if (kind == "choice") != ("choices" in value):
        yield RecipeProblem(
            place=(*place, "choices"), wrong="choices go with the kind choice", right="write both, or none"
        )
    if "label" not in value and value.get("key") not in WELL_KNOWN:
        yield RecipeProblem(place=(*place, "label"), wrong="the key “label” is missing", right='add label = "…"')
    if kind == "secret" and "default" in value:
        yield RecipeProblem(place=(*place, "default"), wrong="a secret has no default", right="drop it")


FIELD = Table(
    "field",
    {
        "key": Key(Word(fault_of_field_key, "write lower-case letters, digits and _"), "its name", is_required=True),
        "kind": Key(Choice(_FIELD_KINDS), "what is entered", is_required=True),
        "label": Key(Texts(), "what it is called; url, host, port, username, password and token need none"),
        "help": Key(Texts(), "where to find it"),
        "required": Key(Flag(), "whether it has to be entered"),
        "default": Key(Either((PLAIN, Flag(), Number(-(2**53), 2**53))), "what is there before anybody types"),
        "choices": Key(Either((MapOf(Texts()), ListOf(PLAIN))), "values and what they are called, for the kind choice"),
        "minimum": Key(Number(-(2**53), 2**53), "the smallest number, or fewest characters"),
        "maximum": Key(Number(-(2**53), 2**53), "the largest number, or most characters"),
        "shown_when": Key(
            MapOf(ListOf(Either((PLAIN, Flag())), or_one=True)),
            'asked only after another field got one of these values: { login = ["basic", "digest"] }',
        ),
        "advanced": Key(Flag(), "whether few people need it: it is folded away"),
    },
    "One thing that a person enters.",
    _of_field,
)


class _Scheme(Shape):
    """The name of a way to log in; packages may bring more of them."""

    words = "the name of a login scheme"

    def takes(self, value: Value) -> bool:
        """Return whether it is a string."""
        return isinstance(value, str)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it; which ones are installed is looked at later."""
        yield from PLAIN.faults(value, place)

    def schema(self) -> Schema:
        """Return the known ones, and what others look like."""
        return {"anyOf": [{"enum": list(SCHEMES)}, {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,31}$"}]}


AUTH = Table(
    "auth",
    {
        "scheme": Key(_Scheme(), "how each request shows who asks; packages bring more of them", is_required=True),
        "username": Key(TEMPLATE, "for basic and digest"),
        "password": Key(TEMPLATE, "for basic and digest; it may be empty"),
        "token": Key(TEMPLATE, "for bearer, header and query"),
        "name": Key(PLAIN, "the header or the parameter of the token"),
    },
    "A login without a request of its own.",
)

_patterns = MapOf(PLAIN)


def _of_discovery(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    kinds = [key for key in ("zeroconf", "ssdp", "integration") if key in value]
    if len(kinds) != 1:
        wrong = "it does not say how" if not kinds else f"{' and '.join(kinds)} do not go together"
        yield RecipeProblem(place=place, wrong=wrong, right="write one of zeroconf, ssdp and integration")
    others = {"zeroconf": {"secrets"}, "ssdp": {"secrets", "name"}, "integration": {"name", "properties"}}
    for key in sorted(others[kinds[0]] & value.keys()) if kinds else ():
        right = "drop it"
        yield RecipeProblem(place=(*place, key), wrong=f"it does not go with {kinds[0]}", right=right)


DISCOVERY = Table(
    "discovery",
    {
        "zeroconf": Key(PLAIN, 'what the device announces: "_wled._tcp.local."'),
        "ssdp": Key(PLAIN, "the search target that the device announces"),
        "integration": Key(PLAIN, "an integration of Home Assistant that has such devices"),
        "name": Key(PLAIN, "a lower-case pattern of the announced name, with * and ?"),
        "properties": Key(_patterns, "what else is announced"),
        "fields": Key(_patterns, 'fields and where their values come from; { host = "host" } without it'),
        "secrets": Key(_patterns, "secret fields and where their values come from"),
        "unique_id": Key(PLAIN, "where the unique id comes from"),
    },
    "How such devices are found; see docs/handler-discovery.md.",
    _of_discovery,
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


def _of_compare(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value.keys() & {"skip", "json", "xml", "lines", "laid_out", "unordered"}:
        right = "add skip, json, xml, lines, laid_out or unordered"
        yield RecipeProblem(place=place, wrong="it does not say what does not count", right=right)


COMPARE = Table(
    "compare",
    {
        "file": Key(PATTERN_OF_FILES, "the file, or the member of it", is_required=True),
        "skip": Key(Flag(), "leave it out as a whole"),
        "json": Key(ListOf(POINTER, or_one=True), "places that do not count"),
        "xml": Key(ListOf(XML_PLACE, or_one=True), "elements that do not count"),
        "lines": Key(ListOf(EXPRESSION, or_one=True), "lines that do not count"),
        "laid_out": Key(
            ListOf(EXPRESSION, or_one=True),
            "lines that do not count once JSON has a value a line, XML an element a line, and texts in them their own",
        ),
        "unordered": Key(
            ListOf(Word(fault_of_content, 'write the place as "/items"', may_be_empty=True), or_one=True),
            'lists in JSON whose order does not count; "" for the answer as a whole',
        ),
    },
    "What changes by itself, and is no change of the configuration.",
    _of_compare,
)


def _of_secret(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value.keys() & {"json", "xml", "lines", "nothing"}:
        yield RecipeProblem(
            place=place, wrong="it does not say what is secret", right="add json, xml, lines or nothing = true"
        )


SECRET = Table(
    "secret",
    {
        "file": Key(PATTERN_OF_FILES, "the file, or the member of it", is_required=True),
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
    },
    STEP.means,
    faults_of_step,
)


def _of_restore(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if ("step" in value) != ("covers" in value):
        wrong = "steps and what they cover go together"
        yield RecipeProblem(place=(*place, "covers"), wrong=wrong, right="write both, or a guide alone")


STORED = Table(
    "stored",
    {
        "file": Key(PATTERN_OF_FILES, "a file of the backup, or with * several", is_required=True),
        "capture": Key(CAPTURES, "values to take out of it"),
        "without": Key(ListOf(POINTER, or_one=True), "places that are left out before, such as numbers that are new"),
        "list": Key(Word(fault_of_name, NAME), "a list of these files; each entry has name, path, text and pieces"),
    },
    "Values that come out of the backup.",
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

RECIPE = Table(
    "recipe",
    {
        "format": Key(Choice((FORMAT,)), "the version of this language", is_required=True),
        "kind": Key(
            Word(fault_of_kind, "write 2 to 32 lower-case letters, digits and _", pattern="[a-z][a-z0-9_]{1,31}"),
            "the kind of device; stays for ever",
            is_required=True,
        ),
        "name": Key(Texts(), "what people call it", is_required=True),
        "manufacturer": Key(PLAIN, "who makes it"),
        "tested": Key(PLAIN, "the versions for which its facts were read"),
        "untested": Key(Flag(), "whether nobody has tried it on the real thing; the form says so"),
        "documentation": Key(Word(fault_of_url, 'write "https://…"', pattern="https://.+"), "a page about it"),
        "omits": Key(ListOf(Texts()), "what a backup can never hold"),
        "base": Key(
            Word(fault_of_base, 'write "{url}", or "http://{host}:{port}"'),
            "where all requests go to",
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
        "fetch": Key(ListOf(STEP, most=100), "steps that get the files", is_required=True),
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
)

TABLES: tuple[Table, ...] = (
    *(RECIPE, FIELD, AUTH, STEP, EXPECT, PAGES, WAIT, ONLY, UNLESS, ERROR, DEVICE, COMPARE, SECRET),
    *(DISCOVERY, RESTORE, RESTORE_STEP, STORED, FILL_IN),
)
STEPS = ("open", "identify", "fetch", "close")
