"""Asks the author for what the options do not say."""

import argparse
from collections.abc import Sequence

from ha_device_backup_core import Text

from ...translation import _
from ..syntax import fault_of_kind
from .desk import Desk
from .entered import read_value
from .facts import DeviceFact
from .options import UsageError
from .wanted import (
    LOGINS,
    WITH_PASSWORD,
    WITH_REQUEST,
    WITH_TOKEN,
    EnteredAddress,
    Wanted,
    WantedLogin,
    kind_of,
    parsed_address,
    without_secrets,
)

_NONE = "-"


def asked(options: argparse.Namespace, terminal: Desk) -> Wanted:
    """Return all that has to be known; raise UsageError for what nobody says, or what cannot be."""
    name = options.name or _needed(terminal, "--name", _("What do people call this kind of device?"))
    maker = _given(options.manufacturer, terminal, _("Who makes it? (Enter for nobody)"))
    kind = options.kind or kind_of(name)
    if (fault := fault_of_kind(kind)) is not None:
        raise UsageError(fault.wrong)
    entered = options.url or _needed(terminal, "--url", _("At which address is it, such as http://192.168.1.20?"))
    address = parsed_address(entered)
    if address is None:
        raise UsageError(_("“{entered}” is no address.", entered=entered.rpartition("@")[2]))
    path = options.path or address.path
    path = path or _needed(terminal, "--path", _("What is the path of the configuration, such as /api/settings?"))
    login = _login(options, terminal, address)
    info = _given(options.info, terminal, _("Which path tells who the device is? (Enter for none)"))
    taken = ("url", "username", "password", "token")
    path, in_path = without_secrets(_from_root(path), taken)
    info, in_info = without_secrets(_from_root(info) if info else "", (*taken, *in_path))
    return Wanted(
        name=name,
        manufacturer=maker,
        kind=kind,
        url=address.base,
        path=path,
        info=info,
        login=login,
        in_paths=in_path | in_info,
        certificate=options.certificate or "",
    )


def chosen(wish: str | None, proposals: Sequence[DeviceFact], terminal: Desk) -> DeviceFact | None:
    """Return what is to tell the device from all others: what the option says, what the author chooses, or the best."""
    if wish == _NONE:
        return None
    if wish is not None:
        place = f"json:{wish}" if wish.startswith("/") else wish
        found = next((fact for fact in proposals if fact.source == place), None)
        return found or DeviceFact(key="", source=place, value="")
    if not proposals:
        return None
    terminal.warn(_("What tells this device from all others?"))
    for number, fact in enumerate(proposals, start=1):
        terminal.warn(f"  {number}  {fact.source}  {fact.value}")
    while (answer := terminal.ask(_("Its number (Enter for 1, 0 for none):"))) is not None and answer.strip():
        if answer.strip() in map(str, range(len(proposals) + 1)):
            return None if int(answer) == 0 else proposals[int(answer) - 1]
    return proposals[0]


def _login(options: argparse.Namespace, terminal: Desk, address: EnteredAddress) -> WantedLogin:
    style = options.login or ("basic" if address.username else None)
    while style not in LOGINS:
        answer = terminal.ask(_("How does one log in: {ways}? (Enter for none)", ways=", ".join(LOGINS)))
        style = (answer or "").strip().lower() or "none"
    if style in WITH_PASSWORD:
        page = "" if style not in WITH_REQUEST else options.login_page
        if page is None:
            page = _needed(terminal, "--login-page", _("What is the path of the login, such as /login?"))
        username = options.username or address.username
        if style == "json":
            username = username or _given(options.username, terminal, _("User name (Enter for none):"))
        else:
            username = username or _needed(terminal, "--username", _("User name:"))
        return WantedLogin(
            style=style,
            username=username,
            password=_secret(options.password, terminal, "--password", _("Password:"), address.password),
            name=options.token_name or "",
            page=_from_root(page) if page else "",
            logout=options.logout or "",
        )
    if style in WITH_TOKEN:
        name = options.token_name or ""
        if style != "bearer" and not name:
            name = _needed(terminal, "--token-name", _("What is the header or the parameter with the token called?"))
        return WantedLogin(style=style, token=_secret(options.token, terminal, "--token", _("Token:")), name=name)
    return WantedLogin()


def _secret(given: str | None, terminal: Desk, option: str, question: Text, known: str = "") -> str:
    """Return a secret: from an option, from the file that it names, or asked for."""
    if given is None:
        return known or _needed(terminal, option, question, is_secret=True)
    if not given.startswith("@"):
        terminal.warn(_("Others on this machine can see the value of {option}; better write @FILE.", option=option))
    return read_value(given)


def _given(value: str | None, terminal: Desk, question: Text) -> str:
    """Return what may be left out."""
    answer = (terminal.ask(question) or "") if value is None else value
    return "" if answer.strip() == _NONE else answer.strip()


def _needed(terminal: Desk, option: str, question: Text, *, is_secret: bool = False) -> str:
    while (answer := terminal.ask(question, is_secret=is_secret)) is not None:
        if answer.strip():
            return answer if is_secret else answer.strip()
    raise UsageError(_("{option} is missing.", option=option))


def _from_root(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"
