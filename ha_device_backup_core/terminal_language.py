"""The language of who sits at the terminal, as their system names it."""

import os
from collections.abc import Mapping

from .text import Text, in_language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX looks at them."""
_PREFERRED = "LANGUAGE"
"""A list, of which the first counts; not looked at where no language is chosen, as everywhere."""
_NONE = frozenset({"", "C", "POSIX"})


def language_of(environment: Mapping[str, str]) -> str:
    """Return a code such as “de-CH”; English where none is chosen."""
    chosen = next((value for name in _VARIABLES if (value := environment.get(name))), "")
    name = _name_of(chosen)
    if name in _NONE:
        return "en"
    preferred = next(filter(None, map(_name_of, environment.get(_PREFERRED, "").split(":"))), name)
    return "en" if preferred in _NONE else preferred.replace("_", "-")


def persons_language() -> str:
    """Return the language of who sits at this terminal."""
    return language_of(os.environ)


def in_persons_language(text: Text) -> str:
    """Return a text as the person at this terminal reads it."""
    return in_language(text, persons_language())


def _name_of(locale: str) -> str:
    return locale.partition(".")[0].partition("@")[0]
