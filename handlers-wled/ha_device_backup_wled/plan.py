"""Decide what a restore puts on a device, in which order, and whether it may; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ha_device_backup_core import InvalidArtifactError, RestoreRejectedError, Text, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonObject, compact, is_raw_name, name_list

from . import device_files
from .contents import WledContents
from .device_files import CONFIGURATION, INFO_RECORD, PRESETS, RECORD_FOLDER, REMOTES
from .info import WledInfo, parse_info
from .json_files import BYTE_ORDER_MARK
from .network import Connection, keep_connection
from .passwords import passwords_to_enter
from .presets import uses_old_custom_palettes, with_old_custom_palettes
from .recognize import are_presets
from .sendable import sendable
from .translation import _
from .validate import check_configuration, damaged_files

_BLOCK = 4096
_SPARE = 2 * _BLOCK
_NEW_PALETTE_NUMBERS = (16, 0)
_MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """What goes on a device, by the names there; `files` in their order, the configuration after them."""

    files: Mapping[str, bytes]
    configuration: bytes | None
    refused: tuple[Text, ...]
    needs: tuple[Text, ...]
    risks: tuple[Text, ...] = ()
    keeps_own: bool = False
    """Whether the configuration has parts of the device's own."""
    left_out: frozenset[str] = frozenset()
    """What the backup holds and cannot be put back, by the names on the device."""
    is_part: bool = False
    """Whether a person chose some files, so that nothing is said of the others."""
    is_same_device: bool
    is_replacement: bool = False
    """Whether it is another one than that of the backup, for certain."""
    may_migrate: bool
    """Whether the firmware is of another series than the backup, and may keep settings in another way."""

    whole: bool = True
    """Whether the configuration goes on the device, where the backup has one."""

    @property
    def all(self) -> dict[str, bytes]:
        """Return all files in the order in which they are sent."""
        last = {} if self.configuration is None else {CONFIGURATION: self.configuration}
        return {**self.files, **last}


def choose_uploads(held: WledContents, device: WledInfo) -> Uploads:
    """Return what to send; raise RestoreRejectedError when the backup does not fit the device."""
    origin = _origin(held.files)
    if origin and origin.series and device.series and origin.series > device.series:
        raise RestoreRejectedError(
            _(
                "The backup is of WLED {backup}, the controller runs {device}, which would lose settings."
                " Update the controller first.",
                backup=origin.version,
                device=device.version,
            )
        )
    if not device.space_total:
        raise RestoreRejectedError(_("The controller has no working file system. Install its firmware anew."))
    chosen, left_out, reasons = _choose(held)
    fits = origin is None or origin.chip.lower() == device.chip.lower()
    configuration = held.files.get(CONFIGURATION) if fits else None
    if not chosen and configuration is None:
        raise RestoreRejectedError(_("No file of this backup can be put back."))
    return Uploads(
        files=chosen,
        configuration=None if configuration is None else _without_mark(configuration),
        refused=(*reasons, *_refused_configuration(held, fits=fits)),
        needs=(*_warnings(origin, device, configuration), *_palettes(chosen, origin, device)),
        left_out=left_out,
        whole=fits or CONFIGURATION not in held.files,
        is_part=held.is_part,
        is_same_device=origin is not None and origin.mac == device.mac,
        is_replacement=origin is not None and origin.mac != device.mac,
        may_migrate=origin is None or origin.series != device.series,
    )


def keep_reachable(uploads: Uploads, current: bytes | None, connection: Connection) -> Uploads:
    """Return the uploads with what the device needs to stay where it is, and the passwords to enter again."""
    if uploads.configuration is None:
        return uploads
    own = _configuration(current)
    if own is None:
        unknown = _(
            "The present settings of the controller cannot be read, so nobody can tell whether it stays in its network."
        )
        return replace(uploads, risks=(*uploads.risks, unknown))
    sent = check_configuration(uploads.configuration)
    kept = keep_connection(sent, own, connection)
    passwords = passwords_to_enter(
        kept.configuration, own, same_device=uploads.is_same_device, is_replacement=uploads.is_replacement
    )
    return replace(
        uploads,
        configuration=uploads.configuration if kept.configuration == sent else compact(kept.configuration),
        keeps_own=kept.configuration != sent,
        needs=(*uploads.needs, *kept.needs, *passwords),
        risks=(*uploads.risks, *kept.risks),
    )


def check_room(uploads: Uploads, current: Mapping[str, bytes | None], device: WledInfo) -> None:
    """Raise RestoreRejectedError unless all files fit, in their order: the device would cut them off without a word."""
    grown = accumulate(_taken(content) - _taken(current.get(name)) for name, content in uploads.all.items())
    needed = max(grown, default=0)
    free = max(device.space_total - device.space_used, 0)
    if needed > 0 and needed + _SPARE > free:
        raise RestoreRejectedError(
            _(
                "The files need {needed} more bytes, but only {free} are free on the controller. Delete files there.",
                needed=needed + _SPARE,
                free=free,
            )
        )


