"""Puts stand-ins of the same length in the place of secrets, in every form in which they travel; pure."""

import itertools
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from ha_device_backup_core.spellings import Spellings
from ha_device_backup_core.toolkit.secret_words import PASSWORDS, SHORT_PASSWORDS

_SHORTEST_FOUND = 6
_NAMES = rf"[\w.-]*(?:pass(?:words?|phrases?|wd|wort)?|psk|secrets?|tokens?|keys?|ssids?|{PASSWORDS}|{SHORT_PASSWORDS})"
_FOUND_IN = (
    re.compile(rf'"{_NAMES}"\s*:\s*"((?:[^"\\]|\\.)+)"', re.IGNORECASE),
    re.compile(rf"<({_NAMES})(?:\s[^<>]{{0,500}})?>([^<]+)</\1>", re.IGNORECASE),
    re.compile(rf"^[ \t]*+{_NAMES}[ \t]*+[=:][ \t]*+([^\s\"'{{\[<]++)[ \t\r]*+$", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"^[ \t]*+{_NAMES}[ \t]*+[=:][ \t]*+([\"'])(.+?)\1[,;]?[ \t\r]*+$", re.IGNORECASE | re.MULTILINE),
)
_LISTS = re.compile(rf'"{_NAMES}"\s*:\s*\[([^\[\]]*)\]', re.IGNORECASE)
_ITEM = re.compile(r'"((?:[^"\\]|\\.)+)"')
_NO_SECRETS = re.compile(r"(?i)true|false|none|null|\*+|x+|\d{1,5}")


class StandIns:
    """Replaces secrets by stand-ins, and other texts by what the author chose."""

    def __init__(
        self, secrets: Iterable[str], *, username: str = "", replaced: Mapping[str, str] | None = None
    ) -> None:
        """Choose a stand-in for each secret."""
        numbers = itertools.count(1)
        self.by_secret = {secret: stand_in(secret, next(numbers)) for secret in dict.fromkeys(secrets) if secret}
        pairs = {
            real: masked
            for secret, stand in self.by_secret.items()
            for real, masked in zip(_forms(secret, username), _forms(stand, username), strict=True)
        }
        pairs |= dict(replaced or {})
        self._pairs = {real.encode(): masked.encode() for real, masked in pairs.items() if real}
        longest_first = sorted(self._pairs, key=len, reverse=True)
        self._spellings = Spellings(self.by_secret)
        self._pattern = re.compile(b"|".join(map(re.escape, longest_first))) if longest_first else None

    def mask(self, content: bytes) -> bytes:
        """Return the content with stand-ins."""
        return content if self._pattern is None else self._pattern.sub(lambda found: self._pairs[found[0]], content)

    def mask_text(self, text: str) -> str:
        """Return the text with stand-ins."""
        return self.mask(text.encode()).decode()

    def finds_real(self, content: bytes) -> bool:
        """Return whether a real secret is in the content, in any spelling, or what was to be replaced."""
        if self._pattern is not None and self._pattern.search(content) is not None:
            return True
        return bool(self._spellings.spans(content.decode("utf-8", "replace")))


def stand_in(secret: str, number: int) -> str:
    """Return a text of the same length, and of hexadecimal or decimal digits where the secret is."""
    if secret.isdecimal():
        pattern = f"90{number}71"
    elif re.fullmatch(r"[0-9a-f]+", secret):
        pattern = f"c0ffee{number}"
    elif re.fullmatch(r"[0-9A-F]+", secret):
        pattern = f"C0FFEE{number}"
    else:
        pattern = f"masked-{number}-"
    return "".join(itertools.islice(itertools.cycle(pattern), len(secret)))


def found_secrets(content: bytes) -> Iterator[str]:
    """Return the values in JSON, XML and lines whose names are those of secrets and of Wi-Fi networks."""
    text = content.decode("utf-8", "replace")
    for pattern in _FOUND_IN:
        for match in pattern.finditer(text):
            yield from _long_enough(match.groups()[-1])
    for items in _LISTS.finditer(text):
        for item in _ITEM.finditer(items[1]):
            yield from _long_enough(item[1])


def hidden_values(files: Mapping[str, bytes], shown: Mapping[str, str]) -> Iterator[str]:
    """Return the texts in JSON that the handler's own `redact` does not show."""
    for name, text in shown.items():
        try:
            held, visible = json.loads(files.get(name, b"")), json.loads(text)
        except ValueError:
            continue
        for value in set(_texts(held)) - set(_texts(visible)):
            yield from _long_enough(value)


def _texts(value: object) -> Iterator[str]:
    pending = [value]
    while pending:
        match pending.pop():
            case str() as text:
                yield text
            case dict() as values:
                pending += values.values()
            case list() as values:
                pending += values


def _long_enough(value: str) -> Iterator[str]:
    if len(value) >= _SHORTEST_FOUND and not _NO_SECRETS.fullmatch(value):
        yield value


def _forms(secret: str, username: str) -> list[str]:
    return [
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escape(secret),
        b64encode(f"{username}:{secret}".encode()).decode(),
        b64encode(secret.encode()).decode(),
    ]
