"""Show a backup without its secrets; pure."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from ha_device_backup_core import Artifact, InvalidArtifactError

from .export_file import ENCODING, Export, Header, Section, parse_export
from .files import CALL_BARRING, DEFLECTIONS, EXPORT, RECORD, files_by_role, is_phonebook
from .normalize import normalize_export
from .xml_parts import XmlError, child_text, descendants, parse_xml

_HIDDEN = "**REDACTED**"
_PRIVATE = re.compile(
    r"pass|pwd|psk|pskvalue|secret|token|key|cert|cred|auth|ident|user|login|account|mail|ssid|imei|iccid|imsi|pin$|^pins?_"
    r"|msn|number|phone|callerid|displayname|serial|sip|registrar|domain|url|uuid|hash|salt|(^|_)mac(addr)?$|^mac|ddns|^id$",
    re.IGNORECASE,
)
_KEY = re.compile(r"^\s*([\w.-]+)\s*=")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ENCRYPTED = re.compile(r"\$\$\$\$(?:[A-Z1-6]+|\(\d+\))")
_BARE_VALUE = re.compile(r"=\s*(?:\d{4,}|[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2})+)(?=\s*;)")
_PRIVATE_VALUES = (
    re.compile(r"^\+?[\d /()#*-]{4,}$"),  # a phone number
    re.compile(r"[^\s@]+@[^\s@]+"),
    re.compile(r"(?<![\w+/=-])(?=[^\s]*\d)[A-Za-z0-9+/=_-]{24,}(?![\w+/=-])"),  # a key
)
_DIGEST_DIGITS = 12


def redact(artifact: Artifact) -> dict[str, str]:
    """Return the settings and lists for people to read and compare; a file that cannot be read is left out."""
    shown = {}
    for name, content in files_by_role(artifact).items():
        try:
            text = _shown(name, content)
        except (InvalidArtifactError, XmlError):
            continue
        if text is not None:
            shown[name] = text
    return shown


def _shown(name: str, content: bytes) -> str | None:
    if name == EXPORT:
        return "\n".join(_export_lines(normalize_export(parse_export(content))))
    if is_phonebook(name) or name == CALL_BARRING:
        return "\n".join(_contact_lines(parse_xml(content)))
    if name == DEFLECTIONS:
        return "\n".join(_deflection_lines(parse_xml(content)))
    return content.decode("utf-8", "replace") if name == RECORD else None


def _export_lines(export: Export) -> Iterator[str]:
    yield export.model
    for part in export.parts:
        if isinstance(part, Header):
            yield part.line if part.key != "Password" else f"Password={_HIDDEN}"
            continue
        yield f"[{part.name}]"
        yield from _setting_lines(part.lines) if part.is_text else (_summary(part),)


def _summary(section: Section) -> str:
    """Tell whether a section changed without telling what is in it."""
    if section.is_encrypted:
        return f"encrypted {' '.join(section.lines)}"
    data = "\n".join(section.lines).encode(ENCODING)
    return f"{len(data)} characters, SHA-256 {hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS]}"


def _setting_lines(lines: Sequence[str]) -> Iterator[str]:
    """Hide private values; a value may go on over several lines, inside a text too."""
    key, goes_on, in_text = "", False, False
    for raw in lines:
        line = raw.encode(ENCODING).decode("utf-8", "replace")
        if not goes_on and not in_text:
            found = _KEY.match(line)
            key = found[1] if found else ""
        was_in_text, in_text = in_text, in_text ^ bool(_QUOTED.sub("", line).count('"') % 2)
        goes_on = bool(key) and not line.rstrip().endswith((";", "{", "}"))
        yield f"{key} = {_HIDDEN}" if was_in_text or in_text else _hidden_line(key, line)


def _hidden_line(key: str, line: str) -> str:
    private = bool(_PRIVATE.search(key))
    line = _QUOTED.sub(lambda quoted: f'"{_hidden_value(quoted[1], private=private)}"', line)
    if private:
        line = _BARE_VALUE.sub(f"= {_HIDDEN}", line)
    return _ENCRYPTED.sub(_HIDDEN, line)


def _hidden_value(value: str, *, private: bool) -> str:
    if not value or value == "(time)":
        return value
    if private or any(pattern.search(value) for pattern in _PRIVATE_VALUES):
        return _HIDDEN
    return value


def _contact_lines(root: Element) -> Iterator[str]:
    for book in descendants(root, "phonebook"):
        yield f"# {book.get('name', '')}".rstrip()
        for contact in descendants(book, "contact"):
            person = next(descendants(contact, "person"), contact)
            numbers = [number.get("type", "") for number in descendants(contact, "number")]
            changed = child_text(contact, "mod_time")
            yield _one_line(f"{child_text(person, 'realName')}: {', '.join(numbers)} (numbers hidden) {changed}")


def _deflection_lines(root: Element) -> Iterator[str]:
    for item in descendants(root, "Item"):
        facts = (f"{key}={child_text(item, key)}" for key in ("DeflectionId", "Enable", "Type", "Mode", "Outgoing"))
        yield _one_line(f"{' '.join(facts)} (numbers hidden)")


def _one_line(text: str) -> str:
    return " ".join(text.split())