def _origin(files: Mapping[str, bytes]) -> WledInfo | None:
    try:
        return parse_info(files[INFO_RECORD]) if INFO_RECORD in files else None
    except UnsupportedDeviceError:
        return None


def _choose(held: WledContents) -> tuple[dict[str, bytes], frozenset[str], list[Text]]:
    """Return what to send, what cannot be sent, and why, by the names on the device."""
    candidates = {name: content for name, content in held.files.items() if _is_user_file(name)}
    empty = {name for name, content in candidates.items() if not content}
    damaged = set(damaged_files(candidates)) - empty
    if candidates.get(PRESETS, b"").strip() and not are_presets(candidates[PRESETS]):
        damaged.add(PRESETS)
    on_device = {name: held.device_names.get(name, name) for name in candidates}
    # A name with "cfg.json" in it restarts the device in the middle of the work.
    unsendable = {name for name, there in on_device.items() if not is_raw_name(there) or CONFIGURATION in there}
    ordered = sorted(candidates.keys() - damaged - empty - unsendable, key=lambda name: (name == PRESETS, name))
    misread = unsendable - damaged - empty
    reasons = (
        (empty, _("Empty files cannot be put on a controller: {files}.", files=name_list(empty))),
        (
            damaged,
            _(
                "Not put back, because damaged in the backup already: {files}. An older backup may hold good ones.",
                files=name_list(damaged),
            ),
        ),
        (
            misread,
            _(
                "Not put back, because the controller would take their names for something else: {files}. Use"
                " its file editor (/edit).",
                files=name_list(misread),
            ),
        ),
        (
            held.left_aside,
            _("Not put back, because no file of a controller: {files}.", files=name_list(held.left_aside)),
        ),
    )
    sent = {on_device[name]: sendable(name, candidates[name]) for name in ordered}
    left_out = frozenset(on_device[name] for name in empty | damaged | misread)
    return sent, left_out, [reason for files, reason in reasons if files]


def _is_user_file(name: str) -> bool:
    aside = device_files.MADE_BY_DEVICE | device_files.SECRET | device_files.TEMPORARY | {CONFIGURATION}
    return name not in aside and not name.startswith(f"{RECORD_FOLDER}/")


def _refused_configuration(held: WledContents, *, fits: bool) -> list[Text]:
    if not fits and (CONFIGURATION in held.files or not held.is_part):
        return [
            _(
                "The configuration is not put back, because the controller has another chip and the pins of"
                " the backup may not fit. Enter the settings by hand; only presets and other files are put back."
            )
        ]
    if CONFIGURATION not in held.files and not held.is_part:
        return [_("The backup holds no settings; those of the controller stay as they are.")]
    return []


def _warnings(origin: WledInfo | None, device: WledInfo, configuration: bytes | None) -> list[Text]:
    if configuration is None:
        return []
    if origin is None:
        return [_("The backup does not say which chip it is from: check the LED outputs and pins.")]
    warnings: list[Text] = []
    if origin.mac != device.mac:
        warnings.append(
            _(
                "This is another controller than the one in the backup. With the backup it has the same name in the"
                " network, MQTT topics and, if set, fixed IP address: do not run both. Its access point and"
                " its firmware updates have the passwords of this controller; set your own, and the settings"
                " PIN and the Hue key, again if you use them."
            )
        )
    if origin.release and device.release and origin.release != device.release:
        warnings.append(
            _("The controller has another build of the firmware than the backup: check the LED outputs and pins.")
        )
    return warnings


def _palettes(chosen: Mapping[str, bytes], origin: WledInfo | None, device: WledInfo) -> list[Text]:
    """From 16 on a custom palette has another number, which nothing in the old files tells the firmware."""
    is_old = origin is None or origin.series is None or origin.series < _NEW_PALETTE_NUMBERS
    is_new = device.series is not None and device.series >= _NEW_PALETTE_NUMBERS
    if not (is_old and is_new):
        return []
    sentences: list[Text] = []
    if numbers := with_old_custom_palettes(chosen.get(PRESETS, b"{}")):
        sentences.append(
            _(
                "From WLED 16 on custom palettes have other numbers. Choose the palette again in these presets: "
                "{presets}.",
                presets=_listed(numbers),
            )
        )
    if remotes := [name for name in sorted(REMOTES & chosen.keys()) if uses_old_custom_palettes(chosen[name])]:
        sentences.append(
            _(
                "From WLED 16 on custom palettes have other numbers. Enter the new ones in these files of remote "
                "controls: {files}.",
                files=name_list(remotes),
            )
        )
    return sentences


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:_MOST_NUMBERS]) + (" …" if len(numbers) > _MOST_NUMBERS else "")


def _configuration(content: bytes | None) -> JsonObject | None:
    try:
        return check_configuration(content)
    except InvalidArtifactError:
        return None


def _without_mark(content: bytes) -> bytes:
    return content.removeprefix(BYTE_ORDER_MARK)


def _taken(content: bytes | None) -> int:
    return -(-len(content or b"") // _BLOCK) * _BLOCK
