"""Digest logins with nonces, and waits that double after each wrong one."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

REALM = "HTTPS Access"
_PAIRS = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_LONGEST_WAIT = 256.0


@dataclass(slots=True, kw_only=True)
class User:
    """A FRITZ!Box user; `rights` are `BoxAdmin` (settings) and `Phone`."""

    password: str
    rights: frozenset[str] = frozenset({"BoxAdmin", "Phone"})


@dataclass(slots=True, kw_only=True)
class Lockout:
    """After each wrong login nobody gets in for twice as long as before."""

    clock: Callable[[], float]
    wrong_logins: int = 0
    until: float = 0.0

    @property
    def seconds(self) -> int:
        """How long it still takes."""
        return max(0, round(self.until - self.clock()))

    def wrong(self) -> None:
        """Count a wrong login."""
        self.wrong_logins += 1
        self.until = self.clock() + min(2.0**self.wrong_logins, _LONGEST_WAIT)

    def right(self) -> None:
        """Forget the wrong ones."""
        self.until = 0.0


@dataclass(slots=True, kw_only=True)
class Digest:
    """The logins at one port; a nonce is good for some requests, each with a higher count."""

    users: Mapping[str, User]
    lockout: Lockout
    uses_of_a_nonce: int = 1000
    logins: int = 0
    """Requests that carried a login."""
    _counts: dict[str, int] = field(default_factory=dict)

    def challenge(self, *, stale: bool = False) -> str:
        """Return the header that asks for a login."""
        nonce = secrets.token_hex(8).upper()
        self._counts[nonce] = 0
        return f'Digest realm="{REALM}",nonce="{nonce}",algorithm=MD5,qop="auth"{",stale=true" if stale else ""}'

    def check(self, header: str | None, method: str, target: str) -> User | str:
        """Return who logged in, or the challenge."""
        if not header or not header.startswith("Digest "):
            return self.challenge()
        self.logins += 1
        given = {key: quoted or bare for key, quoted, bare in _PAIRS.findall(header)}
        user = self.users.get(_unescaped(given.get("username", "")))
        if self.lockout.seconds:
            return self.challenge()
        if user is None or given.get("uri") != target or given.get("response") != _response(given, user, method):
            self.lockout.wrong()
            return self.challenge()
        count = int(given["nc"], 16)
        nonce = given["nonce"]
        if not self._counts.get(nonce, self.uses_of_a_nonce) < count <= self.uses_of_a_nonce:
            return self.challenge(stale=True)
        self._counts[nonce] = count
        self.lockout.right()
        return user


def _response(given: Mapping[str, str], user: User, method: str) -> str:
    first = _md5(f"{_unescaped(given['username'])}:{REALM}:{user.password}")
    second = _md5(f"{method}:{given['uri']}")
    return _md5(f"{first}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{second}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
