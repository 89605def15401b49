"""What a handler declares about its kind: its fields, limits and guides, readable without an instance."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ..matchers import Matcher
from ..text import Text, check_text
from .artifact import MAX_ARTIFACT_BYTES, MEBIBYTE

type ConfigValue = str | int | bool | tuple[str, ...] | None
type When = Mapping[str, tuple[ConfigValue, ...]]
"""Fields by their keys, each with the values with which this holds; with several fields each of them has to hold."""
type Config = Mapping[str, ConfigValue]
"""The checked configuration of a device: every declared field is present, None where nothing was entered."""

WELL_KNOWN_FIELDS = frozenset({"host", "port", "username", "password", "token", "verify_ssl", "url"})
"""Keys of fields whose labels Home Assistant has in every language, and help where the handler gives none."""

MAX_FIELDS = 16


class ApiVersion(NamedTuple):
    """A version of this contract: a package of another major, or of a newer minor, is not loaded."""

    major: int
    minor: int


API_VERSION = ApiVersion(1, 0)


class FieldKind(StrEnum):
    """What is entered into a field, and the type that `Config` holds for it."""

    TEXT = "text"  # str
    SECRET = "secret"  # noqa: S105 - str, never shown, logged or exported
    HOST = "host"  # str: host name or IP address, nothing else
    PORT = "port"  # int, 1 to 65535
    INTEGER = "integer"  # int
    BOOLEAN = "boolean"  # bool
    CHOICE = "choice"  # str: a key of `choices`
    URL = "url"  # str: http or https
    LINES = "lines"  # tuple[str, ...]
    CERTIFICATE = "certificate"  # str: SHA-256 of the trusted certificate, 64 lower-case hex digits
    HOST_KEY = "host_key"  # str: SHA-256 of the trusted SSH host key, 64 lower-case hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigField:
    """One thing a person enters to add a device."""

    key: str
    kind: FieldKind
    label: Text
    help: Text = ""
    required: bool = False
    default: ConfigValue = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    """Limits of the number; of a TEXT or SECRET its characters, of LINES their count."""
    shown_when: When = field(default_factory=dict)
    """Asked in a second step, and only with these values of other fields; empty for always."""
    advanced: bool | When = False
    """Whether it is folded away, since few need it: always, or with these values of other fields.

    In the second step, where the kind has one.
    """

    def is_asked(self, values: Mapping[str, object]) -> bool:
        """Return whether it is asked with these values of the other fields."""
        return _holds(self.shown_when, values)

    def is_folded(self, values: Mapping[str, object]) -> bool:
        """Return whether it is folded away with these values of the other fields."""
        return self.advanced if isinstance(self.advanced, bool) else _holds(self.advanced, values)

    @property
    def is_later(self) -> bool:
        """Whether it is asked in the second step, where the values of the first decide about any."""
        return bool(self.shown_when or self.advanced)

    @property
    def decided_by(self) -> frozenset[str]:
        """The keys of the fields whose values decide how it is asked."""
        return frozenset(self.shown_when) | frozenset(() if isinstance(self.advanced, bool) else self.advanced)

    def __post_init__(self) -> None:
        """Refuse a field that no form could show."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", self.key):
            raise ValueError(f"the key of a field is lower case, digits and _, got {self.key!r}")
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError(f"field {self.key}: choices go with kind CHOICE, and only with it")
        if self.kind is FieldKind.SECRET and self.default is not None:
            raise ValueError(f"field {self.key}: a secret has no default")
        if self.required and self.advanced:
            raise ValueError(f"field {self.key}: what is needed is not folded away")
        for text in (self.label, self.help, *self.choices.values()):
            check_text(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerSpec:
    """The static facts of a handler, readable without an instance."""

    kind: str
    """Stable and stored: lower case, digits and _, 2 to 32 characters."""
    name: Text
    api_version: ApiVersion
    """The contract the handler was written for, as a literal of its own: `ApiVersion(1, 0)`."""
    fields: tuple[ConfigField, ...]
    discovery: tuple[Matcher, ...] = ()
    fetch_timeout: float = 120.0
    """Seconds a whole job may take, a restore five times as many; what a person is asked to do comes on top."""
    max_artifact_bytes: int = 16 * MEBIBYTE
    manufacturer: str = ""
    """Who makes such devices, for people who look for theirs in a long list."""
    documentation: str = ""
    """URL of a page for people who own such a device."""
    omits: tuple[Text, ...] = ()
    """What a backup of this kind can never hold; people see it before they rely on it."""
    restore_guide: tuple[Text, ...] = ()
    """The steps, in order, by which a person puts a backup back where the handler does not."""
    unique_id_form: str = ""
    """A regular expression for the whole `unique_id` of any such device; without one there may be any."""

    def __post_init__(self) -> None:
        """Refuse what the product could not work with."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,31}", self.kind):
            raise ValueError(f"a kind is lower case, digits and _, 2 to 32 characters, got {self.kind!r}")
        keys = [declared.key for declared in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError(f"handler {self.kind}: two fields have the same key")
        if len(set(keys) - WELL_KNOWN_FIELDS) > MAX_FIELDS:
            raise ValueError(f"handler {self.kind}: at most {MAX_FIELDS} fields beside the well-known ones")
        for declared in self.fields:
            _check_deciding(self, declared)
        if not 0 < self.max_artifact_bytes <= MAX_ARTIFACT_BYTES:
            raise ValueError(f"handler {self.kind}: max_artifact_bytes is 1 to {MAX_ARTIFACT_BYTES}")
        if not self.fetch_timeout > 0:
            raise ValueError(f"handler {self.kind}: fetch_timeout is a number of seconds above 0")
        try:
            re.compile(self.unique_id_form)
        except re.error as error:
            raise ValueError(f"handler {self.kind}: unique_id_form is no regular expression ({error})") from error
        for text in (self.name, *self.omits, *self.restore_guide):
            check_text(text)

    def field(self, key: str) -> ConfigField | None:
        """Return the field of that key."""
        return next((declared for declared in self.fields if declared.key == key), None)


def _holds(when: When, values: Mapping[str, object]) -> bool:
    return all(values.get(key) in wanted for key, wanted in when.items())


def _check_deciding(spec: HandlerSpec, declared: ConfigField) -> None:
    """Refuse a field that waits for another than a choice of the first step."""
    for key in declared.decided_by:
        deciding = spec.field(key)
        if deciding is None or deciding.kind not in {FieldKind.CHOICE, FieldKind.BOOLEAN} or deciding.is_later:
            raise ValueError(
                f"field {declared.key}: what decides how it is asked is a choice or a yes or no of the first step,"
                f" got {key!r}"
            )
