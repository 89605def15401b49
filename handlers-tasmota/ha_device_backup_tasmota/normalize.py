"""Leave out of a backup what changes by itself; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, as_object, canonical

from . import device_files
from .contents import contents_of, without_junk
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import Dump, parse_dump
from .status import parse_object
from .volatile import lasting_driver, lasting_settings

_LASTING_FACTS = {"StatusFWR": ("Version", "Hardware"), "StatusNET": ("Mac",)}


def normalize(artifact: Artifact) -> dict[str, bytes]:
    """Return the files in one form: the dump readable and without counters, of the record what lasts."""
    files = without_junk(artifact.files())
    try:
        contents = contents_of(artifact)
        parts = parts_of(parse_dump(contents.name, contents.dump))
    except InvalidArtifactError:
        # What is normalised already is no dump any more: it has no checksum.
        parts = {name: content for name, content in files.items() if not _is_beside_dump(name)}
    beside = {name: content for name, content in files.items() if _is_beside_dump(name)}
    return {name: _lasting(name, content) for name, content in beside.items()} | parts


def parts_of(dump: Dump) -> dict[str, bytes]:
    """Return what lasts of a dump: the settings and those of each driver."""
    drivers = {f"{CONFIGURATION}{name}": lasting_driver(name, content) for name, content in dump.drivers.items()}
    return {CONFIGURATION: lasting_settings(dump), **drivers}


def _is_beside_dump(name: str) -> bool:
    return name == STATUS_RECORD or name.startswith(f"{device_files.FILES_FOLDER}/")


def _lasting(name: str, content: bytes) -> bytes:
    if name == STATUS_RECORD:
        return _lasting_record(content)
    path = device_files.device_path(name)
    return lasting_driver(path.removeprefix("/"), content) if device_files.is_driver(path) else content


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
