"""Forms made of a handler's declared fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
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

from ..translation import async_person_language, async_phrases, escape_markdown

FOLDED = "advanced"
"""The part of a form that is folded away."""
FORGET_SECRETS = "forget_secrets"
"""Boolean of the reconfigure form: secrets that are left empty are removed instead of kept."""

_NOTHING: Mapping[str, object] = MappingProxyType({})
_MANY_CHOICES = 6
_TRUSTED = frozenset({FieldKind.CERTIFICATE, FieldKind.HOST_KEY})
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
    folded: frozenset[str] = frozenset()
    """The keys of those that are folded away."""

    def entered(self, user_input: Mapping[str, Any]) -> dict[str, object]:
        """Return what was entered by the fields' own keys, without what was left empty."""
        flat = {**user_input, **user_input.get(FOLDED, {})}
        return {
            key: flat[name] for key, name in self.names.items() if name in flat and flat[name] not in ("", None, [])
        }


def field_form(
    spec: HandlerSpec, fields: Iterable[ConfigField], suggested: Mapping[str, object], language: str
) -> FieldForm:
    """Return the form of these fields of the handler, with values to begin with; these decide what is folded away."""
    slots = form_names(spec)
    schema: dict[vol.Marker, object] = {}
    folded: dict[vol.Marker, object] = {}
    hidden: list[ConfigField] = []
    placeholders: dict[str, str] = {}
    names: dict[str, str] = {}
    values = decided(spec, suggested)
    for declared in fields:
        name = names[declared.key] = slots[declared.key]
        is_folded = declared.is_folded(values)
        hidden += [declared] if is_folded else []
        (folded if is_folded else schema)[_marker(declared, name, suggested)] = _selector(declared, language)
        if name != declared.key:
            placeholders[f"{name}_label"] = in_language(declared.label, language)
            placeholders[f"{name}_help"] = escape_markdown(in_language(declared.help, language))
    if folded:
        # What a person once entered there is in sight.
        is_used = any(suggested.get(declared.key, declared.default) != declared.default for declared in hidden)
        schema[vol.Required(FOLDED)] = section(vol.Schema(folded), {"collapsed": not is_used})
    return FieldForm(vol.Schema(schema), placeholders, names, frozenset(declared.key for declared in hidden))


async def async_field_form(
    hass: HomeAssistant,
    spec: HandlerSpec,
    fields: Iterable[ConfigField],
    suggested: Mapping[str, object],
    empty: Mapping[str, str],
) -> FieldForm:
    """Return the form with a help for each field; `empty` holds which phrase says what becomes of an empty one."""
    language = await async_person_language(hass)
    phrases = await async_phrases(hass, language)
    asked = list(fields)
    form = field_form(spec, asked, suggested, language)
    helps = {}
    for declared in asked:
        about = escape_markdown(in_language(declared.help, language))
        if not about and declared.key in WELL_KNOWN_FIELDS:
            about = phrases(f"help_{declared.key}")
        left_empty = phrases(empty[declared.key]) if declared.key in empty else ""
        helps[f"{form.names[declared.key]}_help"] = f"{about} {left_empty}".strip()
    return replace(form, placeholders={**form.placeholders, **helps})


def form_names(spec: HandlerSpec) -> dict[str, str]:
    """Return each field's name in every form: its key where translations know it, else a numbered slot."""
    others = (declared.key for declared in spec.fields if declared.key not in WELL_KNOWN_FIELDS)
    slots = {key: f"option_{number}" for number, key in enumerate(others, start=1)}
    return {declared.key: slots.get(declared.key, declared.key) for declared in spec.fields}


def shown_fields(spec: HandlerSpec) -> list[ConfigField]:
    """Return the fields to enter; an optional certificate is shown and trusted when the device is first asked."""
    return [declared for declared in spec.fields if declared.kind not in _TRUSTED or declared.required]


def decided(spec: HandlerSpec, entered: Mapping[str, object]) -> dict[str, object]:
    """Return what was entered, with what holds where nothing was: by that, other fields are asked or not."""
    return {declared.key: entered.get(declared.key, declared.default) for declared in spec.fields}


