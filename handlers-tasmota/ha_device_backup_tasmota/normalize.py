"""Leave out of a backup what changes by itself; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError

from . import device_files
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import Dump, parse_dump
from .json_files import JsonError, as_object, canonical, parse_object
from .volatile import lasting_driver, lasting_settings

_LASTING_FACTS = {"StatusFWR": ("Version", "Hardware"), "StatusNET": ("Mac",)}


def normalize(artifact: Artifact) -> dict[str, bytes]:
    """Return the files in one form: the dump readable and without counters, of the record what lasts."""
    files = dict(artifact.files())
    found = device_files.dump_of(files)
    parts: dict[str, bytes] = {}
    if found is not None:
        parts = _parts(*found)
        if parts:
            del files[found[0]]
    if STATUS_RECORD in files:
        files[STATUS_RECORD] = _lasting_record(files[STATUS_RECORD])
    drivers = {name: lasting_driver(name.rpartition("/")[2], data) for name, data in files.items() if _is_driver(name)}
    return files | drivers | parts


def parts_of(dump: Dump) -> dict[str, bytes]:
    """Return what lasts of a dump: the settings and those of each driver."""
    drivers = {f"{CONFIGURATION}{name}": lasting_driver(name, content) for name, content in dump.drivers.items()}
    return {CONFIGURATION: lasting_settings(dump), **drivers}


def _parts(name: str, content: bytes) -> dict[str, bytes]:
    try:
        return parts_of(parse_dump(name, content))
    except InvalidArtifactError:
        # What is normalised already is no dump any more: it has no checksum.
        return {}


def _is_driver(name: str) -> bool:
    return name.startswith(f"{device_files.FILES_FOLDER}/.drvset")


def _lasting_record(content: bytes) -> bytes:
    try:
        said = parse_object(content)
    except JsonError:
        return content
    return canonical(
        {
            section: {key: fact for key, fact in as_object(said.get(section)).items() if key in keys}
            for section, keys in _LASTING_FACTS.items()
        }
    )
