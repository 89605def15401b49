"""What stands for a secret in texts for people; in a comparison another text for each secret; pure."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HIDDEN = "**REDACTED**"
_MARKED = re.compile(r"\*\*REDACTED:[0-9a-f]{0,16}(?:\*\*)?")
_START = "**REDACTED"
_key: ContextVar[bytes | None] = ContextVar("key_of_comparison", default=None)


def hidden(value: object) -> str:
    """Return what is shown in place of a secret; a comparison sees by it that another secret stands there.

    Call it with the secret itself, and use what it returns only in what `redact` returns.
    """
    key = _key.get()
    if key is None:
        return HIDDEN
    digest = hashlib.blake2b(repr(value).encode(errors="backslashreplace"), key=key, digest_size=8)
    return f"{_START}:{digest.hexdigest()}**"


def key_of_comparison() -> bytes | None:
    """Return the key of the comparison that goes on, for who makes the texts of it elsewhere."""
    return _key.get()


@contextmanager
def distinguishable(key: bytes | None = None) -> Iterator[None]:
    """Let `hidden` return something else for each secret, made with a key that nobody keeps."""
    token = _key.set(key or secrets.token_bytes(32))
    try:
        yield
    finally:
        _key.reset(token)


def hides(text: str) -> bool:
    """Return whether something stands for a secret in the text."""
    return _START in text


def for_people(text: str) -> str:
    """Return the text with the same in place of each secret."""
    return _MARKED.sub(HIDDEN, text) if hides(text) else text
