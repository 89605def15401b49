"""Tell a backup of a device from what is none; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError, Note, UnsupportedDeviceError

from . import validation_texts as texts
from .contents import Contents, contents_of
from .decoded import Decoded, TextPlace
from .dump import Dump, damaged_drivers, parse_dump
from .hiding import Hiding
from .json_files import JsonError, parse_object
from .shown import shown
from .status import TasmotaStatus, parse_status


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    contents = contents_of(artifact)
    dump = parse_dump(contents.name, contents.dump)
    doubts = []
    if record_of(contents) is None:
        text = texts.no_record(_name(dump), f"Tasmota {dump.version_text}, {dump.chip}", dump.saved_at)
        doubts.append(Note(code="origin_unknown", text=text))
    if broken := damaged_drivers(dump):
        doubts.append(Note(code="drivers_damaged", text=texts.damaged_drivers(broken)))
    return tuple(doubts)


def record_of(contents: Contents) -> TasmotaStatus | None:
    """Return the record of who was backed up, None where there is none; raise InvalidArtifactError for a bad one."""
    if contents.record is None:
        return None
    try:
        return parse_status(parse_object(contents.record))
    except (JsonError, UnsupportedDeviceError) as error:
        raise InvalidArtifactError(texts.BAD_RECORD) from error


def _name(dump: Dump) -> str:
    decoded = Decoded(dump)
    name = decoded.text(TextPlace.DEVICE_NAME) or decoded.text(TextPlace.FRIENDLY_NAME)
    return Hiding.of(decoded).text(shown(name))
