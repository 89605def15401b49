"""Forms made of a handler's declared fields; with `option_form`, the only places that know selectors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    ConfigField,
    DeviceBackupError,
    FieldKind,
    HandlerSpec,
    in_language,
)
from ha_device_backup_core.host import WELL_KNOWN_FIELDS, HandlerCrashedError

from ..translation import plain

FORGET_SECRETS = "forget_secrets"
"""Boolean of the reconfigure form: secrets that are left empty are removed instead of kept."""

_MANY_CHOICES = 6
_TEXT_TYPES = {
    FieldKind.SECRET: TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password"),
    FieldKind.URL: TextSelectorConfig(type=TextSelectorType.URL),
    FieldKind.LINES: TextSelectorConfig(multiple=True),
}


@dataclass(frozen=True, slots=True)
class FieldForm:
    """A form of some of a handler's fields, and the way back from what was entered."""

    schema: vol.Schema
    placeholders: Mapping[str, str]
    names: Mapping[str, str]
    """Key of a field to its name in the form."""

    def entered(self, user_input: Mapping[str, Any]) -> dict[str, object]:
        """Return what was entered by the fields' own keys, without what was left empty."""
        return {
            key: user_input[name]
            for key, name in self.names.items()
            if name in user_input and user_input[name] not in ("", None, [])
        }


def field_form(
    spec: HandlerSpec, fields: Iterable[ConfigField], suggested: Mapping[str, object], language: str
) -> FieldForm:
    """Return the form of these fields of the handler, with values to begin with."""
    slots = form_names(spec)
    schema: dict[vol.Marker, Selector[Any]] = {}
    placeholders: dict[str, str] = {}
    names: dict[str, str] = {}
    for declared in fields:
        name = names[declared.key] = slots[declared.key]
        schema[_marker(declared, name, suggested)] = _selector(declared, language)
        if name != declared.key:
            placeholders[f"{name}_label"] = in_language(declared.label, language)
            placeholders[f"{name}_help"] = plain(in_language(declared.help, language))
    return FieldForm(vol.Schema(schema), placeholders, names)


def form_names(spec: HandlerSpec) -> dict[str, str]:
    """Return each field's name in every form: its key where translations know it, else a numbered slot."""
    others = (declared.key for declared in spec.fields if declared.key not in WELL_KNOWN_FIELDS)
    slots = {key: f"option_{number}" for number, key in enumerate(others, start=1)}
    return {declared.key: slots.get(declared.key, declared.key) for declared in spec.fields}


def shown_fields(spec: HandlerSpec) -> list[ConfigField]:
    """Return the fields to enter; an optional certificate is shown and trusted when the device is first asked."""
    return [declared for declared in spec.fields if declared.kind is not FieldKind.CERTIFICATE or declared.required]


def secret_fields(spec: HandlerSpec) -> list[ConfigField]:
    """Return the fields that are asked again after a refused login."""
    return [declared for declared in spec.fields if declared.kind is FieldKind.SECRET]


def login_fields(spec: HandlerSpec) -> list[ConfigField]:
    """Return the secrets that make the login: the required ones where some are, else all."""
    secrets = secret_fields(spec)
    return [declared for declared in secrets if declared.required] or secrets


def certificate_field(spec: HandlerSpec) -> ConfigField | None:
    """Return the field that holds the trusted certificate."""
    return next((declared for declared in spec.fields if declared.kind is FieldKind.CERTIFICATE), None)


def address_field(spec: HandlerSpec) -> ConfigField | None:
    """Return the field that says where the device is."""
    return next((declared for declared in spec.fields if declared.kind in (FieldKind.HOST, FieldKind.URL)), None)


def missing_fields(spec: HandlerSpec, known: Mapping[str, object]) -> list[ConfigField]:
    """Return the fields that a person has to enter where the others are known: secrets, and what cannot do without."""
    return [
        declared
        for declared in shown_fields(spec)
        if declared.key not in known and (declared.kind is FieldKind.SECRET or _needs_value(declared))
    ]


