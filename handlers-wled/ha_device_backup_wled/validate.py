"""Tell a backup of a controller from what is none; pure."""

from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError, Note, Text, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonError, JsonObject, as_object, is_web_page, name_list

from . import device_files
from .contents import WledContents, contents
from .device_files import CONFIGURATION, INFO_RECORD, NAMES_RECORD, PRESETS, SIZES_RECORD
from .info import parse_info
from .json_files import parse, seems_whole
from .recognize import are_presets, has_preset_keys, wrong_sections
from .translation import _

PRESETS_UNREADABLE = "presets_unreadable"
"""The code of what is missing where the controller has presets that could not be read."""
_BAD_RECORD = _("The record of the controller in it is not readable.")
_NEVER_PAGES = (".json", ".css", ".js", ".gif", ".bmp", ".ico", ".png", ".jpg", ".wbf", ".gz")


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    held = contents(artifact)
    files = held.files
    _check_sizes(files)
    unread = any(note.code == PRESETS_UNREADABLE for note in artifact.missing)
    doubts = [*_check_configuration(held), *_check_record(files), *([] if unread else _check_presets(held))]
    for name, content in files.items():
        if name.endswith(_NEVER_PAGES) and is_web_page(content):
            raise _web_page(name)
    if broken := damaged_files(files):
        doubts.append(
            Note(
                code="files_damaged",
                text=_(
                    "These files are damaged on the controller itself: {files}. They are kept, but will not be put"
                    " back.",
                    files=name_list(broken),
                ),
            )
        )
    return tuple(doubts)


def check_configuration(content: bytes | None, name: str = CONFIGURATION) -> JsonObject:
    """Return the configuration; raise InvalidArtifactError for what would make a controller lose its settings."""
    if content is None:
        raise _absent(name)
    _refuse_no_data(name, content)
    try:
        value = parse(content, first=True)
    except JsonError as error:
        raise _not_json(name) from error
    if isinstance(value, dict) and value and has_preset_keys(value):
        raise InvalidArtifactError(
            _("{name} holds presets, not a configuration. On a controller it would reset all settings.", name=name)
        )
    if wrong := wrong_sections(value):
        raise InvalidArtifactError(
            _("{name} is no WLED configuration: it lacks {sections}.", name=name, sections=name_list(wrong))
        )
    return as_object(value)


def damaged_files(files: Mapping[str, bytes]) -> list[str]:
    """Return the JSON files, beside the two main ones, that are no JSON."""
    aside = device_files.MADE_BY_DEVICE | {CONFIGURATION, PRESETS, INFO_RECORD, SIZES_RECORD, NAMES_RECORD}
    return [
        name
        for name, content in files.items()
        if name.endswith(".json") and name not in aside and not _is_readable(name, content)
    ]


def _is_readable(name: str, content: bytes) -> bool:
    """Return whether a file is whole JSON, or all that the firmware needs where it only looks for a text in it."""
    if seems_whole(content):
        return True
    bare = content.strip()
    return device_files.is_searched(name) and bare.startswith((b"{", b"\xef\xbb\xbf{")) and bare.endswith(b"}")


def _check_configuration(held: WledContents) -> list[Note]:
    """Let a person hand in presets alone."""
    if held.is_part and CONFIGURATION not in held.files:
        return []
    alone = next(iter(held.files)) if len(held.files) == 1 else CONFIGURATION
    if not held.is_fetched and CONFIGURATION not in held.files and PRESETS in held.files:
        return [
            Note(
                code="configuration_absent",
                text=_("It holds only presets, no settings. A restore changes nothing but the presets."),
            )
        ]
    name = CONFIGURATION if held.is_fetched else alone
    check_configuration(held.files.get(name), name)
    return []


def _refuse_no_data(name: str, content: bytes) -> None:
    if not content.strip():
        raise InvalidArtifactError(_("{name} is empty.", name=name))
    if is_web_page(content):
        raise _web_page(name) if name in {CONFIGURATION, PRESETS} else _page_alone(name)


def _check_sizes(files: Mapping[str, bytes]) -> None:
    if SIZES_RECORD not in files:
        return
    try:
        sizes = as_object(parse(files[SIZES_RECORD]))
    except JsonError as error:
        raise InvalidArtifactError(_BAD_RECORD) from error
    for name, size in sizes.items():
        if name not in files:
            raise _absent(name)
        if is_web_page(files[name]) and name in {CONFIGURATION, PRESETS}:
            raise _web_page(name)
        if len(files[name]) != size:
            raise InvalidArtifactError(
                _(
                    "{name} has {size} bytes instead of {expected}; it was cut off or changed.",
                    name=name,
                    size=len(files[name]),
                    expected=str(size),
                )
            )


def _check_record(files: Mapping[str, bytes]) -> list[Note]:
    if INFO_RECORD not in files:
        return [Note(code="origin_unknown", text=_("It does not say which controller it comes from."))]
    try:
        parse_info(files[INFO_RECORD])
    except UnsupportedDeviceError as error:
        raise InvalidArtifactError(_BAD_RECORD) from error
    return []


def _check_presets(held: WledContents) -> list[Note]:
    content = held.files.get(PRESETS)
    if content is None:
        return [] if held.is_part else [Note(code="presets_absent", text=_absent_presets(held))]
    if not held.is_fetched:
        _refuse_no_data(PRESETS, content)
    if not content.strip():
        return [
            Note(
                code="presets_empty",
                text=_("The presets.json of the controller was empty: its presets are lost on the device itself."),
            )
        ]
    if is_web_page(content):
        raise _web_page(PRESETS)
    if not seems_whole(content):
        if not held.is_fetched:
            raise _not_json(PRESETS)
        return [
            Note(
                code="presets_damaged",
                text=_(
                    "The presets.json is damaged on the controller itself. It is kept as it is, but will not be"
                    " put back. Put back the presets of an older backup, or save them in WLED again."
                ),
            )
        ]
    if not are_presets(content):
        raise InvalidArtifactError(
            _("{name} is no preset file: its keys are not the numbers of presets.", name=PRESETS)
        )
    return []


def _absent_presets(held: WledContents) -> Text:
    return (
        _("The controller had no presets.json; a healthy one always has.")
        if held.is_fetched
        else _("It holds only settings, no presets.")
    )


def _absent(name: str) -> InvalidArtifactError:
    return InvalidArtifactError(_("{name} is not in it.", name=name))


def _not_json(name: str) -> InvalidArtifactError:
    return InvalidArtifactError(_("{name} is not valid JSON; it is cut off or damaged.", name=name))


def _web_page(name: str) -> InvalidArtifactError:
    return InvalidArtifactError(_("{name} is a web page, not the file.", name=name))


def _page_alone(name: str) -> InvalidArtifactError:
    return InvalidArtifactError(
        _("{name} is a web page, neither the cfg.json nor the presets.json of a controller.", name=name)
    )
