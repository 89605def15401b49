"""Dates inside sentences, in the form of the language; attributes and answers of actions keep ISO 8601."""

from datetime import datetime
from typing import Final

from homeassistant.util import dt as dt_util

_ISO: Final = "%Y-%m-%d", "%Y-%m-%d %H:%M"
_FORMS: Final = {
    "de": ("%d.%m.%Y", "%d.%m.%Y um %H:%M Uhr"),
    "nl": ("%d-%m-%Y", "%d-%m-%Y om %H:%M"),
}
"""Of a day and of a moment."""


def day(at: datetime, language: str) -> str:
    """Return on which day that was at home."""
    return dt_util.as_local(at).strftime(_forms(language)[0])


def moment(at: datetime, language: str) -> str:
    """Return when that was, as a clock at home shows it."""
    return dt_util.as_local(at).strftime(_forms(language)[1])


def _forms(language: str) -> tuple[str, str]:
    return _FORMS.get(language.partition("-")[0], _ISO)
