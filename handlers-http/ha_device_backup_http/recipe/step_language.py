"""The language of recipes: steps, errors, and what their values may look like; see `language`."""

from collections.abc import Iterator, Sequence

from ha_device_backup_core import Text

from ..translation import _
from .captures import fault_of_expression
from .positions import Place
from .problems import RecipeProblem
from .shapes import TABLE_WORDS, Anything, Choice, Flag, ListOf, MapOf, Number, Schema, Shape, Texts, Word
from .syntax import (
    WEBSOCKET,
    fault_of_content,
    fault_of_file_pattern,
    fault_of_header,
    fault_of_header_text,
    fault_of_list,
    fault_of_name,
    fault_of_path,
    fault_of_place_led_to,
    fault_of_pointer,
    fault_of_request,
    fault_of_requirement,
    fault_of_source,
    fault_of_template,
    fault_of_xml_place,
)
from .tables import Either, Key, Later, Table, missing_key
from .templates import Value

FORMAT = 1
FORMS = ("zip", "tgz", "tar", "gzip", "json", "xml", "sqlite", "text", "any", "page", "auto")
ARCHIVES = ("zip", "tgz", "tar", "gzip")
DECODERS = ("base64", "json")
MEANINGS = ("auth", "permission", "busy", "unsupported", "unexpected", "auth_or_busy")
SCHEMES = ("none", "basic", "digest", "bearer", "header", "query")
BODIES = ("json", "form_fields", "multipart", "body", "fill_in")
WELL_KNOWN = ("url", "host", "port", "username", "password", "token", "address_key")
"""Fields that have a label already."""
_STATUS = Number(100, 599)
_SOURCES = ('"json:/a/b"', '"header:X-Name"', '"cookie:name"', '"html:#id"', '"xml:a/b"', '"regex:…(…)…"', '"body"')
_HOW_TO_CAPTURE = _("write one of {examples}", examples=", ".join(_SOURCES))

PLAIN = Word()
TEMPLATE = Word(
    fault_of_template,
    _("write a value as {gap}, with a filter as {filtered}", gap='"{name}"', filtered='"{name|md5}"'),
    may_be_empty=True,
)
HEADER_TEXT = Word(
    fault_of_header_text,
    _("write a value as {gap}, with a filter as {filtered}", gap='"{name}"', filtered='"{name|md5}"'),
    may_be_empty=True,
)
POINTER = Word(
    fault_of_pointer, _("write {one}, with * for each: {each}", one='"/a/b"', each='"/a/*/b"'), pattern=r"/.+"
)
_source = Word(fault_of_source, _HOW_TO_CAPTURE, pattern=r"body|(json:/|header:|cookie:|html:|xml:|regex:).+")
EXPRESSION = Word(fault_of_expression, _("write a regular expression such as {example}", example='"^# Last updated"'))
XML_PLACE = Word(
    fault_of_xml_place,
    _(
        "write {root} from the root, {anywhere} anywhere, {attribute} for an attribute",
        root='"/root/a"',
        anywhere='"//a"',
        attribute='"a/b@name"',
    ),
)
_PATH_IS = _("write a relative path such as {one} or {many}", one='"config.json"', many='"lists/{name}.json"')
PATH = Word(fault_of_path, _PATH_IS, pattern=r"[^/\\].*")
PATTERN_OF_FILES = Word(
    fault_of_file_pattern,
    _("write a saved file, with * for any signs, and ! before a member: {example}", example='"a.zip!etc/x.conf"'),
)
NAME = _("a name has lower-case letters, digits and _: {example}", example='"sid"')
_list_name = Word(
    fault_of_list, _("write the name of a captured list, or a part of a value: {example}", example='"entry/list"')
)
_named_values = MapOf(TEMPLATE, fault_of_name, NAME, pattern="[a-z_][a-z0-9_]{0,39}")
CAPTURES = MapOf(ListOf(_source, or_one=True), fault_of_name, NAME, pattern="[a-z_][a-z0-9_]{0,39}")
HEADERS = MapOf(
    HEADER_TEXT,
    fault_of_header,
    _("write a name such as {example}; Host and lengths set themselves", example="X-API-Key"),
)
_json_conditions = MapOf(Anything(), fault_of_pointer, _("write {example}", example='"/a/b"'), pattern="/.+")
_header_conditions = MapOf(EXPRESSION)


