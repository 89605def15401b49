"""Names of files, and paths that may be shown: without keys, and without what could lead elsewhere; pure."""

import re
from pathlib import PurePosixPath

from yarl import URL

LONGEST_NAME = 100
_UNSAFE = re.compile(r"[^\w.+-]+")
_KEY = re.compile(r"[A-Za-z0-9_=+~-]{16,}")
_CHANGES = re.compile(r"(?<=[0-9])[A-Za-z]|(?<=[A-Za-z])[0-9]")
_LONG_NUMBER = re.compile(r"[0-9]{16}")
_FEWEST_CHANGES = 4
_HIDDEN = "…"


def safe_name(name: str) -> str:
    """Return a name without what could lead elsewhere, empty where nothing is left."""
    return _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip("._")[-LONGEST_NAME:]


def shown_path(url: URL) -> str:
    """Return the path of an address without what may be a key."""
    return "/".join(_HIDDEN if looks_like_key(part) else part for part in url.path.split("/"))


def looks_like_key(part: str) -> bool:
    """Return whether letters and digits are mixed as in a key, not as in a name with a date."""
    if _KEY.fullmatch(part) is None:
        return False
    return _LONG_NUMBER.search(part) is not None or len(_CHANGES.findall(part)) >= _FEWEST_CHANGES
