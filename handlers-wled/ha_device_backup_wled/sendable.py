"""Give each file the form in which the firmware can read it and go on writing it; pure."""

from . import device_files
from .device_files import PRESETS
from .json_files import BYTE_ORDER_MARK, minified, seems_whole
from .presets import same_presets, sendable_presets


def sendable(name: str, content: bytes) -> bytes:
    """Return what to send for a file: without blanks where the firmware looks for a text such as `"map":[`.

    From 0.15 on it finds no LED in a map with a blank there, which older ones could read.
    """
    if name == PRESETS:
        return sendable_presets(content)
    if device_files.is_searched(name) and seems_whole(content):
        return minified(content)
    return content.removeprefix(BYTE_ORDER_MARK) if device_files.is_read_by_firmware(name) else content


def is_held(name: str, content: bytes, current: bytes | None) -> bool:
    """Return whether a file on the device needs not be sent."""
    return current is not None and (current == content or (name == PRESETS and same_presets(content, current)))
