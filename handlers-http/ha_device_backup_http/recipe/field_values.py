"""What a person entered, as values for the gaps of a recipe; pure."""

from typing import Any

from ha_device_backup_core import Config, FieldKind, HandlerSpec

from .templates import Value

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.SECRET, FieldKind.URL, FieldKind.HOST, FieldKind.CHOICE})


def field_values(spec: HandlerSpec, config: Config) -> dict[str, Value]:
    """Return the values by the keys of the fields; a text that nobody entered is empty."""
    return {declared.key: _value(config[declared.key], declared.kind) for declared in spec.fields}


def _value(entered: Any, kind: FieldKind) -> Value:  # noqa: ANN401 - of whatever kind the field is
    if entered is None:
        return "" if kind in _TEXTS else None
    return list(entered) if isinstance(entered, tuple) else entered
