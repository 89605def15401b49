"""The one way in which text of a box is read, everywhere: UTF-8, and each byte that is none as Latin-1; pure.

Boxes keep names as they were entered, cut or in an older encoding: one such byte must not make the rest unreadable.
"""

from codecs import BOM_UTF8

_LATIN_1 = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}
_PIECE = 64 * 1024


def read_text(content: bytes) -> str:
    """Return the text; no content is too odd for it."""
    content = content.removeprefix(BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogateescape")
    pieces = (text[start : start + _PIECE].translate(_LATIN_1) for start in range(0, len(text), _PIECE))
    return "".join(pieces)
