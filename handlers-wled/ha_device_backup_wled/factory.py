"""Tell the work of a person from the state in which a controller is delivered; pure.

The values are those of the firmware, 0.13 to 17. What says how the controller is in the network does not count, because
a reset one needs that, too, before it can be asked; nor does what differs between builds (pins, Wi-Fi power, limits).
"""

import re
from collections.abc import Iterator, Mapping

from ha_device_backup_core import Artifact
from ha_device_backup_core.toolkit import JsonError, JsonObject, as_list, as_object

from . import device_files
from .contents import contents
from .device_files import CONFIGURATION, INFO_RECORD, LIST_UNAVAILABLE, PRESETS, RECORD_FOLDER, SET_ASIDE
from .json_files import below, parse
from .presets import has_presets

_UNCOUNTED = frozenset({"rev", "vid", "nw", "wifi", "eth", "dmx"})
_EMPTY: tuple[object, ...] = ("", None, False, 0, -1, [], {})
_DELIVERED: Mapping[str, tuple[object, ...]] = {
    "id.name": ("WLED",),
    "id.inv": ("Light",),
    "ap.ssid": ("", "WLED-AP"),
    "ap.pskl": (8,),
    "ap.chan": (1,),
    "ap.ip": ([4, 3, 2, 1],),
    "hw.led.total": (30,),
    "hw.led.fps": (42,),
    "hw.led.rgbwm": (0, 3, 255),
    "hw.led.ins.len": (30,),
    "hw.led.ins.type": (22,),
    "hw.led.ins.rgbwm": (0, 3, 255),
    "hw.relay.rev": (True, False),
    "hw.baud": (1152,),
    "light.scale-bri": (100,),
    "light.gc.bri": (1,),
    "light.gc.col": (2.8, 2.2),
    "light.gc.val": (2.8, 2.2),
    "light.tr.mode": (True,),
    "light.tr.fx": (True,),
    "light.tr.dur": (7,),
    "light.tr.rpc": (5,),
    "light.tr.hrp": (True, False),
    "light.nl.mode": (1,),
    "light.nl.dur": (60,),
    "def.on": (True,),
    "def.bri": (127, 128),
    "if.sync.port0": (21324,),
    "if.sync.port1": (65506,),
    "if.sync.recv.bri": (True,),
    "if.sync.recv.col": (True,),
    "if.sync.recv.fx": (True,),
    "if.sync.recv.pal": (True,),
    "if.sync.recv.grp": (1,),
    "if.sync.send.dir": (True, False),
    "if.sync.send.btn": (True, False),
    "if.sync.send.va": (True, False),
    "if.sync.send.hue": (True, False),
    "if.sync.send.grp": (1,),
    "if.nodes.list": (True,),
    "if.nodes.bcast": (True,),
    "if.live.en": (True,),
    "if.live.rlm": (True,),
    "if.live.port": (5568,),
    "if.live.dmx.uni": (1,),
    "if.live.dmx.addr": (1,),
    "if.live.dmx.mode": (4,),
    "if.live.dmx.dmxInputPort": (2,),
    "if.live.timeout": (25,),
    "if.live.no-gc": (True,),
    "if.mqtt.port": (1883,),
    "if.mqtt.topics.group": ("wled/all",),
    "if.hue.id": (1,),
    "if.hue.iv": (25,),
    "if.hue.recv.on": (True,),
    "if.hue.recv.bri": (True,),
    "if.hue.recv.col": (True,),
    "if.hue.ip": ([0, 0, 0, 0],),
    "if.ntp.host": ("0.wled.pool.ntp.org",),
    "if.blynk.host": ("blynk-cloud.com",),
    "if.blynk.port": (80,),
    "ol.max": (29,),
    "timers.cntdwn.goal": ([20, 1, 1, 0, 0, 0],),
    "ota.pskl": (7,),
    "ota.aota": (True,),
}
"""Values of a delivered controller that are not empty, by their path; in a list those of every entry."""
_OF_THE_BUILD = re.compile(
    r"id\.mdns|hw\.(led\.(maxpwr|ledma|ld|prl|ic)|led\.ins\.(start|pin|order|maxpwr|ledma|freq|drv)|btn\..*|ir\..*)"
    r"|hw\.(relay\.pin|if\..*)|if\.live\.dmx\.input\w+|if\.mqtt\.(cid|topics\.device)|ota\.same-subnet"
)
_SWITCHES = ("enabled", "active", "en")


