"""The digest login with devices that offer several logins at once, in whatever spelling."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import cast

import aiohttp

_CHALLENGE = "WWW-Authenticate"
_SCHEME = "digest"
_ITEM = re.compile(r'([\w-]+)(?:[ \t]*+=[ \t]*+("(?:[^"\\]|\\.)*+"|[^\s,"]*+))?')
_KNOWN = re.compile(r'"?(?:MD5|SHA|SHA-?256|SHA-?512)(?:-SESS)?"?', re.IGNORECASE)
_LONGEST = 8 * 1024


class DigestLogin(aiohttp.DigestAuthMiddleware):
    """Answers the first challenge that it can, wherever it stands: aiohttp looks at the first header alone."""

    def _authenticate(self, response: aiohttp.ClientResponse) -> bool:
        chosen = digest_challenge(response.headers.getall(_CHALLENGE, ()))
        headers = {} if chosen is None else {_CHALLENGE.lower(): chosen}
        seen = SimpleNamespace(status=response.status, url=response.url, headers=headers)
        return super()._authenticate(cast("aiohttp.ClientResponse", seen))


def digest_challenge(headers: Iterable[str]) -> str | None:
    """Return the first digest challenge that can be answered, its names in small letters; None without any.

    Where none can, it is the first one: what is wrong with it is no wrong password.
    """
    offered = [
        parameters
        for scheme, parameters in _challenges(", ".join(headers)[:_LONGEST])
        if scheme == _SCHEME and parameters
    ]
    chosen = next(filter(_can_be_answered, offered), next(iter(offered), None))
    return None if chosen is None else "Digest " + ", ".join(f"{name}={value}" for name, value in chosen.items())


def _can_be_answered(parameters: Mapping[str, str]) -> bool:
    return "nonce" in parameters and _KNOWN.fullmatch(parameters.get("algorithm", "MD5")) is not None


def _challenges(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    scheme, parameters = "", dict[str, str]()
    for found in _ITEM.finditer(text):
        name, value = found[1].lower(), found[2]
        if value is None:
            yield scheme, parameters
            scheme, parameters = name, {}
        else:
            parameters.setdefault(name, value)
    yield scheme, parameters
