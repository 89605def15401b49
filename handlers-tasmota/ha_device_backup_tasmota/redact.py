"""Show a backup without its secrets; pure."""

import json

from ha_device_backup_core import Artifact, InvalidArtifactError

from . import device_files
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import Dump, parse_dump
from .json_files import JsonError, as_object, parse_object

_SHOWN = {
    "Status": (
        "Module",
        "DeviceName",
        "FriendlyName",
        "Topic",
        "ButtonTopic",
        "SwitchTopic",
        "PowerOnState",
        "LedState",
        "SaveData",
        "SaveState",
        "SwitchMode",
        "ButtonRetain",
        "SwitchRetain",
        "SensorRetain",
        "PowerRetain",
    ),
    "StatusPRM": ("Baudrate", "SerialConfig", "GroupTopic", "Sleep"),
    "StatusFWR": ("Version", "BuildDateTime", "Core", "SDK", "Hardware"),
    "StatusLOG": ("SerialLog", "WebLog", "MqttLog", "SysLog", "TelePeriod", "Resolution", "SetOption"),
    "StatusMEM": ("FlashSize", "Features", "Drivers", "Sensors"),
    "StatusNET": ("Hostname", "Mac", "Webserver", "HTTP_API", "WifiConfig"),
}
"""The rest names networks, accounts and places, or changes all the time."""


def redact(artifact: Artifact) -> dict[str, str]:
    """Return facts of the dump, which itself holds passwords, what the device said, and which files there are."""
    files = artifact.files()
    shown = {}
    if (found := device_files.dump_of(files)) is not None and (facts := _facts(*found)):
        shown[CONFIGURATION] = _text(facts)
    if STATUS_RECORD in files and (said := _said(files[STATUS_RECORD])):
        shown["status.json"] = _text(said)
    if paths := device_files.device_paths(files):
        shown["files.json"] = _text({path: len(content) for path, content in paths.items()})
    return shown


def _facts(name: str, content: bytes) -> dict[str, object]:
    try:
        dump = parse_dump(name, content)
    except InvalidArtifactError:
        return {}
    return _dump_facts(dump)


def _dump_facts(dump: Dump) -> dict[str, object]:
    return {"version": dump.version_text, "chip": dump.chip, "drivers": sorted(dump.drivers)}


def _said(content: bytes) -> dict[str, object]:
    try:
        said = parse_object(content)
    except JsonError:
        return {}
    chosen = {
        section: {key: as_object(said.get(section))[key] for key in keys if key in as_object(said.get(section))}
        for section, keys in _SHOWN.items()
    }
    return {section: facts for section, facts in chosen.items() if facts}


def _text(value: object) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace").decode()
