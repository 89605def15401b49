"""Leave out of a backup what changes by itself; pure."""

from ha_device_backup_core import Artifact
from ha_device_backup_core.toolkit import JsonError, as_object, canonical

from . import device_files
from .contents import contents
from .device_files import CONFIGURATION, INFO_RECORD, SIZES_RECORD
from .json_files import minified, parse, seems_whole

_LASTING_FACTS = frozenset({"ver", "vid", "mac", "arch", "release", "brand", "product"})
_BUILD_ID = "vid"
_UNCOUNTED = device_files.MADE_BY_DEVICE | {SIZES_RECORD}


def normalize(artifact: Artifact) -> dict[str, bytes]:
    """Return the files in one form: keys sorted, no blanks between presets, no running numbers."""
    files = contents(artifact).files
    return {name: _normalized(name, content) for name, content in files.items() if name not in _UNCOUNTED}


def _normalized(name: str, content: bytes) -> bytes:
    if not name.endswith(".json"):
        return content
    try:
        value = parse(content, unique=True)
    except JsonError:
        # Too large to parse, an id that comes twice (where all of it counts), or damaged.
        return minified(content) if seems_whole(content) else content
    if name == INFO_RECORD:
        value = {key: fact for key, fact in as_object(value).items() if key in _LASTING_FACTS}
    elif name == CONFIGURATION:
        # The build that wrote the file; the firmware's version counts through the info record.
        value = {key: setting for key, setting in as_object(value).items() if key != _BUILD_ID}
    return canonical(value)
