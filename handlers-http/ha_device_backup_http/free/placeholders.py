"""`{username}`, `{password}` and `{token}` in what a person enters: secrets have fields of their own; pure."""

import re
from collections.abc import Callable, Mapping

from ha_device_backup_core import ConfigError, Text

from ..translation import _

_PLACEHOLDER = re.compile(r"\{(username|password|token)\}")
_BRACES = re.compile(r"(?<=\{)\{[^{}]*\}(?=\})|\{\s*[A-Za-z_][\w.~/-]*\s*(?:[*|][^{}]*)?\}")
"""What a recipe would take for the place of a value."""


def placeholder(key: str) -> str:
    """Return what stands for the value of that field."""
    return f"{{{key}}}"


class Placeholders:
    """Makes of what was entered what a recipe says: places for the values of other fields, and the rest as it is."""

    def __init__(self, entered: Mapping[str, str], names: Mapping[str, str]) -> None:
        """Take what was entered in the fields, and the name that each value has in the recipe."""
        self._entered = entered
        self._names = names

    def check(self, *texts: str) -> None:
        """Raise ConfigError for a field that stands in a text and was left empty."""
        for text in texts:
            for found in _PLACEHOLDER.finditer(text):
                if not self._entered.get(found[1]) and self._names.get(found[1], found[1]) == found[1]:
                    raise ConfigError(
                        found[1], _("{placeholder} is used, but nothing is entered here.", placeholder=found[0])
                    )

    def template(self, text: str, filters: str = "") -> str:
        """Return a text as a recipe writes it; filters go with each value."""
        self.check(text)
        return self.filled(text, lambda key: f"{{{self._names.get(key, key)}{filters}}}", _literal)

    def filled(self, text: str, value: Callable[[str], str], other: Callable[[str], str] = str) -> str:
        """Return a text with something in each place, and something made of what is between them."""
        pieces = _PLACEHOLDER.split(text)
        return "".join(value(piece) if number % 2 else other(piece) for number, piece in enumerate(pieces))


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


def _literal(text: str) -> str:
    return _BRACES.sub(lambda found: f"{{{found[0]}}}", text)
