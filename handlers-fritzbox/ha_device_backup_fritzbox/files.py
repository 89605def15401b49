"""The files in a backup: the export as the box names it, the lists of the phone, and a record of the box; pure."""

import json
import re
from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError

from . import validation_texts as texts

EXPORT_ENDING = ".export"
EXPORT = f"fritzbox{EXPORT_ENDING}"
"""The name where the box gives none, and the one under which two exports are compared."""
RECORD = "device.json"
CALL_BARRING = "call-barring.xml"
DEFLECTIONS = "deflections.xml"
CONFIGURATION_MISSING = "configuration_export"
"""The code of the note of a backup without the export."""

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


def recorded_serial(artifact: Artifact) -> str | None:
    """Return the serial number in the record of a valid backup, None for an export alone."""
    if artifact.media_type != "application/zip":
        return None
    serial = json.loads(artifact.files()[RECORD]).get("serial")
    return serial if isinstance(serial, str) and serial else None


def files_by_role(artifact: Artifact) -> Mapping[str, bytes]:
    """Return the files with one name for the export, which carries a date; a single file is the export.

    Raises InvalidArtifactError when there is more than one export.
    """
    if artifact.media_type != "application/zip":
        return {EXPORT: artifact.content}
    files = artifact.files()
    exports = [name for name in files if name.endswith(EXPORT_ENDING)]
    if len(exports) > 1:
        raise InvalidArtifactError(texts.SEVERAL_EXPORTS)
    return {EXPORT if name in exports else name: content for name, content in files.items()}
