"""Tell a backup of a box from what is none; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError, Note

from .checksum import has_right_checksum
from .contacts import is_whole_list
from .export_file import parse_export
from .files import CONFIGURATION_MISSING, EXPORT, RECORD, files_by_role, is_list, record_of
from .translation import _
from .xml_parts import is_flawless


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return doubts and remarks about a backup or about an export from the page of the box; raise for what is neither.

    The export decides: whatever a list beside it looks like is a remark.
    """
    files = files_by_role(artifact)
    if RECORD in files and record_of(files) is None:
        raise InvalidArtifactError(_("device.json is missing or cannot be read."))
    if EXPORT not in files and not any(note.code == CONFIGURATION_MISSING for note in artifact.missing):
        raise InvalidArtifactError(_("The export of the settings is missing in it, and nothing says why."))
    doubts = _doubts(files[EXPORT]) if EXPORT in files else ()
    return (
        *doubts,
        *(_remark(name, files[name]) for name in sorted(filter(is_list, files)) if not _is_fine(files[name])),
    )


def _doubts(content: bytes) -> tuple[Note, ...]:
    if has_right_checksum(parse_export(content)):
        return ()
    return (
        Note(
            code="checksum",
            text=_(
                "The checksum in the export does not fit its content, although it is complete. The FRITZ!Box "
                "may refuse it."
            ),
        ),
    )


def _is_fine(content: bytes) -> bool:
    return is_whole_list(content) and is_flawless(content)


def _remark(name: str, content: bytes) -> Note:
    if is_whole_list(content):
        odd = _(
            "{name} is kept as the FRITZ!Box sent it, but is no correct XML. Other programs may not read it.",
            name=name,
        )
        return Note(code=f"list_odd:{name}", text=odd, is_remark=True)
    broken = _("{name} is no whole list. The rest of the backup is good.", name=name)
    return Note(code=f"list_broken:{name}", text=broken, is_remark=True)