def needs_person(spec: HandlerSpec, known: Mapping[str, object]) -> bool:
    """Return whether a device of which this is known works only after a person entered or trusted something."""
    return certificate_field(spec) is not None or any(map(_needs_value, missing_fields(spec, known)))


def optional(declared: ConfigField) -> ConfigField:
    """Return the field as one that may be left empty: what is known stays."""
    return ConfigField(key=declared.key, kind=declared.kind, label=declared.label, help=declared.help)


def wrong_field(spec: HandlerSpec, error: DeviceBackupError) -> ConfigField | None:
    """Return the field that an error is about: the wrong value, the secret or the address."""
    if isinstance(error, ConfigError):
        return spec.field(error.field)
    if isinstance(error, AuthenticationError):
        return next(iter(login_fields(spec)), None)
    if isinstance(error, HandlerCrashedError):
        return None
    return address_field(spec)


def form_errors(spec: HandlerSpec, error: DeviceBackupError, form: FieldForm) -> dict[str, str]:
    """Return the error at the field it is about, if the form has it."""
    about = wrong_field(spec, error)
    return {form.names.get(about.key, "base") if about else "base": error.code}


def error_placeholders(spec: HandlerSpec, error: DeviceBackupError, language: str) -> dict[str, str]:
    """Return what the text of the error fills in, with the name of the field that people see."""
    placeholders = error.placeholders(language)
    if isinstance(error, ConfigError) and (declared := spec.field(error.field)):
        placeholders["field"] = in_language(declared.label, language)
    return placeholders


def choose_many(options: Mapping[str, str]) -> SelectSelector:
    """Return check boxes, or where they are too many a list with search; value to label."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in options.items()],
            multiple=True,
            mode=SelectSelectorMode.LIST if len(options) <= 50 else SelectSelectorMode.DROPDOWN,
        )
    )


def choose_one(options: Mapping[str, str]) -> SelectSelector:
    """Return one choice; value to label."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in options.items()],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def choose_by_search(options: Iterable[str] | Mapping[str, str]) -> SelectSelector:
    """Return one choice with search, of values or of values to labels.

    Home Assistant searches only where values of one's own are allowed.
    """
    labels = options if isinstance(options, Mapping) else {value: value for value in options}
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in labels.items()],
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def enter_text() -> TextSelector:
    """Return a line of text."""
    return TextSelector()


def yes_or_no() -> BooleanSelector:
    """Return a switch."""
    return BooleanSelector()


def _needs_value(declared: ConfigField) -> bool:
    return declared.required and declared.default is None


def _marker(declared: ConfigField, name: str, suggested: Mapping[str, object]) -> vol.Marker:
    value = suggested.get(declared.key, declared.default)
    if isinstance(value, tuple):
        value = list(value)
    description = {} if value is None else {"suggested_value": value}
    # A required number or choice without a value would arrive filled with the first one possible.
    fills_itself = declared.kind in (FieldKind.PORT, FieldKind.INTEGER, FieldKind.CHOICE) and value is None
    if declared.required and not fills_itself and declared.kind is not FieldKind.BOOLEAN:
        return vol.Required(name, description=description)
    return vol.Optional(name, description=description)


def _selector(declared: ConfigField, language: str) -> Selector[Any]:
    match declared.kind:
        case FieldKind.BOOLEAN:
            return BooleanSelector()
        case FieldKind.PORT:
            return _number(1, 65535)
        case FieldKind.INTEGER:
            return _number(declared.minimum, declared.maximum)
        case FieldKind.CHOICE:
            return _choice(declared, language)
        case _:
            return TextSelector(_TEXT_TYPES.get(declared.kind, TextSelectorConfig()))


def _number(minimum: int | None, maximum: int | None) -> NumberSelector:
    config = NumberSelectorConfig(step=1, mode=NumberSelectorMode.BOX)
    if minimum is not None:
        config["min"] = minimum
    if maximum is not None:
        config["max"] = maximum
    return NumberSelector(config)


def _choice(declared: ConfigField, language: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=in_language(label, language))
                for value, label in declared.choices.items()
            ],
            mode=SelectSelectorMode.LIST if len(declared.choices) <= _MANY_CHOICES else SelectSelectorMode.DROPDOWN,
        )
    )
