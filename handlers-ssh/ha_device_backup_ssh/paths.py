"""Paths on a device, as names of files in a backup, and which of them are left out; pure."""

import posixpath
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote_to_bytes

from ha_device_backup_core import ConfigError
from ha_device_backup_core.toolkit import encoded

from .translation import _

FOLDER = "files"
_TO_QUOTE = re.compile(r"[^\w !#$&'()+,./:;=@\[\]^{}~-]|%")


def name_of(path: str) -> str:
    """Return the name in a backup of an absolute path; what no zip file or screen takes is written as %XX."""
    return f"{FOLDER}{quoted_path(path)}"


def quoted_path(path: str) -> str:
    """Return a path with %XX for each byte that not every program takes."""
    return _TO_QUOTE.sub(lambda found: "".join(f"%{byte:02X}" for byte in encoded(found[0])), path)


def path_of(quoted: str) -> str:
    """Return the path behind its quoted form."""
    return unquote_to_bytes(quoted.encode()).decode("utf-8", "surrogateescape")


def entered_paths(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that a person entered; raises ConfigError for one that is none."""
    paths = []
    for line in lines:
        path = posixpath.normpath(line.strip())
        if not path.startswith("/") or "\n" in path or "\0" in path:
            raise ConfigError("files", _("Each path begins with /, such as /etc: {line}", line=line))
        paths.append("/" + path.lstrip("/"))
    if not paths:
        raise ConfigError("files", _("Name at least one file or folder."))
    return tuple(dict.fromkeys(paths))


def absolute(member: str) -> str | None:
    """Return the path of a member of a tar file; None for one that leads elsewhere."""
    path = posixpath.normpath("/" + member)
    return None if ".." in member.split("/") else "/" + path.lstrip("/")


def is_left_out(path: str, patterns: Iterable[str]) -> bool:
    """Return whether a path, or a folder that it is in, fits one of the patterns.

    A pattern with / at its start is for the whole path, any other for a name at any depth.
    """
    parts = path.split("/")[1:]
    whole = ["/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(
        any(fnmatchcase(place, pattern.rstrip("/")) for place in (whole if pattern.startswith("/") else parts))
        for pattern in patterns
    )


def fits(path: str, patterns: Iterable[str]) -> bool:
    """Return whether a path itself fits one of the patterns."""
    return any(fnmatchcase(path, p) or fnmatchcase(posixpath.basename(path), p) for p in patterns)
