"""Tell a backup of a device from what is none; pure."""

from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError, Note, UnsupportedDeviceError

from . import device_files
from . import validation_texts as texts
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import Dump, damaged_drivers, parse_dump
from .json_files import JsonError, parse_object
from .status import TasmotaStatus, parse_status


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    files = artifact.files()
    dump = dump_in(files)
    doubts = []
    if record_in(files) is None:
        doubts.append(Note(code="origin_unknown", text=texts.NO_RECORD))
    if broken := damaged_drivers(dump):
        doubts.append(Note(code="drivers_damaged", text=texts.damaged_drivers(broken)))
    return tuple(doubts)


def dump_in(files: Mapping[str, bytes]) -> Dump:
    """Return the settings in a backup; raise InvalidArtifactError where there are none."""
    found = device_files.dump_of(files)
    if found is None:
        raise InvalidArtifactError(texts.absent(CONFIGURATION))
    return parse_dump(*found)


def record_in(files: Mapping[str, bytes]) -> TasmotaStatus | None:
    """Return the record of who was backed up, None where there is none; raise InvalidArtifactError for a bad one."""
    if device_files.is_bare(files):
        return None
    try:
        return parse_status(parse_object(files[STATUS_RECORD]))
    except (JsonError, UnsupportedDeviceError) as error:
        raise InvalidArtifactError(texts.BAD_RECORD) from error
