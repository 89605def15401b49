"""Texts of a device for a screen; never to compare by, because different ones can look the same; pure."""

import re
from collections.abc import Iterable

_LONGEST = 200
_HALF = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")
"""Half of a character of JSON; the other lone surrogates are bytes that are no UTF-8."""


def shown(raw: bytes | str, longest: int = _LONGEST) -> str:
    """Return a text as people read it: cut UTF-8 without its broken end, anything else as Latin-1."""
    content = raw if isinstance(raw, bytes) else as_sent(_HALF.sub("", raw))
    return "".join(filter(str.isprintable, _decoded(content)))[:longest].strip()


def names(files: Iterable[str]) -> str:
    """Return file names for a sentence, not endlessly many."""
    listed = [shown(name, 100) for name in sorted(files)]
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "")


def as_sent(text: str) -> bytes:
    """Return the bytes of a text in which those that are no UTF-8 were kept as lone surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        # The firmware cuts by bytes, in the middle of a character: then nothing but its beginning is left at the end.
        is_cut = error.reason == "unexpected end of data"
        return content[: error.start].decode() if is_cut else content.decode("latin-1")
