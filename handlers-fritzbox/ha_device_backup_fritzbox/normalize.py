"""Leave out of a backup what differs at every export; pure.

What the box encrypts has another key and another form in each export. Of an encrypted value only its presence and its
length count, so a changed password of about the same length is not noticed.
"""

import re
from dataclasses import replace

from ha_device_backup_core import Artifact, InvalidArtifactError

from .export_file import Export, Header, Section, parse_export
from .files import EXPORT, files_by_role, is_list
from .xml_parts import XmlError, canonical_xml, children, descendants, parse_xml

_ENCRYPTED = re.compile(r"\$\$\$\$([A-Z1-6]+)")
_EXPORTED_AT = re.compile(r" \* [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")
_LINES_OF_COMMENT = 5
_TIME = re.compile(r'^(\s*(\w+)\s*=\s*)"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"')
_KEPT_BY_THE_BOX = frozenset(
    {
        "LastInformReq",
        "LastSuccessfulContact",
        "atok_expire",
        "auto_update_last_check_time",
        "bpjm_update_check_successful",
        "checked_time",
        "fwupdatehintmail_time",
        "googleauth_setupdate",
        "last_check",
        "next_keepalive",
        "no_update_found_time",
        "strato_hidrive_atok_expire",
        "tcom_hidrive_atok_expire",
        "ticket_valid_time",
        "timestamp",
        "update_found_time",
        "update_time",
    }
)
"""Times that the box writes by itself; any other time counts as a setting."""
_CALLS = "calllog"
_NO_CHECKSUM = "00000000"


def normalize(artifact: Artifact) -> dict[str, bytes]:
    """Return the files by role, each without what changes by itself."""
    return {name: _normalized(name, content) for name, content in files_by_role(artifact).items()}


def _normalized(name: str, content: bytes) -> bytes:
    try:
        if name == EXPORT:
            return normalize_export(parse_export(content)).to_bytes()
        if is_list(name):
            return normalize_list(content)
    except (InvalidArtifactError, XmlError):
        pass
    return content


def normalize_export(export: Export) -> Export:
    """Return the export without keys, times and the list of calls."""
    return replace(export, parts=tuple(map(_lasting, export.parts)), checksum=_NO_CHECKSUM)


def normalize_list(content: bytes) -> bytes:
    """Return a list without the time at which it was made; raises XmlError."""
    root = parse_xml(content)
    for book in descendants(root, "phonebook"):
        for made_at in list(children(book, "timestamp")):
            book.remove(made_at)
    return canonical_xml(root)


def _lasting(part: Header | Section) -> Header | Section:
    if isinstance(part, Header):
        return Header(line=_lengths_only(part.line))
    if part.is_text:
        return replace(part, lines=tuple(_lasting_lines(part.lines)))
    if part.is_encrypted and (data := part.data()):
        return replace(part, lines=(f"({len(data)} bytes)",))
    if part.name == _CALLS:
        return replace(part, lines=("",))
    return part


def _lasting_lines(lines: tuple[str, ...]) -> list[str]:
    return [
        _without_time(_lengths_only(line))
        for number, line in enumerate(lines)
        if number >= _LINES_OF_COMMENT or not _EXPORTED_AT.fullmatch(line)
    ]


def _lengths_only(line: str) -> str:
    return _ENCRYPTED.sub(lambda found: f"$$$$({len(found[1])})", line)


def _without_time(line: str) -> str:
    found = _TIME.match(line)
    if found is None or found[2] not in _KEPT_BY_THE_BOX:
        return line
    return f'{found[1]}"(time)"{line[found.end() :]}'
