"""`{username}`, `{password}` and `{token}` in what a person enters: secrets have fields of their own; pure."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus

from ha_device_backup_core import ConfigError, Text

from .translation import _

_PLACEHOLDER = re.compile(r"\{(username|password|token)\}")


def placeholder(key: str) -> str:
    """Return what stands for the value of that field."""
    return f"{{{key}}}"


class Placeholders:
    """Fills in what was entered elsewhere."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take the values by the keys of their fields."""
        self._values = values

    def in_url(self, text: str) -> str:
        """Return an address."""
        return self._fill(text, lambda value: quote(value, safe=""))

    def in_header(self, text: str) -> str:
        """Return the value of a header or of a field of a form."""
        return self._fill(text, str)

    def in_json(self, text: str) -> str:
        """Return a JSON text in whose strings the placeholders stand."""
        return self._fill(text, lambda value: json.dumps(value)[1:-1])

    def in_form(self, text: str) -> str:
        """Return an encoded form."""
        return self._fill(text, quote_plus)

    def _fill(self, text: str, quoted: Callable[[str], str]) -> str:
        def value(found: re.Match[str]) -> str:
            entered = self._values.get(found[1])
            if not entered:
                raise ConfigError(
                    found[1], _("{placeholder} is used, but nothing is entered here.", placeholder=found[0])
                )
            return quoted(entered)

        return _PLACEHOLDER.sub(value, text)


def placeholders_in(*values: str) -> set[str]:
    """Return the keys of the fields that stand in these texts."""
    return {found for text in values for found in _PLACEHOLDER.findall(text)}


def without_placeholders(text: str) -> str:
    """Return the text with nothing in their places."""
    return _PLACEHOLDER.sub("", text)


def secret_in_clear(name: str) -> Text:
    """Say where a secret belongs."""
    return _(
        "This field is shown to everybody. Enter the secret of “{name}” under “Token” and write {token} here.",
        name=name,
        token=placeholder("token"),
    )
