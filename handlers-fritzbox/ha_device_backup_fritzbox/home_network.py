"""What a box notes about the devices in its network by itself, and what a person decided about them; pure."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from .noted import is_counter
from .settings import Setting, value_of

_DEVICES = ("landevices", "landevices")
_USERS = ("usercfg", "users2")
_NO_SETTINGS = frozenset({("usercfg", "valid_tickets"), ("wlancfg", "client_stations")})
"""Lists that only the box writes: tickets that children used up, devices that were in the Wi-Fi."""
_STATE = frozenset(
    {
        (("ddns", "accounts"), "state"),
        (("ddns", "accounts"), "status"),
        (("backendsupport",), "status"),
        (("backendsupport",), "sync"),
        (("jasonii",), "box_register_tries"),
        (("jasonii",), "upstream_sync_pending"),
        (("messages_from_manufacturer",), "found"),
        (("messages_from_manufacturer",), "present_message_ids"),
        (("usercfg",), "bpjm_update_check_firmware_version"),
        (("usercfg",), "bpjm_update_check_found_version"),
        (("usercfg",), "bpjm_update_crc"),
        (("webui",), "cookie"),
    }
)
"""Single settings that no person makes."""
_DECISIONS = frozenset({"auto_etherwake", "manu_name", "staticlease"})
"""Of a device in the network: what a person switches on."""
_WITH = {"manu_name": ("name", "neighbour_name"), "staticlease": ("ip",)}
"""What counts only together with a decision."""
_USUAL = {"disallowed": "no", "filter_profile_id": "1"}
"""Of a device among the users: what it has as long as nobody decided otherwise."""
_NOTED = frozenset({"ip", "landeviceUID", "ticket_valid_time", "tickets_in_advance"})
"""Of a device among the users: what the box fills in."""
_NO_DEVICE = "0"

type _Entry = list[Setting]


def without_state(settings: Iterable[Setting]) -> Iterator[Setting]:
    """Return the settings without what the box notes by itself; what is left of a list of devices is sorted."""
    for place, group in groupby(settings, key=_place):
        if place is None:
            yield from (setting for setting in group if not _is_state(setting))
            continue
        for entry in sorted(filter(None, (_lasting(place, entry) for entry in _entries(place, group)))):
            yield Setting(f"{place[-1]} {{", place, "", in_text=False)
            yield from entry
            yield Setting("}", place, "", in_text=False)


def holds_decisions(settings: Iterable[Setting]) -> bool:
    """Return whether a person decided anything about a device in the network."""
    devices = (setting for setting in settings if _place(setting) == _DEVICES)
    return any(_lasting(_DEVICES, entry) for entry in _entries(_DEVICES, devices))


def _place(setting: Setting) -> tuple[str, ...] | None:
    return setting.path[:2] if setting.path[:2] in {_DEVICES, _USERS} else None


def _is_state(setting: Setting) -> bool:
    return setting.path[:2] in _NO_SETTINGS or (setting.path, setting.key) in _STATE or is_counter(setting)


def _entries(place: tuple[str, ...], settings: Iterable[Setting]) -> Iterator[_Entry]:
    """Return what is in each block of a list."""
    entry: _Entry = []
    for setting in settings:
        if setting.path == place and not setting.key and not setting.in_text:
            yield entry
            entry = []
        else:
            entry.append(setting)
    yield entry


def _lasting(place: tuple[str, ...], entry: _Entry) -> _Entry:
    """Return what a person decided about one device, nothing where nobody did."""
    values = {setting.key: value_of(setting) for setting in entry if setting.path == place}
    if place == _USERS:
        is_usual = all(values.get(key) == usual for key, usual in _USUAL.items())
        if is_usual and values.get("landeviceUID") not in {None, _NO_DEVICE}:
            return []
        return [setting for setting in entry if setting.path != place or setting.key not in _NOTED]
    decided = {key for key in _DECISIONS if values.get(key) == "yes"}
    if not decided and all(setting.path == place for setting in entry):
        return []
    counts = {"mac", *decided, *(key for decision in decided for key in _WITH.get(decision, ()))}
    return [setting for setting in entry if setting.path != place or setting.key in counts]
