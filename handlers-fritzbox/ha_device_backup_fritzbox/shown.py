"""Names as a box tells them, for a sentence; pure."""

from collections.abc import Iterable

MOST_NAMES = 8
"""So many of them people read in a sentence."""
_LONGEST_NAME = 50


def quoted(name: str) -> str:
    """Return a name in quotation marks."""
    return f"“{''.join(filter(str.isprintable, name))[:_LONGEST_NAME]}”"


def listed(names: Iterable[str]) -> str:
    """Return names, not endlessly many."""
    return ", ".join(quoted(name) for name in list(names)[:MOST_NAMES])
