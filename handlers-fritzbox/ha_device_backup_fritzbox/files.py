"""The files in a backup: the export as the box names it, the lists of the phone, and a record of the box; pure.

A person may hand in an export alone, under any name, or a zip file with one beside other files.
"""

import re
from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, is_junk, json_object

from .export_file import is_export
from .translation import _

EXPORT_ENDING = ".export"
EXPORT = f"fritzbox{EXPORT_ENDING}"
"""The name where the box gives none, and the one under which two exports are compared."""
RECORD = "device.json"
CALL_BARRING = "call-barring.xml"
DEFLECTIONS = "deflections.xml"
CONFIGURATION_MISSING = "configuration_export"
"""The code of the note of a backup without the export."""

_ZIP = "application/zip"
_LARGEST_RECORD = 64 * 1024
_PHONEBOOK = re.compile(r"phonebook-\d{1,5}\.xml")
_EXPORT_NAME = re.compile(r"[\w .,!&()+-]{1,120}\.export", re.ASCII)


def phonebook(number: str) -> str:
    """Return the name of the file of a phone book."""
    return f"phonebook-{number}.xml"


def is_phonebook(name: str) -> bool:
    """Return whether it is one."""
    return bool(_PHONEBOOK.fullmatch(name))


def is_list(name: str) -> bool:
    """Return whether it is XML about the phone."""
    return is_phonebook(name) or name in {CALL_BARRING, DEFLECTIONS}


def export_name(suggested: str | None) -> str:
    """Return the name that the box suggests, if it is a plain one."""
    return suggested if suggested and _EXPORT_NAME.fullmatch(suggested) else EXPORT


def record_of(files: Mapping[str, bytes]) -> Mapping[str, object] | None:
    """Return what the record says of the box, None where there is none that can be read."""
    try:
        return json_object(files.get(RECORD, b""), largest=_LARGEST_RECORD)
    except JsonError:
        return None


def recorded_serial(artifact: Artifact) -> str | None:
    """Return the serial number in the record of a valid backup, None where there is no record."""
    serial = (record_of(artifact.files()) or {}).get("serial")
    return serial if isinstance(serial, str) and serial else None


def export_of(artifact: Artifact) -> bytes | None:
    """Return the export in a valid backup."""
    files = artifact.files()
    names = _exports(files) if artifact.media_type == _ZIP else list(files)
    return files[names[0]] if names else None


def files_by_role(artifact: Artifact) -> Mapping[str, bytes]:
    """Return the files with one name for the export, which carries a date; a single file is the export.

    What stands beside an export in a zip file that a person made does not count. Raises InvalidArtifactError when
    there is more than one export.
    """
    if artifact.media_type != _ZIP:
        return {EXPORT: artifact.content}
    files = artifact.files()
    exports = _exports(files)
    if len(exports) > 1:
        raise InvalidArtifactError(_("It holds more than one export."))
    is_ours = RECORD in files or not exports
    return {
        EXPORT if name in exports else name: content
        for name, content in files.items()
        if is_ours or name in exports or is_list(name)
    }


def _exports(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of the exports: by what they are, else by what they are called."""
    return [name for name, content in files.items() if is_export(content)] or [
        name for name in files if name.endswith(EXPORT_ENDING) and not is_junk(name)
    ]
