"""The page on which a device lists its files; pure."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ha_device_backup_core.toolkit import encoded

_ENTRY = re.compile(
    r"<a href='(?:https?://[^/']{1,100}/)?ufsd\?download=([^']{0,300})' file='([^']{0,300})'>[^<]{0,300}</a>\s{1,40}"
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})?\s{0,40}(\d{1,10})[\s<]"
)
"""Every part has an end, because anybody may have written the page."""
_UP = re.compile(r">\.\.</a></pre>")
_OTHER_STORE = re.compile(r"href='/ufsd\?dir=([12])'")
_MEANS_MORE = re.compile(r"[\\\x00-\x1f\x7f]")
_NOT_IN_UPLOADS = re.compile(r"[\ud800-\udfff\"';<>]")
"""They would mean something else in an upload or on the page."""
_LONGEST_PATH = 47
"""Bytes; the device itself takes no longer paths. It cuts the links of its page, too."""
_LONGEST_LINK = 127 - len("ufsd?download=")
_FLASH = "2"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder."""

    path: str
    size: int
    is_folder: bool


def entries(page: str, folder: str = "/") -> Iterator[Entry]:
    """Return what the page of a folder lists; a folder in it has no time."""
    for target, name, time, size in _ENTRY.findall(page):
        link = html.unescape(target)
        is_cut = len(link) >= _LONGEST_LINK
        path = f"{folder}/{_plain(html.unescape(name))}" if is_cut else _plain(link)
        yield Entry("/" + path.lstrip("/"), int(size), not time)


def is_understood(page: str) -> bool:
    """Return whether every line of the list was: an old firmware writes odd names as they are."""
    lines = page.count("<pre") - len(_UP.findall(page))
    return lines <= len(_ENTRY.findall(page))


def is_listing(page: str) -> bool:
    """Return whether this is such a page, and whole: it has the form for uploads, and an end."""
    return "ufsu" in page and page.rstrip().lower().endswith("</html>")


def is_of_card(page: str) -> bool:
    """Return whether it shows the memory card, and offers the device's own files."""
    return _FLASH in _OTHER_STORE.findall(page)


def is_plain(path: str) -> bool:
    """Return whether a path is one that can be stored and asked for, and means nothing else."""
    parts = path.removeprefix("/").split("/")
    return path.startswith("/") and not _MEANS_MORE.search(path) and not {"", ".", ".."} & set(parts)


def is_sendable(path: str) -> bool:
    """Return whether the device takes a file of that path."""
    is_short = len(encoded(path)) <= _LONGEST_PATH
    return is_plain(path) and is_short and not _NOT_IN_UPLOADS.search(path)


def _plain(escaped: str) -> str:
    """Return a name with the bytes that it has: those that are no UTF-8 become lone surrogates."""
    return unquote(escaped, errors="surrogateescape")
