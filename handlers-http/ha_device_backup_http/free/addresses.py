"""The addresses that a backup comes from, as a recipe asks for them, and safe names for their files; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from yarl import URL

from ha_device_backup_core import ConfigError, Text
from ha_device_backup_core.toolkit import names_a_password

from ..safe_names import LONGEST_NAME, looks_like_key, safe_name
from ..translation import _
from .placeholders import Placeholders, secret_in_clear, without_placeholders

_LINE = re.compile(r"(?P<optional>\??)\s*+(?:(?P<name>[^=/?:]++)=\s*+)?(?P<path>\S++)")
_NAME = re.compile(r"\w[\w .+-]*")
_UNNAMED = "backup"
_SECRET_PARAMETERS = re.compile(
    r"(?:.*[_-])?(?:auth|key|pass|psk|pw|pwd|sid)|.*(?:api-?_?key|passw|passphrase|secret|session|token|credential).*",
    re.IGNORECASE,
)
_SWITCHES = frozenset({"", "0", "1", "false", "no", "none", "off", "on", "true", "yes"})
_MARKS = {"username": "\ue000", "password": "\ue001", "token": "\ue002"}
"""Stand for values while an address is read: what nobody types, and no value is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToFetch:
    """One address and the name of its file."""

    url: URL
    """With a mark in the place of each value."""
    name: str
    optional: bool = False


def main_target(entered: str, placeholders: Placeholders) -> FileToFetch:
    """Return the first address."""
    url = _url("url", entered, placeholders)
    return FileToFetch(url=url, name=_name_of(entered, url))


def more_targets(lines: Sequence[str], main: FileToFetch, placeholders: Placeholders) -> tuple[FileToFetch, ...]:
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


def path_of(url: URL, placeholders: Placeholders) -> str:
    """Return what a request line says."""
    path = url.raw_path_qs
    for key, mark in _MARKS.items():
        path = path.replace(quote(mark), placeholders.template(f"{{{key}}}") if quote(mark) in path else "")
    return path


def _name_of(entered: str, url: URL) -> str:
    """Return the name of the file at an address; names are stored in the clear, so a key in the path is none."""
    last = entered.partition("?")[0].rpartition("/")[2]
    if without_placeholders(last) != last or looks_like_key(url.name):
        return _UNNAMED
    return safe_name(url.name) or _UNNAMED


def _target(line: str, main: FileToFetch, placeholders: Placeholders) -> FileToFetch:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ConfigError(
            "files",
            _("“{line}”: write name.json = /path, and ?name.json = /path for a file that may be missing.", line=line),
        )
    url = near("files", found["path"], main.url, placeholders)
    name = (found["name"] or "").rstrip() or _name_of(found["path"], url)
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise ConfigError(
            "files",
            _("“{name}” is no file name: letters, digits, blanks and . + - _ are allowed, 100 at most.", name=name),
        )
    return FileToFetch(url=url, name=name, optional=bool(found["optional"]))


def _url(key: str, entered: str, placeholders: Placeholders, base: URL | None = None) -> URL:
    if "{" in entered.partition("://")[2].partition("/")[0]:
        raise ConfigError(key, _bad_address(entered))
    placeholders.check(entered)
    marked = placeholders.filled(entered, _MARKS.__getitem__)
    try:
        url = URL(marked) if base is None else base.join(URL(marked))
        given = URL(without_placeholders(entered))
    except ValueError as error:
        raise ConfigError(key, _bad_address(entered)) from error
    plain = [
        name
        for name, value in given.query.items()
        if (_SECRET_PARAMETERS.fullmatch(name) or names_a_password(name)) and value.lower() not in _SWITCHES
    ]
    if plain:
        raise ConfigError(key, secret_in_clear(plain[0]))
    return url


def _bad_address(entered: str) -> Text:
    return _("“{entered}” is no address.", entered=entered)
