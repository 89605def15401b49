"""Show a backup without its secrets: by what a value is and where it stands; pure."""

import hashlib
import re
from collections.abc import Iterable, Iterator

from ha_device_backup_core import Artifact, InvalidArtifactError, hidden
from ha_device_backup_core.toolkit import names_a_password, readable

from .contacts import Contact, books, deflections
from .export_file import ENCODING, MAX_PARSED_EXPORT, Export, Header, Section, parse_export
from .files import CALL_BARRING, DEFLECTIONS, EXPORT, RECORD, files_by_role, is_phonebook
from .normalize import normalize_export
from .settings import Setting, quoted, read_settings

_NOTHING = frozenset({"", "(time)", "0.0.0.0", "::", "00:00:00:00:00:00"})  # noqa: S104 - no address of anybody
_WORDS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+")
_SECRETS = frozenset(
    {
        *("atok", "bearer", "credentials", "key", "nonce", "otp", "pass", "pin", "pins", "puk", "pw", "pwd", "pwlist"),
        *("pws", "rtok", "salt", "seed", "ticket", "totp", "userpass"),
    }
)
"""Words of keys whose values open something."""
_SECRET_STEMS = re.compile(
    r"passw|passphrase|kennwort|secret|token|psk|(?:api|auth|priv|private|public|pre|preshared|shared)key|privat"
)
"""Parts of words, which are in no other words."""
_OF_DOORS = frozenset({"access", "alarm", "door", "lock", "remote", "unlock"})
"""Words of keys whose codes open something; other codes are those of countries and of actions."""
_PERSONAL = frozenset(
    {
        "account",
        "accountname",
        "auth",
        "authname",
        "authorization",
        "authuser",
        "callerid",
        "cookie",
        "deviceid",
        "devicename",
        "displayname",
        "domain",
        "email",
        "from",
        "fqdn",
        "homedir",
        "host",
        "hostname",
        "iccid",
        "imei",
        "imsi",
        "ipui",
        "lat",
        "latitude",
        "login",
        "lon",
        "longitude",
        "mac",
        "mail",
        "msn",
        "number",
        "outbound",
        "phone",
        "phonenumber",
        "proxy",
        "registrar",
        "remotehost",
        "remoteid",
        "serial",
        "session",
        "sid",
        "sip",
        "smtp",
        "ssid",
        "ssidcopy",
        "to",
        "uri",
        "url",
        "user",
        "userid",
        "username",
        "uuid",
    }
)
"""Words of keys whose values name somebody, or the way to them."""
_PUBLIC = frozenset({("ddns", "types"), ("ddns", "provider"), ("nqos",), ("webui",)})
"""Blocks that hold what is the same in every box."""
_OF_PEOPLE = frozenset({"boxusers", "connections", "landevices", "voip_forwarding", "users2", "client_stations"})
"""Blocks whose names are those of people and of what they own."""
_BARE = re.compile(r"(=\s*+)([^\s\";{}]++(?:\s++[^\s\";{}]++)*+)(\s*+;?\s*+)\Z")
_SWITCHES = frozenset({"yes", "no"})
_PLAIN = re.compile(r"(?:\d{1,3}|\d+[smhdw]|[a-z][a-z0-9]*(?:_[a-z0-9]+)*|e[A-Z][A-Za-z]+)", re.ASCII)
_ENCRYPTED = re.compile(r"\$\$\$\$(?:[A-Z1-6]+|\(\d+\))")
_PRIVATE_VALUES = (
    re.compile(r"^\+?[\d /()#*-]{4,}$"),  # a phone number
    re.compile(r"[^\s@]{1,200}@[^\s@]"),  # a mail address, a login in a URL
    re.compile(r"(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"),  # a MAC
    re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}"),  # a UUID
    re.compile(r"-----BEGIN|^Base64:"),
    re.compile(r"://[^\s?]{0,500}\?"),  # a URL with something to log in with, maybe
    re.compile(r"/(?:api|bot\d*|hooks?|keys?|sessions?|tokens?|webhooks?)(?:/|:|\d)[^\s/]"),  # a way in, in a path
    re.compile(r"^(?:Basic|Bearer)\s", re.IGNORECASE),
    re.compile(r"(?<![\w+/=-])(?=[^\s]{0,300}\d)[A-Za-z0-9+/=_-]{24,}(?![\w+/=-])"),  # a key
)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"')
_ACCOUNTS = frozenset(
    {"accountname", "authname", "authuser", "email", "iccid", "imsi", "login", "ssid", "user", "username"}
)
"""Words of keys whose values turn up in addresses, topics and names as well."""
_SHORTEST_COPY = 6
_MOST_COPIES = 100
"""Each is looked for in every text."""
_LONGEST_SHOWN = 2000
_DIGEST_DIGITS = 12
_OF_DEFLECTION = ("DeflectionId", "Enable", "Type", "Mode", "Outgoing")
"""What is shown of a call diversion; the rest are numbers."""


def redact(artifact: Artifact) -> dict[str, str]:
    """Return the settings and lists for people to read and compare; a file that cannot be read is left out."""
    shown = {}
    for name, content in files_by_role(artifact).items():
        try:
            text = _shown(name, content)
        except InvalidArtifactError:
            continue
        if text is not None:
            shown[name] = text
    return shown