def first_fields(spec: HandlerSpec, fields: Iterable[ConfigField]) -> list[ConfigField]:
    """Return the fields of the first step; all of them for most kinds."""
    return [declared for declared in fields if not is_later(spec, declared)]


def later_fields(spec: HandlerSpec, fields: Iterable[ConfigField], entered: Mapping[str, object]) -> list[ConfigField]:
    """Return the fields of the second step, by what was entered in the first."""
    values = decided(spec, entered)
    return [declared for declared in fields if is_later(spec, declared) and declared.is_asked(values)]


def is_later(spec: HandlerSpec, declared: ConfigField) -> bool:
    """Return whether a field is asked in the second step, which is there only where the first decides about it."""
    return declared.is_later and any(other.decided_by for other in spec.fields)


def secret_fields(spec: HandlerSpec) -> list[ConfigField]:
    """Return the fields that are asked again after a refused login."""
    return [declared for declared in spec.fields if declared.kind is FieldKind.SECRET]


def login_fields(spec: HandlerSpec, config: Mapping[str, object] = _NOTHING) -> list[ConfigField]:
    """Return the secrets that make the login: the required ones where some are, else all that are asked openly."""
    values = decided(spec, config)
    secrets = [declared for declared in secret_fields(spec) if declared.is_asked(values)]
    needed = [declared for declared in secrets if declared.required]
    return needed or [declared for declared in secrets if not declared.is_folded(values)] or secrets


def trusted_field(spec: HandlerSpec) -> ConfigField | None:
    """Return the field that holds the trusted certificate or host key."""
    return next((declared for declared in spec.fields if declared.kind in _TRUSTED), None)


def address_field(spec: HandlerSpec) -> ConfigField | None:
    """Return the field that says where the device is."""
    return next((declared for declared in spec.fields if declared.kind in (FieldKind.HOST, FieldKind.URL)), None)


def fields_to_ask(spec: HandlerSpec, known: Mapping[str, object]) -> list[ConfigField]:
    """Return the fields that a person has to enter where the others are known: secrets, and what cannot do without."""
    values = decided(spec, known)
    return [
        declared
        for declared in shown_fields(spec)
        if declared.key not in known
        and declared.is_asked(values)
        and (declared.kind is FieldKind.SECRET or _needs_value(declared))
    ]


def needs_person(spec: HandlerSpec, known: Mapping[str, object]) -> bool:
    """Return whether a device of which this is known works only after a person entered or trusted something."""
    return trusted_field(spec) is not None or any(map(_needs_value, fields_to_ask(spec, known)))


def in_sight(declared: ConfigField) -> ConfigField:
    """Return the field as one that is not folded away."""
    return replace(declared, advanced=False)


def optional(declared: ConfigField) -> ConfigField:
    """Return the field as one that may be left empty: what is known stays."""
    return replace(declared, required=False, default=None)


def wrong_field(
    spec: HandlerSpec, error: DeviceBackupError, config: Mapping[str, object] = _NOTHING
) -> ConfigField | None:
    """Return the field that an error is about: the wrong value, the secret or the address."""
    if isinstance(error, ConfigError):
        return spec.field(error.field)
    if isinstance(error, AuthenticationError):
        return next(iter(login_fields(spec, config)), None)
    if isinstance(error, HandlerCrashedError):
        return None
    return address_field(spec)


def form_errors(
    spec: HandlerSpec, error: DeviceBackupError, form: FieldForm, config: Mapping[str, object] = _NOTHING
) -> dict[str, str]:
    """Return the error at the field it is about, if the form has it in sight."""
    about = wrong_field(spec, error, config)
    is_in_sight = about is not None and about.key not in form.folded
    return {form.names.get(about.key, "base") if about and is_in_sight else "base": error.code}


def error_placeholders(spec: HandlerSpec, error: DeviceBackupError, language: str) -> dict[str, str]:
    """Return what the text of the error fills in, with the name of the field that people see."""
    placeholders = error.placeholders(language)
    if isinstance(error, ConfigError) and (declared := spec.field(error.field)):
        placeholders["field"] = in_language(declared.label, language)
    return placeholders


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
