"""Show what comes from a device: names and texts can hold anything; pure."""

import unicodedata
from collections.abc import Iterable

_JOINERS = "\u200c\u200d"
"""Letters and pictures are made with them."""


def shown(text: str) -> str:
    """Return a text from a device for the screen; never compare it: unusual blanks become usual ones."""
    return "".join(
        " " if unicodedata.category(character) == "Zs" else character for character in text if _is_shown(character)
    )


def names(files: Iterable[str]) -> str:
    """Return file names for a sentence, not endlessly many."""
    listed = [shown(name)[:100] for name in sorted(files)]
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "")


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or character in _JOINERS
