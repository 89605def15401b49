"""Decide what a restore puts on a device, in which order, and whether it may; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import InvalidArtifactError, RestoreRejectedError, Text, UnsupportedDeviceError

from . import compare, device_files
from . import restore_texts as texts
from .device_files import CONFIGURATION, INFO_RECORD, PRESETS, RECORD_FOLDER
from .info import WledInfo, parse_info
from .json_files import BYTE_ORDER_MARK, JsonObject
from .multipart import can_be_uploaded
from .validate import are_presets, check_configuration, damaged_files

_BLOCK = 4096
_SPARE = 2 * _BLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePlan:
    """What goes where; `files` in their order, the configuration after them."""

    files: Mapping[str, bytes]
    configuration: bytes | None
    needs: tuple[Text, ...]
    may_migrate: bool
    """Whether the firmware is of another series than the backup, and may keep settings in another way."""

    @property
    def uploads(self) -> dict[str, bytes]:
        """Return all files in the order in which they are sent."""
        last = {} if self.configuration is None else {CONFIGURATION: self.configuration}
        return {**self.files, **last}


def make_plan(files: Mapping[str, bytes], device: WledInfo) -> RestorePlan:
    """Return the plan; raise RestoreRejectedError when the backup does not fit the device."""
    origin = _origin(files)
    if origin and origin.series and device.series and origin.series > device.series:
        raise RestoreRejectedError(texts.newer_backup(origin.version, device.version))
    if not device.space_total:
        raise RestoreRejectedError(texts.NO_FILE_SYSTEM)
    chosen, left_out = _choose(files)
    fits = origin is None or origin.chip.lower() == device.chip.lower()
    if not chosen and not fits:
        raise RestoreRejectedError(texts.NOTHING_TO_RESTORE)
    return RestorePlan(
        files=chosen,
        configuration=_without_mark(files[CONFIGURATION]) if fits else None,
        needs=(*left_out, *_warnings(origin, device)),
        may_migrate=origin is None or origin.series != device.series,
    )


def check_room(plan: RestorePlan, current: Mapping[str, bytes | None], device: WledInfo) -> None:
    """Raise RestoreRejectedError unless all files fit: the device itself would cut them off without a word."""
    needed = sum(_taken(content) - _taken(current.get(name)) for name, content in plan.uploads.items())
    free = max(device.space_total - device.space_used, 0)
    if needed > 0 and needed + _SPARE > free:
        raise RestoreRejectedError(texts.no_room(needed + _SPARE, free))


def check_network(plan: RestorePlan, current: bytes | None) -> tuple[Text, ...]:
    """Return the passwords to enter again; raise RestoreRejectedError when the device would lose its network."""
    held = _configuration(current)
    if plan.configuration is None or held is None:
        return ()
    sent = check_configuration(plan.configuration)
    if not compare.keeps_network(sent, held):
        raise RestoreRejectedError(texts.OTHER_NETWORKS)
    return texts.passwords(compare.lost_passwords(sent, held))


def _origin(files: Mapping[str, bytes]) -> WledInfo | None:
    try:
        return parse_info(files[INFO_RECORD]) if INFO_RECORD in files else None
    except UnsupportedDeviceError:
        return None


def _choose(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Text]]:
    candidates = {name: content for name, content in files.items() if _is_user_file(name)}
    damaged = {name for name in damaged_files(candidates) if candidates[name]}
    if PRESETS in candidates and candidates[PRESETS].strip() and not are_presets(candidates[PRESETS]):
        damaged.add(PRESETS)
    empty = {name for name, content in candidates.items() if not content}
    # A name with "cfg.json" in it restarts the device in the middle of the work.
    unsendable = {name for name in candidates if not can_be_uploaded(name) or CONFIGURATION in name}
    left = damaged | empty | unsendable
    ordered = sorted(candidates.keys() - left, key=lambda name: (name == PRESETS, name))
    reasons = (
        (texts.left_out_empty, empty),
        (texts.left_out_damaged, damaged),
        (texts.left_out_names, unsendable - damaged - empty),
    )
    return {name: _without_mark(candidates[name]) if name == PRESETS else candidates[name] for name in ordered}, [
        say(which) for say, which in reasons if which
    ]


def _is_user_file(name: str) -> bool:
    aside = device_files.MADE_BY_DEVICE | device_files.SECRET | device_files.TEMPORARY | {CONFIGURATION}
    return name not in aside and not name.startswith(f"{RECORD_FOLDER}/")


def _warnings(origin: WledInfo | None, device: WledInfo) -> list[Text]:
    if origin is None:
        return [texts.UNKNOWN_ORIGIN]
    if origin.chip.lower() != device.chip.lower():
        return [texts.OTHER_CHIP]
    warnings = []
    if origin.mac != device.mac:
        warnings.append(texts.REPLACEMENT)
    if origin.release and device.release and origin.release != device.release:
        warnings.append(texts.OTHER_BUILD)
    return warnings


def _configuration(content: bytes | None) -> JsonObject | None:
    try:
        return check_configuration(content)
    except InvalidArtifactError:
        return None


def _without_mark(content: bytes) -> bytes:
    return content.removeprefix(BYTE_ORDER_MARK)


def _taken(content: bytes | None) -> int:
    return -(-len(content or b"") // _BLOCK) * _BLOCK
