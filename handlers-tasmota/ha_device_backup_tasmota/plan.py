"""Decide what a restore puts on a device, and whether it may; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from unicodedata import normalize as unicode_form

from ha_device_backup_core import InvalidArtifactError, Message, RestoreRejectedError
from ha_device_backup_core.toolkit import is_junk, name_list

from . import device_files, listing
from .contents import TasmotaContents
from .decoded import Decoded, TextPlace
from .device_files import CONFIGURATION
from .dump import Dump, damaged_drivers, parse_dump, with_settings
from .factory import USUAL_CALIBRATIONS
from .reach import Reach, check_reach, has_other_name, risks, with_present_addresses
from .status import TasmotaStatus
from .translation import _
from .validate import record_of

_BLOCK = 4096
_SPARE = 2 * _BLOCK
_FIRST_THAT_IS_UPGRADED = 8
"""The oldest settings that a device of today takes over; older ones make it forget everything."""
_OTHER_BUILD = _(
    "The device has another build of the firmware than the backup: settings of drivers that it lacks do nothing."
)
_REPLACEMENT = _(
    "This is another device than the one in the backup. With the backup it has the same names and MQTT topics: "
    "do not run both."
)
_REPLACEMENT_WITH_OWN_TOPIC = _(
    "This is another device than the one in the backup. With the backup it has the same names, but its MQTT "
    "topic is made of its own MAC address, so it is not that of the old device: adapt what uses it."
)
_OTHER_MODULE = _(
    "The backup has another module, template or pins than the device has now. On other hardware than that of the "
    "backup relays and keys can do something else than before."
)
_NEW_PASSWORD = _("With the backup comes its web admin password: enter that in the settings of this device here.")
_NO_PASSWORD = _("With the backup the device has no web admin password: set one on its page.")


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class RestoreContent:
    """What goes on the device."""

    raw_dump: bytes
    dump: Dump
    held: Dump
    """The settings that the device has now."""
    files: Mapping[str, bytes]
    """By their paths on the device, in their order."""
    left_out: tuple[Message, ...]
    """What of the backup is not put back, and why."""
    needs: tuple[Message, ...]
    risks: tuple[Message, ...]

    @property
    def may_migrate(self) -> bool:
        """Whether the firmware is another than that of the backup, and may keep settings in another way."""
        return self.dump.version != self.held.version


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class FilesToSend:
    """Files for the file system, beside what is there now."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """By their paths on the device."""
    current: Mapping[str, bytes | None] = field(default_factory=dict)
    """What is there by these paths now; None for what is not, or cannot be read."""
    on_device: frozenset[str] = frozenset()
    """All paths that are there."""


def decide(contents: TasmotaContents, reach: Reach, present: bytes) -> RestoreContent:
    """Return what goes on the device; raise RestoreRejectedError when the backup does not fit it."""
    dump, held = parse_dump(contents.name, contents.dump), _present(present)
    _check_fit(dump, held, reach.device)
    backup, now = Decoded(dump), Decoded(held)
    check_reach(reach, backup, now)
    settings, kept = with_present_addresses(reach, backup, now)
    if kept:
        raw_dump = with_settings(contents.dump, settings)
        sent = parse_dump(contents.name, raw_dump)
    else:
        raw_dump, sent = contents.dump, dump
    files, left_out = _choose(contents.files)
    return RestoreContent(
        raw_dump=raw_dump,
        dump=sent,
        held=held,
        files=files,
        left_out=(*kept, *left_out),
        needs=(*_of_device(contents, reach.device, backup), *_afterwards(reach, backup, now)),
        risks=(*risks(reach, backup, now), *_other_hardware(contents, reach.device, backup, now)),
    )


def as_spelled(files: Mapping[str, bytes], on_device: Mapping[str, object]) -> dict[str, bytes]:
    """Return the files by the paths that the device has for them: some computers write ü as u and two dots."""
    composed = {unicode_form("NFC", path): path for path in on_device if path not in files}
    return {
        path if path in on_device else composed.get(unicode_form("NFC", path), path): content
        for path, content in files.items()
    }


def check_room(files: Mapping[str, bytes], current: Mapping[str, bytes | None], free: int | None) -> None:
    """Raise RestoreRejectedError unless all files fit, in their order."""
    grown = accumulate(_taken(content) - _taken(current.get(path)) for path, content in files.items())
    needed = max(grown, default=0)
    if free is not None and needed > 0 and needed + _SPARE > free:
        raise RestoreRejectedError(
            _(
                "The files need {needed} more bytes, but only {free} are free on the device. Delete files there.",
                needed=needed + _SPARE,
                free=free,
            )
        )


def _present(content: bytes) -> Dump:
    try:
        return parse_dump(CONFIGURATION, content)
    except InvalidArtifactError as error:
        raise RestoreRejectedError(
            _("The present settings of the device cannot be read, so nobody can tell whether the backup fits it.")
        ) from error


def _check_fit(dump: Dump, held: Dump, device: TasmotaStatus) -> None:
    if dump.chip != held.chip:
        raise RestoreRejectedError(
            _(
                "The backup is of an {backup}, the device has an {device}: the settings have other places "
                "there, and it might not start any more.",
                backup=dump.chip,
                device=held.chip,
            )
        )
    if damaged := damaged_drivers(dump):
        raise RestoreRejectedError(
            _(
                "The settings of these drivers are damaged in the backup: {drivers}. Take an older backup.",
                drivers=name_list(damaged),
            )
        )
    if dump.series > device.series:
        raise RestoreRejectedError(
            _(
                "The backup is of Tasmota {backup}, the device runs {device}, which does not know those "
                "settings and might not start with them. Update the device first.",
                backup=dump.version_text,
                device=device.version,
            )
        )
    if dump.series[0] < _FIRST_THAT_IS_UPGRADED <= device.series[0]:
        raise RestoreRejectedError(
            _(
                "The backup is of Tasmota {backup}, the device runs {device}, which would forget all its "
                "settings. Install the older firmware, restore there, and update step by step.",
                backup=dump.version_text,
                device=device.version,
            )
        )


def _choose(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Message]]:
    own = {path: content for path, content in files.items() if not is_junk(path)}
    put_back = {path: content for path, content in own.items() if device_files.is_put_back(path)}
    chosen = {path: content for path, content in sorted(put_back.items()) if listing.is_sendable(path)}
    left_out = []
    if drivers := {path for path in own.keys() - put_back.keys() if device_files.is_driver(path)}:
        left_out.append(
            _(
                "Not put back, because the running drivers would overwrite them: {files}. Enter these "
                "settings by hand.",
                files=name_list(drivers),
            )
        )
    if unsendable := put_back.keys() - chosen.keys():
        left_out.append(
            _(
                "Not put back, because the device would take their names for something else: {files}. Use its "
                "own page.",
                files=name_list(unsendable),
            )
        )
    return chosen, left_out


def _of_device(contents: TasmotaContents, device: TasmotaStatus, backup: Decoded) -> list[Message]:
    """Return what a person should know where the backup is not of this very device and firmware."""
    record = record_of(contents)
    if record is None:
        return [_("The backup does not say which device it is of: check module, pins and names. Files were not in it.")]
    if record.mac == device.mac:
        is_other = record.image and device.image and record.image != device.image
        return [_OTHER_BUILD] if is_other else []
    has_own_topic = b"%" in backup.text(TextPlace.TOPIC)
    sentences = [_REPLACEMENT_WITH_OWN_TOPIC if has_own_topic else _REPLACEMENT]
    if backup.uses_tls:
        sentences.append(
            _("A key and a certificate of its own for MQTT (TLSKey) are not in a backup: enter them again.")
        )
    if backup.calibration not in USUAL_CALIBRATIONS:
        sentences.append(
            _("With the backup its energy meter has the calibration of the old device: calibrate it anew.")
        )
    return sentences


def _afterwards(reach: Reach, backup: Decoded, held: Decoded) -> list[Message]:
    """Return what changes for whoever asks the device."""
    sentences = []
    password = backup.text(TextPlace.WEB_PASSWORD)
    if password != held.text(TextPlace.WEB_PASSWORD):
        sentences.append(_NEW_PASSWORD if password else _NO_PASSWORD)
    if has_other_name(reach, backup, held):
        sentences.append(
            _(
                "With the backup the device has another host name: if it is not found any more, enter that name "
                "or its IP address in the settings of this device here."
            )
        )
    return sentences


def _other_hardware(contents: TasmotaContents, device: TasmotaStatus, backup: Decoded, held: Decoded) -> list[Message]:
    """Return the doubt that pins of another model are put on this one."""
    record = record_of(contents)
    is_same_device = record is not None and record.mac == device.mac
    is_set_up = held.module or any(held.pins)
    is_other = (backup.module, backup.pins) != (held.module, held.pins)
    return [_OTHER_MODULE] if is_other and is_set_up and not is_same_device else []


def _taken(content: bytes | None) -> int:
    return 0 if content is None else max(-(-len(content) // _BLOCK), 1) * _BLOCK
