"""The addresses that a backup comes from, and safe names for their files; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from yarl import URL

from ha_device_backup_core import ConfigError, Text

from .placeholders import Placeholders, secret_in_clear, without_placeholders
from .translation import _

_LINE = re.compile(r"(?P<optional>\??)\s*+(?:(?P<name>[^=/?:]++)=\s*+)?(?P<path>\S++)")
_NAME = re.compile(r"\w[\w .+-]*")
_UNSAFE = re.compile(r"[^\w.+-]+")
_LONGEST_NAME = 100
_UNNAMED = "backup"
_SECRET_PARAMETERS = re.compile(
    r"(?:.*[_-])?(?:auth|key|pass|psk|pw|pwd|sid)|.*(?:api-?_?key|passw|passphrase|secret|session|token|credential).*",
    re.IGNORECASE,
)
_SWITCHES = frozenset({"", "0", "1", "false", "no", "none", "off", "on", "true", "yes"})
_KEY = re.compile(r"[A-Za-z0-9_=+~-]{16,}")
_CHANGES = re.compile(r"(?<=[0-9])[A-Za-z]|(?<=[A-Za-z])[0-9]")
_LONG_NUMBER = re.compile(r"[0-9]{16}")
_FEWEST_CHANGES = 4
_HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One address and the name of its file."""

    url: URL = field(repr=False)
    """May hold a secret."""
    name: str
    optional: bool = False


def main_target(entered: str, placeholders: Placeholders) -> Target:
    """Return the first address."""
    url = _url("url", entered, placeholders)
    return Target(url=url, name=name_of(entered, url))


def more_targets(lines: Sequence[str], main: Target, placeholders: Placeholders) -> tuple[Target, ...]:
    """Return the other addresses, each with a name of its own."""
    targets = tuple(_target(line, main, placeholders) for line in lines)
    taken = {main.name.lower()}
    for target in targets:
        if target.name.lower() in taken:
            raise ConfigError(
                "files",
                _(
                    "Two files would be called {name}. Give this one another name: other.json = /path.",
                    name=target.name,
                ),
            )
        taken.add(target.name.lower())
    return targets


def near(key: str, entered: str, url: URL, placeholders: Placeholders) -> URL:
    """Return an address at the same device, given as a path or whole."""
    found = _url(key, entered, placeholders, url)
    if found.scheme not in {"http", "https"} or found.origin() != url.origin():
        raise ConfigError(
            key,
            _("“{entered}” is at another host or port than the URL. Add it as a device of its own.", entered=entered),
        )
    return found


def name_of(entered: str, url: URL) -> str:
    """Return the name of the file at an address; names are stored in the clear, so a key in the path is none."""
    last = entered.partition("?")[0].rpartition("/")[2]
    if without_placeholders(last) != last or _looks_like_key(url.name):
        return _UNNAMED
    return safe_name(url.name) or _UNNAMED


def shown_path(url: URL) -> str:
    """Return the path of an address without what may be a key."""
    return "/".join(_HIDDEN if _looks_like_key(part) else part for part in url.path.split("/"))


def _looks_like_key(part: str) -> bool:
    """Return whether letters and digits are mixed as in a key, not as in a name with a date."""
    if _KEY.fullmatch(part) is None:
        return False
    return _LONG_NUMBER.search(part) is not None or len(_CHANGES.findall(part)) >= _FEWEST_CHANGES


def safe_name(name: str) -> str:
    """Return a name without what could lead elsewhere, empty where nothing is left."""
    return _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip("._")[-_LONGEST_NAME:]


def _target(line: str, main: Target, placeholders: Placeholders) -> Target:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ConfigError(
            "files",
            _("“{line}”: write name.json = /path, and ?name.json = /path for a file that may be missing.", line=line),
        )
    url = near("files", found["path"], main.url, placeholders)
    name = (found["name"] or "").rstrip() or name_of(found["path"], url)
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise ConfigError(
            "files",
            _("“{name}” is no file name: letters, digits, blanks and . + - _ are allowed, 100 at most.", name=name),
        )
    return Target(url=url, name=name, optional=bool(found["optional"]))


def _url(key: str, entered: str, placeholders: Placeholders, base: URL | None = None) -> URL:
    if "{" in entered.partition("://")[2].partition("/")[0]:
        raise ConfigError(key, _bad_address(entered))
    filled = placeholders.in_url(entered)
    try:
        url = URL(filled) if base is None else base.join(URL(filled))
        given = URL(without_placeholders(entered))
    except ValueError as error:
        raise ConfigError(key, _bad_address(entered)) from error
    plain = [
        name
        for name, value in given.query.items()
        if _SECRET_PARAMETERS.fullmatch(name) and value.lower() not in _SWITCHES
    ]
    if plain:
        raise ConfigError(key, secret_in_clear(plain[0]))
    return url


def _bad_address(entered: str) -> Text:
    return _("“{entered}” is no address.", entered=entered)