def _step() -> Table:
    return STEP


def _of_expect(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value:
        right = _("write something into it, or leave it out")
        yield RecipeProblem(place=place, wrong=_("it is empty"), right=right)


EXPECT = Table(
    "expect",
    {
        "status": Key(ListOf(_STATUS, or_one=True), "the statuses of a good answer; 200, 201, 202 and 204 without it"),
        "json": Key(_json_conditions, "places in the answer and what has to be there; of a list one is enough"),
        "body": Key(EXPRESSION, "an expression that is found in a line of a good answer"),
        "header": Key(_header_conditions, "headers of a good answer and an expression that is found in each"),
    },
    "What a good answer looks like.",
    _of_expect,
)


class _Until(Shape):
    """A condition: as in `expect`, or the places in JSON alone."""

    words = TABLE_WORDS

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        are_places = isinstance(value, dict) and any(name.startswith("/") for name in value)
        yield from (_json_conditions if are_places else EXPECT).faults(value, place)

    def schema(self) -> Schema:
        """Return both forms."""
        return {"anyOf": [EXPECT.schema(), _json_conditions.schema()]}


_EXAMPLE_OF_UNTIL = '{ json = { "/done" = true } }'
WAIT = Table(
    "wait",
    {
        "until": Key(
            _Until(), _("what has to hold: {example}, or places alone", example=_EXAMPLE_OF_UNTIL), is_required=True
        ),
        "every": Key(Number(0.01, 60, is_whole=False), "seconds between two tries; 2 without it"),
        "tries": Key(Number(1, 600), "how often it is asked; 30 without it"),
    },
    "Repeat the request until a condition holds; what takes longer is busy.",
)


def _of_pages(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    ends = [key for key in ("total", "left", "next") if key in value]
    if len(ends) != 1:
        wrong = not_together(ends) if ends else _("it is not said where the pages end")
        yield RecipeProblem(place=place, wrong=wrong, right=_("write one of {names}", names="total, left, next"))


PAGES = Table(
    "pages",
    {
        "offset": Key(PLAIN, _("the parameter of the address that says where a page begins"), is_required=True),
        "items": Key(POINTER, _("where in the answer the list, table or text is that grows"), is_required=True),
        "total": Key(POINTER, "where the answer tells how many there are in all"),
        "left": Key(POINTER, "where the answer tells how much is left"),
        "next": Key(POINTER, "where the answer tells the next offset; 0 or nothing at the end"),
    },
    "Ask again with an offset until all is there: lists are joined, texts appended (offsets count bytes).",
    _of_pages,
)


_CONDITIONS = frozenset({"status", "json", "body", "closed", "header", "asks_password", "led_to", "only_error"})


def _of_error(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    if not value.keys() & _CONDITIONS:
        right = _("add one of {names}", names=", ".join(sorted(_CONDITIONS)))
        yield RecipeProblem(place=place, wrong=_("every answer would be this error"), right=right)


ERROR = Table(
    "error",
    {
        "status": Key(ListOf(_STATUS, or_one=True), "the status, or several"),
        "json": Key(_json_conditions, "places in the answer and what is there; all have to hold, of a list one"),
        "body": Key(EXPRESSION, "an expression that is found in a line of the answer"),
        "closed": Key(ListOf(Number(1000, 4999), or_one=True), "the code with which the device closes a websocket"),
        "header": Key(_header_conditions, "headers of the answer and an expression that is found in each"),
        "asks_password": Key(Flag(), "true: the answer is a web page that asks for a password"),
        "led_to": Key(
            Word(fault_of_place_led_to, _("write {example}", example='"/login"')),
            "it is a web page that was redirected to this path",
        ),
        "only_error": Key(Flag(), "true: the answer tells of an error, in JSON, XML or a line, and of nothing else"),
        "means": Key(Choice(MEANINGS), _("what it means"), is_required=True),
        "later": Key(Flag(), "true: good answers may look so, too; it counts if the login is refused afterwards"),
        "text": Key(Texts(), "what the person reads: what to do about it"),
        "retry_after": Key(Number(1, 86400), "seconds after which it makes sense to try again"),
    },
    "An answer that tells of an error, whatever its status; looked at before expect.",
    _of_error,
)


def _membership(name: str, means: str) -> Table:
    example = '"{entry}"'
    looked_for = Key(TEMPLATE, _("what is looked for: {example}, or a part of it", example=example), is_required=True)
    listed = Either((_list_name, ListOf(Anything(), most=200)))
    where = Key(listed, _("the captured list that it is looked for in, or one written here"), is_required=True)
    return Table(name, {"value": looked_for, "in": where}, means)


UNLESS = _membership("unless", "Leave out entries that are in a list already.")
ONLY = _membership("only", "Leave out entries that are not in a list.")


def faults_of_step(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    """Return which keys of a step do not go together."""
    yield from (_of_stand_in if place[-1:] == ("otherwise",) else _of_whole_step)(value, place)
    bodies = [key for key in BODIES if key in value]
    if len(bodies) > 1:
        yield RecipeProblem(place=(*place, bodies[1]), wrong=not_together(bodies), right=_("write one body"))
    if "may_be_absent" in value and "optional" in value:
        yield RecipeProblem(
            place=(*place, "may_be_absent"), wrong=_("optional says it already"), right=_("write one of the two")
        )
    yield from _of_websocket(value, place)


def not_together(keys: Sequence[str]) -> Text:
    """Return that keys do not go together."""
    return _("{keys} and {last} do not go together", keys=", ".join(keys[:-1]), last=keys[-1])


def _of_whole_step(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    """Return what is wrong with a step that stands in for no other one."""
    if "request" not in value:
        wrong, right = missing_key("request"), _("add {example}", example='request = "GET /path"')
        yield RecipeProblem(place=(*place, "request"), wrong=wrong, right=right)
    if "save" not in value:
        for key in value.keys() & OF_FILES:
            right = _("add {example}, or drop it", example='save = "name"')
            yield RecipeProblem(place=(*place, key), wrong=_("nothing is saved here"), right=right)


def _of_websocket(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    """Return which keys of a step go with a websocket, or without one, alone."""
    if "request" not in value:
        return
    if str(value["request"]).startswith(f"{WEBSOCKET} "):
        for key in value.keys() & {*BODIES, *_OF_REQUESTS}:
            right = _("write {example}, or drop it", example="send = …")
            yield RecipeProblem(place=(*place, key), wrong=_("it does not go with a websocket"), right=right)
    else:
        for key in value.keys() & {"send", "until"}:
            right = _("write {example}", example='request = "WS /path"')
            yield RecipeProblem(place=(*place, key), wrong=_("this is no websocket"), right=right)


def _of_stand_in(value: dict[str, Value], place: Place) -> Iterator[RecipeProblem]:
    """Return which keys have no effect in a step that stands in for another."""
    if not value:
        wrong, right = _("it is empty"), _("add {example}", example='request = "GET /path"')
        yield RecipeProblem(place=place, wrong=wrong, right=right)
    for key in value.keys() & _OF_WHOLE_STEPS:
        right = _("write it in the step that this one stands in for")
        yield RecipeProblem(place=(*place, key), wrong=_("it does not go into otherwise"), right=right)


_REQUEST_IS = _("write {one} or {other}", one='"GET /path"', other='"POST {prefix}/path"')
FILL_IN = Table(
    "fill_in",
    {
        "username": Key(TEMPLATE, "for the field of the user name"),
        "password": Key(TEMPLATE, _("for the field of the password"), is_required=True),
    },
    "What goes into the form of a login page; all else in it is sent as the page has it.",
)
_OF_WHOLE_STEPS = frozenset({"each", "then", "only", "unless"})
_OF_REQUESTS = frozenset({"redirects", "goes_on", "pages"})
OF_FILES = frozenset({"form", "root", "required", "members", "contains", "at_least", "multiple_of", "compared"})
STEP = Table(
    "step",
    {
        "request": Key(
            Word(fault_of_request, _REQUEST_IS, pattern=r"[A-Z]+ [/{].*"),
            "method and path of the request; WS opens a websocket, or goes on with the one of that path",
        ),
        "query": Key(MapOf(TEMPLATE), "parameters of the address"),
        "headers": Key(HEADERS, "headers of this request; one whose value is not known yet is left out"),
        "json": Key(Anything(), "the body, sent as JSON"),
        "form_fields": Key(MapOf(TEMPLATE), "the body, sent as a form"),
        "multipart": Key(MapOf(TEMPLATE), "the body, sent as a form with parts"),
        "body": Key(TEMPLATE, "the body, sent as it is"),
        "fill_in": Key(
            FILL_IN, "the request gets a page; its form with a password is filled in, and sent as a browser does"
        ),
        "send": Key(Anything(), "what is sent over a websocket: JSON, or a text as it is"),
        "until": Key(_Until(), "which message of a websocket is the answer; the first without it"),
        "redirects": Key(Flag(), "whether to go where the device leads to, on itself"),
        "goes_on": Key(
            Flag(), "whether to go there only once the answer was looked at; what comes there does not count"
        ),
        "timeout": Key(Number(1, 3600), "seconds to wait for an answer; 60 without it"),
        "expect": Key(EXPECT, "what a good answer looks like"),
        "capture": Key(CAPTURES, "values to take out of the answer; of several sources the first that has something"),
        "set": Key(_named_values, "values to keep as they are written here"),
        "optional": Key(Flag(), "whether the backup is stored without it; it is named as missing then"),
        "may_be_absent": Key(Flag(), "whether some devices do not have it at all: a remark, and the backup is whole"),
        "otherwise": Key(Later(_step), "the same step with these keys, where the device answers 404 or 405"),
        "each": Key(
            MapOf(
                Either((_list_name, ListOf(Anything(), most=200))),
                fault_of_name,
                NAME,
                pattern="[a-z_][a-z0-9_]{0,39}",
            ),
            "once for each entry of a captured list, or of one written here; two of them are nested",
        ),
        "unless": Key(UNLESS, "leave out entries that are there already, or the step where a value is in a list"),
        "only": Key(ONLY, "leave out all other entries, or the step where a value is in no list"),
        "then": Key(ListOf(Later(_step), most=20), "steps that are made for each entry as well"),
        "pages": Key(PAGES, "ask again until all pages are there"),
        "wait": Key(WAIT, "ask again until something holds"),
        "save": Key(PATH, "the file in the backup"),
        "form": Key(Choice(FORMS), "the form that the file has to have; its ending says it, without"),
        "root": Key(PLAIN, "the name of the root of XML"),
        "required": Key(
            ListOf(
                Word(fault_of_requirement, _("write {one} or {other}", one='"json:/a/b"', other='"xml:a/b"')),
                or_one=True,
            ),
            "places that have to be there",
        ),
        "members": Key(
            ListOf(PLAIN, or_one=True), "members that have to be there, with * for any signs, and ! for nested ones"
        ),
        "contains": Key(ListOf(EXPRESSION, or_one=True), "expressions that are found in a line, best near the end"),
        "at_least": Key(Number(1, 64 * 1024 * 1024), "bytes that the file has at least"),
        "multiple_of": Key(Number(2, 1024 * 1024), "a number of bytes that its size is a multiple of"),
        "content": Key(
            Word(fault_of_content, _("write {example}", example='"/data"'), may_be_empty=True),
            'the part of the JSON answer that is saved; "" for the answer as a whole',
        ),
        "decode": Key(Choice(DECODERS), "how what is saved was packed into the answer"),
        "compared": Key(Flag(), "false where the file is another each time"),
        "error": Key(ListOf(ERROR), "errors of this step alone"),
    },
    "One request, and what becomes of its answer.",
    faults_of_step,
)
