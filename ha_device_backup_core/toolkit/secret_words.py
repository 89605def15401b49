"""What stands before a secret in texts, in the languages of people, headers and addresses; pure."""

import re
from collections.abc import Callable

PASSWORDS = (
    r"pass(?:w(?:or)?d|phrase|code)|pass[wp]ort|kennwort|wachtwoord|mot[ _-]?de[ _-]?passe|contrase(?:ñ|n\u0303?)a"
    r"|has[łl]o|l(?:ö|oe|o\u0308?)senord|adgangskode|passord|salasana|jelsz(?:ó|o\u0301?)|парол[ья]|密[码碼]|パスワード"
)
"""Words for a password that are in no other words, as a part of an expression that ignores case."""
SHORT_PASSWORDS = r"mdp|senha|parola|heslo"
"""Words for a password that are parts of others, too: `desenha`."""
_KEYS = (
    r"(?:a[ei]o|access|aes|api|app|appl?s|auth|bind|ble|client|crypt|dev|device|decrypt(?:ion)?|encrypt(?:ion)?|esp_?now"
    r"|local|link|master|mesh|mi32|mqtt|net(?:work)?|nrf|nwks|pre|(?:pre_?)?shared|priv|private|secret|session|sign(?:ing)?"
    r"|sml|tls|tuya|wg|wi-?fi|wire_?guard|zb|zigbee){}keys?"
)
"""Names of keys that open something; `monkey`, `RfKey` and `Key` alone are none."""

_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_NAMED = re.compile(rf"{PASSWORDS}|(?<![^\W_])(?:{SHORT_PASSWORDS})(?![^\W\d_])", re.IGNORECASE)
_VALUE = (
    r"(?:(?<=\")[^\"\r\n]{1,500}|(?<=')[^'\r\n]{1,500}|(?:(?<=[\"']:)|(?<=[\"']: ))[^\s,}\]\"'*]{1,500}"
    r"|[^\s;|&\]\"'#*]{1,500})"
)
_ASSIGNS = r"(?:[\"']?\s{0,4}[:=]\s{0,4}[\"']?|%3D)"
_NOTED = re.compile(
    rf"((?<![\w-])(?:[\w-]{{0,30}}(?:{PASSWORDS})\d?(?:{_ASSIGNS}|\s{{1,4}}(?=\S{{3}})(?!through\b))"
    rf"|(?:[\w-]{{0,30}}[_-])?(?:{SHORT_PASSWORDS})\d?{_ASSIGNS}"
    rf"|[\w-]{{0,30}}{_KEYS.format('[ _-]?')}\d?{_ASSIGNS}|\w{{0,30}}{_KEYS.format('[_-]?')}\d?\s{{1,4}}))"
    rf"(?!//){_VALUE}",
    re.IGNORECASE,
)
_HEADERS = re.compile(
    r"((?<![\w-])(?:(?:proxy-)?authorization|(?:set-)?cookie)\s{0,4}:[ \t]{0,4})"
    r"(?!\s)(?:\"[^\"\r\n]{0,300}+\"|[^;|\]\r\n]){1,500}+(?:;\s{0,4}[\w.-]{1,60}=[^;|\]\r\n]{0,500}+){0,30}+",
    re.IGNORECASE,
)
"""To the end of the line, with the further parts of a cookie: `; name=value`."""
_HOOKS = re.compile(
    r"((?<![\w.-])(?:"
    r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/"
    r"|(?:(?:canary|ptb)\.)?discord(?:app)?\.com/api(?:/v\d{1,2})?/webhooks/"
    r"|api\.telegram\.org/(?:file/)?bot"
    r"|ntfy\.[\w.-]{1,100}/"
    r"|(?:[\w-]{1,63}\.)?webhook\.office\.com/webhookb2/"
    r"|maker\.ifttt\.com/use/"
    r"|[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,5}(?::\d{1,5})?|:\d{1,5})(?:/[^/\s?#\"']{1,60}){0,6}?"
    r"/(?:webhooks?(?:-test)?|hooks?|keys?|tokens?|secrets?|sessions?)/"
    r"))[^\s?;|\"']{1,300}",
    re.IGNORECASE,
)
"""Addresses whose path opens something, with a scheme and without."""


def names_a_password(name: str) -> bool:
    """Return whether a name of a setting says, in one of many languages, that its value is a password."""
    return _NAMED.search(_CAMEL.sub("_", name)) is not None


def without_noted_secrets(text: str, hide: Callable[[str], str]) -> str:
    """Return a text without the passwords, logins and addresses that notes and headers in it tell."""
    for pattern in (_HEADERS, _HOOKS, _NOTED):
        text = pattern.sub(lambda found: found[1] + hide(found[0][len(found[1]) :]), text)
    return text
