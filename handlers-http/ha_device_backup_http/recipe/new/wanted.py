"""What an author says of a device before it is asked; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from yarl import URL

from .secrecy import sounds_secret

LOGINS = ("none", "basic", "digest", "bearer", "header", "query", "form", "json")
WITH_PASSWORD = frozenset({"basic", "digest", "form", "json"})
WITH_REQUEST = frozenset({"form", "json"})
"""One logs in by a request of its own."""
WITH_TOKEN = frozenset({"bearer", "header", "query"})
_NOT_IN_PATHS = {"{": "%7B", "}": "%7D", " ": "%20"}
_LONGEST_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLogin:
    """How one logs in."""

    style: str = "none"
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    name: str = ""
    """The header or parameter of a token, or of the session that a login gives."""
    page: str = ""
    """The path of the page with the form, or of the request that logs in."""
    logout: str = ""
    """The request that logs out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One device, and where its configuration is."""

    name: str
    manufacturer: str
    kind: str
    url: str
    path: str
    info: str
    login: WantedLogin
    in_paths: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Secrets that stood in the paths, by the fields that stand there now."""
    certificate: str = ""

    @property
    def entered(self) -> dict[str, str]:
        """Return what a person enters into the form of the recipe."""
        login = self.login
        entered = {"url": self.url, **self.in_paths}
        if login.style in WITH_PASSWORD:
            entered |= {"username": login.username} if login.username else {}
            entered |= {"password": login.password}
        if login.style in WITH_TOKEN:
            entered |= {"token": login.token}
        return entered | ({"certificate": self.certificate} if self.certificate else {})

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what was entered and nobody may see."""
        return tuple(filter(None, (self.login.password, self.login.token, *self.in_paths.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredAddress:
    """An address in its parts."""

    base: str
    path: str
    username: str
    password: str = field(repr=False)


def parsed_address(text: str) -> EnteredAddress | None:
    """Return the parts of an address; without http:// it has that. None for what is none."""
    try:
        url = URL(text if re.match(r"[a-z]+://", text, re.IGNORECASE) else f"http://{text}")
        if url.scheme not in {"http", "https"} or not url.host or not url.port:
            return None
    except ValueError:
        return None
    path = url.raw_path_qs if url.raw_path_qs != "/" else ""
    return EnteredAddress(base=str(url.origin()), path=path, username=url.user or "", password=url.password or "")


def kind_of(name: str) -> str:
    """Return a kind for a name."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    words = words if words[:1].isalpha() else f"device_{words}".rstrip("_")
    return words[:_LONGEST_KEY].rstrip("_") if len(words) > 1 else f"device_{words}"


def without_secrets(path: str, taken: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a path with a field for each parameter that sounds like a secret, and what stood there."""
    path = "".join(_NOT_IN_PATHS.get(sign, sign) for sign in path)
    before, mark, query = path.partition("?")
    found = dict(_parameters(query, taken))
    parts = [_with_field(part, found) for part in query.split("&")]
    return before + mark + "&".join(parts), {key: value for key, (_name, value) in found.items()}


def _parameters(query: str, taken: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for part in query.split("&"):
        name, _equals, value = part.partition("=")
        if value and sounds_secret(unquote_plus(name)):
            key = kind_of(unquote_plus(name))
            yield f"path_{key}"[:_LONGEST_KEY] if key in taken else key, (name, unquote_plus(value))


def _with_field(part: str, found: Mapping[str, tuple[str, str]]) -> str:
    name = part.partition("=")[0]
    key = next((key for key, (own, _value) in found.items() if own == name), None)
    return part if key is None else f"{name}={{{key}}}"
