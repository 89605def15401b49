"""Tell a backup of a controller from what is none; pure."""

from collections.abc import Mapping

from ha_device_backup_core import Artifact, InvalidArtifactError, Note, UnsupportedDeviceError

from . import device_files
from . import validation_texts as texts
from .device_files import CONFIGURATION, INFO_RECORD, PRESETS, SIZES_RECORD
from .info import parse_info
from .json_files import JsonError, JsonObject, as_object, parse

_CONFIGURATION_KEYS: Mapping[str, type] = {"rev": list, "vid": int, "id": dict, "nw": dict, "hw": dict}
_PAGE_STARTS = (b"<!doctype", b"<html", b"<head", b"<?xml")
_NEVER_PAGES = (".json", ".css", ".js", ".gif", ".bmp", ".ico", ".png", ".jpg", ".wbf", ".gz")


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    files = artifact.files()
    _check_sizes(files)
    check_configuration(files.get(CONFIGURATION))
    doubts = [*_check_record(files), *_check_presets(files)]
    for name, content in files.items():
        if name.endswith(_NEVER_PAGES) and is_web_page(content):
            raise InvalidArtifactError(texts.web_page(name))
    if broken := damaged_files(files):
        doubts.append(Note(code="files_damaged", text=texts.damaged(broken)))
    return tuple(doubts)


def check_configuration(content: bytes | None) -> JsonObject:
    """Return the configuration; raise InvalidArtifactError for what would make a controller lose its settings."""
    if content is None:
        raise InvalidArtifactError(texts.absent(CONFIGURATION))
    _refuse_no_data(CONFIGURATION, content)
    try:
        value = parse(content)
    except JsonError as error:
        raise InvalidArtifactError(texts.not_json(CONFIGURATION)) from error
    if isinstance(value, dict) and value and _has_preset_keys(value):
        raise InvalidArtifactError(texts.presets_instead(CONFIGURATION))
    wrong = [key for key, kind in _CONFIGURATION_KEYS.items() if not isinstance(as_object(value).get(key), kind)]
    if wrong:
        raise InvalidArtifactError(texts.keys_missing(CONFIGURATION, wrong))
    return as_object(value)


def are_presets(content: bytes) -> bool:
    """Return whether a file holds presets that a controller can read."""
    try:
        value = parse(content)
    except JsonError:
        return False
    return isinstance(value, dict) and _has_preset_keys(value)


def damaged_files(files: Mapping[str, bytes]) -> list[str]:
    """Return the JSON files, beside the two main ones, that are no JSON."""
    aside = device_files.MADE_BY_DEVICE | {CONFIGURATION, PRESETS, INFO_RECORD, SIZES_RECORD}
    return [
        name
        for name, content in files.items()
        if name.endswith(".json") and name not in aside and not _is_json(content)
    ]


def is_web_page(content: bytes) -> bool:
    """Return whether this begins as a web page does."""
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)


def _refuse_no_data(name: str, content: bytes) -> None:
    if not content.strip():
        raise InvalidArtifactError(texts.empty(name))
    if is_web_page(content):
        raise InvalidArtifactError(texts.web_page(name))


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


def _check_presets(files: Mapping[str, bytes]) -> list[Note]:
    content = files.get(PRESETS)
    if content is None:
        return [Note(code="presets_absent", text=texts.PRESETS_ABSENT)]
    if not content.strip():
        return [Note(code="presets_empty", text=texts.PRESETS_EMPTY)]
    if is_web_page(content):
        raise InvalidArtifactError(texts.web_page(PRESETS))
    try:
        value = parse(content)
    except JsonError as error:
        if SIZES_RECORD not in files:
            raise InvalidArtifactError(texts.not_json(PRESETS)) from error
        return [Note(code="presets_damaged", text=texts.PRESETS_DAMAGED)]
    if not (isinstance(value, dict) and _has_preset_keys(value)):
        raise InvalidArtifactError(texts.not_presets(PRESETS))
    return []


def _has_preset_keys(value: JsonObject) -> bool:
    return all(key.isascii() and key.isdecimal() and isinstance(entry, dict) for key, entry in value.items())


def _is_json(content: bytes) -> bool:
    try:
        parse(content)
    except JsonError:
        return False
    return True
