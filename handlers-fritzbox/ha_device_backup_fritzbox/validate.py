"""Tell a backup of a box from what is none; pure."""

import json
from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError, Note

from . import validation_texts as texts
from .checksum import has_right_checksum
from .export_file import parse_export
from .files import CONFIGURATION_MISSING, EXPORT, RECORD, files_by_role, is_list
from .xml_parts import XmlError, parse_xml


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup or about an export from the page of the box; raise for what is neither."""
    files = files_by_role(artifact)
    for name in filter(is_list, files):
        _check_list(name, files[name])
    if artifact.media_type == "application/zip":
        _check_record(files)
    if EXPORT in files:
        return _doubts(files[EXPORT])
    if not any(note.code == CONFIGURATION_MISSING for note in artifact.missing):
        raise InvalidArtifactError(texts.NO_CONFIGURATION)
    return ()


def _doubts(content: bytes) -> tuple[Note, ...]:
    if has_right_checksum(parse_export(content)):
        return ()
    return (Note(code="checksum", text=texts.CHECKSUM),)


def _check_list(name: str, content: bytes) -> None:
    try:
        parse_xml(content)
    except XmlError as error:
        raise InvalidArtifactError(texts.no_list(name)) from error


def _check_record(files: Mapping[str, bytes]) -> None:
    try:
        record = json.loads(files.get(RECORD, b""))
    except (ValueError, RecursionError) as error:
        raise InvalidArtifactError(texts.NO_RECORD) from error
    if not isinstance(record, dict):
        raise InvalidArtifactError(texts.NO_RECORD)
