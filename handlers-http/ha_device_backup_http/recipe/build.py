"""From a checked document to the recipe; pure."""

from collections.abc import Mapping
from dataclasses import replace

from ha_device_backup_core import (
    ApiVersion,
    ConfigField,
    FieldKind,
    HandlerSpec,
    KnownDevices,
    Ssdp,
    Text,
    Zeroconf,
)

from ..pointers import Pointer, parse_pointer
from ..translation import _
from .positions import Place
from .problems import RecipeProblem, shown
from .recipe import Auth, DeviceFacts, Places, Recipe, RecipeRestore, StoredValue
from .sources import Source, parse_source
from .step_language import BODIES, OF_FILES
from .steps import ErrorRule, Expectation, Membership, Pages, SavedFile, Step, Wait
from .syntax import suffix_of
from .templates import Template, Value
from .texts import Document, with_messages
from .xml_places import XmlPlace, parse_place

_MEBIBYTE = 1024 * 1024
_FORMS = {
    ".json": "json",
    ".xml": "xml",
    ".zip": "zip",
    ".tgz": "tgz",
    ".tar.gz": "tgz",
    ".tar": "tar",
    ".gz": "gzip",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    **dict.fromkeys((".txt", ".cfg", ".conf", ".yaml", ".yml", ".ini", ".rsc", ".toml", ".js", ".csv"), "text"),
}
"""What the ending of a name says about the form."""
_LABELS: Mapping[str, Text] = {
    "url": _("URL"),
    "host": _("Host"),
    "port": _("Port"),
    "username": _("User name"),
    "password": _("Password"),
    "token": _("Token"),
    "address_key": _("Key in the address"),
}
_UNTESTED = _(
    "This kind was described from documents and has not been tried with the real thing. Look into the first backup."
)
_CERTIFICATE = ConfigField(
    key="certificate",
    kind=FieldKind.CERTIFICATE,
    label=_("Trusted certificate"),
    help=_("Only for https with a certificate of the device's own. Leave it empty to be shown the present one."),
)


def built(document: Document) -> tuple[Recipe | None, list[RecipeProblem]]:
    """Return the recipe; without one, why there is none."""
    document = with_messages(document)
    try:
        fields = tuple(_field(field) for field in document.get("field", ()))
        spec = _spec(document, fields)
    except ValueError as error:
        return None, [RecipeProblem(place=("field",), wrong=shown(error), right=_("write it in another way"))]
    return _recipe(document, spec), []


def _recipe(document: Document, spec: HandlerSpec) -> Recipe:
    return Recipe(
        spec=spec,
        base=Template.of(document["base"]),
        tested=document.get("tested", ""),
        is_untested=document.get("untested", False),
        pause=float(document.get("pause", 0)),
        auth=_auth(document.get("auth", {})),
        headers=_templates(document.get("headers", {})),
        open=_steps(document, "open"),
        identify=_steps(document, "identify"),
        fetch=_steps(document, "fetch"),
        close=_steps(document, "close"),
        device=DeviceFacts(**_templates(document.get("device", {}))),
        errors=tuple(map(_error, document.get("error", ()))),
        compare=tuple(map(_places, document.get("compare", ()))),
        secrets=tuple(map(_places, document.get("secret", ()))),
        restore=_restore(document.get("restore", {})),
    )


def _spec(document: Document, fields: tuple[ConfigField, ...]) -> HandlerSpec:
    has_tls = not document["base"].startswith("http://")
    return HandlerSpec(
        kind=document["kind"],
        name=document["name"],
        api_version=ApiVersion(1, 0),
        fields=(*fields, *((_CERTIFICATE,) if has_tls else ())),
        discovery=tuple(map(_matcher, document.get("discovery", ()))),
        fetch_timeout=float(document.get("timeout", 120)),
        max_artifact_bytes=document.get("max_size", 16) * _MEBIBYTE,
        manufacturer=document.get("manufacturer", ""),
        documentation=document.get("documentation", ""),
        omits=(*((_UNTESTED,) if document.get("untested") else ()), *document.get("omits", ())),
        restore_guide=tuple(document.get("restore", {}).get("guide", ())),
    )


