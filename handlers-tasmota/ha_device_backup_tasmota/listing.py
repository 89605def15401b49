"""The page on which a device lists its files; pure."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_ENTRY = re.compile(
    r"<a href='(?:https?://[^/']{1,100}/)?ufsd\?download=([^']{0,300})' file='[^']{0,300}'>[^<]{0,300}</a>\s{1,40}"
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})?\s{0,40}(\d{1,10})[\s<]"
)
"""Every part has an end, because anybody may have written the page."""
_OTHER_STORE = re.compile(r"href='/ufsd\?dir=([12])'")
_USABLE = re.compile(r"/[^\\\x00-\x1f\x7f\ud800-\udfff\"';<>]{1,46}")
"""The device itself knows no longer paths; the signs would mean something else in an upload or on the page."""
_FLASH = "2"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder."""

    path: str
    size: int
    is_folder: bool


def entries(page: str) -> Iterator[Entry]:
    """Return what is listed; a folder has no time."""
    for target, time, size in _ENTRY.findall(page):
        path = "/" + unquote(html.unescape(target)).lstrip("/")
        yield Entry(path, int(size), not time)


def is_listing(page: str) -> bool:
    """Return whether this is such a page: it has the form for uploads."""
    return "ufsu" in page


def is_of_card(page: str) -> bool:
    """Return whether it shows the memory card, and offers the device's own files."""
    return _FLASH in _OTHER_STORE.findall(page)


def is_plain(path: str) -> bool:
    """Return whether a path is one that can be stored, asked for and sent, and means nothing else."""
    parts = path.removeprefix("/").split("/")
    return _USABLE.fullmatch(path) is not None and not {"", ".", ".."} & set(parts)
