"""Some files of a backup, to be put back without the others; pure."""

from collections.abc import Collection

from ha_device_backup_core import Artifact, RestoreRejectedError
from ha_device_backup_core.toolkit import canonical, name_list

from .contents import PART, contents
from .device_files import RECORD_FOLDER, SIZES_RECORD
from .translation import _


def part_of(artifact: Artifact, wanted: Collection[str]) -> Artifact:
    """Return a valid artifact with these files alone, and what tells where they are from.

    Raises RestoreRejectedError where it does not hold one of them.
    """
    held = contents(artifact).files
    records = {name for name in held if name.startswith(f"{RECORD_FOLDER}/")}
    own = held.keys() - records
    if set(wanted) - own:
        raise RestoreRejectedError(_("Choose from the files of this backup: {files}.", files=name_list(own)))
    files = {name: held[name] for name in held if name in wanted or name in records}
    if SIZES_RECORD in files:
        files[SIZES_RECORD] = canonical({name: len(held[name]) for name in wanted})
    return Artifact.bundle(
        files,
        filename=artifact.filename,
        attributes={**artifact.attributes, PART: "yes"},
        missing=artifact.missing,
    )