def _matcher(found: Document) -> Zeroconf | Ssdp | KnownDevices:
    fields, unique_id = found.get("fields", {"host": "host"}), found.get("unique_id")
    properties = found.get("properties", {})
    if "zeroconf" in found:
        name = found.get("name")
        return Zeroconf(type=found["zeroconf"], name=name, properties=properties, fields=fields, unique_id=unique_id)
    if "ssdp" in found:
        return Ssdp(st=found["ssdp"], properties=properties, fields=fields, unique_id=unique_id)
    secrets = found.get("secrets", {})
    return KnownDevices(integration=found["integration"], fields=fields, unique_id=unique_id, secrets=secrets)


def _field(field: Document) -> ConfigField:
    choices = field.get("choices", {})
    default = field.get("default")
    return ConfigField(
        key=field["key"],
        kind=FieldKind(field["kind"]),
        label=field.get("label") or _LABELS[field["key"]],
        help=field.get("help", ""),
        required=field.get("required", False),
        default=default,
        choices=choices if isinstance(choices, dict) else {choice: choice for choice in choices},
        minimum=field.get("minimum"),
        maximum=field.get("maximum"),
        shown_when={key: tuple(_several(values)) for key, values in field.get("shown_when", {}).items()},
        advanced=field.get("advanced", False),
    )


def _auth(auth: Document) -> Auth:
    templates = {key: Template.of(auth[key]) for key in ("username", "password", "token") if key in auth}
    return Auth(scheme=auth.get("scheme", "none"), name=auth.get("name", ""), **templates)


def _steps(document: Document, phase: str) -> tuple[Step, ...]:
    return tuple(_step(step, (phase, number)) for number, step in enumerate(document.get(phase, ())))


def _step(step: Document, place: Place, *, is_in_each: bool = False) -> Step:
    method, _blank, target = step["request"].partition(" ")
    body_kind = next((kind for kind in BODIES if kind in step), "")
    is_in_each = is_in_each or "each" in step
    return Step(
        method=method,
        target=Template.of(target),
        query=_templates(step.get("query", {})),
        headers=_templates(step.get("headers", {})),
        body_kind=body_kind,
        body=step.get(body_kind),
        send=step.get("send"),
        until=_expectation(step.get("until", {})),
        redirects=step.get("redirects", False),
        goes_on=step.get("goes_on", False),
        timeout=step.get("timeout"),
        expect=_expectation(step.get("expect", {})),
        capture=_captures(step),
        set=_templates(step.get("set", {})),
        is_optional=step.get("optional", False),
        may_be_absent=step.get("may_be_absent", False),
        otherwise=_otherwise(step, place, is_in_each=is_in_each),
        each={
            name: tuple(listed) if isinstance(listed, list) else str(listed)
            for name, listed in step.get("each", {}).items()
        },
        unless=_membership(step.get("unless")),
        only=_membership(step.get("only")),
        upload=step.get("upload", ""),
        part=step.get("part", ""),
        puts_back=step.get("puts_back", ""),
        then=tuple(
            _step(inner, (*place, "then", number), is_in_each=is_in_each)
            for number, inner in enumerate(step.get("then", ()))
        ),
        pages=_pages(step.get("pages")),
        wait=_wait(step.get("wait")),
        save=_saved(step, is_in_each=is_in_each),
        errors=tuple(map(_error, step.get("error", ()))),
        place=place,
    )


def _membership(found: Document | None) -> Membership | None:
    if found is None:
        return None
    listed = found["in"]
    return Membership(
        value=Template.of(found["value"]), listed=tuple(listed) if isinstance(listed, list) else str(listed)
    )


def _captures(document: Document) -> dict[str, tuple[Source, ...]]:
    return {name: tuple(map(_source, _several(found))) for name, found in document.get("capture", {}).items()}


def _restore(restore: Document) -> RecipeRestore:
    return RecipeRestore(
        covers=tuple(_several(restore.get("covers", []))),
        restarts=restore.get("restarts", False),
        values=tuple(
            StoredValue(
                file=value["file"],
                capture=_captures(value),
                list=value.get("list", ""),
                each=value.get("each", {}),
                without=tuple(map(_pointer, _several(value.get("without", [])))),
            )
            for value in restore.get("value", ())
        ),
        steps=tuple(_step(step, ("restore", "step", number)) for number, step in enumerate(restore.get("step", ()))),
    )


