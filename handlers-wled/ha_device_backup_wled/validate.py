"""Tell a backup of a controller from what is none; pure."""

from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError, Note, Text, UnsupportedDeviceError

from . import device_files
from . import validation_texts as texts
from .contents import Contents, contents
from .device_files import CONFIGURATION, INFO_RECORD, NAMES_RECORD, PRESETS, SIZES_RECORD
from .info import parse_info
from .json_files import JsonError, JsonObject, as_object, parse, seems_whole
from .recognize import are_presets, has_preset_keys, wrong_sections

PRESETS_UNREADABLE = "presets_unreadable"
"""The code of what is missing where the controller has presets that could not be read."""
_PAGE_STARTS = (b"<!doctype", b"<html", b"<head", b"<?xml")
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
            raise InvalidArtifactError(texts.web_page(name))
    if broken := damaged_files(files):
        doubts.append(Note(code="files_damaged", text=texts.damaged(broken)))
    return tuple(doubts)


def check_configuration(content: bytes | None, name: str = CONFIGURATION) -> JsonObject:
    """Return the configuration; raise InvalidArtifactError for what would make a controller lose its settings."""
    if content is None:
        raise InvalidArtifactError(texts.absent(name))
    _refuse_no_data(name, content)
    try:
        value = parse(content, first=True)
    except JsonError as error:
        raise InvalidArtifactError(texts.not_json(name)) from error
    if isinstance(value, dict) and value and has_preset_keys(value):
        raise InvalidArtifactError(texts.presets_instead(name))
    if wrong := wrong_sections(value):
        raise InvalidArtifactError(texts.keys_missing(name, wrong))
    return as_object(value)


def damaged_files(files: Mapping[str, bytes]) -> list[str]:
    """Return the JSON files, beside the two main ones, that are no JSON."""
    aside = device_files.MADE_BY_DEVICE | {CONFIGURATION, PRESETS, INFO_RECORD, SIZES_RECORD, NAMES_RECORD}
    return [
        name
        for name, content in files.items()
        if name.endswith(".json") and name not in aside and not seems_whole(content)
    ]


def is_web_page(content: bytes) -> bool:
    """Return whether this begins as a web page does."""
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)


def _check_configuration(held: Contents) -> list[Note]:
    """Let a person hand in presets alone."""
    alone = next(iter(held.files)) if len(held.files) == 1 else CONFIGURATION
    if not held.is_fetched and CONFIGURATION not in held.files and PRESETS in held.files:
        return [Note(code="configuration_absent", text=texts.CONFIGURATION_ABSENT)]
    name = CONFIGURATION if held.is_fetched else alone
    check_configuration(held.files.get(name), name)
    return []


def _refuse_no_data(name: str, content: bytes) -> None:
    if not content.strip():
        raise InvalidArtifactError(texts.empty(name))
    if is_web_page(content):
        raise InvalidArtifactError(texts.web_page(name) if name in {CONFIGURATION, PRESETS} else texts.page_alone(name))


def _check_sizes(files: Mapping[str, bytes]) -> None:
    if SIZES_RECORD not in files:
        return
    try:
        sizes = as_object(parse(files[SIZES_RECORD]))
    except JsonError as error:
        raise InvalidArtifactError(texts.BAD_RECORD) from error
    for name, size in sizes.items():
        if name not in files:
            raise InvalidArtifactError(texts.absent(name))
        if is_web_page(files[name]) and name in {CONFIGURATION, PRESETS}:
            raise InvalidArtifactError(texts.web_page(name))
        if len(files[name]) != size:
            raise InvalidArtifactError(texts.cut_off(name, len(files[name]), size))


def _check_record(files: Mapping[str, bytes]) -> list[Note]:
    if INFO_RECORD not in files:
        return [Note(code="origin_unknown", text=texts.NO_RECORD)]
    try:
        parse_info(files[INFO_RECORD])
    except UnsupportedDeviceError as error:
        raise InvalidArtifactError(texts.BAD_RECORD) from error
    return []


def _check_presets(held: Contents) -> list[Note]:
    content = held.files.get(PRESETS)
    if content is None:
        return [Note(code="presets_absent", text=_absent_presets(held))]
    if not held.is_fetched:
        _refuse_no_data(PRESETS, content)
    if not content.strip():
        return [Note(code="presets_empty", text=texts.PRESETS_EMPTY)]
    if is_web_page(content):
        raise InvalidArtifactError(texts.web_page(PRESETS))
    if not seems_whole(content):
        if not held.is_fetched:
            raise InvalidArtifactError(texts.not_json(PRESETS))
        return [Note(code="presets_damaged", text=texts.PRESETS_DAMAGED)]
    if not are_presets(content):
        raise InvalidArtifactError(texts.not_presets(PRESETS))
    return []


def _absent_presets(held: Contents) -> Text:
    return texts.PRESETS_ABSENT if held.is_fetched else texts.PRESETS_NOT_INCLUDED
