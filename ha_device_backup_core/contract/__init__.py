"""The handler contract: all that a handler author needs to know.

A handler knows one kind of device. It is a class below `DeviceBackupHandler`, registered by a handler package through
the entry point group `ha_device_backup` (see `hookspecs`). One instance lives for one job and talks to one device.
"""

from .artifact import ASKED, KEPT, KEPT_EXTENT, MAX_ARTIFACT_BYTES, MEBIBYTE, Artifact, DeviceInfo, Note
from .handler import (
    MAX_PROMPT_SECONDS,
    DeviceBackupHandler,
    HandlerContext,
    Person,
    Progress,
    Prompt,
    RunBlocking,
    unheard,
)
from .spec import (
    API_VERSION,
    MAX_FIELDS,
    WELL_KNOWN_FIELDS,
    ApiVersion,
    Config,
    ConfigField,
    ConfigValue,
    FieldKind,
    HandlerSpec,
)

__all__ = [
    "API_VERSION",
    "ASKED",
    "KEPT",
    "KEPT_EXTENT",
    "MAX_ARTIFACT_BYTES",
    "MAX_FIELDS",
    "MAX_PROMPT_SECONDS",
    "MEBIBYTE",
    "WELL_KNOWN_FIELDS",
    "ApiVersion",
    "Artifact",
    "Config",
    "ConfigField",
    "ConfigValue",
    "DeviceBackupHandler",
    "DeviceInfo",
    "FieldKind",
    "HandlerContext",
    "HandlerSpec",
    "Note",
    "Person",
    "Progress",
    "Prompt",
    "RunBlocking",
    "unheard",
]
