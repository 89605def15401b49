"""The language of who sits at the terminal, as their system names it; pure."""

from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX looks at them."""
_NONE = frozenset({"", "C", "POSIX"})


def language_of(environment: Mapping[str, str]) -> str:
    """Return a code such as “de-CH”; English where none is chosen."""
    chosen = next((value for name in _VARIABLES if (value := environment.get(name))), "")
    name = chosen.partition(".")[0].partition("@")[0]
    return "en" if name in _NONE else name.replace("_", "-")
