"""Decide what a restore puts on a device, and whether it may; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import InvalidArtifactError, RestoreRejectedError, Text

from . import device_files, listing
from . import restore_texts as texts
from .device_files import CONFIGURATION
from .dump import Dump, damaged_drivers, parse_dump
from .status import TasmotaStatus
from .validate import dump_in, record_in

_BLOCK = 4096
_SPARE = 2 * _BLOCK
_FIRST_THAT_IS_UPGRADED = 8
"""The oldest settings that a device of today takes over; older ones make it forget everything."""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class RestorePlan:
    """What goes on the device."""

    raw_dump: bytes
    dump: Dump
    files: Mapping[str, bytes]
    """By their paths on the device, in their order."""
    needs: tuple[Text, ...]
    may_migrate: bool
    """Whether the firmware is another than that of the backup, and may keep settings in another way."""


def make_plan(files: Mapping[str, bytes], device: TasmotaStatus, present: bytes) -> RestorePlan:
    """Return the plan; raise RestoreRejectedError when the backup does not fit the device."""
    raw_dump, dump, held = _raw_dump(files), dump_in(files), _present(present)
    if dump.chip != held.chip:
        raise RestoreRejectedError(texts.other_chip(dump.chip, held.chip))
    if damaged := damaged_drivers(dump):
        raise RestoreRejectedError(texts.damaged_drivers(damaged))
    if dump.series > device.series:
        raise RestoreRejectedError(texts.newer_backup(dump.version_text, device.version))
    if dump.series[0] < _FIRST_THAT_IS_UPGRADED <= device.series[0]:
        raise RestoreRejectedError(texts.older_backup(dump.version_text, device.version))
    if not dump.opens_web_pages:
        raise RestoreRejectedError(texts.NO_WEB_PAGES)
    _check_network(dump, held, device)
    chosen, needs = _choose(device_files.device_paths(files))
    return RestorePlan(
        raw_dump=raw_dump,
        dump=dump,
        files=chosen,
        needs=(*needs, *_warnings(files, device), *_new_password(dump, held)),
        may_migrate=dump.version != held.version,
    )


def check_room(plan: RestorePlan, current: Mapping[str, bytes | None], free: int | None) -> None:
    """Raise RestoreRejectedError unless all files fit."""
    needed = sum(_taken(content) - _taken(current.get(path)) for path, content in plan.files.items())
    if free is not None and needed > 0 and needed + _SPARE > free:
        raise RestoreRejectedError(texts.no_room(needed + _SPARE, free))


def _raw_dump(files: Mapping[str, bytes]) -> bytes:
    found = device_files.dump_of(files)
    return b"" if found is None else found[1]


def _present(content: bytes) -> Dump:
    try:
        return parse_dump(CONFIGURATION, content)
    except InvalidArtifactError as error:
        raise RestoreRejectedError(texts.PRESENT_UNREADABLE) from error


def _check_network(dump: Dump, held: Dump, device: TasmotaStatus) -> None:
    known = dump.has_texts and held.has_texts
    if known and held.networks and not device.is_wired and not dump.networks & held.networks:
        raise RestoreRejectedError(texts.OTHER_NETWORKS)


def _choose(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Text]]:
    put_back = {path: content for path, content in files.items() if device_files.is_put_back(path)}
    chosen = {path: content for path, content in sorted(put_back.items()) if listing.is_plain(path)}
    needs = []
    if drivers := files.keys() - put_back.keys():
        needs.append(texts.drivers_left_out(drivers))
    if unsendable := put_back.keys() - chosen.keys():
        needs.append(texts.names_left_out(unsendable))
    return chosen, needs


def _warnings(files: Mapping[str, bytes], device: TasmotaStatus) -> list[Text]:
    record = record_in(files)
    if record is None:
        return [texts.UNKNOWN_ORIGIN]
    if record.mac != device.mac:
        return [texts.REPLACEMENT]
    if record.image and device.image and record.image != device.image:
        return [texts.OTHER_BUILD]
    return []


def _new_password(dump: Dump, held: Dump) -> list[Text]:
    if not (dump.has_texts and held.has_texts) or dump.web_password == held.web_password:
        return []
    return [texts.NEW_PASSWORD if dump.web_password else texts.NO_PASSWORD]


def _taken(content: bytes | None) -> int:
    return 0 if content is None else max(-(-len(content) // _BLOCK), 1) * _BLOCK
