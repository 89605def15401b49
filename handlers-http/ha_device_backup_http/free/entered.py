"""What a person entered into the form, with what is wrong at its field; raises ConfigError; pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yarl import URL

from ha_device_backup_core import Config, ConfigError
from ha_device_backup_core.toolkit import names_a_password

from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..headers import is_header_name
from ..pointers import parse_pointer
from ..translation import _
from .addresses import FileToFetch, main_target, more_targets
from .login import EnteredLogin, answers_with_token, wanted_login
from .placeholders import Placeholders, placeholders_in, secret_in_clear

_SECRET_NAMES = re.compile(r"auth|cookie|credential|token|secret|session|passw|api-?key", re.IGNORECASE)
_BAD_EXPRESSION = {
    "syntax": _("it is no regular expression"),
    "unsupported": _("only groups, |, sets, repeats, ^ at the very start and $ at the very end are supported"),
    "large": _("it is too long"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredForm:
    """What a person wants of one device."""

    values: Mapping[str, str] = field(repr=False)
    """User name, password and token."""
    placeholders: Placeholders = field(repr=False)
    main: FileToFetch
    more: tuple[FileToFetch, ...]
    method: str
    body: str
    headers: Mapping[str, str]
    login: EnteredLogin
    content: str
    pattern: str
    minimum_size: int
    ignore: tuple[str, ...]
    certificate: str
    asked: Mapping[str, str]
    """A word for what was entered to get each file; another word, another request."""

    @property
    def origin(self) -> URL:
        """The address for a browser."""
        return self.main.url.origin()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must not be in the name of a file."""
        return tuple(filter(None, (self.values["password"], self.values["token"])))

    @property
    def ignored_places(self) -> list[str]:
        """Return the lines that are places in JSON."""
        return [line for line in self.ignore if parse_pointer(line) is not None]

    @property
    def ignored_lines(self) -> list[str]:
        """Return the lines that are expressions."""
        return [line for line in self.ignore if parse_pointer(line) is None]


def wanted_of(config: Config) -> EnteredForm:
    """Return what a person wants; raise ConfigError for what cannot be used."""
    values = {key: text(config, key) for key in ("username", "password", "token")}
    names = {"token": "session"} if answers_with_token(config) else {}
    placeholders = Placeholders(values, names)
    main = main_target(text(config, "url"), placeholders)
    headers = _headers(lines(config, "headers"), placeholders)
    is_token_used = "token" in placeholders_in(*_sent(config))
    login = wanted_login(config, main.url, placeholders, is_token_used=is_token_used)
    _refuse_unused_secret(config, login)
    body = "\n".join(lines(config, "body"))
    placeholders.check(body)
    if body and text(config, "method") != "post":
        raise ConfigError("method", _("A body is sent with POST only."))
    pattern, ignore = text(config, "pattern"), lines(config, "ignore")
    _check_expressions("pattern", (pattern,) if pattern else ())
    _check_expressions("ignore", [line for line in ignore if parse_pointer(line) is None])
    more = more_targets(lines(config, "files"), main, placeholders)
    return EnteredForm(
        values=values,
        placeholders=placeholders,
        main=main,
        more=more,
        method=text(config, "method").upper(),
        body=body,
        headers=headers,
        login=login,
        content=text(config, "content"),
        pattern=pattern,
        minimum_size=number(config, "minimum_size"),
        ignore=ignore,
        certificate=text(config, "certificate"),
        asked=_asked(config, main, more),
    )


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


def is_json(entered: str) -> bool:
    """Return whether a body is JSON."""
    try:
        json.loads(entered)
    except (ValueError, RecursionError):
        return False
    return True


def _asked(config: Config, main: FileToFetch, more: Sequence[FileToFetch]) -> dict[str, str]:
    """Return a word for what was entered to get each file, before any secret was filled in."""
    base, content = text(config, "url"), text(config, "content")
    words = {main.name: _word(base, content, text(config, "method"), *lines(config, "body"))}
    return words | {target.name: _word(base, line) for target, line in zip(more, lines(config, "files"), strict=True)}


def _word(*entered: str) -> str:
    """Return a byte of a digest: enough to see a change, and too little to guess a key that was typed into a URL."""
    return hashlib.sha256("\n".join(entered).encode("utf-8", "surrogatepass")).hexdigest()[:2]


def _headers(entered: Sequence[str], placeholders: Placeholders) -> dict[str, str]:
    """Return the headers; raise ConfigError for what no request can have, and for secrets that would be shown."""
    headers: dict[str, str] = {}
    for line in entered:
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        if not colon or not is_header_name(name):
            raise ConfigError(
                "headers",
                _(
                    "“{name}”: write Name: value, one a line. Host, Content-Length and the like are set by themselves.",
                    name=name,
                ),
            )
        if (_SECRET_NAMES.search(name) or names_a_password(name)) and not placeholders_in(value):
            raise ConfigError("headers", secret_in_clear(name))
        if name.lower() in {known.lower() for known in headers}:
            raise ConfigError("headers", _("{name} is there twice.", name=name))
        headers[name] = placeholders.template(value)
    return headers


def _check_expressions(key: str, sources: Sequence[str]) -> None:
    for source in sources:
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


def _refuse_unused_secret(config: Config, login: EnteredLogin) -> None:
    """Say so when a login was entered and not chosen, which is easily overlooked."""
    if login.kind != "none" or not (config["password"] or config["token"]):
        return
    if not placeholders_in(*_sent(config)) & {"password", "token"}:
        raise ConfigError(
            "login",
            _(
                "A password or token is entered, but no login is chosen. Choose how one logs in, or forget the"
                " password and token."
            ),
        )


def _sent(config: Config) -> tuple[str, ...]:
    """Return what is sent to the device itself, the login apart."""
    return (text(config, "url"), *lines(config, "files"), *lines(config, "headers"), *lines(config, "body"))
