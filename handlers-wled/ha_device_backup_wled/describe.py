"""Tell in people's words what a restore would change; pure."""

from collections.abc import Iterator

from ha_device_backup_core import FileChange, PlannedFile, RestorePlan, Text

from . import device_files
from . import restore_texts as texts
from .compare import changes
from .device_files import CONFIGURATION, PRESETS
from .json_files import JsonError, as_object, parse
from .plan import is_held
from .prepare import Prepared
from .presets import preset_changes

_MOST_SETTINGS = 30


def describe(prepared: Prepared) -> RestorePlan:
    """Return the plan that a person sees."""
    uploads = prepared.uploads
    return RestorePlan(
        files=tuple(_planned(prepared, name, content) for name, content in sorted(uploads.all.items())),
        refused=uploads.refused,
        needs=uploads.needs,
        risks=uploads.risks,
        restarts=needs_restart(prepared),
    )


def needs_restart(prepared: Prepared) -> bool:
    """Return whether what is sent counts only after a restart: presets and palettes count at once."""
    uploads = prepared.uploads
    return uploads.configuration is not None or any(
        not is_held(name, content, prepared.current[name])
        for name, content in uploads.files.items()
        if name != PRESETS and not device_files.is_palette(name)
    )


def _planned(prepared: Prepared, name: str, content: bytes) -> PlannedFile:
    current = prepared.current[name]
    shown = texts.file_name(name)
    if current is None:
        return PlannedFile(name=shown, change=FileChange.UNKNOWN if name in prepared.unread else FileChange.ADDED)
    details = tuple(_details(name, content, current))
    if is_held(name, content, current) or (name == CONFIGURATION and details == ()):
        return PlannedFile(name=shown, change=FileChange.UNCHANGED)
    return PlannedFile(name=shown, change=FileChange.CHANGED, details=details)


def _details(name: str, content: bytes, current: bytes) -> Iterator[Text]:
    if name == PRESETS and (counts := preset_changes(content, current)) is not None:
        yield texts.preset_changes(counts.added, counts.removed, counts.changed)
    if name == CONFIGURATION:
        try:
            paths = changes(as_object(parse(content, first=True)), as_object(parse(current, first=True)))
        except JsonError:
            yield texts.PRESENT_DAMAGED
            return
        yield from map(texts.setting, paths[:_MOST_SETTINGS])
        if len(paths) > _MOST_SETTINGS:
            yield texts.more_settings(len(paths) - _MOST_SETTINGS)
