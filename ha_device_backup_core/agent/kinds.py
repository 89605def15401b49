"""The kinds of an agent: what their handlers declare, as documents of the protocol and back; pure."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ..contract import API_VERSION, MAX_ARTIFACT_BYTES, ConfigField, ConfigValue, FieldKind, HandlerSpec
from ..contract.spec import When
from ..plugins.registry import RegisteredHandler
from ..text import Text
from .fields import Fields, ProtocolError, checked_text, document_of, documents_of
from .records import WireDocument

_LONGEST_JOB = 7 * 24 * 3600.0
_LEAST, _MOST = -(2**63), 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteKind:
    """A kind that an agent has."""

    spec: HandlerSpec
    distribution: str
    version: str
    can_restore: bool = False
    can_restore_part: bool = False
    can_plan: bool = False


def kind_of(registered: RegisteredHandler) -> RemoteKind:
    """Return a kind for the other side."""
    return RemoteKind(
        spec=registered.spec,
        distribution=registered.distribution,
        version=registered.version,
        can_restore=registered.can_restore,
        can_restore_part=registered.can_restore_part,
        can_plan=registered.can_plan,
    )


def kinds_document(kinds: Iterable[RemoteKind]) -> WireDocument:
    """Return the kinds of an agent as they are sent, and kept while it is away."""
    return {"kinds": [kind_document(kind) for kind in kinds]}


def kinds_from(fields: Fields) -> tuple[RemoteKind, ...]:
    """Return the kinds of a document; one that cannot be used is left out. Raises ProtocolError."""
    found: dict[str, RemoteKind] = {}
    for one in fields.objects("kinds"):
        with suppress(ProtocolError):
            kind = kind_from(one)
            found.setdefault(kind.spec.kind, kind)
    return tuple(found.values())


def kept_kinds(document: object) -> tuple[RemoteKind, ...]:
    """Return the kinds that were kept, none where that cannot be read."""
    try:
        return kinds_from(Fields(document, "the list"))
    except ProtocolError:
        return ()


def kind_document(kind: RemoteKind) -> WireDocument:
    """Return a kind as it is sent.

    Discovery stays here, because what one side finds the other may not reach, and so does the form of ids: a pattern
    of another machine is not tried on anything.
    """
    spec = kind.spec
    return {
        "kind": spec.kind,
        "name": document_of(spec.name),
        "fields": [_field_document(declared) for declared in spec.fields],
        "fetch_timeout": spec.fetch_timeout,
        "max_artifact_bytes": spec.max_artifact_bytes,
        "manufacturer": spec.manufacturer,
        "documentation": spec.documentation,
        "omits": documents_of(spec.omits),
        "restore_guide": documents_of(spec.restore_guide),
        "distribution": kind.distribution,
        "version": kind.version,
        "can_restore": kind.can_restore,
        "can_restore_part": kind.can_restore_part,
        "can_plan": kind.can_plan,
    }


def kind_from(fields: Fields) -> RemoteKind:
    """Return the kind of a document; raises ProtocolError."""
    try:
        spec = HandlerSpec(
            kind=fields.word("kind"),
            name=fields.text("name"),
            api_version=API_VERSION,
            fields=tuple(map(_field_from, fields.objects("fields"))),
            fetch_timeout=fields.number("fetch_timeout", 0, _LONGEST_JOB),
            max_artifact_bytes=fields.integer("max_artifact_bytes", 1, MAX_ARTIFACT_BYTES),
            manufacturer=fields.word("manufacturer", default=""),
            documentation=fields.word("documentation", "(https://.*)?", longest=2048, default=""),
            omits=fields.texts("omits"),
            restore_guide=fields.texts("restore_guide"),
        )
    except ProtocolError:
        raise
    except ValueError:
        raise ProtocolError(f"{fields.where} is none that a device can have") from None
    return RemoteKind(
        spec=spec,
        distribution=fields.word("distribution"),
        version=fields.word("version"),
        can_restore=fields.boolean("can_restore", default=False),
        can_restore_part=fields.boolean("can_restore_part", default=False),
        can_plan=fields.boolean("can_plan", default=False),
    )


def _field_document(declared: ConfigField) -> WireDocument:
    return {
        "key": declared.key,
        "kind": declared.kind.value,
        "label": document_of(declared.label),
        "help": document_of(declared.help),
        "required": declared.required,
        "default": list(declared.default) if isinstance(declared.default, tuple) else declared.default,
        "choices": [[key, document_of(label)] for key, label in declared.choices.items()],
        "minimum": declared.minimum,
        "maximum": declared.maximum,
        "shown_when": _when_document(declared.shown_when),
        "advanced": declared.advanced if isinstance(declared.advanced, bool) else _when_document(declared.advanced),
    }


def _when_document(when: When) -> WireDocument:
    return {key: list(values) for key, values in when.items()}


def _field_from(fields: Fields) -> ConfigField:
    kind = fields.word("kind")
    if kind not in set(FieldKind):
        raise ProtocolError(f"{fields.where}.kind is none that there is")
    return ConfigField(
        key=fields.word("key"),
        kind=FieldKind(kind),
        label=fields.text("label"),
        help=fields.text("help") if fields.has("help") else "",
        required=fields.boolean("required", default=False),
        default=_default(fields),
        choices=dict(_choice(item, fields.where) for item in fields.items("choices")),
        minimum=fields.integer("minimum", _LEAST, _MOST) if fields.has("minimum") else None,
        maximum=fields.integer("maximum", _LEAST, _MOST) if fields.has("maximum") else None,
        shown_when=_when(fields, "shown_when"),
        advanced=_advanced(fields),
    )


def _advanced(fields: Fields) -> bool | When:
    value = fields.anything("advanced")
    return _when(fields, "advanced") if isinstance(value, dict) else fields.boolean("advanced", default=False)


def _when(fields: Fields, key: str) -> When:
    found: dict[str, tuple[ConfigValue, ...]] = {}
    for name, values in fields.mapping(key).items():
        if not isinstance(values, list) or not all(isinstance(value, str | int | None) for value in values):
            raise ProtocolError(f"{fields.where}.{key} names no values of fields")
        found[name] = tuple(values)
    return found


def _default(fields: Fields) -> ConfigValue:
    match fields.anything("default"):
        case None | str() | bool() | int() as value:
            return value
        case list():
            return fields.words("default")
    raise ProtocolError(f"{fields.where}.default is no value of a field")


def _choice(item: object, where: str) -> tuple[str, Text]:
    match item:
        case [str(key), label]:
            return key, checked_text(label, where)
    raise ProtocolError(f"{where}.choices is no list of pairs")
