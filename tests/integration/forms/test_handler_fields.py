"""Forms made of declared fields."""

import pytest
from homeassistant.helpers.selector import NumberSelector, SelectSelector

from custom_components.ha_device_backups.forms.handler_fields import (
    address_field,
    error_placeholders,
    field_form,
    form_errors,
    form_names,
    shown_fields,
    trusted_field,
)
from ha_device_backup_core.contract import ApiVersion, ConfigField, FieldKind, HandlerSpec
from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    HandlerCrashedError,
)
from ha_device_backup_core.http_errors import NO_ANSWER

CERTIFICATE = ConfigField(key="certificate", kind=FieldKind.CERTIFICATE, label="Certificate", required=True)


def spec(*fields: ConfigField) -> HandlerSpec:
    return HandlerSpec(kind="acme", name="ACME", api_version=ApiVersion(1, 0), fields=fields)


def test_slots_are_numbered_in_the_order_of_the_fields_and_stay_in_every_form() -> None:
    acme = spec(
        ConfigField(key="plant", kind=FieldKind.TEXT, label="Plant"),
        ConfigField(key="host", kind=FieldKind.HOST, label="Host"),
        ConfigField(key="code", kind=FieldKind.SECRET, label="Code"),
    )
    assert form_names(acme) == {"plant": "option_1", "host": "host", "code": "option_2"}

    form = field_form(acme, [acme.fields[2]], {}, "en")

    assert form.placeholders == {"option_2_label": "Code", "option_2_help": ""}
    assert form.entered({"option_2": "x", "option_1": "not shown"}) == {"code": "x"}


def test_a_required_certificate_is_entered_and_an_optional_one_is_not() -> None:
    optional = ConfigField(key="certificate", kind=FieldKind.CERTIFICATE, label="Certificate")

    assert shown_fields(spec(CERTIFICATE)) == [CERTIFICATE]
    assert shown_fields(spec(optional)) == []
    assert trusted_field(spec(optional)) == optional
    assert trusted_field(spec()) is None


def test_the_address_is_a_host_or_a_url() -> None:
    url = ConfigField(key="url", kind=FieldKind.URL, label="Address")

    assert address_field(spec(url)) == url
    assert address_field(spec(CERTIFICATE)) is None


@pytest.mark.parametrize(
    ("error", "errors"),
    [
        (ConfigError("plant"), {"option_1": "config"}),
        (ConfigError("unknown"), {"base": "config"}),
        (AuthenticationError(), {"base": "authentication"}),
        (CannotConnectError(), {"base": "cannot_connect"}),
        (HandlerCrashedError("acme", "1"), {"base": "handler_crashed"}),
    ],
)
def test_an_error_without_a_field_stands_above_the_form(error: DeviceBackupError, errors: dict[str, str]) -> None:
    acme = spec(ConfigField(key="plant", kind=FieldKind.TEXT, label="Plant"))

    assert form_errors(acme, error, field_form(acme, acme.fields, {}, "en")) == errors


def test_a_field_is_named_as_people_see_it() -> None:
    acme = spec(ConfigField(key="plant", kind=FieldKind.TEXT, label=NO_ANSWER))

    told = error_placeholders(acme, ConfigError("plant", NO_ANSWER), "de")

    assert told == dict.fromkeys(("field", "detail"), "Es hat nicht rechtzeitig geantwortet.")


def test_numbers_and_choices_have_their_limits() -> None:
    acme = spec(
        ConfigField(key="low", kind=FieldKind.INTEGER, label="Low", minimum=2),
        ConfigField(key="high", kind=FieldKind.INTEGER, label="High", maximum=9),
        ConfigField(key="fuel", kind=FieldKind.CHOICE, label="Fuel", choices={str(n): str(n) for n in range(9)}),
    )
    low, high, fuel = field_form(acme, acme.fields, {}, "en").schema.schema.values()

    assert isinstance(low, NumberSelector)
    assert isinstance(high, NumberSelector)
    assert isinstance(fuel, SelectSelector)
    assert (low.config.get("min"), low.config.get("max")) == (2, None)
    assert (high.config.get("min"), high.config.get("max")) == (None, 9)
    assert fuel.config["mode"] == "dropdown"
