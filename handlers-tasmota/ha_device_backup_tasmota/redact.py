"""Show a backup without its secrets; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError, as_object, for_reading
from ha_device_backup_core.toolkit import shown as shown_text

from .contents import TasmotaContents, contents_of
from .decoded import Decoded
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .facts import facts_of, redacted
from .hiding import Hiding
from .status import parse_object

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
    """Return what the dump says without its secrets, what the device said, and which files there are."""
    try:
        contents = contents_of(artifact)
    except InvalidArtifactError:
        return {}
    dump = _readable(contents)
    hiding = Hiding() if dump is None else Hiding.of(Decoded(dump))
    shown = {}
    if dump is not None:
        about = {"version": dump.version_text, "chip": dump.chip, "drivers": sorted(dump.drivers)}
        shown[CONFIGURATION] = for_reading({**about, "settings": redacted(facts_of(Decoded(dump)))})
    if contents.record is not None and (said := _said(contents.record)):
        shown["status.json"] = for_reading(_without_secrets(said, hiding))
    if contents.files:
        shown["files.json"] = for_reading(
            _without_secrets({path: len(file) for path, file in contents.files.items()}, hiding)
        )
    return shown


def _without_secrets(value: object, hiding: Hiding) -> object:
    if isinstance(value, str):
        return hiding.text(shown_text(value))
    if isinstance(value, dict):
        return {_without_secrets(key, hiding): _without_secrets(inner, hiding) for key, inner in value.items()}
    return [_without_secrets(inner, hiding) for inner in value] if isinstance(value, list) else value


def _readable(contents: TasmotaContents) -> Dump | None:
    try:
        return parse_dump(contents.name, contents.dump)
    except InvalidArtifactError:
        return None


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