def _otherwise(step: Document, place: Place, *, is_in_each: bool) -> Step | None:
    """Return the step that stands in for one: the same but for its own keys."""
    own = step.get("otherwise")
    if own is None:
        return None
    of_file = OF_FILES if _is_saved_otherwise(step) else ()
    replaced = {"otherwise", "each", "then", *(BODIES if own.keys() & set(BODIES) else ()), *of_file}
    kept = {key: value for key, value in step.items() if key not in replaced}
    found = _step({**kept, **own}, (*place, "otherwise"), is_in_each=is_in_each)
    if found.save is None or not _is_saved_otherwise(step):
        return found
    return replace(found, save=replace(found.save, is_optional=True))


def _is_saved_otherwise(step: Document) -> bool:
    """Return whether what stands in for a step is another file: then a backup has one of the two."""
    name = step.get("save")
    return bool(step.get("otherwise", {}).get("save", name) != name)


def _expectation(expected: Document) -> Expectation:
    if any(name.startswith("/") for name in expected):
        expected = {"json": expected}
    return Expectation(
        status=frozenset(_several(expected.get("status", []))),
        json={_pointer(place): value for place, value in expected.get("json", {}).items()},
        body=expected.get("body", ""),
        closed=frozenset(_several(expected.get("closed", []))),
        header=expected.get("header", {}),
        asks_password=expected.get("asks_password", False),
        led_to=expected.get("led_to", ""),
        only_error=expected.get("only_error", False),
    )


def _error(error: Document) -> ErrorRule:
    return ErrorRule(
        condition=_expectation(error),
        means=error["means"],
        text=error.get("text", ""),
        retry_after=error.get("retry_after"),
        is_later=error.get("later", False),
    )


def _pages(pages: Document | None) -> Pages | None:
    if pages is None:
        return None
    ends = {key: _pointer(pages[key]) for key in ("total", "left", "next") if key in pages}
    return Pages(offset=pages["offset"], items=_pointer(pages["items"]), **ends)


def _wait(wait: Document | None) -> Wait | None:
    if wait is None:
        return None
    return Wait(until=_expectation(wait["until"]), every=float(wait.get("every", 2)), tries=int(wait.get("tries", 30)))


def _saved(step: Document, *, is_in_each: bool) -> SavedFile | None:
    if "save" not in step:
        return None
    content = step.get("content")
    return SavedFile(
        path=Template.of(step["save"]),
        form=step.get("form") or ("xml" if "root" in step else _FORMS.get(suffix_of(step["save"]), "any")),
        root=step.get("root", ""),
        required=tuple(_source(f"json:{place}" if place.startswith("/") else place) for place in _required(step)),
        members=tuple(_several(step.get("members", []))),
        contains=tuple(_several(step.get("contains", []))),
        at_least=step.get("at_least", 0),
        multiple_of=step.get("multiple_of", 1),
        content=None if content is None else parse_pointer(content) or (),
        decode=step.get("decode", ""),
        is_compared=step.get("compared", True),
        is_one_of_many=is_in_each,
        is_optional=step.get("optional", False)
        or bool(step.keys() & {"may_be_absent", "only", "unless"})
        or _is_saved_otherwise(step),
    )


def _required(step: Document) -> list[str]:
    return list(_several(step.get("required", [])))


def _places(rule: Document) -> Places:
    file, *members = rule["file"].split("!")
    return Places(
        file="".join(piece if isinstance(piece, str) else "*" for piece in Template.of(file).pieces),
        members=tuple(members),
        skip=rule.get("skip", False),
        json=tuple(map(_pointer, _several(rule.get("json", [])))),
        xml=tuple(map(_xml_place, _several(rule.get("xml", [])))),
        lines=tuple(_several(rule.get("lines", []))),
        laid_out=tuple(_several(rule.get("laid_out", []))),
        unordered=tuple(map(_pointer, _several(rule.get("unordered", [])))),
    )


def _templates(texts: Mapping[str, str]) -> dict[str, Template]:
    return {name: Template.of(text) for name, text in texts.items()}


def _pointer(text: str) -> Pointer:
    return parse_pointer(text) or ()


def _source(text: str) -> Source:
    source = parse_source(text)
    if not isinstance(source, Source):
        raise TypeError(text)
    return source


def _xml_place(text: str) -> XmlPlace:
    place = parse_place(text)
    if not isinstance(place, XmlPlace):
        raise TypeError(text)
    return place


def _several(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]
