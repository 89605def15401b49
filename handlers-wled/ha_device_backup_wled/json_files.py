"""JSON as a controller reads it: names that its firmware cut within a character, an id that comes twice, any bytes."""

import re

from ha_device_backup_core.toolkit import JsonError, read_json

LONGEST_ANSWER = 256 * 1024
_LONGEST_KEY = 64
LARGEST_PARSED = 1024 * 1024
"""Bytes; parsed values take up to 65 times their text, and no file that a controller can use is longer."""
_DEEPEST = 64
"""Levels; a controller itself reads far fewer."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DENSE = re.compile(rb'(?>[^"\s]++|"(?>[^"\\]++|\\.)*+")++', re.DOTALL)
"""What has no blanks, except in strings."""


def parse(content: bytes, *, unique: bool = False, first: bool = False) -> object:
    """Return the value; raise JsonError for what is none, or longer than is worth to parse.

    With `unique` a key that comes twice is an error. With `first` only the first value is looked at, as the firmware
    does.
    """
    return read_json(content, largest=LARGEST_PARSED, deepest=_DEEPEST, unique=unique, first=first, allow_nan=False)


def parse_answer(content: bytes) -> object:
    """Return the value of what a device said about itself: that is short, and read in the event loop."""
    if len(content) > LONGEST_ANSWER:
        raise JsonError
    return parse(content)


def seems_whole(content: bytes) -> bool:
    """Return whether this is JSON, as far as that is worth to find out."""
    if len(content) > LARGEST_PARSED:
        bare = content.removeprefix(BYTE_ORDER_MARK).strip()
        return (bare[:1], bare[-1:]) in {(b"{", b"}"), (b"[", b"]")}
    try:
        parse(content)
    except JsonError:
        return False
    return True


def minified(content: bytes) -> bytes:
    """Return JSON without blanks and every other byte as it is."""
    kept = bytearray()
    for dense in _DENSE.finditer(content.removeprefix(BYTE_ORDER_MARK)):
        kept += dense[0]
    return bytes(kept)


def below(path: str, key: str) -> str:
    """Return the place of what stands under a key; one too long for any setting is cut, since all below repeats it."""
    key = key[:_LONGEST_KEY]
    return f"{path}.{key}" if path else key
