"""The parts of a configuration by the names that people know from the pages of WLED; pure."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce

from ha_device_backup_core import Message

from .translation import _

_AREAS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (_("name"), ("id.name",)),
    (_("network"), ("id.mdns", "nw", "wifi", "eth")),
    (_("access point"), ("ap",)),
    (_("LEDs and outputs"), ("hw.led", "light")),
    (_("buttons, relay and infrared"), ("hw",)),
    (_("what shines after switching on"), ("def",)),
    (_("MQTT"), ("if.mqtt",)),
    (_("sync with others"), ("if",)),
    (_("remote control"), ("remote",)),
    (_("time and timers"), ("if.ntp", "timers", "ol")),
    (_("security and updates"), ("ota",)),
    (_("DMX"), ("dmx",)),
    (_("usermods"), ("um",)),
    (_("name and pages"), ("id",)),
)
"""In the order in which they are told; the longest beginning counts."""
_OTHERS = _("others")


def areas_of(paths: Iterable[str]) -> Message | None:
    """Return where the settings of these paths are, with their numbers; None for none."""
    counts = Counter(_area(path) for path in paths)
    sentences = [
        area if counts[number] == 1 else _("{area} ({count})", area=area, count=counts[number])
        for number, area in enumerate((*(area for area, beginnings in _AREAS), _OTHERS))
        if counts[number]
    ]
    return (
        reduce(lambda first, second: _("{first}, {second}", first=first, second=second), sentences)
        if sentences
        else None
    )


def _area(path: str) -> int:
    """Return the number of the area; that of the others where no beginning fits."""
    found = [
        (len(beginning), number)
        for number, (_area, beginnings) in enumerate(_AREAS)
        for beginning in beginnings
        if path == beginning or path.startswith((f"{beginning}.", f"{beginning}["))
    ]
    return max(found)[1] if found else len(_AREAS)
