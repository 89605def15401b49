"""Whether a backup holds the work of a person, or what the firmware has after a reset; pure."""

from . import device_files
from .contents import TasmotaContents
from .decoded import Addresses, Decoded, TextPlace
from .dump import parse_dump

_NAMES = {b"", b"Tasmota", b"Sonoff"}
_TOPICS = {b"", b"tasmota_%06X", b"tasmota", b"sonoff", b"%topic%"}
_FULL_TOPICS = {b"", b"%prefix%/%topic%/", b"%topic%/%prefix%/"}
_GROUPS = {b"", b"tasmotas", b"sonoffs"}
_HOST_NAMES = {b"", b"%s-%04d"}
_UNUSED = {b"", b"0"}
USUAL_CALIBRATIONS = {(), (0, 0, 0), (12530, 1950, 3500)}
_OFTEN = {0, 300}
"""Seconds between two reports."""
_AFTER_POWER = {0, 3}


def configured(contents: TasmotaContents) -> bool | None:
    """Return True for the work of a person, False for settings as after a reset, None where nobody can tell.

    Wi-Fi tells nothing: without it nobody could have asked the device. Builds of a vendor come with a module and pins,
    and a reset can keep the MQTT account with its topic, and the files: these alone tell nothing either.
    """
    decoded = Decoded(parse_dump(contents.name, contents.dump))
    if _is_personal(decoded):
        return True
    return None if _may_be_personal(decoded) or _has_files(contents, decoded) else False


def _is_personal(decoded: Decoded) -> bool:
    return bool(
        any(map(_is_own_name, _names(decoded)))
        or decoded.text(TextPlace.FULL_TOPIC) not in _FULL_TOPICS
        or decoded.text(TextPlace.GROUP_TOPIC) not in _GROUPS
        or decoded.text(TextPlace.HOSTNAME) not in _HOST_NAMES
        or not {decoded.text(TextPlace.BUTTON_TOPIC), decoded.text(TextPlace.SWITCH_TOPIC)} <= _UNUSED
        or decoded.text(TextPlace.WEB_PASSWORD)
        or any(decoded.text(TextPlace.MEM, number) for number in range(16))
        or any(decoded.text(TextPlace.BUTTON_TEXT, number) for number in range(16))
        or any(decoded.rules)
        or any(decoded.timers)
        or any(map(decoded.fixed_address, Addresses))
    )


def _may_be_personal(decoded: Decoded) -> bool:
    return bool(
        decoded.text(TextPlace.MQTT_HOST)
        or decoded.text(TextPlace.TOPIC) not in _TOPICS
        or decoded.module
        or any(decoded.pins)
        or decoded.calibration not in USUAL_CALIBRATIONS
        or decoded.report_seconds not in _OFTEN
        or decoded.power_on_state not in _AFTER_POWER
        or any(decoded.text(TextPlace.TELEGRAM_TOKEN, number) for number in range(2))
    )


def _names(decoded: Decoded) -> list[bytes]:
    count = 8 if decoded.is_pooled else 4
    friendly = (decoded.text(TextPlace.FRIENDLY_NAME, number) for number in range(count))
    return [decoded.text(TextPlace.DEVICE_NAME), *friendly]


def _is_own_name(name: bytes) -> bool:
    """Return whether a name is none that the firmware gives, as Tasmota or Tasmota3."""
    return name not in _NAMES and name[:-1] not in _NAMES - {b""}


def _has_files(contents: TasmotaContents, decoded: Decoded) -> bool:
    drivers = decoded.dump.drivers
    return any(
        device_files.is_kept(path, drivers) and device_files.is_put_back(path) and content
        for path, content in contents.files.items()
    )
