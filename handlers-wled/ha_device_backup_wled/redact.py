"""Show a backup without its secrets; pure.

A string is shown where its place is known to hold none; names of keys only hide more, whatever a usermod is called.
"""

import re
from collections.abc import Callable, Iterator

from ha_device_backup_core import Artifact, hidden
from ha_device_backup_core.toolkit import (
    JsonError,
    JsonObject,
    as_object,
    for_reading,
    is_drawn,
    names_a_password,
    without_noted_secrets,
)

from . import device_files
from .contents import contents
from .device_files import CONFIGURATION, INFO_RECORD, RECORD_FOLDER
from .json_files import below, parse
from .network import instances
from .recognize import SECTIONS, holds_presets

_SHOWN_FACTS = ("ver", "vid", "arch", "release", "brand", "product", "name", "mac")
_OPEN_PLACES = frozenset(
    {
        *("id.mdns", "id.name", "id.inv"),
        *("if.mqtt.broker", "if.mqtt.cid", "if.mqtt.topics.device", "if.mqtt.topics.group"),
        *("if.ntp.host", "if.sync.send.host"),
    }
)
"""Where a configuration holds strings that are no secret."""
_PRIVATE_NUMBERS = frozenset({"if.ntp.ln", "if.ntp.lt", "nw.ins.ip", "nw.ins.gw", "if.hue.ip"})
_PRIVATE_WORDS = frozenset(
    "psk pass password passwd passphrase pw pwd secret token key keys apikey api pem priv private auth authorization "  # noqa: SIM905
    "credential credentials login user username account code passcode cert certificate ssid pincode otp "
    "identity ident bearer cookie session webhook".split()
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HIGHEST_PIN_OF_A_CHIP = 99
_CODES = frozenset({"pin", "unlock", "disarm", "combination", "open"})
"""A number under these is a secret, except where it is that of a pin of the chip."""
_URL = re.compile(r"([a-z][a-z0-9+.-]{0,15}://)(?:[^\s/?#@\"']*@)?([^\s/?#\"']*)([/?#][^\s\"']*)?", re.IGNORECASE)
_LOGIN = re.compile(r"(?<![^\s/\"'(])[^\s/:@\"']{1,64}:[^\s/@\"']{1,64}@(?=[\w.-]*\.)")
"""A user and a password before a host without a scheme."""
_NOTED = re.compile(
    r"(?i:\b(pincode|psk|pw|pwd|pass|pin|code|\w{0,20}token\d?|secret|[\w-]{0,30}-key|bearer|basic)\b)"
    r"([\"']?\s?[:=]\s?[\"']?|%3D|\s)(?!through\b)(\S{3,})"
)
"""What a person notes beside a word for it: after a colon anything, else what has digits in it or follows a word that
means nothing else."""
_ONLY_A_SECRET = re.compile(r"(?i)bearer|\w+token")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_SIGNED = re.compile(r"\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+){0,4}")
_LONG_WORD = re.compile(r"(?<!REDACTED:)(?<![A-Za-z0-9+=])[A-Za-z0-9+=]{16,}")
_HIDDEN = "**REDACTED"
_ASSIGNED = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{1,40})=([^&\s\"']+)")
_SHORTEST_SECRET = 3
_LONG_NAME = 6
"""Shorter names of networks are words of everyday: `home`."""
_LONGEST_SHOWN = 256 * 1024
_MOST_ACCOUNTS = 100
"""Each is looked for in every text; a controller has room for a few."""
_MOST_SHOWN = 2 * 1024 * 1024
"""Bytes of all files together; indented they take many times that."""


def redact(artifact: Artifact) -> dict[str, str]:
    """Return the readable files, one line a value, without what names or opens networks and accounts."""
    files = contents(artifact).files
    accounts = sorted(set(_accounts(files.get(CONFIGURATION, b""))), key=len, reverse=True)
    shown: dict[str, str] = {}
    if len(accounts) > _MOST_ACCOUNTS:
        return shown
    left = _MOST_SHOWN
    for name, content in sorted(files.items()):
        if len(content) <= min(left, _LONGEST_SHOWN) and (text := _shown(name, content, accounts)) is not None:
            left -= len(content)
            shown[name] = text
    return shown


def _shown(name: str, content: bytes, accounts: list[str]) -> str | None:
    if name.endswith(".css"):
        return _masked(content.decode("utf-8", "replace"), accounts)
    if not name.endswith(".json") or (name.startswith(f"{RECORD_FOLDER}/") and name != INFO_RECORD):
        return None
    try:
        value = parse(content, first=True)
    except JsonError:
        return None
    if name == INFO_RECORD:
        value = {key: fact for key, fact in as_object(value).items() if key in _SHOWN_FACTS}
    elif _has_free_texts(name, content):
        value = _hidden(value, "", lambda text, _: _masked(text, accounts))
    else:
        value = _hidden(value, "", lambda text, path: _masked(text, accounts) if path in _OPEN_PLACES else hidden(text))
    return for_reading(value)


def _has_free_texts(name: str, content: bytes) -> bool:
    """Return whether the texts in a file are those of a person for the screen; all other files can be anything."""
    known = device_files.is_known(name) and name not in {
        CONFIGURATION,
        *device_files.MADE_BY_DEVICE,
        *device_files.SECRET,
    }
    return known or holds_presets(content)


def _hidden(value: object, path: str, text: Callable[[str, str], str]) -> object:
    if isinstance(value, dict):
        return {key: _hidden_at(key, inner, below(path, key), text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner, path, text) for inner in value]
    if isinstance(value, str):
        return text(value, path) if value else value
    return value


def _hidden_at(key: str, value: object, path: str, text: Callable[[str, str], str]) -> object:
    if value in ("", None):
        return value
    if path in _PRIVATE_NUMBERS:
        return hidden(value)
    if isinstance(value, dict | list):
        return _hidden(value, path, text)
    words = {word.lower() for word in _WORD.findall(key)}
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        is_code = (
            bool(words & _PRIVATE_WORDS) or names_a_password(key) or (words & _CODES and value > _HIGHEST_PIN_OF_A_CHIP)
        )
        return hidden(value) if is_code and path.partition(".")[0] not in SECTIONS - {"um"} else value
    return (
        hidden(value)
        if (words & _PRIVATE_WORDS or "pin" in words) and path not in _OPEN_PLACES
        else _hidden(value, path, text)
    )


def _accounts(configuration: bytes) -> Iterator[str]:
    """Yield the names of networks and accounts, which turn up in topics and addresses as well."""
    try:
        found = as_object(parse(configuration, first=True))
    except JsonError:
        return
    mqtt = as_object(as_object(found.get("if")).get("mqtt"))
    names: list[object] = [mqtt.get("user"), *_strings(instances(found))]
    yield from (name for name in names if isinstance(name, str) and len(name) >= _SHORTEST_SECRET)


def _strings(networks: list[JsonObject]) -> Iterator[object]:
    for network in networks:
        yield from (network.get(key) for key in ("e_ident", "e_anon_ident", "psk"))
        name = network.get("ssid")
        yield name if isinstance(name, str) and len(name) >= _LONG_NAME else None


def _masked(text: str, accounts: list[str]) -> str:
    for account in accounts:
        text = text.replace(account, hidden(account))
    text = without_noted_secrets(_LOGIN.sub("", _URL.sub(_masked_url, text)), hidden)
    text = _NOTED.sub(_masked_note, _ASSIGNED.sub(_masked_value, text))
    for token_form in (_SIGNED, _UUID):
        text = token_form.sub(lambda token: hidden(token[0]), text)
    return _LONG_WORD.sub(_without_token, text)


def _masked_note(noted: re.Match[str]) -> str:
    """Hide what a note tells; `Code red` and `Key light` are names."""
    word, between, value = noted.groups()
    is_secret = between.strip() or _ONLY_A_SECRET.fullmatch(word) or any(map(str.isdigit, value))
    return f"{word}{between}{hidden(value)}" if is_secret and not value.startswith(_HIDDEN) else noted[0]


def _without_token(word: re.Match[str]) -> str:
    return hidden(word[0]) if is_drawn(word[0]) else word[0]


def _masked_value(assigned: re.Match[str]) -> str:
    words = {word.lower() for word in _WORD.findall(assigned[1])}
    return f"{assigned[1]}={hidden(assigned[2])}" if words & _PRIVATE_WORDS else assigned[0]


def _masked_url(url: re.Match[str]) -> str:
    scheme, host, rest = url.groups()
    return f"{scheme}{host}" + (f"/{hidden(rest)}" if rest and rest != "/" else "")
