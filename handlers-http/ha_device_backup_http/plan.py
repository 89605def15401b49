"""What to ask for, made of what a person entered; raises ConfigError for the field that is wrong; pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yarl import URL

from ha_device_backup_core import Config, ConfigError

from .addresses import Target, main_target, more_targets
from .expression_syntax import ExpressionError
from .expressions import Expression
from .headers import CONTENT_TYPE, parse_headers
from .login_plan import Login, LoginKind, answers_with_token, plan_login
from .placeholders import Placeholders, placeholders_in
from .pointers import parse_pointer
from .translation import _

_NOT_YET = "not-yet"
"""Stands for the token before the login."""
_REFERER = "referer"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_BAD_EXPRESSION = {
    "syntax": _("it is no regular expression"),
    "unsupported": _("only groups, |, sets, repeats, ^ at the very start and $ at the very end are supported"),
    "large": _("it is too long"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One device: its addresses, how they are asked, what is accepted."""

    main: Target
    more: tuple[Target, ...]
    method: str
    body: bytes | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    login: Login
    login_headers: Mapping[str, str] = field(repr=False)
    """Those that do not hold what the login answers with."""
    needs_token: bool
    """Whether this has to be made again with the token that the login answers with."""
    secrets: tuple[str, ...] = field(repr=False)
    """What must not be in the name of a file."""
    content: str
    pattern: str
    minimum_size: int
    ignore: tuple[str, ...]
    asked: Mapping[str, str]
    """A word for what was entered to get each file; another word, another request."""

    @property
    def origin(self) -> URL:
        """The address for a browser."""
        return self.main.url.origin()


def make_plan(config: Config, token: str = "") -> Plan:
    """Return the plan, with the token that the login answered with; raise ConfigError for what cannot be used."""
    values = {key: text(config, key) for key in ("username", "password", "token")}
    is_answered = answers_with_token(config)
    if is_answered:
        values["token"] = token or _NOT_YET
    placeholders = Placeholders(values)
    main = main_target(text(config, "url"), placeholders)
    headers = parse_headers(lines(config, "headers"), placeholders)
    if not _has(headers, _REFERER):
        # As a browser that clicks on the page of the device; some refuse a login or a download without it.
        headers[_REFERER] = f"{main.url.origin()}/"
    is_token_used = "token" in placeholders_in(*_entered(config))
    login = plan_login(config, main.url, placeholders, is_token_used=is_token_used)
    _refuse_unused_secret(config, login)
    later = {line.partition(":")[0].strip() for line in lines(config, "headers") if "token" in placeholders_in(line)}
    method = text(config, "method").upper()
    body = _body(method, "\n".join(lines(config, "body")), headers, placeholders)
    pattern = text(config, "pattern")
    if pattern:
        _check_expression("pattern", pattern)
    ignore = lines(config, "ignore")
    for line in ignore:
        if parse_pointer(line) is None:
            _check_expression("ignore", line)
    more = more_targets(lines(config, "files"), main, placeholders)
    return Plan(
        main=main,
        more=more,
        method=method,
        body=body,
        headers=headers,
        login=login,
        login_headers={name: value for name, value in headers.items() if not (is_answered and name in later)},
        needs_token=is_answered and is_token_used,
        secrets=tuple(filter(None, (values["password"], "" if values["token"] == _NOT_YET else values["token"]))),
        content=text(config, "content"),
        pattern=pattern,
        minimum_size=number(config, "minimum_size"),
        ignore=ignore,
        asked=_asked(config, main, more),
    )


def _asked(config: Config, main: Target, more: Sequence[Target]) -> dict[str, str]:
    """Return a word for what was entered to get each file, before any secret was filled in."""
    base, content = text(config, "url"), text(config, "content")
    words = {main.name: _word(base, content, text(config, "method"), *lines(config, "body"))}
    return words | {target.name: _word(base, line) for target, line in zip(more, lines(config, "files"), strict=True)}


def _word(*entered: str) -> str:
    """Return a byte of a digest: enough to see a change, and too little to guess a key that was typed into a URL."""
    return hashlib.sha256("\n".join(entered).encode("utf-8", "surrogatepass")).hexdigest()[:2]


def text(config: Config, key: str) -> str:
    """Return a text, empty where nothing was entered."""
    return str(config[key] or "")


def lines(config: Config, key: str) -> tuple[str, ...]:
    """Return lines, none where nothing was entered."""
    value = config[key]
    return value if isinstance(value, tuple) else ()


def number(config: Config, key: str) -> int:
    """Return a number, 0 where none was entered."""
    value = config[key]
    return value if isinstance(value, int) else 0


def _body(method: str, entered: str, headers: dict[str, str], placeholders: Placeholders) -> bytes | None:
    if not entered:
        return None
    if method != "POST":
        raise ConfigError("method", _("A body is sent with POST only."))
    is_json = _is_json(entered)
    if not _has(headers, CONTENT_TYPE):
        headers[CONTENT_TYPE] = _JSON if is_json else _FORM
    return (placeholders.in_json(entered) if is_json else placeholders.in_form(entered)).encode()


def _has(headers: Mapping[str, str], wanted: str) -> bool:
    return any(name.lower() == wanted for name in headers)


def _is_json(entered: str) -> bool:
    try:
        json.loads(entered)
    except (ValueError, RecursionError):
        return False
    return True


def _check_expression(key: str, source: str) -> None:
    try:
        expression = Expression(source)
    except ExpressionError as error:
        raise ConfigError(
            key, _("In “{source}”: {reason}.", source=source, reason=_BAD_EXPRESSION[error.reason])
        ) from error
    if expression.is_everywhere:
        raise ConfigError(
            key,
            _(
                "“{source}” is found in every line, even in an empty one. Enter something that has to be there.",
                source=source,
            ),
        )


def _refuse_unused_secret(config: Config, login: Login) -> None:
    """Say so when a login was entered and not chosen, which is easily overlooked."""
    if login.kind is not LoginKind.NONE or not (config["password"] or config["token"]):
        return
    if not placeholders_in(*_entered(config)) & {"password", "token"}:
        raise ConfigError(
            "login",
            _(
                "A password or token is entered, but no login is chosen. Choose how one logs in, or forget the"
                " password and token."
            ),
        )


def _entered(config: Config) -> tuple[str, ...]:
    """Return what is sent to the device itself, the login apart."""
    return (text(config, "url"), *lines(config, "files"), *lines(config, "headers"), *lines(config, "body"))
