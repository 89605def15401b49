"""Tell in people's words what a restore would change; pure."""

from collections.abc import Iterator
from functools import reduce

from ha_device_backup_core import FileChange, Message, PlannedFile, RestorePlan, Text
from ha_device_backup_core.toolkit import JsonError, as_object, name_list, shown

from . import device_files
from .areas import areas_of
from .compare import changes
from .device_files import CONFIGURATION, PRESETS
from .json_files import parse
from .prepare import WledPrepared
from .presets import PresetChanges, preset_changes
from .sendable import is_held
from .translation import _

_MOST_SETTINGS = 10
"""Of those that nobody but the firmware knows by these names."""
_LONGEST_NAME = 200


def describe(prepared: WledPrepared) -> RestorePlan:
    """Return the plan that a person sees."""
    uploads = prepared.uploads
    return RestorePlan(
        files=tuple(_planned(prepared, name, uploads.all[name]) for name in sorted(uploads.all, key=_place)),
        refused=uploads.refused,
        needs=(*uploads.needs, *_staying(prepared)),
        risks=uploads.risks,
        restarts=needs_restart(prepared),
    )


def _staying(prepared: WledPrepared) -> Iterator[Text]:
    if prepared.extra:
        yield _(
            "These files are on the controller, but not in the backup, and stay: {files}. Delete what you do not want"
            " in its file editor (/edit).",
            files=name_list(prepared.extra),
        )


def needs_restart(prepared: WledPrepared) -> bool:
    """Return whether what is sent counts only after a restart: presets and palettes count at once."""
    uploads = prepared.uploads
    return uploads.configuration is not None or any(
        not is_held(name, content, prepared.current[name])
        for name, content in uploads.files.items()
        if name != PRESETS and not device_files.is_palette(name)
    )


def _planned(prepared: WledPrepared, name: str, content: bytes) -> PlannedFile:
    current = prepared.current[name]
    title = shown(name)[:_LONGEST_NAME] or "?"
    if current is None:
        return PlannedFile(name=title, change=FileChange.UNKNOWN if name in prepared.unread else FileChange.ADDED)
    details = tuple(_details(name, content, current))
    if is_held(name, content, current) or (name == CONFIGURATION and details == ()):
        return PlannedFile(name=title, change=FileChange.UNCHANGED)
    return PlannedFile(name=title, change=FileChange.CHANGED, details=details)


def _place(name: str) -> tuple[bool, bool, str]:
    """Return the key that sorts what people know best before what they do not: presets, settings, other files."""
    return name != PRESETS, name != CONFIGURATION, name


def _details(name: str, content: bytes, current: bytes) -> Iterator[Text]:
    if name == PRESETS and (counts := preset_changes(content, current)) is not None:
        yield from describe_presets(counts)
    if name == CONFIGURATION:
        try:
            paths = changes(as_object(parse(content, first=True)), as_object(parse(current, first=True)))
        except JsonError:
            yield _("The present settings of the controller are damaged.")
            return
        if (areas := areas_of(paths)) is not None:
            yield _("Settings: {areas}", areas=areas)
        yield from (_spelled(path)[:_LONGEST_NAME] for path in paths[:_MOST_SETTINGS])
        if len(paths) > _MOST_SETTINGS:
            yield _("and {count} more settings", count=len(paths) - _MOST_SETTINGS)


def _spelled(path: str) -> str:
    """Return a path as comparisons show it."""
    return shown(path.replace("[", ".").replace("]", "").replace(".", " > "))


def describe_presets(counts: PresetChanges) -> Iterator[Text]:
    """Yield one sentence with each number that is not 0; none where all are."""
    parts = [
        words
        for count, words in (
            (counts.added, _("{count} to add", count=counts.added)),
            (counts.removed, _("{count} to remove", count=counts.removed)),
            (counts.changed, _("{count} to change", count=counts.changed)),
        )
        if count
    ]
    if parts:
        yield _("Presets: {changes}", changes=reduce(_enumerated, parts))


def _enumerated(first: Message, second: Message) -> Message:
    return _("{first}, {second}", first=first, second=second)
