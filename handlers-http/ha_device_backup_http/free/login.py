"""How to log in, as a person entered it; raises ConfigError for what is missing; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from ha_device_backup_core import Config, ConfigError

from ..headers import is_header_name
from ..pointers import parse_pointer
from ..translation import _
from .addresses import near
from .placeholders import Placeholders, placeholder

_BY_NAME_AND_PASSWORD = ("basic", "digest")
_BY_TOKEN = ("bearer", "header", "query")
_FORM = "form"
_AUTHORIZATION = "Authorization"
_IN_THE_URL = "?"
_DEFAULT_KEY = "X-API-Key"
_DEFAULT_PARAMETER = "apikey"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredLogin:
    """One login; a form is read from its page unless its fields are given."""

    kind: str
    header: str = ""
    """The header that the token goes into, the one entered or the one that the login answers with."""
    is_bearer: bool = False
    """Whether the header names the kind of the token before it."""
    parameter: str = ""
    """The parameter of each address that the token goes into."""
    url: URL | None = None
    fields: Mapping[str, str] | None = None
    as_json: bool = False
    answer: str = ""
    """Where the token is in the answer; without one the device recognises the session by its cookies."""


def wanted_login(config: Config, url: URL, placeholders: Placeholders, *, is_token_used: bool) -> EnteredLogin:
    """Return the login; raise ConfigError for what is missing."""
    kind = str(config["login"])
    if kind in _BY_NAME_AND_PASSWORD:
        return _by_name_and_password(kind, config)
    if kind in _BY_TOKEN:
        return _by_token(kind, config)
    if kind == _FORM:
        return _by_form(config, url, placeholders, is_token_used=is_token_used)
    return EnteredLogin(kind=kind)


def answers_with_token(config: Config) -> bool:
    """Return whether {token} stands for what the login answers with."""
    return config["login"] == _FORM and bool(config["login_answer"]) and not config["token"]


def _by_name_and_password(kind: str, config: Config) -> EnteredLogin:
    if not config["password"]:
        # Some take a token for the name, and no password; some have no name.
        _needed(config, "username")
    if ":" in str(config["username"]):
        raise ConfigError("username", _("A user name has no colon."))
    return EnteredLogin(kind=kind)


def _by_token(kind: str, config: Config) -> EnteredLogin:
    token = _needed(config, "token")
    if kind == "query":
        name = str(config["key_name"] or "").removeprefix(_IN_THE_URL) or _DEFAULT_PARAMETER
        return EnteredLogin(kind=kind, parameter=name)
    if not token.isascii():
        raise ConfigError("token", _("It has signs that no token has. Copy it again."))
    if kind == "bearer":
        return EnteredLogin(kind=kind)
    return EnteredLogin(kind=kind, header=_header(str(config["key_name"] or _DEFAULT_KEY)))


def _by_form(config: Config, url: URL, placeholders: Placeholders, *, is_token_used: bool) -> EnteredLogin:
    answer = str(config["login_answer"] or "")
    if answer and parse_pointer(answer) is None:
        raise ConfigError(
            "login_answer", _("Enter the place in the JSON answer, such as /access_token or /data/token.")
        )
    as_json = config["login_format"] == "json"
    lines = config["login_fields"] or ()
    fields = _fields(lines, placeholders) if isinstance(lines, tuple) and lines else None
    if fields is None:
        if not config["username"]:
            _needed(config, "password")
        if as_json:
            fields = {key: placeholder(key) for key in ("username", "password")}
    header, parameter, is_bearer = _place(config, is_token_used=is_token_used)
    return EnteredLogin(
        kind=_FORM,
        header=header,
        parameter=parameter,
        is_bearer=is_bearer,
        url=near("login_url", _needed(config, "login_url"), url, placeholders),
        fields=fields,
        as_json=as_json,
        answer=answer,
    )


def _place(config: Config, *, is_token_used: bool) -> tuple[str, str, bool]:
    """Return the header and the parameter that the token of the login goes into, and whether it is a Bearer token."""
    name = str(config["key_name"] or "")
    if not config["login_answer"]:
        return "", "", False
    if name.startswith(_IN_THE_URL):
        return "", name.removeprefix(_IN_THE_URL) or _DEFAULT_PARAMETER, False
    if name:
        return _header(name), "", False
    # Where it stands in an address, a header or the body, that is its place.
    return ("", "", False) if is_token_used else (_AUTHORIZATION, "", True)


def _header(name: str) -> str:
    if not is_header_name(name):
        raise ConfigError("key_name", _("A header has letters, digits and hyphens in its name, such as X-API-Key."))
    return name


def _fields(lines: tuple[str, ...], placeholders: Placeholders) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        name, sign, value = line.partition("=")
        if not sign or not name.strip():
            raise ConfigError(
                "login_fields",
                _("“{name}”: write name={username}, one a line.", name=name, username=placeholder("username")),
            )
        fields[name.strip()] = placeholders.template(value.strip())
    return fields


def _needed(config: Config, key: str) -> str:
    value = str(config[key] or "")
    if not value:
        raise ConfigError(key, _("It is needed for this login."))
    return value
