"""Which controller a file is of, its version and time, as the file itself or its name by TasmoBackup tells; pure."""

import re
from datetime import datetime

from ha_device_backup_core import Artifact, FileFacts, InvalidArtifactError

from .contents import contents
from .device_files import INFO_RECORD, PRESETS
from .info import WledInfo, parse_info
from .recognize import begins_as_presets, holds_presets, is_surely_configuration

_BY_TASMOBACKUP = re.compile(
    r"(?P<mac>[0-9a-f]{12})-(?P<time>\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d)"
    r"(?:-v(?P<version>[\w.-]{1,40}))?(?: ?\(\d{1,4}\))?\.zip",
    re.ASCII | re.IGNORECASE,
)
"""Of a name such as `A0B1C2D3E4F5-2025-01-15_10_30_00-v0_15_0.zip`; a browser numbers a second file of a name."""


def recognizes(artifact: Artifact) -> bool:
    """Return whether it holds the settings or the presets of a controller, damaged or not."""
    try:
        files = contents(artifact).files
    except InvalidArtifactError:
        # Several could be the settings, or the presets: `validate` says which.
        return any(map(is_surely_configuration, artifact.files().values()))
    if INFO_RECORD in files or holds_presets(files.get(PRESETS, b"")):
        return True
    return any(is_surely_configuration(content) or begins_as_presets(content) for content in files.values())


def owner(artifact: Artifact) -> str | None:
    """Return the MAC address of the controller that a valid artifact is of, None where nothing tells."""
    record = _record(artifact)
    if record is not None:
        return record.mac
    named = _BY_TASMOBACKUP.fullmatch(artifact.filename)
    return None if named is None else named["mac"].lower()


def file_facts(artifact: Artifact) -> FileFacts | None:
    """Return what a valid artifact tells of itself."""
    record = _record(artifact)
    if record is not None:
        return FileFacts(version=record.version)
    named = _BY_TASMOBACKUP.fullmatch(artifact.filename)
    if named is None:
        return None
    version = named["version"]
    return FileFacts(version=version and version.replace("_", "."), made_at=_time(named["time"]))


def _record(artifact: Artifact) -> WledInfo | None:
    content = contents(artifact).files.get(INFO_RECORD)
    return None if content is None else parse_info(content)


def _time(written: str) -> datetime | None:
    """Return when TasmoBackup made it, by its own clock without a zone."""
    try:
        return datetime.strptime(written, "%Y-%m-%d_%H_%M_%S")  # noqa: DTZ007 - see above
    except ValueError:
        return None