def _shown(name: str, content: bytes) -> str | None:
    if name == EXPORT:
        if len(content) > MAX_PARSED_EXPORT:
            return None
        return "\n".join(_export_lines(normalize_export(parse_export(content))))
    if is_phonebook(name) or name == CALL_BARRING:
        return "\n".join(map(_contact_line, books(content))) or None
    if name == DEFLECTIONS:
        return "\n".join(_deflection_lines(content)) or None
    return readable(content) if name == RECORD else None


def _export_lines(export: Export) -> Iterator[str]:
    copies = _copies(export)
    yield _readable(export.model)
    for part in export.parts:
        if isinstance(part, Header):
            line = _readable(part.line)
            yield f"Password={hidden(line)}" if part.key == "Password" else _ENCRYPTED.sub(_hidden_match, line)
            continue
        yield f"[{_readable(part.name)}]"
        yield from _setting_lines(part.lines, copies) if part.is_text else (_summary(part),)


def _copies(export: Export) -> re.Pattern[str]:
    """Return what finds the values of secrets and accounts at other places, where no key tells what they are."""
    values = {
        found[1]
        for section in export.sections
        if section.is_text
        for setting in read_settings(map(_readable, section.lines))
        if not setting.in_text and (_is_secret(setting.key) or _words(setting.key) & _ACCOUNTS)
        for found in quoted(setting.line)
        if _SHORTEST_COPY <= len(found[1]) <= _LONGEST_SHOWN and not _ENCRYPTED.match(found[1])
    }
    longest_first = sorted(values - _NOTHING, key=lambda value: (-len(value), value))[:_MOST_COPIES]
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _summary(section: Section) -> str:
    """Tell whether a section changed without telling what is in it."""
    if section.is_encrypted:
        return f"encrypted {section.body}"
    data = section.body.encode(ENCODING)
    return f"{len(data)} characters, SHA-256 {hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS]}"


def _setting_lines(lines: Iterable[str], copies: re.Pattern[str]) -> Iterator[str]:
    """Hide private values; a value may go on over several lines, inside a text too."""
    for setting in read_settings(map(_readable, lines)):
        if setting.in_text or len(setting.line) > _LONGEST_SHOWN:
            yield f"{setting.key} = {hidden(setting.line)}"
        else:
            yield _TEXT.sub(lambda text: copies.sub(_hidden_match, text[0]), _hidden_line(setting))


def _readable(line: str) -> str:
    return readable(line.encode(ENCODING))


def _hidden_line(setting: Setting) -> str:
    private = _is_secret(setting.key) or _is_personal(setting)
    pieces, end = [], 0
    for found in quoted(setting.line):
        pieces += [setting.line[end : found.start()], f'"{_hidden_value(found[1], private=private)}"']
        end = found.end()
    line = "".join((*pieces, setting.line[end:]))
    if not pieces and setting.key:
        line = _BARE.sub(lambda found: f"{found[1]}{_hidden_bare(setting, found[2])}{found[3]}", line)
    return _ENCRYPTED.sub(_hidden_match, line)


def _hidden_match(found: re.Match[str]) -> str:
    return hidden(found[0])


def _is_secret(key: str) -> bool:
    """Return whether what stands under that key opens something."""
    words = _words(key)
    return (
        bool(words & _SECRETS)
        or any(map(_SECRET_STEMS.search, words))
        or names_a_password(key)
        or ("code" in words and bool(words & _OF_DOORS))
    )


def _is_personal(setting: Setting) -> bool:
    """Return whether what stands under that key at that place names somebody."""
    if any(setting.path[: len(public)] == public for public in _PUBLIC):
        return False
    words = _words(setting.key)
    return bool(words & _PERSONAL) or ("name" in words and bool(_OF_PEOPLE & set(setting.path)))


def _words(key: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(key)} | {key.lower()}


def _hidden_value(value: str, *, private: bool) -> str:
    return hidden(value) if value not in _NOTHING and (private or _looks_private(value)) else value


def _hidden_bare(setting: Setting, value: str) -> str:
    """Switches, choices and small numbers tell nothing about anybody, whatever they are called."""
    if value in _NOTHING or value in _SWITCHES:
        return value
    if _is_secret(setting.key):
        return hidden(value)
    if _PLAIN.fullmatch(value) or (value.isdecimal() and not _is_personal(setting)):
        return value
    return _hidden_value(value, private=_is_personal(setting))


def _looks_private(value: str) -> bool:
    return any(pattern.search(value) for pattern in _PRIVATE_VALUES)


def _contact_line(entry: str | Contact) -> str:
    if isinstance(entry, str):
        return f"# {entry}".rstrip()
    name = _hidden_value(entry.name.strip(), private=False)
    return _one_line(f"{name}: {', '.join(entry.types)} {hidden(entry.private)} {entry.changed}")


def _deflection_lines(content: bytes) -> Iterator[str]:
    for item in deflections(content):
        facts = (f"{key}={item.get(key, '').strip()}" for key in _OF_DEFLECTION)
        private = sorted((key, value.strip()) for key, value in item.items() if key not in _OF_DEFLECTION)
        yield _one_line(f"{' '.join(facts)} {hidden(private)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