def configured(artifact: Artifact) -> bool | None:
    """Return whether a backup holds the work of a person: False only for a controller as it is after a reset.

    A firmware that cannot read its configuration begins anew with its own, and leaves the files: those alone tell
    nothing then. Newer ones keep what they could not read.
    """
    files = contents(artifact).files
    has_own_files = has_presets(files.get(PRESETS, b"")) or any(_is_own_file(name) for name in files)
    if CONFIGURATION not in files or any(note.code != LIST_UNAVAILABLE for note in artifact.missing):
        return True if has_own_files else None
    set_up = _is_set_up(files)
    if set_up is False:
        return None if has_own_files and SET_ASIDE not in files else False
    return set_up or has_own_files or None


def _is_set_up(files: Mapping[str, bytes]) -> bool | None:
    try:
        configuration = as_object(parse(files[CONFIGURATION], first=True))
        info = as_object(parse(files.get(INFO_RECORD, b"{}")))
    except JsonError:
        return None
    if as_object(configuration.get("id")).get("name") in set(_names_of_build(info)):
        configuration = configuration | {"id": configuration["id"] | {"name": _DELIVERED["id.name"][0]}}
    return is_set_up(configuration)


def _names_of_build(info: JsonObject) -> Iterator[str]:
    """Yield the names that a build of a vendor gives, which are those of the vendor and the product."""
    for name in (info.get("brand"), info.get("product")):
        if isinstance(name, str) and name:
            yield from (name, f"WLED-{name}", f"WLED {name}")


def is_set_up(configuration: JsonObject) -> bool | None:
    """Return whether a person set up more than the network; None where a part is unknown, or other than expected."""
    if not all(isinstance(configuration.get(section), dict) for section in ("id", "hw")):
        return None
    own = (
        as_object(configuration["id"]).get("name") not in _DELIVERED["id.name"],
        any(_pressed(configuration)),
        any(as_object(timer).get("macro") for timer in as_list(as_object(configuration.get("timers")).get("ins"))),
    )
    if any(own):
        return True
    # Some builds are delivered with several outputs.
    outputs = as_list(as_object(configuration["hw"].get("led")).get("ins"))
    return None if len(outputs) > 1 or any(_unexpected(configuration)) else False


def _is_own_file(name: str) -> bool:
    aside = device_files.MADE_BY_DEVICE | device_files.TEMPORARY | device_files.SECRET | {CONFIGURATION, PRESETS}
    return name not in aside and not name.startswith(f"{RECORD_FOLDER}/")


def _pressed(configuration: JsonObject) -> Iterator[object]:
    """Yield the presets that buttons call."""
    for button in as_list(as_object(as_object(configuration["hw"]).get("btn")).get("ins")):
        yield from as_list(as_object(button).get("macros"))


def _unexpected(configuration: JsonObject) -> Iterator[str]:
    for section, value in configuration.items():
        if section == "um":
            yield from _usermods_in_use(as_object(value))
        elif section == "timers":
            yield from _unexpected_at("timers.cntdwn", as_object(value).get("cntdwn", {}))
        elif section not in _UNCOUNTED:
            yield from _unexpected_at(below("", section), value)


def _unexpected_at(path: str, value: object) -> Iterator[str]:
    if _OF_THE_BUILD.fullmatch(path) or _is_one_of(value, _DELIVERED.get(path, _EMPTY)):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _unexpected_at(below(path, key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _unexpected_at(path, inner)
    else:
        yield path


def _usermods_in_use(usermods: JsonObject) -> Iterator[str]:
    """Yield the usermods that are not switched off: what they do by default is the build's."""
    for name, settings in usermods.items():
        switches = {key.lower(): value for key, value in as_object(settings).items()}
        if settings and not any(switches.get(switch) is False for switch in _SWITCHES):
            yield name


def _is_one_of(value: object, expected: tuple[object, ...]) -> bool:
    if isinstance(value, float):
        return any(isinstance(one, int | float) and abs(one - value) < 0.01 for one in expected)
    return value in expected
