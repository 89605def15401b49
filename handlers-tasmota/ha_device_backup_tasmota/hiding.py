"""Hide secrets in texts for people: by their values, and by the places where secrets stand; pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from urllib.parse import quote

from ha_device_backup_core.toolkit import is_drawn, shown, without_noted_secrets

from .decoded import Decoded, TextPlace

HIDDEN = "**REDACTED**"

_LONG = 6
"""A value of so many characters is hidden inside words, too."""
_AS_LONG_AS_A_KEY = 8
"""Of the texts whose meaning differs between chips these may be keys; shorter ones name switches."""
_SECRET_TEXTS = (
    TextPlace.SSID,
    TextPlace.SSID_2,
    TextPlace.WIFI_PASSWORD,
    TextPlace.WIFI_PASSWORD_2,
    TextPlace.WEB_PASSWORD,
    TextPlace.MQTT_USER,
    TextPlace.MQTT_PASSWORD,
    TextPlace.TELEGRAM_TOKEN,
    TextPlace.TELEGRAM_CHAT,
)
_KNOWN_TO_ALL = {"DVES_USER", "DVES_PASS"}
"""The account of a device whose owner entered none."""
_NAMES_IN_QUERIES = (
    r"[\w-]{0,30}(?:token|key|secret|password|session_?id)"
    r"|app_?id|auth|pass|pwd|sig|signature|code|user|username|u|p|sid"
)
_NAMES = (
    r"[\w-]{0,30}(?:passw(?:or)?d|passphrase|token|secret|auth(?:orization)?|cookie)\d?"
    r"|[\w-]{0,30}(?:api|dev|aio|access|private)[_-]?key"
    r"|[\w-]{0,30}(?:psk|pwd)"
    r"|[\w-]{0,30}user(?:name)?|key|pass|login|pin|pincode|passcode|code|unlock|disarm|sid|session|appid|sig|signature"
)
"""Names of values in headers and JSON, and of those in a body or a command that are no words of the language there."""
_COMMANDS = (
    r"\w{0,20}(?:Password|Passwd|Token|Secret|EspNowPmk)\d?"
    r"|\w{0,10}SSId\d?|MqttUser\d?|IfxUser|SimPin|TmChatId|ZbConfig|KeeLoq|Wireguard|WgConfig"
)
_OPENING = r"webhooks?(?:-test)?|hooks?|keys?|tokens?|secrets?|sessions?|auth"
"""What follows these in the path of an address opens something."""
_PLACES = (
    # user and password in an address, and in the brackets of WebSend
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^/\s@]{1,200}@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    (re.compile(r"(\[[^\],]{1,100},)[^\]:]{1,100}:[^\]]{1,100}(?=\])"), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:SendMail|smail)\s{1,4}\[)[^\]]{1,300}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(rf"(/(?:{_OPENING})/)[^\s?;|\"']{{1,300}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(/api/)(?=[^/\s]{0,100}[A-Z\d])[^/\s?;|\"']{10,100}"), rf"\1{HIDDEN}"),
    (re.compile(rf"([\[|](?:{_NAMES}):)[^\]|]{{1,500}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (
        re.compile(
            rf"(([\"'])(?:{_NAMES})\2\s{{0,4}}:\s{{0,4}})(?:\"[^\"]{{1,500}}\"|'[^']{{1,500}}'|\d{{1,20}})",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}\2",
    ),
    # as a header, or as a person notes it
    (re.compile(rf"((?<![\w-])(?:{_NAMES}):\s{{0,4}})(?!//)[^\s;|\]\"'*]{{1,500}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(rf"((?<![\w?&-])(?:{_NAMES})(?:=|%3D))[^&\s\"'#;]{{1,500}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(\s-u\s{1,4})\S{1,200}"), rf"\1{HIDDEN}"),
    (re.compile(rf"([?&;](?:{_NAMES_IN_QUERIES})=)[^&\s\"'#;]{{1,500}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(rf"(\b(?:{_COMMANDS})\s{{1,4}})(?:(?! endon)[^;|]){{1,200}}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:Bearer|Basic)\s{1,4})[\w+/=.~-]{6,500}", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"\b\d{6,12}:[\w-]{30,60}"), HIDDEN),
)
_WORD = re.compile(r"[A-Za-z0-9_+=-]{16,600}")
_RUN = re.compile(r"[A-Za-z0-9]+")


class Hiding:
    """Knows the secrets of one device."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Prepare for the values of secrets."""
        found = {
            spelled for secret in secrets if secret not in _KNOWN_TO_ALL for spelled in (secret, quote(secret, ""))
        }
        patterns = (_pattern(secret) for secret in sorted(filter(None, found), key=len, reverse=True))
        self._values = re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    @classmethod
    def of(cls, decoded: Decoded) -> "Hiding":
        """Return what hides the secrets of these settings."""
        later = (text for text in decoded.later_texts() if len(text) >= _AS_LONG_AS_A_KEY)
        return cls(_spellings([*(decoded.text(place) for place in _SECRET_TEXTS), *later]))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        text = self._values.sub(HIDDEN, text)
        for place, instead in _PLACES:
            text = place.sub(instead, text)
        return _WORD.sub(_without_key, without_noted_secrets(text, lambda _secret: HIDDEN))


def _spellings(texts: Iterable[bytes]) -> Iterator[str]:
    for text in texts:
        yield shown(text)
        yield text.decode("latin-1")


def _pattern(secret: str) -> str:
    return re.escape(secret) if len(secret) >= _LONG else rf"(?<!\w){re.escape(secret)}(?!\w)"


def _without_key(word: re.Match[str]) -> str:
    """Hide what looks drawn by lot, as nobody names anything."""
    signs = word[0]
    changes = sum(one.isdigit() != other.isdigit() for one, other in pairwise(signs))
    is_key = any(map(is_drawn, _RUN.findall(signs))) or (changes >= 8 and len(signs) >= 32)
    return HIDDEN if is_key else signs
