"""Whom a box names to everybody who wants to log in, and how long it takes no login; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ha_device_backup_core import ConfigError, Message
from ha_device_backup_core.toolkit import name_list

from .translation import _
from .xml_parts import Start, XmlError, read_xml

ANY_NAME = "dslf-config"
"""What boxes that know no users take."""
_LONGEST_LOCKOUT = 24 * 3600
_LONGEST_NUMBER = 9
_LONGEST_NAME = 64
_MOST_ELEMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Names as the box tells them, none where it keeps them to itself."""

    names: tuple[str, ...] = ()
    last: str | None = None
    """Who logged in last."""

    def for_password_alone(self) -> str:
        """Return the name that goes with a password; raises ConfigError where that may be any of several."""
        if len(self.names) > 1 and self.last is None:
            raise ConfigError("username", which_user(self.names))
        return self.last or next(iter(self.names), ANY_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """What `/login_sid.lua` tells without a login."""

    users: Users
    block_seconds: int


def parse_login_page(body: bytes) -> LoginPage:
    """Return what it tells, as far as it can be read."""
    block = next((text for name, _, text in _elements(body) if name == "BlockTime"), "0")
    usable = block.isascii() and block.isdecimal() and len(block) <= _LONGEST_NUMBER
    return LoginPage(
        users=_users(body, "User", "last"), block_seconds=min(int(block), _LONGEST_LOCKOUT) if usable else 0
    )


def parse_user_list(listed: str) -> Users:
    """Return the users in the answer to an action."""
    return _users(listed, "Username", "last_user")


def wrong_login(seconds: int, known: Sequence[str]) -> Message:
    """Say that user name and password do not go together, how long the box takes no login, and whom it knows."""
    wait = (
        _("For {seconds} seconds the FRITZ!Box takes no login.", seconds=seconds)
        if seconds
        else _("After each wrong login the FRITZ!Box makes everybody wait longer.")
    )
    if not known:
        return _(
            "Check the user name and the password of the FRITZ!Box user. {wait} Nothing is tried again by itself.",
            wait=wait,
        )
    return _(
        "Check the user name and the password of the FRITZ!Box user. It knows the user names {names}. {wait} "
        "Nothing is tried again by itself.",
        names=name_list(known),
        wait=wait,
    )


def which_user(names: Sequence[str]) -> Message:
    """Ask for one of the user names of the box."""
    return _(
        "The FRITZ!Box has several users: {names}. Enter the name that the password belongs to.", names=name_list(names)
    )


def _users(content: bytes | str, element: str, mark: str) -> Users:
    found = [(text, last == "1") for name, last, text in _elements(content, mark) if name == element and _is_name(text)]
    last = [name for name, is_last in found if is_last]
    return Users(names=tuple(dict.fromkeys(name for name, _ in found)), last=last[0] if len(last) == 1 else None)


def _is_name(text: str) -> bool:
    """Return whether it can be logged in with, and was read without doubt."""
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and not set(text) & {":", "\N{REPLACEMENT CHARACTER}"}


def _elements(content: bytes | str, attribute: str = "") -> Iterator[tuple[str, str, str]]:
    """Return name, that attribute and text of each element."""
    marks: list[str] = []
    try:
        for event in read_xml(content, most=_MOST_ELEMENTS):
            if isinstance(event, Start):
                marks.append(event.attributes.get(attribute, ""))
            else:
                yield event.name, marks.pop(), event.text.strip()
    except XmlError:
        return
