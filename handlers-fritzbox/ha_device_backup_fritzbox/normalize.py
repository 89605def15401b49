"""Leave out of a backup what differs at every export, and what the box changes by itself; pure.

What the box encrypts has another key and another form in each export. Of an encrypted value only its presence and its
length count, so a changed password of about the same length is not noticed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

from ha_device_backup_core import Artifact, InvalidArtifactError

from .contacts import normalize_list, without_noted_times
from .export_file import MAX_PARSED_EXPORT, Export, Header, Section, parse_export
from .files import EXPORT, files_by_role, is_list
from .home_network import without_state
from .noted import without_counters, without_time
from .settings import read_settings

_ENCRYPTED = re.compile(r"\$\$\$\$([A-Z1-6]+)")
_EXPORTED_AT = re.compile(r" \* [A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})")
_LINES_OF_COMMENT = 5
_CALL_HISTORIES = frozenset({"calllog", "fx_cg"})
_CALL_HISTORY = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<calllog\b")
_COUNTERS = frozenset({"ahanet.cfg", "dect_misc", "stat.cfg", "tamconf"})
"""Sections of which only the length counts: measurements and states of radio are in them, at places nobody knows."""
_NO_CHECKSUM = "00000000"


def normalize(artifact: Artifact) -> dict[str, bytes]:
    """Return the files by role, each without what changes by itself."""
    return {name: _normalized(name, content) for name, content in files_by_role(artifact).items()}


def normalize_export(export: Export) -> Export:
    """Return the export without keys, times, what the box notes about the network, and the list of calls."""
    return replace(export, parts=tuple(map(_lasting, export.parts)), checksum=_NO_CHECKSUM)


def exported_at(section: Section) -> datetime | None:
    """Return when the box wrote a section with settings, by its own clock; None where it does not tell."""
    for number, line in enumerate(section.lines):
        if number >= _LINES_OF_COMMENT:
            break
        if found := _EXPORTED_AT.fullmatch(line):
            try:
                return datetime.strptime(found[1], "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
            except ValueError:
                return None
    return None


def _normalized(name: str, content: bytes) -> bytes:
    if name == EXPORT and len(content) <= MAX_PARSED_EXPORT:
        try:
            return normalize_export(parse_export(content)).to_bytes()
        except InvalidArtifactError:
            return content
    return normalize_list(content) if is_list(name) else content


def _lasting(part: Header | Section) -> Header | Section:
    if isinstance(part, Header):
        return Header(line=_lengths_only(part.line))
    if part.is_text:
        return replace(part, body=_joined(_lasting_lines(part)))
    data = part.data()
    if data is None:
        return part
    if part.is_encrypted or part.name in _COUNTERS:
        return replace(part, body=f"({len(data)} bytes)")
    if part.name in _CALL_HISTORIES or _CALL_HISTORY.match(data):
        return replace(part, body="")
    noted = without_counters(without_noted_times(data))
    return part if noted == data else replace(part, body=noted.decode("latin-1"))


def _lasting_lines(section: Section) -> Iterator[str]:
    written = exported_at(section)
    lines = (
        line
        for number, line in enumerate(section.lines)
        if number >= _LINES_OF_COMMENT or not _EXPORTED_AT.fullmatch(line)
    )
    for setting in without_state(read_settings(lines)):
        line = _lengths_only(setting.line)
        yield line if setting.in_text else without_time(setting._replace(line=line), written)


def _joined(lines: Iterable[str]) -> str:
    """Return the lines as one text, without a list of them in between."""
    written = StringIO()
    written.writelines(f"{line}\n" for line in lines)
    return written.getvalue().removesuffix("\n")


def _lengths_only(line: str) -> str:
    return _ENCRYPTED.sub(lambda found: f"$$$$({len(found[1])})", line)
